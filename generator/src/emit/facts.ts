import type { HeaderKind, ModelArm, ModelField, ModelMessage, Size, TypeUse } from '../model/model.ts'
import { literal } from './literal.ts'

/** `12 bytes`, `at least 12 bytes`. */
export function sizeText({ bytes, variable }: Size): string {
  return `${variable ? 'at least ' : ''}${bytes} ${bytes === 1 && !variable ? 'byte' : 'bytes'}`
}

/** Wire type of a field: `u32`, `string[64]`, `prefix[count]`. */
export function wireType({ use, occurs }: Pick<ModelField, 'use' | 'occurs'>): string {
  const type = useName(use)
  switch (occurs.kind) {
    case 'once':
      return type
    case 'fixed':
      return `${type}[${occurs.length}]`
    case 'counted':
      return `${type}[${occurs.by}]`
    case 'open':
      return `${type}[]`
  }
}

function useName(use: TypeUse): string {
  if (use.kind === 'type') return use.type.wireName
  return use.kind === 'scalar' ? use.scalar : 'string'
}

/** First line about a field: wire name, wire type, default, limits. */
export function fieldFacts(field: ModelField): string {
  const facts = [`\`${field.wireName}\`: \`${wireType(field)}\``]
  if (field.default !== undefined) facts.push(`default ${defaultText(field)}`)
  if (field.use.kind === 'string' && field.occurs.kind === 'fixed') {
    facts.push(`at most ${field.occurs.length - 1} bytes of text`)
  }
  if (field.limit !== undefined) facts.push(`limit ${field.limit}`)
  if (field.discriminator !== undefined) facts.push(`chosen by \`${field.discriminator}\``)
  return facts.join(', ')
}

/** 4294967295 is VPP's way to say "none" or "any": nobody recognises it in decimal. */
function defaultText({ default: value = 0 }: ModelField): string {
  return value === 0xffffffff ? '0xffffffff' : literal(value)
}

/** First line about an arm of a union. */
export function armFacts({ wireName, use, length, size, chosenBy }: ModelArm): string {
  const type = wireType({ use, occurs: length === undefined ? { kind: 'once' } : { kind: 'fixed', length } })
  const when = chosenBy === undefined ? '' : `, for \`${chosenBy.member}\``
  return `\`${wireName}\`: \`${type}\`, ${sizeText(size)}${when}`
}

const HEADER_TEXT: Readonly<Record<HeaderKind, string>> = {
  request: 'client index and context',
  reply: 'context',
  event: 'client index',
  none: 'no header',
}

/** First line about a message: wire name, CRC, size, header. */
export function messageFacts({ wireName, crc, size, header }: ModelMessage): string {
  return `\`${wireName}_${crc}\`: ${sizeText(size)}, ${HEADER_TEXT[header]}.`
}

/** Lines about the state of a message. */
export function statusLines({ status }: ModelMessage, messages: readonly ModelMessage[]): string[] {
  const lines = status.inProgress ? ['In progress: VPP may still change it without a new name.'] : []
  const { replacedBy } = status
  if (!status.deprecated && replacedBy === undefined) return lines
  const reasons = [
    ...(status.deprecation === undefined ? [] : [`VPP says: ${status.deprecation}`]),
    ...(replacedBy === undefined ? [] : [`use ${link(replacedBy, messages)}`]),
  ]
  return [...lines, `@deprecated ${reasons.join('; ') || 'VPP marks it so.'}`]
}

/** A message that may be of another module. */
function link(wireName: string, messages: readonly ModelMessage[]): string {
  const message = messages.find((candidate) => candidate.wireName === wireName)
  return message === undefined ? `\`${wireName}\`` : `{@link ${message.name}}`
}
