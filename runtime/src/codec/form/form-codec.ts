import type { BinaryCodec } from './binary-codec.ts'
import type { Timestamp } from './timestamp.ts'

/** How a friendly form meets the wire. */
export interface FormCodec {
  /** Bytes on the wire. */
  readonly size: number
  /** What is accepted, for an error's text. */
  readonly expected: string
  /** Value of all-zero bytes. */
  readonly zero: string | Timestamp
  /** Writes a value into zero bytes; false when it is not acceptable. */
  write(bytes: Uint8Array, offset: number, value: unknown): boolean
  /** Reads a value; every content has one. */
  read(bytes: Buffer, offset: number): string | Timestamp
  /** Writes a text into zero bytes, where the form is one. False when it is not acceptable. */
  readonly writeText: TextWriter | undefined
  /** How it is read and written as numbers; undefined where it has no such form. */
  readonly binary: BinaryCodec | undefined
  /** Turns another accepted input into the form; gives back anything else as it is. */
  adopt(value: unknown): unknown
}

/** Writes `text[start, end)` at `offset`. */
export type TextWriter = (
  bytes: Uint8Array,
  offset: number,
  text: string,
  start: number,
  end: number,
) => boolean
