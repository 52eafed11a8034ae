import { putChar, putDecimal, takeText } from './digits.ts'

const DOT = 46
const SLASH = 47
const ZERO = 48

/** Stands for the end of a text where a digit is expected: it is none, and negative as no digit is. */
const NONE = -128

/** Puts four bytes as `10.0.0.1` into the current text. */
export function putIp4(at: number, bytes: Uint8Array, offset: number): number {
  let next = putDecimal(at, bytes[offset] as number)
  next = putDecimal(putChar(next, DOT), bytes[offset + 1] as number)
  next = putDecimal(putChar(next, DOT), bytes[offset + 2] as number)
  return putDecimal(putChar(next, DOT), bytes[offset + 3] as number)
}

/** Puts `/24` into the current text. */
export function putLength(at: number, length: number): number {
  return putDecimal(putChar(at, SLASH), length)
}

/** Binary logarithm of how many texts are kept. */
const KEPT_BITS = 11

/** Stands for "without a length" where a length is expected. */
const NO_LENGTH = 63

/** Added to a length when the text is there. */
const FILLED = 128

/**
 * Texts of addresses that came up twice, at the place that address and length hash to. Dumps name the same addresses
 * over and over: taking the text from here is three times as fast as making it, and all who hold it share it. A text is
 * kept only at the second sight, so that a dump of distinct addresses pays next to nothing. Nobody can see the
 * difference, and it never grows.
 */
const keptAddresses = new Int32Array(1 << KEPT_BITS)
const keptLengths = new Uint8Array(1 << KEPT_BITS)
const keptTexts = Array.from({ length: 1 << KEPT_BITS }, () => '')

/** Short enough for V8 to copy it into what reads a rule with two prefixes, twice. */
function textOf(bytes: Uint8Array, offset: number, length: number): string {
  const address =
    ((bytes[offset] as number) << 24) |
    ((bytes[offset + 1] as number) << 16) |
    ((bytes[offset + 2] as number) << 8) |
    (bytes[offset + 3] as number)
  const slot = Math.imul(address ^ length, 0x9e3779b1) >>> (32 - KEPT_BITS)
  return keptAddresses[slot] === address && keptLengths[slot] === (length | FILLED)
    ? (keptTexts[slot] as string)
    : makeText(bytes, offset, length, address, slot)
}

function makeText(bytes: Uint8Array, offset: number, length: number, address: number, slot: number): string {
  const seen = keptAddresses[slot] === address && keptLengths[slot] === length
  const end = putIp4(0, bytes, offset)
  const text = takeText(length === NO_LENGTH ? end : putLength(end, length))
  keptAddresses[slot] = address
  keptLengths[slot] = seen ? length | FILLED : length
  if (seen) keptTexts[slot] = text
  return text
}

/** Four bytes as `10.0.0.1`. */
export function formatIp4(bytes: Uint8Array, offset: number): string {
  return textOf(bytes, offset, NO_LENGTH)
}

/** Four bytes and a length up to 32 as `10.0.0.0/8`. */
export function formatIp4WithLength(bytes: Uint8Array, offset: number, length: number): string {
  return textOf(bytes, offset, length)
}

/**
 * Writes the dotted quad that `text[start, ...)` begins with and gives back the index behind it, or -1. Leading zeros
 * are refused: some programs take them for octal.
 */
function scanIp4(bytes: Uint8Array, offset: number, text: string, start: number, end: number): number {
  let i = start
  for (let at = offset; i < end; at++) {
    let octet = text.charCodeAt(i++) - ZERO
    if (octet >>> 0 > 9) return -1
    let digit = i < end ? text.charCodeAt(i) - ZERO : NONE
    // Digit by digit without a loop: what takes time is to fetch the characters and to ask what they are.
    if (digit >>> 0 <= 9) {
      if (octet === 0) return -1
      octet = octet * 10 + digit
      digit = ++i < end ? text.charCodeAt(i) - ZERO : NONE
      if (digit >>> 0 <= 9) {
        octet = octet * 10 + digit
        if (octet > 255) return -1
        digit = ++i < end ? text.charCodeAt(i) - ZERO : NONE
        if (digit >>> 0 <= 9) return -1
      }
    }
    bytes[at] = octet
    if (at === offset + 3) return i
    if (digit !== DOT - ZERO) return -1
    i++
  }
  return -1
}

/** Writes the address that `text[start, end)` spells; false when it is none. The bytes are then undefined. */
export function writeIp4(
  bytes: Uint8Array,
  offset: number,
  text: string,
  start: number,
  end: number,
): boolean {
  return scanIp4(bytes, offset, text, start, end) === end
}

/** The 32 bits of the address that `text[start, end)` spells, or -1 when it is none. */
export function parseIp4(text: string, start: number, end: number): number {
  const bytes = Buffer.alloc(4)
  return writeIp4(bytes, 0, text, start, end) ? bytes.readUInt32BE(0) : -1
}

/**
 * Writes the address and, at `lengthOffset`, the prefix length that `text` spells; without a length it is a host. False
 * when it is not an IPv4 prefix; the bytes are then undefined.
 */
export function writeIp4WithLength(
  bytes: Uint8Array,
  offset: number,
  lengthOffset: number,
  text: string,
): boolean {
  const end = text.length
  const slash = scanIp4(bytes, offset, text, 0, end)
  if (slash < 0 || (slash < end && text.charCodeAt(slash) !== SLASH)) return false
  const length = slash === end ? 32 : parseLength(text, slash + 1, 32)
  bytes[lengthOffset] = length
  return length >= 0
}

/** Decimal number of `text[start, ...)` up to `longest`, or -1. */
export function parseLength(text: string, start: number, longest: number): number {
  let length = -1
  for (let i = start; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48
    if (digit < 0 || digit > 9 || length === 0) return -1
    length = length < 0 ? digit : length * 10 + digit
    if (length > longest) return -1
  }
  return length
}
