import type { BlockPlan } from '../plan.ts'
import type { ByteWriter } from '../writer.ts'
import { BlockWriter } from './block-writer.ts'
import { functionName, Source } from './source.ts'

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

const encoders = new WeakMap<BlockPlan, CompiledEncoder>()

/** The compiled encoder of a block; made once. */
export function compiledEncoder(block: BlockPlan): CompiledEncoder {
  let encoder = encoders.get(block)
  if (encoder === undefined) {
    encoder = { instance: compileBlock(block, false), partial: compileBlock(block, true) }
    encoders.set(block, encoder)
  }
  return encoder
}

function compileBlock(block: BlockPlan, partial: boolean): EncodeBlock {
  const source = new Source()
  source.add('const b = w.bytes, d = w.view')
  const writer = new BlockWriter(source, compiledEncoder)
  if (partial) writer.checkKind(block)
  for (const field of block.fields) writer.field(block, field, partial)
  if (partial) writer.checkNames()
  return source.compile(functionName('encode', block.descriptor.name), 'w, o, x') as EncodeBlock
}
