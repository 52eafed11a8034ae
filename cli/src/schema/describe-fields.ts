import type { MessageDescriptor } from '@vpp-ts/runtime/codegen/v1'
import { kindOf, partsOf, typeText } from '../input/field-types.ts'
import type { Kind, Owner, Part } from '../input/field-types.ts'

/** A field as `call` takes it, for people. */
export interface FieldLine {
  /** Path, with `[0]` for each element of a list. */
  readonly field: string
  /** As VPP's API language writes it. */
  readonly type: string
  /** What may stand behind `=`. */
  readonly takes: string
  readonly default: string
}

/** Structs nested deeper are not shown; VPP's own nest 7 deep. */
const DEEPEST = 12
/** Members of an enum that are listed at most. */
const MOST_MEMBERS = 40

/** Fields of a message with those nested in them. */
export function describeFields(descriptor: MessageDescriptor): FieldLine[] {
  return linesOf(descriptor, '', 0)
}

function linesOf(owner: Owner, prefix: string, depth: number): FieldLine[] {
  if (depth > DEEPEST) return []
  return partsOf(owner).flatMap((part) => {
    const field = prefix === '' ? part.name : `${prefix}.${part.name}`
    const kind = kindOf(part)
    const line = { field, type: typeText(part), takes: takes(kind, part), default: defaultText(part) }
    return [line, ...nested(kind, field, depth)]
  })
}

function nested(kind: Kind, field: string, depth: number): FieldLine[] {
  if (kind.kind === 'block') return linesOf(kind.owner, field, depth + 1)
  return kind.kind === 'list' ? nested(kind.element, `${field}[0]`, depth) : []
}

function defaultText(part: Part): string {
  if (part.default === undefined) return ''
  const { type } = part
  if (typeof type !== 'string' && type.descriptor.kind === 'enum') {
    const member = Object.entries(type.descriptor.members).find(([, value]) => value === part.default)
    if (member !== undefined) return member[0]
  }
  return String(part.default)
}

const FORMS: Readonly<Record<string, string>> = {
  'ip4-address': '192.0.2.1',
  'ip6-address': '2001:db8::1',
  address: '192.0.2.1 or 2001:db8::1',
  'ip4-prefix': '10.0.0.0/8',
  'ip6-prefix': '2001:db8::/32',
  prefix: '10.0.0.0/8 or 2001:db8::/32',
  'mac-address': '02:fe:00:00:00:01',
  timestamp: 'seconds since 1970, or ISO 8601',
  timedelta: 'seconds',
  'interface-index': 'index or name of an interface; ~0 for none',
}

function takes(kind: Kind, { length, limit }: Pick<Part, 'length' | 'limit'>): string {
  switch (kind.kind) {
    case 'form':
      return FORMS[kind.form] ?? kind.form
    case 'enum':
      return members(kind.descriptor)
    case 'string':
      return typeof length === 'number' && length > 0 ? `text, ${length - 1} bytes` : 'text'
    case 'bytes':
      return '0x… or text'
    case 'block':
      return kind.owner.kind === 'union' ? 'one of:' : ''
    case 'list': {
      const element = takes(kind.element, { length: undefined, limit: undefined })
      const most = limit === undefined ? '' : `, ${limit} at most`
      return kind.element.kind === 'block' ? `list${most}` : `${element}, …${most}`
    }
    default:
      return kind.scalar === 'bool' ? 'true or false' : kind.scalar === 'f64' ? 'number' : 'whole number'
  }
}

function members(descriptor: {
  readonly flags: boolean
  readonly members: Readonly<Record<string, number>>
}): string {
  const names = Object.keys(descriptor.members)
  const shown = names.slice(0, MOST_MEMBERS).join(descriptor.flags ? ',' : ' | ')
  return names.length > MOST_MEMBERS ? `${shown} …` : shown
}
