import type { Form, ModelStruct } from '../model/model.ts'
import { requiredProperties } from '../model/required.ts'
import { formType, type EmitContext } from './context.ts'
import { sizeText } from './facts.ts'
import { baseArguments, emitProperties, fieldSpecs, typeDoc } from './fields.ts'
import { pureCall, quote } from './literal.ts'

/** A struct: a class; with a friendly form a description, and the type of its values. */
export function emitStruct(type: ModelStruct, context: EmitContext): void {
  context.file.doc(typeDoc(type, sizeText(type.size), context))
  if (type.form === undefined) emitClass(type, context)
  else emitForm(type, type.form, context)
}

function emitForm({ name, wireName, fields }: ModelStruct, form: Form, context: EmitContext): void {
  const { file } = context
  file.assign(
    `export const ${name}`,
    pureCall(file.runtime('defineForm'), quote(wireName), quote(form), fieldSpecs(fields, context)),
  )
  file.line(`export type ${name} = ${formType(form, context)}`)
}

function emitClass({ name, wireName, fields }: ModelStruct, context: EmitContext): void {
  const { file } = context
  file.class(name, file.runtime('Struct'), baseArguments(name, requiredProperties(fields)), () => {
    emitProperties(fields, context)
    file.assign(
      'static readonly descriptor',
      pureCall(file.runtime('defineStruct'), name, quote(wireName), fieldSpecs(fields, context)),
      ` as ${file.runtime('StructDescriptor')}<${name}>`,
    )
  })
}
