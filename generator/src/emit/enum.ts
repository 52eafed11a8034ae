import type { ModelEnum } from '../model/model.ts'
import type { EmitContext } from './context.ts'
import { typeDoc } from './fields.ts'
import { literal, object, pureCall, quote } from './literal.ts'

/** An enum: a const object, and the type of its values. */
export function emitEnum(type: ModelEnum, context: EmitContext): void {
  const { file } = context
  const { name, wireName, base, members } = type
  const entries = members.map((member) => [member.name, literal(member.value)] as const)
  const options = type.flags ? [object([['flags', 'true']])] : []
  file.doc(typeDoc(type, `${base}, ${type.flags ? 'any of the bits' : 'one of the values'}`, context))
  file.assign(
    `export const ${name}`,
    pureCall(file.runtime('defineEnum'), quote(wireName), quote(base), object(entries), ...options),
  )
  const values = file.runtime(type.flags ? 'Flags' : 'EnumValue')
  file.line(`export type ${name} = ${values}<typeof ${name}>`)
}
