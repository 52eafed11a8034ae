import type { ApiAlias, ApiBlock, ApiEnum, ApiField, ApiOptions } from '../idl/index.ts'
import type { ApiDocument } from '../schema/document.ts'

/** For enums by name: how many of their last members are marked `backwards_compatible`, which JSON does not say. */
export type CompatibleMembers = ReadonlyMap<string, number>

/** A type as text, and what it is made of. */
interface TypeText {
  readonly text: string
  readonly references: readonly string[]
}

const WORD = /^[A-Za-z_]\w*$/

/** Names of all types in a definition, those of its imports included. */
export function typeNames(document: ApiDocument): string[] {
  return [...typeTexts(document, new Map()).keys()]
}

/**
 * Types of a definition in VPP's API language, each behind those that it is made of.
 *
 * @param wanted names of the types to print
 */
export function printTypes(
  document: ApiDocument,
  wanted: ReadonlySet<string>,
  compatible: CompatibleMembers,
): string {
  const types = typeTexts(document, compatible)
  const printed = new Set<string>()
  const lines: string[] = []
  const print = (name: string): void => {
    const type = types.get(name)
    if (type === undefined || printed.has(name)) return
    printed.add(name)
    for (const reference of type.references) print(reference)
    if (wanted.has(name)) lines.push(type.text)
  }
  for (const name of types.keys()) print(name)
  return lines.join('\n')
}

/** Fields of a message, struct or union, in braces. */
export function printFields(items: readonly unknown[]): string {
  return `{ ${fieldsOf(items).map(printField).join(' ')} }`
}

/** Bare names of the types that fields refer to. */
function referencesOf(items: readonly unknown[]): string[] {
  return fieldsOf(items).flatMap(([type]) => bare(type))
}

function typeTexts(document: ApiDocument, compatible: CompatibleMembers): Map<string, TypeText> {
  const { types, unions = [], enums = [], enumflags = [], aliases = {} } = document
  return new Map<string, TypeText>([
    ...types.map((block) => printBlock('typedef', block)),
    ...unions.map((block) => printBlock('union', block)),
    ...enums.map((it) => printEnum('enum', it, compatible)),
    ...enumflags.map((it) => printEnum('enumflag', it, compatible)),
    ...Object.entries(aliases).map(([name, alias]) => printAlias(name, alias)),
  ])
}

function printBlock(word: 'typedef' | 'union', [name, ...items]: ApiBlock): [string, TypeText] {
  return [name, { text: `${word} ${name} ${printFields(items)};`, references: referencesOf(items) }]
}

function printEnum(
  word: 'enum' | 'enumflag',
  [name, ...items]: ApiEnum,
  compatible: CompatibleMembers,
): [string, TypeText] {
  const members = items.filter((item): item is readonly [string, number] => Array.isArray(item))
  const first = members.length - (compatible.get(name) ?? 0)
  const lines = members.map(
    ([member, value], at) => `${member} = ${value}${at < first ? '' : ' [backwards_compatible]'},`,
  )
  const base = items.find((item): item is { readonly enumtype: string } => 'enumtype' in item)?.enumtype
  const head = base === undefined ? name : `${name} : ${base}`
  return [name, { text: `${word} ${head} { ${lines.join(' ')} };`, references: [] }]
}

function printAlias(name: string, { type, length }: ApiAlias): [string, TypeText] {
  const array = length === undefined ? '' : `[${length}]`
  return [name, { text: `typedef ${type} ${name}${array};`, references: bare(type) }]
}

function fieldsOf(items: readonly unknown[]): ApiField[] {
  return items.filter((item): item is ApiField => Array.isArray(item))
}

function printField([type, name, extent, count]: ApiField): string {
  if (extent === undefined) return `${type} ${name};`
  if (typeof extent === 'number')
    return `${type} ${name}[${count ?? (extent > 0 || type !== 'string' ? extent : '')}];`
  const options = printOptions(extent)
  return options === '' ? `${type} ${name};` : `${type} ${name} [${options}];`
}

function printOptions(options: ApiOptions): string {
  return Object.entries(options)
    .map(([name, value]) => {
      if (value === null) return name
      const text = typeof value === 'string' && !WORD.test(value) ? `"${value}"` : String(value)
      return `${name}=${text}`
    })
    .join(', ')
}

function bare(type: string): string[] {
  const name = /^vl_api_(\w+)_t$/.exec(type)?.[1]
  return name === undefined ? [] : [name]
}
