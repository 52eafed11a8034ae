import { putChar, putHexGroup, takeText } from './digits.ts'
import { hexDigit } from './hex.ts'
import { putIp4, putLength, writeIp4 } from './ip4.ts'

const SIZE = 16
const COLON = 58

/** Sixteen bytes as text after RFC 5952; an IPv4-mapped address ends in a dotted quad. */
export function formatIp6(bytes: Uint8Array, offset: number): string {
  return takeText(putIp6(bytes, offset))
}

/** Sixteen bytes and a length as `2001:db8::/32`. */
export function formatIp6WithLength(bytes: Uint8Array, offset: number, length: number): string {
  return takeText(putLength(putIp6(bytes, offset), length))
}

function putIp6(bytes: Uint8Array, offset: number): number {
  const mapped = isMapped(bytes, offset)
  const groups = mapped ? 6 : 8
  const [from, to] = mapped ? [0, 5] : longestZeroRun(bytes, offset)
  let at = 0
  for (let i = 0; i < groups; i++) {
    if (i === from) {
      at = putChar(putChar(at, COLON), COLON)
      i = to - 1
      continue
    }
    if (i > 0 && i !== to) at = putChar(at, COLON)
    at = putHexGroup(at, groupAt(bytes, offset, i))
  }
  return mapped ? putIp4(putChar(at, COLON), bytes, offset + 12) : at
}

function isMapped(bytes: Uint8Array, offset: number): boolean {
  for (let i = 0; i < 10; i++) if (bytes[offset + i] !== 0) return false
  return bytes[offset + 10] === 0xff && bytes[offset + 11] === 0xff
}

function groupAt(bytes: Uint8Array, offset: number, index: number): number {
  return ((bytes[offset + 2 * index] as number) << 8) | (bytes[offset + 2 * index + 1] as number)
}

/** `[from, to)` in groups of the first longest run of at least two zero groups; `[-1, -1)` when there is none. */
function longestZeroRun(bytes: Uint8Array, offset: number): readonly [number, number] {
  let from = -1
  let to = -1
  let start = 0
  for (let i = 0; i <= 8; i++) {
    if (i < 8 && groupAt(bytes, offset, i) === 0) continue
    if (i - start >= 2 && i - start > to - from) {
      from = start
      to = i
    }
    start = i + 1
  }
  return [from, to]
}

/**
 * Writes the address that `text[start, end)` spells, in any form of RFC 4291 section 2.2; false when it is none.
 * Zone names are refused: the wire has no room for them. On false the sixteen bytes are undefined.
 */
export function writeIp6(
  bytes: Uint8Array,
  offset: number,
  text: string,
  start: number,
  end: number,
): boolean {
  const limit = offset + SIZE
  let at = offset
  let gap = -1
  let i = start
  if (text.charCodeAt(i) === COLON) {
    if (text.charCodeAt(i + 1) !== COLON) return false
    i++
  }
  while (i < end) {
    if (text.charCodeAt(i) === COLON) {
      if (gap >= 0) return false
      gap = at
      i++
      continue
    }
    const stop = groupEnd(text, i, end)
    if (stop < end && text.charCodeAt(stop) !== COLON) {
      if (at + 4 > limit || !writeIp4(bytes, at, text, i, end)) return false
      at += 4
      break
    }
    if (at + 2 > limit || !writeGroup(bytes, at, text, i, stop)) return false
    at += 2
    if (stop + 1 === end) return false
    i = stop + 1
  }
  return closeGap(bytes, gap, at, limit)
}

/** Index behind the hex digits that begin at `start`. */
function groupEnd(text: string, start: number, end: number): number {
  let i = start
  while (i < end && hexDigit(text.charCodeAt(i)) >= 0) i++
  return i
}

function writeGroup(bytes: Uint8Array, at: number, text: string, start: number, end: number): boolean {
  if (end === start || end - start > 4) return false
  let group = 0
  for (let i = start; i < end; i++) group = (group << 4) | hexDigit(text.charCodeAt(i))
  bytes[at] = group >>> 8
  bytes[at + 1] = group
  return true
}

/** Moves the groups behind `::` to the end and fills the gap with zeros; without `::` all bytes must be there. */
function closeGap(bytes: Uint8Array, gap: number, at: number, limit: number): boolean {
  if (gap < 0) return at === limit
  if (at === limit) return false
  bytes.copyWithin(limit - (at - gap), gap, at)
  bytes.fill(0, gap, limit - (at - gap))
  return true
}
