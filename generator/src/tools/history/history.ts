import type { Schema } from '../../schema/module.ts'
import { statusOf } from '../../model/status.ts'
import { Catalog } from '../catalog/catalog.ts'
import { diffSchemas } from '../diff/diff.ts'
import { textTable } from '../print/table.ts'

/** A message in one release. */
export interface HistoryEntry {
  readonly release: string
  /** Undefined: the release does not have it. */
  readonly module: string | undefined
  readonly crc: string | undefined
  readonly state: 'stable' | 'in progress' | 'deprecated' | 'absent'
  /** What has changed since the release before, in words. */
  readonly changes: readonly string[]
}

/** One message over some releases. */
export interface MessageHistory {
  readonly message: string
  /** Fields in the newest release that has it, as `type name`. */
  readonly fields: readonly string[]
  readonly entries: readonly HistoryEntry[]
  /** Release that first has it, that first calls it deprecated, that first no longer has it. */
  readonly first: string | undefined
  readonly deprecated: string | undefined
  readonly gone: string | undefined
}

/**
 * Follows one message through releases.
 *
 * @param schemas the releases in their order
 */
export function historyOf(message: string, schemas: readonly Schema[]): MessageHistory {
  const catalogs = schemas.map((schema) => new Catalog(schema))
  const entries = catalogs.map((catalog, index): HistoryEntry => {
    const { schema, messages } = catalog
    const release = schema.release ?? schema.source
    const found = messages.get(message)
    if (found === undefined)
      return { release, module: undefined, crc: undefined, state: 'absent', changes: [] }
    const { deprecated, inProgress } = statusOf(found.message.options)
    const state = deprecated ? 'deprecated' : inProgress ? 'in progress' : 'stable'
    const before = catalogs[index - 1]
    const changes = before?.messages.has(message) === true ? changesOf(message, before.schema, schema) : []
    return { release, module: found.module.name, crc: found.message.crc, state, changes }
  })
  const newest = catalogs.findLast(({ messages }) => messages.has(message))?.messages.get(message)
  const known = entries.findIndex(({ state }) => state !== 'absent')
  return {
    message,
    fields: newest?.message.fields.map(({ type, name }) => `${type} ${name}`) ?? [],
    entries,
    first: entries[known]?.release,
    deprecated: entries.find(({ state }) => state === 'deprecated')?.release,
    gone: entries.find(({ state }, index) => known !== -1 && index > known && state === 'absent')?.release,
  }
}

function changesOf(message: string, before: Schema, after: Schema): string[] {
  const found = diffSchemas(before, after).messages.find(({ name }) => name === message)
  if (found === undefined) return []
  return [
    ...found.changes.map(({ text }) => text),
    ...found.via.map(({ path, type }) => `${path}: type ${type} has changed`),
  ]
}

/** The history as text for a terminal. */
export function historyText({ message, fields, entries, first, deprecated, gone }: MessageHistory): string {
  const facts = [
    `first seen in ${first ?? 'none'}`,
    ...(deprecated === undefined ? [] : [`deprecated since ${deprecated}`]),
    ...(gone === undefined ? [] : [`gone since ${gone}`]),
  ]
  const rows = entries.flatMap(({ release, module = '-', crc = '-', state, changes }) => {
    const [change = '', ...more] = changes
    return [[release, module, crc, state, change], ...more.map((text) => ['', '', '', '', text])]
  })
  const table = textTable([['RELEASE', 'MODULE', 'CRC', 'STATE', 'CHANGES'], ...rows])
  return `${message}: ${facts.join(', ')}\n${table}\n${fields.map((field) => `  ${field}`).join('\n')}\n`
}
