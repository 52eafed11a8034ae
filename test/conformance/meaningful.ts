import type { MessageDescriptor, StructDescriptor, TypeRef } from '@vpp-ts/runtime/codegen/v1'
import { planBlock } from '@vpp-ts/runtime/internal'
import type { Neutral, NeutralBlock } from './neutral.ts'

type Block = MessageDescriptor | StructDescriptor

/** A value without the elements of fixed arrays that a length beside them does not count: these are not read. */
export function meaningful(descriptor: Block, value: NeutralBlock): NeutralBlock {
  const { lengths } = planBlock(descriptor)
  const cut = new Map(
    [...lengths].map(([length, array]) => [array.wireName, Number(value[length.wireName] ?? 0)]),
  )
  const types = new Map(descriptor.fields.map(([wireName, , type]) => [wireName, type]))
  const entries = Object.entries(value).map(([wireName, content]) => {
    const count = cut.get(wireName)
    const counted = count === undefined ? content : first(content, count)
    const owner = structOf(types.get(wireName) ?? 'u8')
    return [wireName, owner === undefined ? counted : within(owner, counted)] as const
  })
  return Object.fromEntries(entries)
}

/** Bytes are hex digits, two each. */
function first(content: Neutral, count: number): Neutral {
  return typeof content === 'string'
    ? content.slice(0, 2 * count)
    : (content as readonly Neutral[]).slice(0, count)
}

function within(owner: StructDescriptor, content: Neutral): Neutral {
  return Array.isArray(content)
    ? (content as readonly NeutralBlock[]).map((item) => meaningful(owner, item))
    : meaningful(owner, content as NeutralBlock)
}

function structOf(type: TypeRef): StructDescriptor | undefined {
  if (typeof type === 'string') return undefined
  const { descriptor } = type
  if (descriptor.kind === 'alias')
    return descriptor.form === undefined ? structOf(descriptor.type) : undefined
  return descriptor.kind === 'struct' && descriptor.form === undefined ? descriptor : undefined
}
