import { readAscii } from '../ascii.ts'
import { HEX_DIGITS } from './hex.ts'

/** Bytes of the longest text that is put together here: an IPv6 prefix has 43. */
const ROOM = 48

/** Where text is put together, character code by character code, before it becomes a string. */
const scratch = Buffer.alloc(ROOM)

const HEX = Buffer.from(HEX_DIGITS, 'latin1')

/** Decimal digits of every octet: three bytes, left-aligned, and how many of them count. */
const DECIMAL = Buffer.alloc(4 * 256)
for (let value = 0; value < 256; value++) {
  DECIMAL[4 * value + 3] = DECIMAL.write(String(value), 4 * value, 3, 'latin1')
}

/** Puts one character at `at`; gives back where to continue. */
export function putChar(at: number, code: number): number {
  scratch[at] = code
  return at + 1
}

/** Puts a number below 256 in decimal digits. */
export function putDecimal(at: number, value: number): number {
  const entry = 4 * value
  scratch[at] = DECIMAL[entry] as number
  scratch[at + 1] = DECIMAL[entry + 1] as number
  scratch[at + 2] = DECIMAL[entry + 2] as number
  return at + (DECIMAL[entry + 3] as number)
}

/** Puts a number below 65,536 in hex digits, without leading zeros. */
export function putHexGroup(at: number, value: number): number {
  let next = at
  if (value > 0xfff) scratch[next++] = HEX[value >> 12] as number
  if (value > 0xff) scratch[next++] = HEX[(value >> 8) & 0xf] as number
  if (value > 0xf) scratch[next++] = HEX[(value >> 4) & 0xf] as number
  scratch[next] = HEX[value & 0xf] as number
  return next + 1
}

/** The text that has been put from 0 to `length`. */
export function takeText(length: number): string {
  return readAscii(scratch, 0, length)
}
