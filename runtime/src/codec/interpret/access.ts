import type { ByteWriter } from '../writer.ts'

/**
 * Reads the value at `at`; no byte from `end` on is looked at. `base` is the offset of the enclosing block.
 * @throws Shortage
 */
export type Read = (bytes: Buffer, at: number, end: number, base: number) => unknown

/**
 * Writes a value at `at`, into zero bytes that are reserved already for its fixed part; a variable part is reserved
 * here. `base` is the offset of the enclosing block.
 * @throws Refusal
 */
export type Write = (writer: ByteWriter, at: number, value: unknown, base: number) => void
