import type { MessageDescriptor, StructDescriptor } from '../codec/descriptor.ts'
import type { KeyText } from '../codec/form/key-text.ts'
import { planBlock } from '../codec/make-plan.ts'

/** How a field may be given as text, if it is a key; by the field's name on the wire. */
export function keyTextOf(
  descriptor: MessageDescriptor | StructDescriptor,
  wireName: string,
): KeyText | undefined {
  const plan = planBlock(descriptor).fields.find((field) => field.wireName === wireName)?.plan
  return plan?.kind === 'bytes' ? plan.text : undefined
}
