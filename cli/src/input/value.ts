import type { EnumDescriptor } from '@vpp-ts/runtime/codegen/v1'
import { suggest } from '@vpp-ts/runtime/dynamic'
import { CliError } from '../errors.ts'
import type { Kind } from './field-types.ts'

/** Finds the index of an interface by its name. */
export type InterfaceLookup = (name: string) => Promise<number>

/** What a value becomes: JSON as DynamicApi takes it. */
export type InputValue = unknown

const BOOLEANS: Readonly<Record<string, boolean>> = {
  '0': false,
  '1': true,
  false: false,
  no: false,
  off: false,
  on: true,
  true: true,
  yes: true,
}
/** Words for all bits of a number, which VPP takes for "none" or for "all": a shell makes a folder of `~0`. */
const ALL_BITS = /^(?:~0(?:x0)?|none|all)$/i
const NUMBER = /^-?(?:\d+|0x[0-9a-f]+)$/i
const REAL = /^-?\d*\.?\d+(?:e[-+]?\d+)?$/i

/**
 * Reads the text behind `field=`.
 * @param path of the field, for errors
 * @throws CliError when it is not a value of the kind
 */
export async function parseValue(
  kind: Kind,
  text: string,
  path: string,
  lookup: InterfaceLookup,
): Promise<InputValue> {
  switch (kind.kind) {
    case 'string':
      return text
    case 'bytes':
      return kind.isKey ? text : bytes(text)
    case 'scalar':
      return scalar(kind.scalar, text, path)
    case 'enum':
      return enumValue(kind.descriptor, text, path)
    case 'form':
      return formValue(kind.form, text, path, lookup)
    case 'list':
      if (text.startsWith('[')) return json(text, path)
      return Promise.all(
        text === '' ? [] : text.split(',').map((it) => parseValue(kind.element, it, path, lookup)),
      )
    case 'block':
      if (text.startsWith('{')) return json(text, path)
      // A union may have a short form, as addresses have: what it takes is for the codec to say.
      if (kind.owner.kind === 'union') return text
      throw new CliError(
        'CLI_USAGE',
        `${path} is a ${kind.owner.name} and has fields`,
        `set them as ${path}.FIELD=VALUE, or all at once as ${path}='{"FIELD": VALUE}'`,
      )
  }
}

/** `0x…` as it is; anything else is text, byte by byte in UTF-8. */
function bytes(text: string): string {
  return /^0x(?:[0-9a-f]{2})*$/i.test(text) ? text : `0x${Buffer.from(text).toString('hex')}`
}

function scalar(type: string, text: string, path: string): InputValue {
  if (type === 'bool') {
    const value = Object.hasOwn(BOOLEANS, text.toLowerCase()) ? BOOLEANS[text.toLowerCase()] : undefined
    return value ?? refuse(path, 'true or false', text)
  }
  if (type === 'f64') return REAL.test(text) ? Number(text) : refuse(path, 'a number', text)
  if (ALL_BITS.test(text)) return largest(type)
  if (!NUMBER.test(text)) return refuse(path, 'a whole number, such as 7, 0x1f or none (all bits)', text)
  const value = text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text)
  return type === 'u64' || type === 'i64' ? String(value) : Number(value)
}

/** `~0`: all bits set. */
function largest(type: string): InputValue {
  if (type.startsWith('i')) return type === 'i64' ? '-1' : -1
  const value = (1n << BigInt(type.slice(1))) - 1n
  return type === 'u64' ? String(value) : Number(value)
}

async function formValue(
  form: string,
  text: string,
  path: string,
  lookup: InterfaceLookup,
): Promise<InputValue> {
  switch (form) {
    case 'interface-index':
      if (text === '-1' || ALL_BITS.test(text)) return largest('u32')
      return /^[-~\d/]/.test(text) ? scalar('u32', text, path) : lookup(text)
    case 'timedelta':
      return scalar('f64', text, path)
    case 'timestamp':
      return REAL.test(text) ? Number(text) : text
    default:
      return text
  }
}

/** A number, a name, or the end of one: `admin_up` for `IF_STATUS_API_FLAG_ADMIN_UP`. Flags may be several. */
function enumValue(descriptor: EnumDescriptor, text: string, path: string): InputValue {
  const one = (name: string): number | string =>
    NUMBER.test(name) ? Number(name) : member(descriptor, name.trim(), path)
  if (!descriptor.flags) return one(text)
  if (text.startsWith('[')) return json(text, path)
  return text === '' ? [] : text.split(/[,|+]/).map(one)
}

function member(descriptor: EnumDescriptor, name: string, path: string): string {
  const members = Object.keys(descriptor.members)
  const wanted = name.toUpperCase()
  const exact = members.find((it) => it === name) ?? members.find((it) => it.toUpperCase() === wanted)
  if (exact !== undefined) return exact
  const ending = members.filter((it) => it.toUpperCase().endsWith(`_${wanted}`))
  if (ending.length === 1) return ending[0] as string
  const near = ending.length > 0 ? ending : suggest(name, members)
  const choice = near.length > 0 ? near : members
  const problem = ending.length > 1 ? 'may be several members' : 'is not a member'
  throw new CliError(
    'CLI_USAGE',
    `${path}: '${name}' ${problem} of ${descriptor.name}`,
    `write one of ${choice.join(', ')}`,
  )
}

function json(text: string, path: string): InputValue {
  try {
    return JSON.parse(text)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new CliError('CLI_USAGE', `${path}: this is not JSON: ${reason}`, undefined, { cause: error })
  }
}

function refuse(path: string, expected: string, text: string): never {
  const remedy = text.startsWith('/')
    ? `the shell makes a folder of ~0: quote it, '${path}=~0', or write ${path}=none`
    : undefined
  throw new CliError('CLI_USAGE', `${path}: expected ${expected}, received '${text}'`, remedy)
}
