import { parsers } from 'prettier/plugins/typescript'
import { GeneratorError, reasonOf } from '../../errors.ts'

/** An import of a source file, or a re-export. */
export interface SourceImport {
  readonly specifier: string
  /** Names as the other module exports them; undefined for all of them. */
  readonly names: readonly string[] | undefined
  readonly line: number
}

/** What is asked about a source file. */
export interface ParsedSource {
  /** Path, for people. */
  readonly file: string
  readonly imports: readonly SourceImport[]
  /** Names behind a dot, or taken out of an object, with the line of the first. */
  readonly members: ReadonlyMap<string, number>
  /** Texts that look like wire names, `ip_route_dump`, with the line of the first. */
  readonly wireNames: ReadonlyMap<string, number>
}

const WIRE_NAME = /^[a-z][a-z0-9]*(?:_[a-z0-9]+)+$/

/** A node of the syntax tree (ESTree); what the parser promises and no more. */
interface Node {
  readonly type: string
  readonly loc: { readonly start: { readonly line: number } }
  readonly [key: string]: unknown
}

/**
 * Parses TypeScript or JavaScript with the parser that prettier brings along.
 * @throws GeneratorError `BINAPI_INVALID` for what cannot be parsed
 */
export function parseSource(file: string, text: string): ParsedSource {
  const imports: SourceImport[] = []
  const members = new Map<string, number>()
  const wireNames = new Map<string, number>()
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) visit(item)
    if (!isNode(value)) return
    const found = importOf(value)
    if (found !== undefined) imports.push(found)
    const member = memberOf(value)
    if (member !== undefined && !members.has(member)) members.set(member, value.loc.start.line)
    const text = value.type === 'Literal' ? value['value'] : undefined
    if (typeof text === 'string' && WIRE_NAME.test(text) && !wireNames.has(text))
      wireNames.set(text, value.loc.start.line)
    for (const [key, child] of Object.entries(value)) if (!ASIDE.has(key)) visit(child)
  }
  visit(parse(file, text)['body'])
  return { file, imports, members, wireNames }
}

/** Keys of a node that lead to no part of the program. */
const ASIDE = new Set(['loc', 'range', 'comments', 'tokens', 'parent'])

function parse(file: string, text: string): Node {
  try {
    // Of all its options the parser reads the path alone.
    return parsers.typescript.parse(text, { filepath: file } as never) as Node
  } catch (error) {
    throw new GeneratorError(
      'BINAPI_INVALID',
      `cannot parse "${file}": ${reasonOf(error).split('\n')[0] ?? ''}`,
      {
        cause: error,
      },
    )
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Partial<Node>).type === 'string'
}

function importOf(node: Node): SourceImport | undefined {
  const from = node['source']
  if (!isNode(from) || typeof from['value'] !== 'string') return undefined
  const { line } = node.loc.start
  const specifier = from['value']
  const specifiers = node['specifiers']
  // `export * from`, `import()`: everything.
  if (!Array.isArray(specifiers)) return { specifier, names: undefined, line }
  const names = specifiers.map(importedName)
  const all = names.includes(undefined)
  return { specifier, names: all ? undefined : names.filter((name) => name !== undefined), line }
}

/** Name by which the other module exports it; undefined for a name that stands for all of it. */
function importedName(specifier: unknown): string | undefined {
  if (!isNode(specifier)) return undefined
  const name = specifier.type === 'ExportSpecifier' ? specifier['local'] : specifier['imported']
  return nameOf(name)
}

function memberOf(node: Node): string | undefined {
  if (node.type === 'MemberExpression' || node.type === 'Property') {
    return nameOf(node[node.type === 'Property' ? 'key' : 'property'])
  }
  return node.type === 'TSQualifiedName' ? nameOf(node['right']) : undefined
}

function nameOf(node: unknown): string | undefined {
  if (!isNode(node)) return undefined
  const name = node['name'] ?? node['value']
  return typeof name === 'string' ? name : undefined
}
