import type { RpcConnection } from '@vpp-ts/runtime'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { describe as kindOf, type ObjectDescriptor } from '../kinds/descriptor.ts'
import { parseItem, type Item } from '../kinds/item.ts'
import { Kinds } from '../kinds/kinds.ts'
import { EventLog } from '../status/event-log.ts'
import { ItemStatuses } from '../status/item-statuses.ts'
import { Reconciler } from './reconciler.ts'
import { ItemsInMemory } from './testing/items-in-memory.ts'

interface Lamp {
  readonly name: string
  readonly colour: string
}

/** An API that no kind of the agent uses; what VPP would have is a map of each connection. */
class LampClient {
  static readonly #of = new WeakMap<RpcConnection, Map<string, string>>()
  readonly lamps: Map<string, string>

  constructor(connection: RpcConnection) {
    this.lamps = LampClient.#of.get(connection) ?? new Map()
    LampClient.#of.set(connection, this.lamps)
  }
}

const lampObject: ObjectDescriptor<Lamp> = {
  kind: 'lamp',
  itemsOf: ({ key }) => [{ kind: 'lamp', key }],
  dependsOn: () => [],
  look: (vpp) =>
    Promise.resolve(
      Array.from(vpp.client(LampClient).lamps, ([name, colour]) => ({
        kind: 'lamp',
        key: name,
        foreign: name.startsWith('their-'),
        value: { name, colour },
      })),
    ),
  create(vpp, { value: { name, colour } }) {
    vpp.client(LampClient).lamps.set(name, colour)
    return Promise.resolve(undefined)
  },
  update(vpp, { value: { name, colour } }) {
    vpp.client(LampClient).lamps.set(name, colour)
    return Promise.resolve()
  },
  remove(vpp, { key }) {
    vpp.client(LampClient).lamps.delete(key)
    return Promise.resolve()
  },
}

const schema = z.strictObject({
  kind: z.literal('lamp'),
  name: z.string(),
  colour: z.string().default('white'),
})

const lamp = kindOf<z.infer<typeof schema>, 'lamp'>({
  kind: 'lamp',
  schema,
  keyOf: ({ name }) => name,
  collection: {
    path: 'lamps',
    key: 'name',
    keyOfPath: (text) => text,
    fieldsOf: (name) => ({ name }),
  },
  objects: [lampObject],
  *dump(vpp) {
    for (const { value } of vpp.of<Lamp>('lamp')) yield { kind: 'lamp', ...value }
  },
  *decompose({ name, colour }, key) {
    yield { kind: 'lamp', key, value: { name, colour } }
  },
})

function agentOf() {
  const connection = {} as RpcConnection
  const kinds = new Kinds([lamp])
  const state = new ItemsInMemory(kinds)
  const events = new EventLog()
  const statuses = new ItemStatuses(events)
  const done = (): Promise<void> => Promise.resolve()
  const reconciler = new Reconciler({
    kinds,
    connection,
    identity: () => Promise.resolve('test'),
    state,
    statuses,
    events,
    drift: 'repair',
    mayGoOn: () => undefined,
    clean: (refs) => state.clean(refs),
    records: { begin: done, add: done, drop: done },
    failed: () => undefined,
  })
  const declare = (...values: object[]): void => {
    const items = values.map((value) => parseItem({ kind: 'lamp', ...value }, 'item', kinds) as Item)
    const changed = state.declare(items)
    statuses.declared(changed, (ref) => state.keptOf(ref) !== undefined)
    reconciler.changed(changed)
  }
  return { reconciler, statuses, declare, lamps: new LampClient(connection).lamps, events }
}

describe('a kind from outside', () => {
  it('is read, made, changed, repaired and removed like those that come with the agent', async () => {
    const { reconciler, statuses, declare, lamps, events } = agentOf()
    lamps.set('their-lamp', 'green')
    declare({ name: 'hall' }, { name: 'door', colour: 'red' })
    expect(await reconciler.resync()).toEqual({ applied: 2, failed: 0, waiting: 0 })
    declare({ name: 'hall', colour: 'blue' }, { name: 'their-lamp' })
    expect(reconciler.isDue).toBe(true)
    await reconciler.apply()
    expect(Object.fromEntries(lamps)).toEqual({ hall: 'blue', 'their-lamp': 'green' })
    expect(
      statuses
        .list()
        .map(({ key, state }) => `${key} ${state}`)
        .sort(),
    ).toEqual(['hall applied', 'their-lamp blocked'])
    lamps.delete('hall')
    reconciler.invalidate(['lamp'])
    await reconciler.apply()
    expect(lamps.get('hall')).toBe('blue')
    expect(events.after().filter(({ event }) => event.type === 'drift')).toHaveLength(1)
    expect((await reconciler.plan()).changes.map(({ refusedBecause }) => typeof refusedBecause)).toEqual([
      'string',
    ])
  })

  it('is named when its descriptors do not fit together', () => {
    expect(() => new Kinds([lamp, lamp])).toThrow('two descriptors are of kind "lamp"')
    const lost = { ...lamp, objects: [{ ...lampObject, lookAfter: ['shade'] }] }
    expect(() => new Kinds([lost])).toThrow('"shade"')
  })
})
