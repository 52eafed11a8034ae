import { describe } from '../descriptor.ts'
import { table, tablesFor } from '../table/object.ts'
import { nat44Address, nat44InterfaceAddress, poolsFor } from './address.ts'
import { nat44Plugin, pluginFor } from './plugin.ts'
import { dumpNat44 } from './dump.ts'
import { nat44Schema, type Nat44Item } from './schema.ts'
import { settingsFor } from './settings.ts'
import { nat44Side, sidesFor } from './side.ts'
import { natTable, natTablesFor, sessionLimit } from './tables.ts'

/** NAT44: settings, interfaces and pools of a mode. */
export const nat44 = describe<Nat44Item, 'nat44'>({
  kind: 'nat44',
  schema: nat44Schema,
  keyOf: ({ mode }) => mode,
  collection: {
    path: 'nat44s',
    key: 'mode',
    expected: 'ed or ei',
    keyOfPath: (text) => (text === 'ed' || text === 'ei' ? text : undefined),
    fieldsOf: (key) => ({ mode: key }),
  },
  unmarked: true,
  objects: [table, nat44Plugin, nat44Side, nat44Address, nat44InterfaceAddress, sessionLimit, natTable],
  dump: dumpNat44,
  *decompose(item) {
    const { mode, insideTable, outsideTable, sessions, users, userSessions, staticOnly, connectionTracking } =
      item
    for (const id of tablesIn(item)) yield* tablesFor(id, [4])
    const options = {
      insideTable,
      outsideTable,
      sessions,
      users,
      userSessions,
      staticOnly,
      connectionTracking,
    }
    yield pluginFor(mode, options, settingsFor(item))
    yield* sidesFor(item)
    yield* poolsFor(item)
    yield* natTablesFor(item)
  },
})

function tablesIn({ insideTable, outsideTable, pools, sessionLimits, tables }: Nat44Item): Set<number> {
  const named = pools.flatMap((pool) => ('table' in pool && pool.table !== undefined ? [pool.table] : []))
  return new Set([
    insideTable ?? 0,
    outsideTable ?? 0,
    ...named,
    ...sessionLimits.map((it) => it.table),
    ...tables.flatMap((it) => [it.table, ...it.to]),
  ])
}
