import { EXIT } from '@vpp-ts/command'
import { suggest } from '@vpp-ts/runtime/dynamic'
import type { Command } from 'commander'
import { stringify } from 'yaml'
import { KINDS } from '../../kinds/built-in.ts'
import {
  documentationOfAll,
  fileSchema,
  type JsonSchema,
  type KindDocumentation,
} from '../../kinds/documentation.ts'
import { AgentError } from '../../model/errors.ts'
import type { CommandContext } from './context.ts'
import { Screen } from './screen.ts'

interface LocalFlags {
  readonly json?: boolean
  readonly color: boolean
}

/** `explain`: documentation of kinds and of their fields, from their schemas. */
export function addExplain(program: Command, context: CommandContext): void {
  program
    .command('explain')
    .description('Say what a kind of item or one of its fields is for. Without an argument: list the kinds.')
    .argument('[field]', 'as route, route.paths or route.paths[].nextHop')
    .option('--json', 'write the JSON Schema')
    .option('--no-color', 'no colours')
    .addHelpText(
      'after',
      '\nExamples:\n  $ vpp-ts-agent explain interface.type\n  $ vpp-ts-agent explain route.paths[].nextHop\n',
    )
    .action((path: string | undefined, { json, color }: LocalFlags) => {
      const screen = new Screen(context, color)
      const kinds = documentationOfAll(KINDS)
      if (path === undefined) {
        if (json === true) screen.json(kinds)
        else
          screen.table(
            ['KIND', 'WHAT IT IS'],
            kinds.map((it) => [it.kind, it.description]),
          )
        return
      }
      const [first = '', ...rest] = path.split(/[.[\]]+/).filter((part) => part !== '' && !/^\d+$/.test(part))
      const kind = kinds.find((it) => it.kind === first)
      if (kind === undefined)
        throw unknown(
          'kind',
          first,
          kinds.map((it) => it.kind),
        )
      if (rest.length === 0) {
        if (json === true) screen.json(kind.schema)
        else explainKind(screen, kind)
      } else explainField(screen, kind, rest, json === true)
    })
}

/** `schema`: the JSON Schema of files of items. */
export function addSchema(program: Command, context: CommandContext): void {
  program
    .command('schema')
    .description('Write the JSON Schema of a file of items, by which editors complete and check.')
    .addHelpText(
      'after',
      '\nExamples:\n  $ vpp-ts-agent schema > items.schema.json\n\nThe first line of a file of items then is\n  # yaml-language-server: $schema=items.schema.json\n',
    )
    .action(() => {
      new Screen(context, false).json(fileSchema(KINDS))
      context.exitCode = EXIT.ok
    })
}

/** A field as one type of a kind has it, or several. */
interface Found {
  readonly schema: JsonSchema
  readonly isRequired: boolean
  /** Values of the fields that choose it, as `type: tap`. */
  readonly of: readonly string[]
}

/** The choices of a schema, each with what chooses it. */
function* variantsOf(schema: JsonSchema, of: readonly string[] = []): Iterable<Omit<Found, 'isRequired'>> {
  const choices = [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])]
  if (choices.length === 0) {
    yield { schema, of }
    return
  }
  for (const choice of choices) {
    const chosen = Object.entries(choice.properties ?? {}).filter(
      ([name, it]) => it.const !== undefined && name !== 'kind',
    )
    yield* variantsOf(choice, [...of, ...chosen.map(([name, it]) => `${name}: ${String(it.const)}`)])
  }
}

/** A schema without the lists around it. */
function elementOf(schema: JsonSchema): JsonSchema {
  if (schema.items !== undefined) return elementOf(schema.items)
  const list = [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])].find((it) => it.items !== undefined)
  return list?.items === undefined ? schema : elementOf(list.items)
}

/** Fields by name, from all choices of a schema. */
function fieldsOf(schema: JsonSchema, of: readonly string[] = []): Map<string, Found[]> {
  const fields = new Map<string, Found[]>()
  for (const variant of variantsOf(elementOf(schema), of)) {
    const { properties = {}, required = [] } = variant.schema
    for (const [name, field] of Object.entries(properties)) {
      const isRequired = required.includes(name)
      fields.set(name, [...(fields.get(name) ?? []), { schema: field, isRequired, of: variant.of }])
    }
  }
  return fields
}

/** What a field takes, in words. */
function typeOf(schema: JsonSchema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum !== undefined) return schema.enum.map(String).join(' | ')
  if (schema.items !== undefined) return `list of ${typeOf(schema.items)}`
  const choices = [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])]
  if (choices.length > 0) return [...new Set(choices.map(typeOf))].join(' | ')
  if (schema.type === 'integer') {
    const { minimum, maximum } = schema
    return minimum === undefined || maximum === undefined ? 'number' : `number ${minimum}..${maximum}`
  }
  return { string: 'text', boolean: 'true | false', object: 'object' }[schema.type ?? ''] ?? 'anything'
}

function conditionsOf({ schema, isRequired }: Found): string {
  if (isRequired) return 'required'
  return schema.default === undefined ? 'optional' : `default ${JSON.stringify(schema.default)}`
}

function explainKind(screen: Screen, kind: KindDocumentation): void {
  const { description, keyFields, schema, examples, collection } = kind
  screen.print(`${screen.paint('bold', kind.kind)}: ${description}`)
  const key = keyFields.length === 0 ? 'there is one at most' : `its key is ${keyFields.join(', ')}`
  screen.print(`REST: /${collection}; ${key}\n`)
  listFields(screen, fieldsOf(schema))
  for (const example of examples) screen.print(`\n${stringify([example], { lineWidth: 100 }).trimEnd()}`)
}

function listFields(screen: Screen, fields: ReadonlyMap<string, readonly Found[]>): void {
  const rows = Array.from(fields, ([name, found]) => {
    const types = [...new Set(found.map((it) => typeOf(it.schema)))].join(' | ')
    const conditions = [...new Set(found.map(conditionsOf))].join(', ')
    return [name, types.length > 40 ? `${types.slice(0, 37)}...` : types, conditions]
  })
  screen.table(['FIELD', 'TAKES', 'UNLESS GIVEN'], rows)
}

function explainField(
  screen: Screen,
  kind: KindDocumentation,
  path: readonly string[],
  asJson: boolean,
): void {
  let fields = fieldsOf(kind.schema)
  let found: readonly Found[] = []
  for (const name of path) {
    const next = fields.get(name)
    if (next === undefined) throw unknown('field', name, [...fields.keys()])
    found = next
    fields = new Map(found.flatMap((it) => [...fieldsOf(it.schema, it.of)]))
  }
  if (asJson) {
    screen.json(found.map(({ schema, isRequired, of }) => ({ of, required: isRequired, schema })))
    return
  }
  // Types of a kind with the same description of a field are shown together.
  const alike = new Map<string, { readonly it: Found; readonly of: string[] }>()
  for (const it of found) {
    const id = JSON.stringify([it.schema, it.isRequired])
    const known = alike.get(id) ?? { it, of: [] }
    known.of.push(...it.of)
    alike.set(id, known)
  }
  const title = [kind.kind, ...path].join('.')
  for (const { it, of } of alike.values()) {
    const where = of.length === 0 ? '' : ` (${of.join(', ')})`
    screen.print(`${screen.paint('bold', title)}${where}: ${typeOf(it.schema)}, ${conditionsOf(it)}`)
    const { description } = it.schema
    if (description !== undefined) screen.print(`  ${description}`)
  }
  if (fields.size > 0) {
    screen.print('')
    listFields(screen, fields)
  }
}

function unknown(what: string, name: string, known: readonly string[]): AgentError {
  const near = suggest(name, [...known])
  const hint = near.length === 0 ? `known are ${known.join(', ')}` : `did you mean ${near.join(' or ')}?`
  return new AgentError('AGENT_INVALID_ITEM', `there is no ${what} ${JSON.stringify(name)}; ${hint}`)
}
