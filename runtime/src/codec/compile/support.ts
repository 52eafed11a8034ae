import { Shortage } from '../errors.ts'
import { readOf } from '../interpret/decode.ts'
import type { Read } from '../interpret/access.ts'
import type { Plan } from '../plan.ts'
import type { Reading } from '../reading.ts'
import { byteLength, writeText } from '../text.ts'
import { toBinary } from '../to-binary.ts'
import type { ByteWriter } from '../writer.ts'

/**
 * What generated source calls. Functions that write give back false, or -1, when the value is not one of the plain
 * kind; the interpreter then decides whether it is another accepted kind or an error.
 */

const LONGEST_LOOP = 64

/** Writes text of at most `longest` bytes, none of them NUL, into the memory that `bytes` and `view` share. */
export function putText(
  bytes: Buffer,
  view: DataView,
  offset: number,
  longest: number,
  text: unknown,
): boolean {
  if (typeof text !== 'string' || text.length > longest) return false
  const { length } = text
  let all = 0
  let i = 0
  // Four characters to a store take four fifths of the time that one by one would.
  for (; i + 4 <= length; i += 4) {
    const a = text.charCodeAt(i)
    const b = text.charCodeAt(i + 1)
    const c = text.charCodeAt(i + 2)
    const d = text.charCodeAt(i + 3)
    if (a === 0 || b === 0 || c === 0 || d === 0) return false
    all |= a | b | c | d
    view.setInt32(offset + i, (a << 24) | (b << 16) | (c << 8) | d)
  }
  for (; i < length; i++) {
    const unit = text.charCodeAt(i)
    if (unit === 0) return false
    all |= unit
    bytes[offset + i] = unit
  }
  return all < 0x80 || putWideText(bytes, offset, longest, text)
}

function putWideText(bytes: Buffer, offset: number, longest: number, text: string): boolean {
  const length = byteLength(text)
  if (length < 0 || length > longest || text.includes('\0')) return false
  writeText(bytes, offset, text)
  return true
}

/** Appends text of at most `longest` bytes and gives back their number. */
export function appendText(writer: ByteWriter, longest: number, text: unknown): number {
  if (typeof text !== 'string') return -1
  const length = byteLength(text)
  if (length < 0 || length > longest) return -1
  const offset = writer.reserve(length)
  if (length > LONGEST_LOOP && length === text.length) writer.bytes.write(text, offset, length, 'latin1')
  else writeText(writer.bytes, offset, text)
  return length
}

/** Copies all of `source` to `offset`. */
export function putBytes(bytes: Buffer, offset: number, source: Uint8Array): void {
  const { length } = source
  if (length > LONGEST_LOOP) bytes.set(source, offset)
  else for (let i = 0; i < length; i++) bytes[offset + i] = source[i] as number
}

/** The interpreter's reader of a plan; gives back undefined when bytes end too early. */
export function tryRead(plan: Plan, reading: Reading): Read {
  const read = readOf(plan)
  return (bytes, at, end, base) => {
    try {
      const value = read(bytes, at, end, base)
      return reading === 'binary' ? toBinary(plan, value) : value
    } catch (error) {
      if (error instanceof Shortage) return undefined
      throw error
    }
  }
}
