import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EnumMember, Extent, Field, Literal, Option, Rpc, Statement } from './ast.ts'
import { FileReport, formatDiagnostic } from './diagnostics.ts'
import { tokenize } from './lexer.ts'
import { parseFile } from './parser.ts'
import { RESERVED_WORDS } from './token.ts'
import { ENUM_BASES } from '../rules/scalars.ts'
import { BUILTIN_TYPES, FIELD_NAME_WORDS, FLAGS } from './words.ts'

/** Offsets are not part of what is compared. */
const at = 0
const reserved: ReadonlySet<string> = new Set(RESERVED_WORDS)

const name = fc
  .stringMatching(/^[A-Za-z_][A-Za-z_0-9]{0,12}$/)
  .filter((text) => !reserved.has(text) && !text.startsWith('false'))
// As VPP reads strings: without quotes, on one line, and never ending in a lone backslash.
const text = fc
  .string({ unit: 'binary' })
  .map((raw) => raw.replaceAll(/["\\\r\n]/g, '').replaceAll(/\p{Surrogate}/gu, ''))
const literal: fc.Arbitrary<Literal> = fc.oneof(
  fc.record({
    kind: fc.constant('integer' as const),
    value: fc.bigInt({ min: -(1n << 63n), max: (1n << 64n) - 1n }),
  }),
  fc.record({ kind: fc.constant('float' as const), value: fc.integer().map((value) => value / 64) }),
  fc.record({ kind: fc.constant('text' as const), value: text }),
  fc.constant<Literal>({ kind: 'false' }),
)
const option: fc.Arbitrary<Option> = fc.record({
  name,
  value: fc.option(literal, { nil: undefined }),
  at: fc.constant(at),
})
const extent: fc.Arbitrary<Extent> = fc.oneof(
  fc.constant<Extent>({ kind: 'one' }),
  fc.constant<Extent>({ kind: 'open' }),
  fc.record({ kind: fc.constant('fixed' as const), length: fc.nat(0xffff_ffff) }),
  fc.record({ kind: fc.constant('counted' as const), count: name }),
)
const field: fc.Arbitrary<Field> = fc
  .record({
    type: fc.oneof(fc.constantFrom(...BUILTIN_TYPES), name),
    typeAt: fc.constant(at),
    name: fc.oneof(name, fc.constantFrom(...FIELD_NAME_WORDS)),
    at: fc.constant(at),
    extent,
    options: fc.array(option, { maxLength: 3 }),
  })
  .filter(({ options, extent }) => options.length === 0 || (extent.kind === 'one' && !isLoneName(options)))
const fields = fc.array(field, { minLength: 1, maxLength: 4 })
const flags = fc.array(fc.constantFrom(...FLAGS), { maxLength: 2 })
const member: fc.Arbitrary<EnumMember> = fc.record({
  name,
  at: fc.constant(at),
  value: fc.option(fc.bigInt({ min: -1000n, max: 1n << 40n }), { nil: undefined }),
  options: fc.array(option, { maxLength: 2 }),
})
const rpc = fc
  .record({
    caller: name,
    reply: fc.option(name, { nil: undefined }),
    other: name,
    events: fc.array(name, { maxLength: 3 }),
    form: fc.nat(2),
  })
  .filter(({ caller, reply, form }) => form === 1 || caller !== reply)
  .map(({ caller, reply, other, events, form }) => {
    const base = { caller, at, reply, stream: false, streamMessage: undefined, events: [] }
    if (reply === undefined) return base
    if (form === 1) return { ...base, stream: true }
    return form === 2 ? { ...base, stream: true, streamMessage: other } : { ...base, events }
  })
const element = fc.record({
  name,
  at: fc.constant(at),
  properties: fc
    .record({ severity: name, type: name, units: text, description: text }, { requiredKeys: ['type'] })
    .map((record) => new Map(Object.entries(record))),
})

/** A lone name in brackets would be a count. */
function isLoneName(options: readonly Option[]): boolean {
  return options.length === 1 && options[0]?.value === undefined
}

const node = { name, at: fc.constant(at) }
const statement: fc.Arbitrary<Statement> = fc.oneof(
  option.map((found) => ({ ...found, kind: 'option' as const })),
  fc.record({ kind: fc.constant('import' as const), path: text, at: fc.constant(at) }),
  fc.record({
    ...node,
    kind: fc.constant('define' as const),
    flags: flags.map((all) => all.filter((flag) => flag !== 'typeonly')),
    fields,
    options: fc.array(option, { maxLength: 2 }),
  }),
  fc.record({ ...node, kind: fc.constantFrom('typedef' as const, 'union' as const), flags, fields }),
  fc
    .record({ flags, field })
    .map(({ flags, field }) => ({ kind: 'alias' as const, name: field.name, at, flags, field })),
  fc.record({
    ...node,
    kind: fc.constant('enum' as const),
    base: fc.constantFrom(...ENUM_BASES),
    members: fc.array(member, { minLength: 1, maxLength: 4 }),
  }),
  fc.record({
    ...node,
    kind: fc.constant('enumflag' as const),
    base: fc.constantFrom('u8' as const, 'u16' as const),
    members: fc.array(member, { minLength: 1, maxLength: 4 }),
  }),
  fc.record({
    kind: fc.constant('service' as const),
    at: fc.constant(at),
    rpcs: fc.array(rpc, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    ...node,
    kind: fc.constant('counters' as const),
    elements: fc.array(element, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    kind: fc.constant('paths' as const),
    at: fc.constant(at),
    entries: fc.array(fc.record({ path: text, counter: text }), { minLength: 1, maxLength: 3 }),
  }),
)

function printLiteral(value: Literal): string {
  switch (value.kind) {
    case 'integer':
      return String(value.value)
    case 'float':
      return Number.isInteger(value.value) ? `${value.value}.` : String(value.value)
    case 'text':
      return `"${value.value}"`
    case 'false':
      return 'false'
  }
}

function printOption({ name, value }: Option): string {
  return value === undefined ? name : `${name}=${printLiteral(value)}`
}

/** `[a b=1, c]`: a comma may only follow a value. */
function printOptions(options: readonly Option[]): string {
  return options.length === 0 ? '' : `[${options.map(printOption).join(' ')}]`
}

function printExtent(extent: Extent): string {
  switch (extent.kind) {
    case 'one':
      return ''
    case 'open':
      return '[]'
    case 'fixed':
      return `[${extent.length}]`
    case 'counted':
      return `[${extent.count}]`
  }
}

function printField({ type, name, extent, options }: Field): string {
  return `${type} ${name}${printExtent(extent)}${printOptions(options)};`
}

function printStatement(node: Statement): string {
  switch (node.kind) {
    case 'option':
      return `option ${printOption(node)};`
    case 'import':
      return `import "${node.path}";`
    case 'define':
      return `${[...node.flags, 'define', node.name].join(' ')} {
        ${node.options.map((found) => `option ${printOption(found)};`).join(' ')} ${node.fields.map(printField).join('\n')} };`
    case 'typedef':
    case 'union':
      return `${[...node.flags, node.kind, node.name].join(' ')}{${node.fields.map(printField).join('/**/')}};`
    case 'alias':
      return `${[...node.flags, 'typedef'].join(' ')} ${printField(node.field)}`
    case 'enum':
    case 'enumflag': {
      const members = node.members.map(
        ({ name, value, options }) =>
          `${name}${value === undefined ? '' : ` = ${value}`}${printOptions(options)},`,
      )
      return `${node.kind} ${node.name} : ${node.base} { ${members.join('\n')} };`
    }
    case 'service':
      return `service { ${node.rpcs.map(printRpc).join('\n')} };`
    case 'counters':
      return `counters ${node.name} { ${node.elements.map(({ name, properties }) => `${name} { ${[...properties].map(printProperty).join(' ')} };`).join('\n')} };`
    case 'paths':
      return `paths { ${node.entries.map(({ path, counter }) => `"${path}" "${counter}";`).join('\n')} };`
  }
}

function printProperty([key, value]: [string, string]): string {
  return key === 'units' || key === 'description' ? `${key} "${value}";` : `${key} ${value};`
}

function printRpc({ caller, reply, stream, streamMessage, events }: Rpc): string {
  const head = `rpc ${caller} returns`
  if (reply === undefined) return `${head} null;`
  if (streamMessage !== undefined) return `${head} ${reply} stream ${streamMessage};`
  if (stream) return `${head} stream ${reply};`
  return events.length === 0 ? `${head} ${reply};` : `${head} ${reply} events ${events.join(', ')};`
}

/** The statements with all offsets set to 0. */
function withoutOffsets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutOffsets)
  if (value === null || typeof value !== 'object' || value instanceof Map) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === 'at' || key === 'typeAt' ? 0 : withoutOffsets(inner),
    ]),
  )
}

describe('parseFile', () => {
  it('reads back whatever statements are printed', () => {
    fc.assert(
      fc.property(fc.array(statement, { minLength: 1, maxLength: 5 }), (statements) => {
        const source = statements.map(printStatement).join('\n')
        const report = new FileReport('t.api', source)
        const parsed = parseFile(source, report)
        expect(report.diagnostics().map(formatDiagnostic)).toEqual([])
        expect(withoutOffsets(parsed.statements)).toEqual(statements)
      }),
      { numRuns: 2_000 },
    )
  })

  it('gives the same statements however the tokens are spaced and commented', () => {
    fc.assert(
      fc.property(statement, fc.constantFrom('\n', '\t ', ' /* ; " */ ', '// }\n', '/***/'), (node, gap) => {
        const source = printStatement(node)
        const { tokens } = tokenize(source, new FileReport('t.api', source))
        const spaced = tokens
          .map((token) => (token.kind === 'text' ? `"${token.text}"` : token.text))
          .join(gap)
        const report = new FileReport('t.api', spaced)
        expect(withoutOffsets(parseFile(spaced, report).statements)).toEqual([node])
      }),
      { numRuns: 1_000 },
    )
  })
})
