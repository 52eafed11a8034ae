import { join } from 'node:path'
import fc from 'fast-check'
import { keyOf, LmdbStore, type Item, type ItemInput, type VppInstance } from '@vpp-ts/agent'
import { addLoopback, Simulator } from '@vpp-ts/simulator'
import { describe, expect, it, vi } from 'vitest'
import { items, manage, temporaryFolder } from './managed.ts'

/** Histories of one run; `HISTORIES=20000` for a long one. fast-check prints the seed of one that fails. */
const HISTORIES = Number(process.env['HISTORIES'] ?? 200)
/** What strangers make begins at this number of loopbacks. */
const THEIRS = 500

const name = fc.constantFrom('a', 'b', 'c')
const table = fc.constantFrom(0, 0, 10)
const loopback = fc
  .record({ name, table, enabled: fc.boolean(), address: fc.constantFrom('192.0.2.1/24', '198.51.100.1/24') })
  .map(({ address, ...rest }): ItemInput => ({
    kind: 'interface',
    type: 'loopback',
    addresses: [address],
    ...rest,
  }))
const vlan = fc
  .record({ parent: name, vlan: fc.constantFrom(5, 6) })
  .map((it): ItemInput => ({ kind: 'interface', type: 'vlan', name: `${it.parent}.x`, ...it }))
const bond = fc
  .record({ name: fc.constantFrom('bond0', 'bond1'), members: fc.uniqueArray(name, { maxLength: 2 }) })
  .map(({ name: of, members }): ItemInput => ({
    kind: 'interface',
    type: 'bond',
    name: of,
    members: members.map((it) => ({ interface: it })),
  }))
const qinq = fc
  .record({
    parent: fc.constantFrom('a', 'bond0'),
    inner: fc.constantFrom(7, 'any' as const),
    pop: fc.nat(1),
  })
  .map(({ parent, inner, pop }): ItemInput => ({
    kind: 'interface',
    type: 'vlan',
    name: `${parent}.q`,
    parent,
    vlan: 9,
    number: 900,
    inner,
    ...(pop === 0 ? {} : { tagRewrite: { pop } }),
  }))
const borrower = fc.record({ of: name, shown: fc.boolean() }).map(({ of, shown }): ItemInput => ({
  kind: 'interface',
  type: 'loopback',
  name: 'borrower',
  unnumbered: of,
  ...(shown ? { linuxCp: { hostName: 'borrower' } } : {}),
}))
const anyName = fc.oneof(name, fc.constantFrom('a.x', 'b.x', `loop${THEIRS}`))
const route = fc
  .record({ prefix: fc.constantFrom('10.1.0.0/16', '10.2.0.0/16', '10.3.0.1/32'), table, via: anyName })
  .map(({ via, ...rest }): ItemInput => ({ kind: 'route', paths: [{ interface: via }], ...rest }))
const neighbour = anyName.map((it): ItemInput => ({
  kind: 'neighbour',
  interface: it,
  address: '192.0.2.9',
  mac: '02:00:00:00:00:09',
}))
const bridge = fc
  .record({ id: fc.constantFrom(5, 6), member: name })
  .map(({ id, member }): ItemInput => ({ kind: 'bridge-domain', id, members: [{ interface: member }] }))
const acl = fc
  .record({
    name: fc.constantFrom('x', 'y'),
    action: fc.constantFrom('permit' as const, 'deny' as const),
    on: name,
  })
  .map(({ on, action, name: of }): ItemInput => ({
    kind: 'acl',
    name: of,
    rules: [{ action }],
    ingress: [on],
  }))
const nat = fc.constantFrom('10.0.0.5', '10.0.0.6').map((localAddress): ItemInput => ({
  kind: 'nat44-static',
  localAddress,
  externalAddress: '203.0.113.5',
}))
const declared = fc
  .uniqueArray(
    fc.oneof(loopback, loopback, vlan, route, route, neighbour, bridge, acl, nat, bond, qinq, borrower),
    { maxLength: 9 },
  )
  .map((inputs) => {
    const byKey = new Map<string, Item>()
    for (const item of items(...inputs)) byKey.set(`${item.kind} ${keyOf(item)}`, item)
    return [...byKey.values()]
  })

const MESSAGES = [
  'create_loopback_instance',
  'ip_route_add_del_v2',
  'sw_interface_set_flags',
  'acl_add_replace',
]

type Event =
  | { readonly type: 'declare'; readonly items: readonly Item[] }
  | { readonly type: 'refuse' | 'lose'; readonly message: string }
  | { readonly type: 'delete' | 'down' | 'strip'; readonly at: number }
  | { readonly type: 'stranger' | 'restart-vpp' | 'restart-agent' | 'settle' }

const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 6, arbitrary: declared.map((it): Event => ({ type: 'declare', items: it })) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constantFrom('refuse' as const, 'lose' as const),
      message: fc.constantFrom(...MESSAGES),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constantFrom('delete' as const, 'down' as const, 'strip' as const),
      at: fc.nat(20),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constantFrom(
        'stranger' as const,
        'restart-vpp' as const,
        'restart-agent' as const,
        'settle' as const,
        'settle' as const,
      ),
    }),
  },
)

/** A VPP, its agent, and whoever else uses it. */
class History implements AsyncDisposable {
  readonly vpp: Simulator
  readonly #store: LmdbStore
  readonly #folder: AsyncDisposable
  instance: VppInstance
  declared: readonly Item[] = []
  /** Interfaces that strangers have made and not deleted. */
  readonly theirs = new Set<string>()

  private constructor(vpp: Simulator, store: LmdbStore, folder: AsyncDisposable) {
    this.vpp = vpp
    this.#store = store
    this.#folder = folder
    this.instance = this.#manage()
  }

  static async start(): Promise<History> {
    const folder = await temporaryFolder()
    return new History(await Simulator.start(), new LmdbStore(join(folder.path, 'store')), folder)
  }

  async take(it: Event): Promise<void> {
    const { interfaces } = this.vpp.model
    switch (it.type) {
      case 'declare':
        this.declared = it.items
        await this.instance.replace(it.items, 'test')
        return
      case 'refuse':
        this.vpp.faults.add({ message: it.message, times: 1, effect: { kind: 'retval', retval: -1 } })
        return
      case 'lose':
        this.vpp.faults.add({ message: it.message, times: 1, effect: { kind: 'lose-answer' } })
        return
      case 'delete': {
        const found = this.#loopback(it.at)
        if (found === undefined) return
        this.theirs.delete(found.name)
        interfaces.delete(found.swIfIndex)
        return
      }
      case 'down': {
        const found = this.#loopback(it.at)
        if (found !== undefined) interfaces.setAdminUp(found.swIfIndex, false)
        return
      }
      case 'strip': {
        const found = this.#loopback(it.at)
        for (const address of [...(found?.addresses ?? [])])
          interfaces.removeAddress(found?.swIfIndex ?? 0, address)
        return
      }
      case 'stranger': {
        const number = THEIRS + this.theirs.size
        if (interfaces.byName(`loop${number}`) !== undefined) return
        this.theirs.add(addLoopback(interfaces, { instance: number }).name)
        return
      }
      case 'restart-vpp':
        this.theirs.clear()
        await this.vpp.restart()
        return
      case 'restart-agent':
        await this.instance.close()
        this.instance = this.#manage()
        return
      case 'settle':
        await this.instance.settled()
    }
  }

  /** After quiet: VPP is as declared, nothing of others has changed, nothing is there twice. */
  async check(): Promise<void> {
    this.vpp.faults.clear()
    await vi.waitFor(
      async () => {
        await this.instance.resync()
        const left = (await this.instance.plan()).changes
        const possible = left.filter((it) => it.waitsFor === undefined && it.refusedBecause === undefined)
        expect(possible).toEqual([])
        const undone = this.instance
          .statuses()
          .filter(({ state }) => state === 'failed' || state === 'pending')
        expect(undone.filter(({ error }) => error?.code !== 'UNSUPPORTED')).toEqual([])
      },
      { timeout: 20_000, interval: 50 },
    )
    const objects = await this.instance.actual()
    const names = new Set(this.declared.map((item) => `${item.kind} ${keyOf(item)}`))
    const made = objects.filter(
      ({ owned, kind }) => owned && ['interface', 'route', 'acl', 'neighbour'].includes(kind),
    )
    expect(made.map(({ kind, key }) => `${kind} ${key}`).filter((id) => !names.has(id))).toEqual([])
    const inVpp = [...this.vpp.model.interfaces].map((it) => it.name)
    for (const it of this.theirs) expect(inVpp).toContain(it)
    const tags = [...this.vpp.model.interfaces].map(({ tag }) => tag).filter((tag) => tag !== '')
    expect(new Set(tags).size).toBe(tags.length)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.instance.close()
    await this.#store.close()
    await this.vpp[Symbol.asyncDispose]()
    await this.#folder[Symbol.asyncDispose]()
  }

  #manage(): VppInstance {
    return manage(this.vpp.path, this.#store, { timeout: 300 })
  }

  #loopback(at: number) {
    const all = [...this.vpp.model.interfaces].filter(({ devType }) => devType === 'Loopback')
    return all[at % Math.max(1, all.length)]
  }
}

describe('whatever happens', () => {
  it(
    `${HISTORIES} histories end as declared, and nothing of others has changed`,
    { timeout: HISTORIES * 5000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(event, { minLength: 3, maxLength: 14 }), async (events) => {
          await using history = await History.start()
          for (const it of events) await history.take(it)
          await history.check()
        }),
        { numRuns: HISTORIES, endOnFailure: true },
      )
    },
  )
})
