/** Stores the low `size` bytes of `value`, most significant first. */
export function storeInteger(bytes: Uint8Array, at: number, size: number, value: number): void {
  let rest = value | 0
  for (let i = at + size - 1; i >= at; i--) {
    bytes[i] = rest
    rest >>= 8
  }
}

/** Reads `size` bytes, four at most, as an unsigned number. */
export function loadUnsigned(bytes: Uint8Array, at: number, size: number): number {
  return loadBits(bytes, at, size) >>> 0
}

/** Reads `size` bytes, four at most, as a number in two's complement. */
export function loadSigned(bytes: Uint8Array, at: number, size: number): number {
  const unused = 32 - 8 * size
  return (loadBits(bytes, at, size) << unused) >> unused
}

function loadBits(bytes: Uint8Array, at: number, size: number): number {
  let bits = 0
  for (let i = at; i < at + size; i++) bits = (bits << 8) | (bytes[i] as number)
  return bits
}
