import { VlibClient } from '@vpp-ts/binapi-vlib'
import { ifAvailable } from '../available.ts'
import type { Actual, ObjectDescriptor, Part, Vpp, WantedView } from '../descriptor.ts'
import { tableId } from '../table/object.ts'
import { SESSION_LIMIT_MESSAGES, VRF_TABLE_MESSAGES } from './messages.ts'
import { ed, isMade, pluginId } from './mode.ts'
import type { Nat44Item } from './schema.ts'

/** How many sessions of a table there may be. */
export interface SessionLimitValue {
  readonly table: number
  readonly sessions: number
}

/** A table whose sessions may lead into others. */
export interface NatTableValue {
  readonly table: number
  readonly to: readonly number[]
}

/** What an item says of tables. */
export function* natTablesFor({ sessionLimits, tables }: Nat44Item): Iterable<Part> {
  for (const { table, sessions } of sessionLimits) {
    const value: SessionLimitValue = { table, sessions }
    yield { kind: 'nat44-session-limit', key: String(table), value }
  }
  for (const { table, to } of tables) {
    const value: NatTableValue = { table, to: [...new Set(to)].sort((a, b) => a - b) }
    yield { kind: 'nat44-table', key: String(table), value }
  }
}

function idsOf(...tables: readonly number[]): string[] {
  return [pluginId('ed'), ...tables.flatMap((table) => tableId(4, table) ?? [])]
}

/**
 * Session limits. No message reports them: those that are declared, or that the agent has set, are read from the text of
 * `show nat44 summary`.
 */
export const sessionLimit: ObjectDescriptor<SessionLimitValue> = {
  kind: 'nat44-session-limit',
  messages: SESSION_LIMIT_MESSAGES,
  plugin: () => 'nat',
  leaf: true,
  itemsOf: () => [{ kind: 'nat44', key: 'ed' }],
  dependsOn: ({ table }) => idsOf(table),
  lookAfter: ['table', 'nat44-plugin'],
  recorded: () => true,

  async look(vpp, wanted) {
    if (vpp.get('nat44-plugin', 'ed') === undefined) return []
    const found: Actual<SessionLimitValue>[] = []
    const limits = limitsIn(await ask(vpp, 'show nat44 summary'))
    for (const table of tablesOf(vpp)) {
      const key = String(table)
      if (
        wanted.desired('nat44-session-limit', key) === undefined &&
        !isMade(wanted, 'nat44-session-limit', key)
      )
        continue
      const fib = indexIn(await ask(vpp, `show ip fib table ${table} summary`))
      const sessions = fib === undefined ? undefined : limits.get(fib)
      if (sessions !== undefined) found.push({ kind: 'nat44-session-limit', key, value: { table, sessions } })
    }
    return found
  },

  async create(vpp, { value }) {
    await limit(vpp, value)
    return undefined
  },

  update: (vpp, { value }) => limit(vpp, value),

  async remove(vpp, { value: { table } }) {
    const { sessions } = await ed(vpp).nat44ShowRunningConfig()
    await limit(vpp, { table, sessions })
  },
}

/**
 * Tables whose sessions may lead into others. VPP names the details of its dump wrongly, so they are read from the text
 * of `show nat44 vrf tables`. It keeps no mark on them: the agent's are those that it has recorded.
 */
export const natTable: ObjectDescriptor<NatTableValue> = {
  kind: 'nat44-table',
  messages: VRF_TABLE_MESSAGES,
  plugin: () => 'nat',
  leaf: true,
  itemsOf: () => [{ kind: 'nat44', key: 'ed' }],
  dependsOn: ({ table, to }) => idsOf(table, ...to),
  lookAfter: ['nat44-plugin'],
  recorded: () => true,
  usable: (wanted, has) => wanted.to.every((table) => has.to.includes(table)),

  async look(vpp, wanted) {
    if (vpp.get('nat44-plugin', 'ed') === undefined) return []
    return tablesIn(await ask(vpp, 'show nat44 vrf tables')).map((value) => {
      const key = String(value.table)
      return { kind: 'nat44-table', key, foreign: isForeign(wanted, key), value }
    })
  },

  async create(vpp, { value: { table, to } }) {
    await ed(vpp).nat44EdAddDelVrfTable({ tableVrfId: table, isAdd: true })
    for (const vrfId of to) await ed(vpp).nat44EdAddDelVrfRoute({ tableVrfId: table, vrfId, isAdd: true })
    return undefined
  },

  async update(vpp, { value: { table, to } }, { value: has }) {
    const missing = to.filter((it) => !has.to.includes(it))
    const unwanted = has.to.filter((it) => !to.includes(it))
    for (const vrfId of missing)
      await ed(vpp).nat44EdAddDelVrfRoute({ tableVrfId: table, vrfId, isAdd: true })
    for (const vrfId of unwanted)
      await ed(vpp).nat44EdAddDelVrfRoute({ tableVrfId: table, vrfId, isAdd: false })
  },

  remove: async (vpp, { value: { table } }) => {
    await ed(vpp).nat44EdAddDelVrfTable({ tableVrfId: table, isAdd: false })
  },
}

function isForeign(wanted: WantedView, key: string): boolean {
  return !isMade(wanted, 'nat44-table', key)
}

function tablesOf(vpp: Vpp): number[] {
  const tables = [...vpp.of<{ family: number; table: number }>('table')]
  return [
    ...new Set([0, ...tables.filter(({ value }) => value.family === 4).map(({ value }) => value.table)]),
  ]
}

async function ask(vpp: Vpp, cmd: string): Promise<string> {
  const replies = await ifAvailable(async () => [await vpp.client(VlibClient).cliInband({ cmd })])
  return replies[0]?.reply ?? ''
}

async function limit(vpp: Vpp, { table, sessions }: SessionLimitValue): Promise<void> {
  await ed(vpp).nat44SetSessionLimit({ sessionLimit: sessions, vrfId: table })
}

/** Limits by VPP's index of the table. */
function limitsIn(text: string): ReadonlyMap<number, number> {
  const lines = text.matchAll(/max translations per thread: (\d+) fib (\d+)/g)
  return new Map(Array.from(lines, ([, sessions, fib]) => [Number(fib), Number(sessions)]))
}

/** VPP's index of a table, from the header of its routes. */
function indexIn(text: string): number | undefined {
  const found = /fib_index:(\d+)/.exec(text)?.[1]
  return found === undefined ? undefined : Number(found)
}

function tablesIn(text: string): NatTableValue[] {
  const found: { table: number; to: number[] }[] = []
  for (const [, table, to] of text.matchAll(/^table (\d+):|^\[\d+\] vrf-id (\d+)/gm)) {
    if (table !== undefined) found.push({ table: Number(table), to: [] })
    else found.at(-1)?.to.push(Number(to))
  }
  for (const { to } of found) to.sort((a, b) => a - b)
  return found
}
