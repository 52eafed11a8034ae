import { setImmediate as turn } from 'node:timers/promises'
import type { RpcConnection } from '@vpp-ts/runtime'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { describe as kindOf, type ObjectDescriptor } from '../kinds/descriptor.ts'
import { parseItem, type Item } from '../kinds/item.ts'
import { Kinds } from '../kinds/kinds.ts'
import { EventLog } from '../status/event-log.ts'
import { ItemStatuses } from '../status/item-statuses.ts'
import { Reconciler } from './reconciler.ts'
import { ItemsInMemory } from './testing/items-in-memory.ts'

/** Enough to be kept as bytes, and for several passes. */
const COUNT = 20_000
/** What one object costs each time that something is done with it: a slice has a thousand. */
const MILLISECONDS = 0.01
/** Objects between two looks at the clock, in each loop that is under way. */
const BETWEEN_LOOKS = 512

const NOW = performance.now.bind(performance)

interface Lamp {
  readonly name: string
  readonly colour: string
}

const schema = z.strictObject({ kind: z.literal('lamp'), name: z.string(), colour: z.string() })

/** An agent with lamps, and what it does: how often it touched one, and how often at most without a pause. */
class Lit {
  readonly vpp = new Map<string, string>()
  /** What VPP has and does not show. */
  hidden: string | undefined
  /** Why VPP cannot be looked at. */
  trouble: Error | undefined
  readonly statuses: ItemStatuses
  readonly reconciler: Reconciler
  work = 0
  changes = 0
  readonly #state: ItemsInMemory
  readonly #kinds: Kinds

  constructor() {
    this.#kinds = new Kinds([this.#lamp()])
    this.#state = new ItemsInMemory(this.#kinds)
    const events = new EventLog()
    this.statuses = new ItemStatuses(events)
    this.reconciler = new Reconciler({
      kinds: this.#kinds,
      connection: {} as RpcConnection,
      identity: () => Promise.resolve('test'),
      state: this.#state,
      statuses: this.statuses,
      events,
      drift: 'repair',
      mayGoOn: () => undefined,
      clean: (refs) => this.#state.clean(refs),
      records: { begin: done, add: done, drop: done },
      failed: () => undefined,
    })
    // A clock of work, so that the test does not depend on how busy the machine is.
    performance.now = () => this.work * MILLISECONDS
  }

  declare(lamps: Iterable<Lamp>): void {
    const items = Array.from(lamps, (it) => parseItem({ kind: 'lamp', ...it }, 'item', this.#kinds) as Item)
    const changed = this.#state.declare(items)
    this.statuses.declared(changed, (ref) => this.#state.has(ref))
    this.reconciler.changed(changed)
  }

  /** @returns the most that was done before others had their turn */
  async stretchOf(doing: () => Promise<unknown>): Promise<number> {
    let longest = 0
    let before = this.work
    const look = (): void => {
      longest = Math.max(longest, this.work - before)
      before = this.work
      immediate = setImmediate(look)
    }
    let immediate = setImmediate(look)
    await doing()
    clearImmediate(immediate)
    return longest
  }

  #lamp() {
    const object: ObjectDescriptor<Lamp> = {
      kind: 'lamp',
      leaf: true,
      itemsOf: ({ key }) => [{ kind: 'lamp', key }],
      dependsOn: () => [],
      look: () => this.#look(),
      compare: (wanted, has) => {
        this.work++
        return wanted.colour === has.colour ? 'same' : 'update'
      },
      create: (_vpp, { value }) => this.#set(value),
      update: async (_vpp, { value }) => void (await this.#set(value)),
      remove: (_vpp, { key }) => {
        this.work++
        this.changes++
        this.vpp.delete(key)
        return Promise.resolve()
      },
    }
    const decompose = (lamp: Lamp, key: string) => {
      this.work++
      return [{ kind: 'lamp', key, value: { name: lamp.name, colour: lamp.colour } }]
    }
    return kindOf<z.infer<typeof schema>, 'lamp'>({
      kind: 'lamp',
      schema,
      keyOf: ({ name }) => name,
      collection: { path: 'lamps', key: 'name', keyOfPath: (text) => text, fieldsOf: (name) => ({ name }) },
      objects: [object],
      decompose,
      dump: { none: 'nobody asks' },
    })
  }

  async *#look() {
    if (this.trouble !== undefined) throw this.trouble
    for (const [name, colour] of this.vpp) {
      if (name === this.hidden) continue
      // As much as a connection reads at a time.
      if (++this.work % 500 === 0) await turn()
      yield [{ kind: 'lamp', key: name, value: { name, colour } }]
    }
  }

  #set({ name, colour }: Lamp): Promise<undefined> {
    this.work++
    this.changes++
    this.vpp.set(name, colour)
    return Promise.resolve(undefined)
  }
}

function* lamps(colourOf: (at: number) => string): Iterable<Lamp> {
  for (let at = 0; at < COUNT; at++) yield { name: `lamp-${at}`, colour: colourOf(at) }
}

function done(): Promise<void> {
  return Promise.resolve()
}

const ALL_DONE = { pending: 0, failed: 0, waiting: 0, removing: 0 }

describe('many objects of a kind', { timeout: 180_000 }, () => {
  afterEach(() => {
    performance.now = NOW
  })

  it('are made, compared, changed and removed in slices', async () => {
    const lit = new Lit()
    // The end of one loop and the first slice of the next.
    const most = (2 * 10) / MILLISECONDS + BETWEEN_LOOKS
    lit.declare(lamps(() => 'white'))
    expect(await lit.stretchOf(() => lit.reconciler.resync())).toBeLessThan(most)
    expect(lit.vpp.size).toBe(COUNT)
    expect(lit.statuses.counts()).toMatchObject({ ...ALL_DONE, applied: COUNT })
    lit.changes = 0
    expect(await lit.stretchOf(() => lit.reconciler.resync())).toBeLessThan(most)
    expect(lit.changes).toBe(0)
    lit.declare(lamps(() => 'red'))
    expect(await lit.stretchOf(() => lit.reconciler.apply())).toBeLessThan(most)
    expect(lit.changes).toBe(COUNT)
    expect(lit.statuses.counts()).toMatchObject({ ...ALL_DONE, applied: COUNT })
    expect(new Set(lit.vpp.values())).toEqual(new Set(['red']))
    lit.declare([])
    expect(await lit.stretchOf(() => lit.reconciler.apply())).toBeLessThan(most)
    expect(lit.vpp.size).toBe(0)
    expect(lit.statuses.counts()).toMatchObject({ ...ALL_DONE, applied: 0 })
  })

  it('are pending, and not touched, until VPP has told what it has of them', async () => {
    const lit = new Lit()
    lit.trouble = new Error('no answer')
    lit.declare(lamps(() => 'white'))
    const count = COUNT - 1
    for (const { name } of lamps(() => 'white')) if (name !== 'lamp-7') lit.vpp.set(name, 'white')
    await lit.reconciler.resync()
    expect(lit.changes).toBe(0)
    expect(lit.statuses.counts()).toMatchObject({ ...ALL_DONE, pending: COUNT, applied: 0 })
    expect(lit.statuses.get({ kind: 'lamp', key: 'lamp-0' })).toMatchObject({
      state: 'pending',
      error: { code: 'UNKNOWN', message: 'VPP cannot be asked for objects of kind lamp: no answer' },
    })
    // There is one retry in all, not one per item.
    expect(lit.reconciler.queued).toBe(1)
    expect(lit.reconciler.nextRetry).toBeLessThan(Infinity)
    lit.declare([...lamps((at) => (at === 0 ? 'red' : 'white'))].filter(({ name }) => name !== 'lamp-1'))
    await lit.reconciler.apply()
    expect(lit.changes).toBe(0)
    expect(lit.statuses.get({ kind: 'lamp', key: 'lamp-1' })?.state).toBe('removing')
    lit.trouble = undefined
    lit.work += lit.reconciler.nextRetry / MILLISECONDS
    expect(lit.reconciler.isDue).toBe(true)
    await lit.reconciler.apply()
    expect(lit.statuses.counts()).toMatchObject({ ...ALL_DONE, applied: count })
    expect(lit.vpp.get('lamp-0')).toBe('red')
    expect(lit.vpp.size).toBe(count)
    expect(lit.changes).toBe(3)
    expect(lit.reconciler.drifted).toBe(0)
    expect(lit.reconciler.queued).toBe(0)
  })

  it('that were not kept are tried again in their time, however often somebody looks', async () => {
    const lit = new Lit()
    lit.hidden = 'lamp-0'
    lit.declare([{ name: 'lamp-0', colour: 'white' }])
    await lit.reconciler.resync()
    expect(lit.statuses.get({ kind: 'lamp', key: 'lamp-0' })).toMatchObject({ error: { code: 'NOT_KEPT' } })
    lit.hidden = undefined
    lit.vpp.clear()
    lit.changes = 0
    for (let looks = 0; looks < 10; looks++) await lit.reconciler.resync()
    expect(lit.changes).toBe(0)
    lit.work += 1200 / MILLISECONDS
    await lit.reconciler.resync()
    expect(lit.changes).toBe(1)
    expect(lit.statuses.get({ kind: 'lamp', key: 'lamp-0' })).toMatchObject({ state: 'applied' })
  })

  it('cost what has changed, not what there is', async () => {
    const lit = new Lit()
    lit.declare(lamps(() => 'white'))
    await lit.reconciler.resync()
    lit.declare(lamps((at) => (at === 777 ? 'red' : 'white')))
    lit.work = 0
    await lit.reconciler.apply()
    expect(lit.vpp.get('lamp-777')).toBe('red')
    expect(lit.work).toBeLessThan(10)
  })

  it('that are as they should be are told by their bytes', async () => {
    const lit = new Lit()
    lit.declare(lamps(() => 'white'))
    await lit.reconciler.resync()
    await lit.reconciler.resync()
    lit.work = 0
    expect(await lit.reconciler.resync()).toEqual({ applied: 0, failed: 0, waiting: 0 })
    // Each is read once by the look, and nothing is asked about any of them.
    expect(lit.work).toBe(COUNT)
  })

  it('are repaired one by one when VPP was changed', async () => {
    const lit = new Lit()
    lit.declare(lamps(() => 'white'))
    await lit.reconciler.resync()
    for (let at = 0; at < COUNT; at += 2) lit.vpp.delete(`lamp-${at}`)
    lit.vpp.set('lamp-1', 'green')
    lit.vpp.set('stranger', 'black')
    lit.changes = 0
    await lit.reconciler.resync()
    expect(lit.changes).toBe(COUNT / 2 + 2)
    expect(lit.vpp.size).toBe(COUNT)
    expect(lit.reconciler.drifted).toBe(COUNT / 2 + 2)
  })
})
