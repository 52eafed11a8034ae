import type { Form, ModelType, TypeUse } from '../model/model.ts'
import { quote, type Expression } from './literal.ts'
import type { EmitOptions } from './options.ts'
import type { RuntimeName } from './runtime-names.ts'
import type { SourceFile } from './source-file.ts'

/** What the emitters of one file share. */
export interface EmitContext {
  readonly file: SourceFile
  /** Wire name of the module that the file belongs to. */
  readonly module: string
  readonly options: EmitOptions
}

/** Types of the runtime that values in a friendly form have; the others are numbers. */
const FORM_TYPES: Readonly<Partial<Record<Form, RuntimeName>>> = {
  'ip4-address': 'Ip4Address',
  'ip6-address': 'Ip6Address',
  address: 'IpAddress',
  'ip4-prefix': 'Ip4Prefix',
  'ip6-prefix': 'Ip6Prefix',
  prefix: 'IpPrefix',
  'mac-address': 'MacAddress',
  timestamp: 'Timestamp',
}

/** TypeScript type of values in a friendly form. */
export function formType(form: Form, { file }: EmitContext): string {
  const name = FORM_TYPES[form]
  return name === undefined ? 'number' : file.runtime(name)
}

/** Name of a type in this file; of another module's it is imported. */
export function typeName(type: ModelType, { file, module }: EmitContext): string {
  return type.module === module ? type.name : file.fromModule(type.module, type.name)
}

/** A type as it stands in a descriptor. */
export function typeReference(use: TypeUse, context: EmitContext): Expression {
  if (use.kind === 'type') return typeName(use.type, context)
  return quote(use.kind === 'scalar' ? use.scalar : 'string')
}

/** TypeScript type of one value. */
export function valueType(use: TypeUse, context: EmitContext): string {
  if (use.kind === 'type') return typeName(use.type, context)
  if (use.kind === 'string') return 'string'
  switch (use.scalar) {
    case 'bool':
      return 'boolean'
    case 'u64':
    case 'i64':
      return 'bigint'
    default:
      return 'number'
  }
}

/** TypeScript type of a field: of one value, or of several. */
export function fieldType(use: TypeUse, several: boolean, context: EmitContext): string {
  if (!several || use.kind === 'string') return valueType(use, context)
  return isByte(use) ? 'Uint8Array' : `${valueType(use, context)}[]`
}

function isByte(use: TypeUse): boolean {
  return use.kind === 'scalar' && use.scalar === 'u8'
}
