import type { ModelAlias } from '../model/model.ts'
import { fieldType, formType, typeReference, type EmitContext } from './context.ts'
import { sizeText } from './facts.ts'
import { typeDoc } from './fields.ts'
import { pureCall, quote } from './literal.ts'

/** An alias: its description, and the type of its values. */
export function emitAlias(type: ModelAlias, context: EmitContext): void {
  const { file } = context
  const { name, wireName, use, length, form, size } = type
  const args = [quote(wireName), typeReference(use, context)]
  if (length !== undefined || form !== undefined) args.push(String(length))
  if (form !== undefined) args.push(quote(form))
  file.doc(typeDoc(type, sizeText(size), context))
  file.assign(`export const ${name}`, pureCall(file.runtime('defineAlias'), ...args))
  const value = form === undefined ? fieldType(use, length !== undefined, context) : formType(form, context)
  file.line(`export type ${name} = ${value}`)
}
