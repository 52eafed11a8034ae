const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** Bytes of `text` in UTF-8, which is what the limits of names and secrets count. */
export function textBytes(text: string): number {
  return encoder.encode(text).length
}

/** Writes `text` into a field of `size` bytes, cut at a whole character so that a NUL always ends it. */
export function writeText(target: Uint8Array, offset: number, size: number, text: string): void {
  encoder.encodeInto(text, target.subarray(offset, offset + size - 1))
}

/** Reads a field of `size` bytes up to its first NUL, or all of it: a hostile peer may leave the NUL out. */
export function readText(source: Uint8Array, offset: number, size: number): string {
  const field = source.subarray(offset, offset + size)
  const end = field.indexOf(0)
  return decoder.decode(end < 0 ? field : field.subarray(0, end))
}
