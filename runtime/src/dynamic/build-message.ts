import { Message } from '../codec/classes.ts'
import { defineMessage } from '../codec/define.ts'
import type { HeaderKind, MessageDescriptor } from '../codec/descriptor.ts'
import type { JsonValue } from '../codec/json.ts'
import { describe, named } from './build-types.ts'
import type { TypeBuilder } from './build-types.ts'
import type { ApiDocument, Entry } from './document.ts'
import { VppSchemaError, kindOf } from './errors.ts'
import { readFields, readTrailer } from './field.ts'
import type { RawField } from './field.ts'
import { pascalCase } from './rules/names.ts'
import { specsOf } from './specs.ts'

/** A message of which nothing is known at compile time: properties by name. */
export type DynamicMessage = Record<string, unknown>

/** The class of such a message. */
export interface DynamicMessageClass {
  /** @throws VppEncodeError when `init` has an unknown property */
  new (init?: Readonly<Record<string, unknown>>): DynamicMessage
  readonly descriptor: MessageDescriptor<DynamicMessage>
  /** @throws VppEncodeError when it is not what `JSON.stringify` made of such a message */
  fromJSON(json: JsonValue): DynamicMessage
}

/**
 * Makes the class of a message.
 * @throws VppSchemaError when the definition is incomplete or contradicts itself
 */
export function buildMessage(document: ApiDocument, entry: Entry, types: TypeBuilder): DynamicMessageClass {
  const { module } = document
  const { kind, own } = splitHeader(module, entry)
  const fields = specsOf(document, entry.name, own, types)
  const made = named(pascalCase(entry.name), class extends Message<DynamicMessage> {})
  const descriptor = defineMessage(made, entry.name, readCrc(module, entry), kind, fields)
  return describe(made, descriptor) as unknown as DynamicMessageClass
}

/**
 * CRC of a message as VPP's message table has it: eight hex digits.
 * @throws VppSchemaError when the definition has none
 */
export function readCrc(module: string, entry: Entry): string {
  const { crc } = readTrailer(module, entry)
  if (typeof crc === 'string' && /^0x[0-9a-f]{1,8}$/i.test(crc))
    return crc.slice(2).toLowerCase().padStart(8, '0')
  const at = { module, path: `${entry.path}[${entry.items.length - 1}].crc` }
  throw new VppSchemaError(at, `expected a CRC such as "0x51077d14", found ${kindOf(crc)}`)
}

/** Takes the message id and what follows of the header off the fields. */
function splitHeader(module: string, entry: Entry): { kind: HeaderKind; own: RawField[] } {
  const fields = readFields(module, entry)
  if (fields[0]?.name !== '_vl_msg_id' || fields[0].type !== 'u16') {
    throw new VppSchemaError({ module, path: `${entry.path}[1]` }, 'a message begins with u16 _vl_msg_id')
  }
  const has = (index: number, name: string): boolean => {
    const field = fields[index]
    return field?.name === name && field.type === 'u32' && field.length === undefined
  }
  if (has(1, 'client_index')) {
    return has(2, 'context')
      ? { kind: 'request', own: fields.slice(3) }
      : { kind: 'event', own: fields.slice(2) }
  }
  return has(1, 'context') ? { kind: 'reply', own: fields.slice(2) } : { kind: 'none', own: fields.slice(1) }
}
