/** Below this a loop is faster than a call into the engine. */
const SHORT = 48

/** A copy of `bytes[start, end)` in separate memory. */
export function copyBytes(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const length = end - start
  const copy = new Uint8Array(length)
  if (length > SHORT) copy.set(bytes.subarray(start, end))
  else for (let i = 0; i < length; i++) copy[i] = bytes[start + i] as number
  return copy
}
