import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { BUILT_IN, KINDS } from './built-in.ts'
import type { MessageUse, NamedUses } from './uses.ts'

const GUIDE = fileURLToPath(new URL('../../../docs/agent-kinds.md', import.meta.url))
const TABLE = /(?<=<!-- kinds -->\n)[^]*(?=<!-- \/kinds -->)/
/** `memif_create_v2_reply`: what it is called, its version, and what it is. */
const NAME = /^(.*?)(?:_v(\d+))?(_reply|_details)?$/
const DEFINITIONS = new URL('../../../api-json/', import.meta.url)

type Fields = MessageUse['descriptor']['fields']

/** A field with the fields of its struct. */
type Tree = { readonly [name: string]: Tree | 'leaf' }

/** What a message has, as deep as its uses go; counts of lists are no fields of their own. */
function treeOf(fields: Fields, uses: NamedUses): Tree {
  const counts = new Set(fields.map(([, , , length]) => length))
  return Object.fromEntries(
    fields
      .filter(([wireName]) => !counts.has(wireName))
      .map(([, name, type]) => {
        const use = uses[name]
        const isStruct = typeof type !== 'string' && type.descriptor.kind === 'struct'
        const deeper = isStruct && use !== undefined && !isLeaf(use)
        return [name, deeper ? treeOf(type.descriptor.fields, use) : 'leaf']
      }),
  )
}

function usedTree(uses: NamedUses): Tree {
  return Object.fromEntries(
    Object.entries(uses).map(([name, use]) => [name, isLeaf(use) ? 'leaf' : usedTree(use)]),
  )
}

function isLeaf(use: NamedUses[string]): use is Exclude<NamedUses[string], NamedUses> {
  return ['item', 'derived', 'unused'].some(
    (name) => typeof (use as Record<string, unknown>)[name] === 'string',
  )
}

/** Names and CRCs of the messages of every release. */
function releases(): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>()
  for (const release of readdirSync(DEFINITIONS).filter((name) => /^\d\d\.\d\d$/.test(name))) {
    const known = new Set<string>()
    for (const part of ['core', 'plugins']) {
      const folder = new URL(`${release}/${part}/`, DEFINITIONS)
      for (const file of readdirSync(folder)) {
        const { messages } = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as {
          messages: unknown[][]
        }
        for (const message of messages) {
          const { crc } = message.at(-1) as { crc: string }
          known.add(`${String(message[0])} ${crc.slice(2)}`)
        }
      }
    }
    found.set(release, known)
  }
  return found
}

function cell(lines: readonly string[]): string {
  return lines.map((line) => line.replaceAll('|', '\\|')).join('<br>')
}

/** Messages with their fields, one line each. */
function linesOf(uses: NamedUses, prefix: string): string[] {
  return Object.entries(uses).flatMap(([name, use]) => {
    const path = `${prefix}${name}`
    if (!isLeaf(use)) return linesOf(use, `${path}.`)
    if ('item' in use) return [`\`${path}\`: \`${use.item}\``]
    return ['derived' in use ? `\`${path}\`: ${use.derived}` : `\`${path}\`: not used, ${use.unused}`]
  })
}

function fieldsOf(schema: z.ZodType): string[] {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  const names = [json, ...(json.oneOf ?? json.anyOf ?? [])].flatMap((it) =>
    typeof it === 'object' ? Object.keys(it.properties ?? {}) : [],
  )
  return [...new Set(names)].filter((name) => name !== 'kind')
}

function makeTable(): string {
  const all = releases()
  const parts = BUILT_IN.map(({ kind, schema, objects }) => {
    const rows = objects.map((object) => {
      const messages = object.messages ?? []
      const plugins = new Set(
        [{ type: 'memif' }, { type: 'tap' }, { type: 'other' }, { mode: 'ei' }].map(
          (value) => object.plugin?.(value as never) ?? 'always there',
        ),
      )
      const has = [...all].filter(([, known]) =>
        messages.every(({ descriptor: { name, crc } }) => known.has(`${name} ${crc}`)),
      )
      const names = messages.map(({ descriptor }) => `\`${descriptor.name}\``)
      return `| \`${object.kind}\` | ${cell(names)} | ${[...plugins].join(', ')} | ${has.map(([name]) => name).join(', ')} |`
    })
    const fields = fieldsOf(schema as z.ZodType).map((name) => `\`${name}\``)
    return [
      `### ${kind}\n`,
      `Fields: ${fields.join(', ')}.\n`,
      '| Objects | Messages | Plugin | Releases |',
      '| --- | --- | --- | --- |',
      ...rows,
      '',
    ].join('\n')
  })
  const seen = new Map<string, MessageUse>()
  for (const { messages = [] } of KINDS.objects.values()) {
    for (const use of messages) seen.set(use.descriptor.name, use)
  }
  const older = [...seen].flatMap(([name, { olderBecause }]) =>
    olderBecause === undefined ? [] : [`| \`${name}\` | ${olderBecause} |`],
  )
  const rows = [...seen].sort().map(([name, { fields }]) => `| \`${name}\` | ${cell(linesOf(fields, ''))} |`)
  const text = `${parts.join('\n')}\n### Messages with newer versions\n\n| Message | Why the newer version is not used |\n| --- | --- |\n${older.sort().join('\n')}\n\n### Fields of messages\n\n| Message | Fields |\n| --- | --- |\n${rows.join('\n')}\n`
  return `\n<!-- prettier-ignore-start -->\n\n${text}\n<!-- prettier-ignore-end -->\n\n`
}

describe('messages of kinds', () => {
  it.each([...KINDS.objects])(
    '%s: every field is settable, derived, or left out with a reason',
    (_, { messages }) => {
      expect(messages?.length).toBeGreaterThan(0)
      for (const { descriptor, fields } of messages ?? []) {
        expect({ [descriptor.name]: usedTree(fields) }).toEqual({
          [descriptor.name]: treeOf(descriptor.fields, fields),
        })
      }
    },
  )

  it('every message has one layout in all releases, so that no field has to be refused', () => {
    const all = releases()
    for (const { messages = [] } of KINDS.objects.values()) {
      for (const { descriptor } of messages) {
        const known = `${descriptor.name} ${descriptor.crc}`
        const without = [...all].filter(([, has]) => !has.has(known)).map(([release]) => release)
        expect({ [descriptor.name]: without }).toEqual({ [descriptor.name]: [] })
      }
    }
  })

  it('the newest version of every message is used, or a reason is given', () => {
    const names = new Set([...releases().values()].flatMap((has) => [...has].map((it) => it.split(' ')[0])))
    for (const { messages = [] } of KINDS.objects.values()) {
      for (const { descriptor, olderBecause } of messages) {
        const [, base = '', version = '1', end = ''] = NAME.exec(descriptor.name) ?? []
        const newer = `${base}_v${Number(version) + 1}${end}`
        expect({ [descriptor.name]: olderBecause !== undefined }).toEqual({
          [descriptor.name]: names.has(newer),
        })
      }
    }
  })

  it('every field of an item that is named is one', () => {
    const fields = new Set(BUILT_IN.flatMap(({ schema }) => fieldsOf(schema as z.ZodType)))
    const named = (uses: NamedUses): string[] =>
      Object.values(uses).flatMap((use) => (isLeaf(use) ? ('item' in use ? [use.item] : []) : named(use)))
    for (const { messages = [] } of KINDS.objects.values()) {
      for (const use of messages) {
        for (const path of named(use.fields)) expect(fields).toContain(/^\w+/.exec(path)?.[0])
      }
    }
  })

  it('the guide has the table', () => {
    const guide = readFileSync(GUIDE, 'utf8')
    expect(guide).toMatch(TABLE)
    const withTable = guide.replace(TABLE, makeTable)
    if (process.env['VPP_TS_WRITE_DOCS'] === '1') writeFileSync(GUIDE, withTable)
    else expect(guide).toBe(withTable)
  })
})
