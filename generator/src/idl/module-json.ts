import type {
  BlockStatement,
  DefineStatement,
  EnumStatement,
  Field,
  Literal,
  Option,
  PathsStatement,
  Statement,
} from './ast.ts'
import type { ApiComments } from './comments.ts'
import { enumValues } from './enum-values.ts'
import { JsonFloat, type JsonTree } from './json-text.ts'
import type { Service } from './services.ts'

/** What the JSON form of a module is made of. */
export interface ModuleContent {
  readonly module: string
  /** Statements with the imports in place. */
  readonly flat: readonly Statement[]
  readonly messages: readonly DefineStatement[]
  /** CRC of each message, in the same order. */
  readonly messageCrcs: readonly number[]
  readonly services: readonly Service[]
  readonly fileCrc: number
}

const NO_COMMENTS: ApiComments = { define: new Map(), typedef: new Map() }

/**
 * The `.api.json` form of a module, keys in the order of VPP's own tool.
 *
 * @param comments of its messages and structs; none when left out
 */
export function moduleJson(content: ModuleContent, comments = NO_COMMENTS): JsonTree {
  const { flat } = content
  return new Map<string, JsonTree>([
    ['module', content.module],
    ['types', blocksOf(flat, 'typedef').map((block) => structJson(block, comments.typedef.get(block.name)))],
    [
      'messages',
      content.messages.map((message, index) =>
        messageJson(message, content.messageCrcs[index] ?? 0, comments.define.get(message.name)),
      ),
    ],
    ['unions', blocksOf(flat, 'union').map(blockJson)],
    ['enums', ofKind(flat, 'enum').map(enumJson)],
    ['enumflags', ofKind(flat, 'enumflag').map(enumJson)],
    ['services', new Map(content.services.map((service) => [service.caller, serviceJson(service)]))],
    ['options', optionsJson(ofKind(flat, 'option'))],
    ['aliases', new Map(ofKind(flat, 'alias').map(({ name, field }) => [name, aliasJson(field)]))],
    ['vl_api_version', `0x${content.fileCrc.toString(16)}`],
    ['imports', ofKind(flat, 'import').map((statement) => statement.path)],
    ['counters', ofKind(flat, 'counters').map(({ name, elements }) => countersJson(name, elements))],
    ['paths', ofKind(flat, 'paths').map(pathsJson)],
  ])
}

function ofKind<Kind extends Statement['kind']>(
  statements: readonly Statement[],
  kind: Kind,
): Extract<Statement, { kind: Kind }>[] {
  return statements.filter(
    (statement): statement is Extract<Statement, { kind: Kind }> => statement.kind === kind,
  )
}

function blocksOf(statements: readonly Statement[], kind: BlockStatement['kind']): BlockStatement[] {
  return statements.filter((statement): statement is BlockStatement => statement.kind === kind)
}

/** A CRC as messages carry it: always 8 digits. */
export function crcHex(crc: number): string {
  return crc.toString(16).padStart(8, '0')
}

function messageJson(
  { name, fields, options }: DefineStatement,
  crc: number,
  comment: string | undefined,
): JsonTree {
  const facts = new Map<string, JsonTree>([
    ['crc', `0x${crcHex(crc)}`],
    ['options', optionsJson(options)],
  ])
  if (comment !== undefined) facts.set('comment', comment)
  return [name, ['u16', '_vl_msg_id'], ...fields.map(fieldJson), facts]
}

function structJson(block: BlockStatement, comment: string | undefined): JsonTree {
  const { name, fields } = block
  return [name, ...fields.map(fieldJson), ...(comment === undefined ? [] : [new Map([['comment', comment]])])]
}

function blockJson({ name, fields }: BlockStatement): JsonTree {
  return [name, ...fields.map(fieldJson)]
}

function fieldJson({ type, name, extent, options }: Field): JsonTree {
  switch (extent.kind) {
    case 'one':
      return options.length === 0 ? [type, name] : [type, name, optionsJson(options)]
    case 'fixed':
      return [type, name, extent.length]
    case 'counted':
      return [type, name, 0, extent.count]
    case 'open':
      return [type, name, 0]
  }
}

function aliasJson({ type, extent }: Field): JsonTree {
  const facts = new Map<string, JsonTree>([['type', type]])
  if (extent.kind !== 'one') facts.set('length', extent.kind === 'fixed' ? extent.length : 0)
  return facts
}

function enumJson(statement: EnumStatement): JsonTree {
  const values = enumValues(statement)
  const members = statement.members.map((member, index): JsonTree => [member.name, values[index] ?? 0n])
  return [statement.name, ...members, new Map([['enumtype', statement.base]])]
}

function serviceJson({ reply, stream, streamMessage, events }: Service): JsonTree {
  const facts = new Map<string, JsonTree>([['reply', reply ?? 'null']])
  if (stream) facts.set('stream', true)
  if (streamMessage !== undefined) facts.set('stream_msg', streamMessage)
  if (events.length > 0) facts.set('events', events)
  return facts
}

function countersJson(
  name: string,
  elements: readonly { readonly name: string; readonly properties: ReadonlyMap<string, string> }[],
): JsonTree {
  const list = elements.map((element) => new Map([['name', element.name], ...element.properties]))
  return new Map<string, JsonTree>([
    ['name', name],
    ['elements', list],
  ])
}

/** A block of one path is the path itself, not a list. */
function pathsJson({ entries }: PathsStatement): JsonTree {
  const list = entries.map(
    ({ path, counter }) =>
      new Map([
        ['path', path],
        ['counter', counter],
      ]),
  )
  return list.length === 1 ? (list[0] ?? null) : list
}

function optionsJson(options: readonly Option[]): JsonTree {
  return new Map(options.map(({ name, value }) => [name, literalJson(value)]))
}

function literalJson(literal: Literal | undefined): JsonTree {
  if (literal === undefined) return null
  switch (literal.kind) {
    case 'false':
      return false
    case 'float':
      return new JsonFloat(literal.value)
    default:
      return literal.value
  }
}
