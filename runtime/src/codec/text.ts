import { fixedTextReader, readAscii } from './ascii.ts'

/**
 * Text on the wire is UTF-8, which VPP neither checks nor needs. Bytes that are not valid UTF-8 become lone low
 * surrogates U+DC80..U+DCFF and turn back into the same bytes, so that nothing is lost on a round trip.
 */

const REPLACEMENT = '\uFFFD'
const ESCAPE_FIRST = 0xdc80
const ESCAPE_LAST = 0xdcff

/** Bytes of `text` on the wire, or -1 when it holds a lone surrogate that stands for no byte. */
export function byteLength(text: string): number {
  let length = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) continue
    if (unit < 0x800) length += 1
    else if (unit < 0xd800 || unit > 0xdfff) length += 2
    else if (isPairAt(text, i)) {
      length += 2
      i++
    } else if (unit < ESCAPE_FIRST || unit > ESCAPE_LAST) return -1
  }
  return length
}

/**
 * Writes `text` at `offset` and gives back the offset behind it. The room must have been measured with
 * `byteLength`.
 */
export function writeText(bytes: Uint8Array, offset: number, text: string): number {
  let at = offset
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) bytes[at++] = unit
    else if (unit < 0x800) {
      bytes[at++] = 0xc0 | (unit >> 6)
      bytes[at++] = 0x80 | (unit & 0x3f)
    } else if (isPairAt(text, i)) {
      at = writeAstral(bytes, at, 0x10000 + ((unit & 0x3ff) << 10) + (text.charCodeAt(++i) & 0x3ff))
    } else if (unit >= ESCAPE_FIRST && unit <= ESCAPE_LAST) bytes[at++] = unit & 0xff
    else {
      bytes[at++] = 0xe0 | (unit >> 12)
      bytes[at++] = 0x80 | ((unit >> 6) & 0x3f)
      bytes[at++] = 0x80 | (unit & 0x3f)
    }
  }
  return at
}

function writeAstral(bytes: Uint8Array, at: number, point: number): number {
  bytes[at] = 0xf0 | (point >> 18)
  bytes[at + 1] = 0x80 | ((point >> 12) & 0x3f)
  bytes[at + 2] = 0x80 | ((point >> 6) & 0x3f)
  bytes[at + 3] = 0x80 | (point & 0x3f)
  return at + 4
}

function isPairAt(text: string, index: number): boolean {
  const unit = text.charCodeAt(index)
  if (unit < 0xd800 || unit > 0xdbff) return false
  const next = text.charCodeAt(index + 1)
  return next >= 0xdc00 && next <= 0xdfff
}

/** Reads text from `bytes[start, end)`. */
export function readText(bytes: Buffer, start: number, end: number): string {
  let all = 0
  for (let i = start; i < end; i++) all |= bytes[i] as number
  return all < 0x80 ? readAscii(bytes, start, end - start) : readWide(bytes, start, end)
}

/** Reads text up to the first NUL, or the whole of `bytes[start, end)` when there is none. */
export const readFixedText = fixedTextReader(readWide)

function readWide(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString('utf8', start, end)
  return text.includes(REPLACEMENT) ? readEscaped(bytes, start, end) : text
}

/** As `readText`, byte by byte, with an escape for every byte that is not a part of a valid sequence. */
function readEscaped(bytes: Uint8Array, start: number, end: number): string {
  const parts: string[] = []
  for (let at = start; at < end;) {
    const point = decodePoint(bytes, at, end)
    if (point < 0) {
      parts.push(String.fromCharCode(0xdc00 | (bytes[at] as number)))
      at++
    } else {
      parts.push(String.fromCodePoint(point))
      at += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4
    }
  }
  return parts.join('')
}

/** Code point of the well-formed sequence at `at` (Unicode 15, table 3-7), or -1. */
function decodePoint(bytes: Uint8Array, at: number, end: number): number {
  const first = bytes[at] as number
  if (first < 0x80) return first
  if (first < 0xc2 || first > 0xf4) return -1
  const extra = first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3
  if (at + extra >= end) return -1
  let point = first & (0x3f >> extra)
  for (let i = 1; i <= extra; i++) {
    const next = bytes[at + i] as number
    if ((next & 0xc0) !== 0x80) return -1
    point = (point << 6) | (next & 0x3f)
  }
  const shortest = extra === 1 ? 0x80 : extra === 2 ? 0x800 : 0x10000
  if (point < shortest || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return -1
  return point
}
