import { hexCodes, hexPair, writeHex } from './hex.ts'

const COLON = 58
const DASH = 45

/** All zero is what most fields hold that no one has set. */
const ZERO = '00:00:00:00:00:00'

/** Six bytes as `02:fe:00:00:00:01`. */
export function formatMac(bytes: Uint8Array, offset: number): string {
  return isZero(bytes, offset) ? ZERO : putMac(bytes, offset)
}

function isZero(bytes: Uint8Array, offset: number): boolean {
  for (let i = 0; i < 6; i++) if (bytes[offset + i] !== 0) return false
  return true
}

function putMac(bytes: Uint8Array, offset: number): string {
  const a = hexCodes(bytes[offset] as number)
  const b = hexCodes(bytes[offset + 1] as number)
  const c = hexCodes(bytes[offset + 2] as number)
  const d = hexCodes(bytes[offset + 3] as number)
  const e = hexCodes(bytes[offset + 4] as number)
  const f = hexCodes(bytes[offset + 5] as number)
  // One call with all character codes takes a fifth of the time of joining pairs.
  // prettier-ignore
  return String.fromCharCode(
    a >> 8, a & 0xff, COLON, b >> 8, b & 0xff, COLON, c >> 8, c & 0xff, COLON,
    d >> 8, d & 0xff, COLON, e >> 8, e & 0xff, COLON, f >> 8, f & 0xff,
  )
}

/**
 * Writes the address that `text` spells as `aa:bb:cc:dd:ee:ff`, `aa-bb-cc-dd-ee-ff`, `aabb.ccdd.eeff` or
 * `aabbccddeeff`; false for anything else, EUI-64 included. On false the six bytes are undefined.
 */
export function writeMac(bytes: Uint8Array, offset: number, text: string): boolean {
  if (text.length === 17) return text === ZERO ? writeZero(bytes, offset) : writePairs(bytes, offset, text)
  if (text.length === 14) return writeDotted(bytes, offset, text)
  return text.length === 12 && writeHex(bytes, offset, text, 0, 12)
}

function writeZero(bytes: Uint8Array, offset: number): boolean {
  // A loop, since a call of fill() takes longer than six stores.
  for (let i = 0; i < 6; i++) bytes[offset + i] = 0
  return true
}

function writePairs(bytes: Uint8Array, offset: number, text: string): boolean {
  const separator = text.charCodeAt(2)
  if (separator !== COLON && separator !== DASH) return false
  let all = 0
  for (let i = 0; i < 6; i++) {
    const byte = hexPair(text, 3 * i)
    if (i > 0 && text.charCodeAt(3 * i - 1) !== separator) return false
    all |= byte
    bytes[offset + i] = byte
  }
  return all >= 0
}

function writeDotted(bytes: Uint8Array, offset: number, text: string): boolean {
  if (text.charAt(4) !== '.' || text.charAt(9) !== '.') return false
  return (
    writeHex(bytes, offset, text, 0, 4) &&
    writeHex(bytes, offset + 2, text, 5, 9) &&
    writeHex(bytes, offset + 4, text, 10, 14)
  )
}
