/** The lowercase hex digits. */
export const HEX_DIGITS = '0123456789abcdef'

const VALUES = new Int8Array(128).fill(-1)
for (const [value, digit] of Array.from(HEX_DIGITS).entries()) {
  VALUES[digit.charCodeAt(0)] = value
  VALUES[digit.toUpperCase().charCodeAt(0)] = value
}

/** Character codes of the two lowercase hex digits of every byte, the first in the high half. */
const PAIRS = Uint16Array.from({ length: 256 }, (_, byte) => (codeOf(byte >> 4) << 8) | codeOf(byte & 15))

function codeOf(value: number): number {
  return HEX_DIGITS.charCodeAt(value)
}

/** Character codes of the two lowercase hex digits of a byte, the first in the high half. */
export function hexCodes(byte: number): number {
  return PAIRS[byte] as number
}

/** Value of the hex digit with this character code, or -1. */
export function hexDigit(unit: number): number {
  return unit < 128 ? (VALUES[unit] as number) : -1
}

/** Value of the two hex digits at `index` of `text`, or a negative number. */
export function hexPair(text: string, index: number): number {
  return (hexDigit(text.charCodeAt(index)) << 4) | hexDigit(text.charCodeAt(index + 1))
}

/** Bytes as lowercase hex digits without a prefix. */
export function formatHex(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('hex')
}

/** Writes the bytes that `text[start, end)` spells; false when it is not pairs of hex digits. */
export function writeHex(
  bytes: Uint8Array,
  offset: number,
  text: string,
  start: number,
  end: number,
): boolean {
  if ((end - start) % 2 !== 0) return false
  for (let i = start; i < end; i += 2) {
    const byte = hexPair(text, i)
    if (byte < 0) return false
    bytes[offset + ((i - start) >> 1)] = byte
  }
  return true
}
