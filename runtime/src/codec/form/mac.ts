import { HEX_BYTES, writeHex } from './hex.ts'

/** Six bytes as `02:fe:00:00:00:01`. */
export function formatMac(bytes: Uint8Array, offset: number): string {
  return `${HEX_BYTES[bytes[offset] as number]}:${HEX_BYTES[bytes[offset + 1] as number]}:${
    HEX_BYTES[bytes[offset + 2] as number]
  }:${HEX_BYTES[bytes[offset + 3] as number]}:${HEX_BYTES[bytes[offset + 4] as number]}:${
    HEX_BYTES[bytes[offset + 5] as number]
  }`
}

/**
 * Writes the address that `text` spells as `aa:bb:cc:dd:ee:ff`, `aa-bb-cc-dd-ee-ff`, `aabb.ccdd.eeff` or
 * `aabbccddeeff`; false for anything else, EUI-64 included. On false the six bytes are undefined.
 */
export function writeMac(bytes: Uint8Array, offset: number, text: string): boolean {
  if (text.length === 17) return writeParts(bytes, offset, text, 2, text.charAt(2) === '-' ? '-' : ':')
  if (text.length === 14) return writeParts(bytes, offset, text, 4, '.')
  return text.length === 12 && writeHex(bytes, offset, text, 0, 12)
}

function writeParts(
  bytes: Uint8Array,
  offset: number,
  text: string,
  digits: number,
  separator: string,
): boolean {
  let at = offset
  for (let i = 0; i < text.length; i += digits + 1) {
    if (i > 0 && text.charAt(i - 1) !== separator) return false
    if (!writeHex(bytes, at, text, i, i + digits)) return false
    at += digits / 2
  }
  return true
}
