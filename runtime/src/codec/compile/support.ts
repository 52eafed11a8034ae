import { byteLength, writeText } from '../text.ts'
import type { ByteWriter } from '../writer.ts'

/**
 * What generated source calls. Functions that write give back false, or -1, when the value is not one of the plain
 * kind; the interpreter then decides whether it is another accepted kind or an error.
 */

const LONGEST_LOOP = 64

/** Writes text of at most `longest` bytes, none of them NUL. */
export function putText(bytes: Buffer, offset: number, longest: number, text: unknown): boolean {
  if (typeof text !== 'string' || text.length > longest) return false
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit > 0x7f) return putWideText(bytes, offset, longest, text)
    if (unit === 0) return false
    bytes[offset + i] = unit
  }
  return true
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

const scratchBytes = new Uint8Array(8)
const scratch = new DataView(scratchBytes.buffer)

/** Writes a double, least significant byte first. */
export function putDouble(bytes: Buffer, offset: number, value: number): void {
  scratch.setFloat64(0, value, true)
  putScratch(bytes, offset)
}

/** Writes 64 bits, most significant byte first. */
export function putBigint(bytes: Buffer, offset: number, value: bigint): void {
  scratch.setBigUint64(0, value)
  putScratch(bytes, offset)
}

function putScratch(bytes: Buffer, offset: number): void {
  for (let i = 0; i < 8; i++) bytes[offset + i] = scratchBytes[i] as number
}

function takeScratch(bytes: Buffer, offset: number): DataView {
  for (let i = 0; i < 8; i++) scratchBytes[i] = bytes[offset + i] as number
  return scratch
}

/** Reads a double, least significant byte first. */
export function takeDouble(bytes: Buffer, offset: number): number {
  return takeScratch(bytes, offset).getFloat64(0, true)
}

/** Reads 64 bits, most significant byte first. */
export function takeUnsigned(bytes: Buffer, offset: number): bigint {
  return takeScratch(bytes, offset).getBigUint64(0)
}

/** Reads 64 bits in two's complement, most significant byte first. */
export function takeSigned(bytes: Buffer, offset: number): bigint {
  return takeScratch(bytes, offset).getBigInt64(0)
}
