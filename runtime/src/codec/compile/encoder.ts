import type { ByteWriter } from '../writer.ts'

/**
 * Writes a block at `at`, into zero bytes that are reserved for its fixed part. Anything out of the ordinary - a value
 * that does not fit, or one in another accepted spelling - throws `IRREGULAR`.
 */
export type EncodeBlock = (writer: ByteWriter, at: number, value: unknown) => void

/** The two ways to write a block. They are separate functions so that instances meet code that sees one shape only. */
export interface CompiledEncoder {
  /** For instances of the class. */
  readonly instance: EncodeBlock
  /** For partial objects: checks the names, fills in defaults. */
  readonly partial: EncodeBlock
}
