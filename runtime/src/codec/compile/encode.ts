import type { BlockPlan } from '../plan.ts'
import { BlockWriter } from './block-writer.ts'
import type { CompiledEncoder, EncodeBlock } from './encoder.ts'
import { functionName, Source } from './source.ts'

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
