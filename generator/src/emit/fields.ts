import { keyText } from '../model/key-text.ts'
import type { ModelField, ModelStruct } from '../model/model.ts'
import { fieldType, typeReference, type EmitContext } from './context.ts'
import { fieldFacts } from './facts.ts'
import { array, literal, object, quote, type Expression } from './literal.ts'

const KEY_TYPES = { base64: 'Base64Key', hex: 'HexKey' } as const

/** Declares the properties of a class. Count fields are none: the codec derives them. */
export function emitProperties(fields: readonly ModelField[], context: EmitContext): void {
  const { file, options } = context
  for (const field of fields) {
    if (field.isCount) continue
    file.doc([fieldFacts(field), ...(options.comments ? field.comment : [])])
    const key = keyText(field, fields)
    const type =
      key === undefined
        ? fieldType(field.use, field.occurs.kind !== 'once', context)
        : file.runtime(KEY_TYPES[key])
    file.line(`declare ${field.name}: ${type}`)
  }
}

/** Type arguments of the base class: its own name, and the names of the properties that a request must have. */
export function baseArguments(name: string, required: readonly string[]): string[] {
  return required.length === 0 ? [name] : [name, required.map(quote).join(' | ')]
}

/** The fields of a descriptor: `[wire name, property, type, length?, options?]`. */
export function fieldSpecs(fields: readonly ModelField[], context: EmitContext): Expression {
  return array(fields.map((field) => fieldSpec(field, context)))
}

function fieldSpec(field: ModelField, context: EmitContext): Expression {
  const length = lengthOf(field)
  const options = optionsOf(field)
  const spec: Expression[] = [quote(field.wireName), quote(field.name), typeReference(field.use, context)]
  if (length !== undefined || options !== undefined) spec.push(length ?? 'undefined')
  if (options !== undefined) spec.push(options)
  return array(spec)
}

function lengthOf({ occurs, use }: ModelField): string | undefined {
  switch (occurs.kind) {
    case 'once':
      return undefined
    case 'fixed':
      return String(occurs.length)
    case 'counted':
      return quote(occurs.by)
    case 'open':
      return use.kind === 'string' ? '0' : quote('*')
  }
}

function optionsOf(field: ModelField): Expression | undefined {
  const entries: [string, string][] = []
  if (field.default !== undefined) entries.push(['default', literal(field.default)])
  if (field.limit !== undefined) entries.push(['limit', literal(field.limit)])
  if (field.discriminator !== undefined) entries.push(['discriminator', quote(field.discriminator)])
  return entries.length === 0 ? undefined : object(entries)
}

/** Lines about a type, and the comment of its definition. */
export function typeDoc(
  { wireName, comment }: Pick<ModelStruct, 'wireName' | 'comment'>,
  facts: string,
  context: EmitContext,
): string[] {
  const text = context.options.comments ? comment : []
  return [`\`${wireName}\`: ${facts}.`, ...(text.length === 0 ? [] : ['', ...text])]
}
