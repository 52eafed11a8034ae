/** Decimal text of every octet, so that reading an address makes no number-to-text conversions. */
const OCTETS: readonly string[] = Array.from({ length: 256 }, (_, value) => String(value))

const DOT = 46

/** Four bytes as `10.0.0.1`. */
export function formatIp4(bytes: Uint8Array, offset: number): string {
  return `${OCTETS[bytes[offset] as number]}.${OCTETS[bytes[offset + 1] as number]}.${
    OCTETS[bytes[offset + 2] as number]
  }.${OCTETS[bytes[offset + 3] as number]}`
}

/**
 * Reads a dotted quad from `text[start, end)` and gives back its 32 bits, or -1. Leading zeros are refused:
 * some programs take them for octal.
 */
export function parseIp4(text: string, start: number, end: number): number {
  let address = 0
  let octet = -1
  let dots = 0
  for (let i = start; i < end; i++) {
    const unit = text.charCodeAt(i)
    if (unit === DOT) {
      if (octet < 0) return -1
      address = (address << 8) | octet
      octet = -1
      dots++
      continue
    }
    const digit = unit - 48
    if (digit < 0 || digit > 9 || octet === 0) return -1
    octet = octet < 0 ? digit : octet * 10 + digit
    if (octet > 255) return -1
  }
  if (octet < 0 || dots !== 3) return -1
  return ((address << 8) | octet) >>> 0
}

/** Writes what `parseIp4` reads; false when it is no IPv4 address. */
export function writeIp4(
  bytes: Uint8Array,
  offset: number,
  text: string,
  start: number,
  end: number,
): boolean {
  const address = parseIp4(text, start, end)
  if (address < 0) return false
  bytes[offset] = address >>> 24
  bytes[offset + 1] = address >>> 16
  bytes[offset + 2] = address >>> 8
  bytes[offset + 3] = address
  return true
}
