/** Two lowercase hex digits for every byte. */
export const HEX_BYTES: readonly string[] = Array.from({ length: 256 }, (_, value) =>
  value.toString(16).padStart(2, '0'),
)

/** Value of the hex digit with this character code, or -1. */
export function hexDigit(unit: number): number {
  if (unit >= 48 && unit <= 57) return unit - 48
  const letter = unit | 0x20
  return letter >= 97 && letter <= 102 ? letter - 87 : -1
}

/** Bytes as lowercase hex digits without a prefix. */
export function formatHex(bytes: Uint8Array, start: number, end: number): string {
  let text = ''
  for (let i = start; i < end; i++) text += HEX_BYTES[bytes[i] as number]
  return text
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
    const high = hexDigit(text.charCodeAt(i))
    const low = hexDigit(text.charCodeAt(i + 1))
    if (high < 0 || low < 0) return false
    bytes[offset + ((i - start) >> 1)] = (high << 4) | low
  }
  return true
}
