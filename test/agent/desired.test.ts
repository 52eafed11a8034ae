import { join } from 'node:path'
import {
  DeclaredItems,
  EtcdStore,
  LmdbStore,
  declarationOf,
  type ChangeRequest,
  type ItemRef,
  type Store,
} from '@vpp-ts/agent'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EtcdServer, hasEtcd } from './etcd-server.ts'
import { temporaryFolder } from './managed.ts'

const GUARD = { percent: 50, least: 10 }

/** The desired items of one VPP, as one agent has them. */
interface Opened extends AsyncDisposable {
  readonly declared: DeclaredItems
  readonly problems: string[]
}

function open(store: Store): Opened {
  const problems: string[] = []
  const failed = (problem: Error): void => void problems.push(problem.message)
  const declared = new DeclaredItems(store, 'vpp', GUARD, { changed: () => undefined, failed })
  const following = declared.follow(failed)
  return {
    declared,
    problems,
    async [Symbol.asyncDispose]() {
      declared.close()
      await following
    },
  }
}

function route(at: number, more: object = { drop: true }) {
  return declarationOf({ kind: 'route', prefix: `10.${at >> 8}.${at & 255}.0/24`, ...more })
}

function refOf(at: number): ItemRef {
  return route(at).ref
}

/** What is in force, with who declares it. */
async function stateOf({ declared }: Opened): Promise<string[]> {
  const state: string[] = []
  for await (const { ref, item, origin } of declared.all()) {
    state.push(`${origin} ${ref.key} ${JSON.stringify(item)}`)
  }
  return state.sort()
}

/** Settles when the other has seen the last revision that one reads, or a later one that one does not read yet. */
async function agree(one: Opened, other: Opened): Promise<void> {
  const revisions = await one.declared.revisions()
  await until(other, () => other.declared.state.head.revision >= (revisions.at(-1)?.number ?? 0))
}

async function until({ declared }: Opened, wanted: () => boolean): Promise<void> {
  while (!wanted()) await declared.state.changes.wait(1000)
}

/** What must be so whatever the store is. */
function contract(
  name: string,
  openStores: () => Promise<{ stores: readonly [Store, Store] } & AsyncDisposable>,
): void {
  describe(`desired items on ${name}`, () => {
    it('are stored as given, and a set of any size comes into force as a whole, for others too', async () => {
      await using pair = await openStores()
      await using one = open(pair.stores[0])
      await using other = open(pair.stores[1])
      await other.declared.known()
      const seen = new Set<number>()
      const put = Array.from({ length: 3000 }, (_, i) => route(i))
      const count = (): number => [...other.declared.keptOf('route')].length
      const watching = until(other, () => {
        const { whole, head } = other.declared.state
        if (whole) seen.add(count())
        return whole && head.revision === 1 && head.staged === undefined
      })
      const result = await one.declared.change({ origin: 'test', put })
      expect([result.revision, result.created.length]).toEqual([1, 3000])
      await watching
      expect([...seen].filter((size) => size !== 0)).toEqual([3000])
      expect(await one.declared.given(refOf(7))).toEqual({ kind: 'route', prefix: '10.0.7.0/24', drop: true })
      const text = (await pair.stores[0].get('vpp/item/route/0/10.0.7.0/24'))?.value
      expect(text).toBe('{"item":{"kind":"route","prefix":"10.0.7.0/24","drop":true},"origin":"test","v":2}')
      expect((await pair.stores[0].list('vpp/staged/')).entries).toEqual([])

      const same = await one.declared.change({ origin: 'test', put, whole: true })
      expect(same.revision).toBe(1)
      await one.declared.rollBack(0, { author: 'me' })
      await agree(one, other)
      expect(await stateOf(other)).toEqual([])
      await other.declared.rollBack(1, { author: 'me' })
      expect(await stateOf(other)).toHaveLength(3000)
      expect(one.problems).toEqual([])
    })

    it('a set that its process did not write out is in force, and written out by the next who writes', async () => {
      await using pair = await openStores()
      const [store] = pair.stores
      const writes = JSON.stringify([
        [
          'vpp/item/route/0/10.0.1.0/24',
          '{"item":{"kind":"route","prefix":"10.0.1.0/24","drop":true},"origin":"gone","v":2}',
        ],
      ])
      await store.put('vpp/staged/1-x/000000000000', writes)
      await store.put(
        'vpp/revision/000000000001',
        JSON.stringify({
          number: 1,
          at: new Date().toISOString(),
          author: 'gone',
          origin: 'gone',
          created: 1,
          changed: 0,
          removed: 0,
          id: '1-x',
        }),
      )
      await store.put('vpp/head', '{"revision":1,"staged":{"id":"1-x","parts":1}}')
      await using one = open(store)
      expect(await stateOf(one)).toEqual([expect.stringContaining('gone 0/10.0.1.0/24') as string])
      expect((await one.declared.change({ origin: 'test', put: [route(2)] })).revision).toBe(2)
      expect(await store.get('vpp/item/route/0/10.0.1.0/24')).toMatchObject({
        value: expect.stringContaining('gone') as string,
      })
      expect((await store.list('vpp/staged/')).entries).toEqual([])
    })

    it('of two who change at once each is seen whole, and revisions count every change', async () => {
      await using pair = await openStores()
      await using one = open(pair.stores[0])
      await using other = open(pair.stores[1])
      const put = (opened: Opened, from: number): Promise<unknown>[] =>
        Array.from({ length: 10 }, (_, i) =>
          opened.declared.change({ origin: 'test', put: [route(from + i)] }),
        )
      await Promise.all([...put(one, 0), ...put(other, 100)])
      await agree(one, other)
      await agree(other, one)
      expect(one.declared.state.head.revision).toBe(20)
      expect(await stateOf(one)).toHaveLength(20)
      expect(await stateOf(other)).toEqual(await stateOf(one))
    })

    it('an item that cannot be read is frozen, not removed, and thaws', async () => {
      await using pair = await openStores()
      const [store] = pair.stores
      const newer = '{"item":{"kind":"route","prefix":"10.0.1.0/24","drop":true},"origin":"folder","v":99}'
      await store.put('vpp/item/route/0/10.0.1.0/24', newer)
      await store.put('vpp/item/tunnel/t1', '{"item":{"kind":"tunnel"},"origin":"folder","v":3}')
      await store.put('vpp/item/route/0/10.0.2.0/24', 'not JSON')
      await using one = open(store)
      expect(await stateOf(one)).toEqual([])
      expect(await one.declared.frozen()).toMatchObject([
        {
          kind: 'route',
          key: '0/10.0.1.0/24',
          origin: 'folder',
          reason: expect.stringContaining('newer agent') as string,
        },
        { kind: 'route', key: '0/10.0.2.0/24', origin: undefined },
        { kind: 'tunnel', key: 't1', origin: 'folder' },
      ])
      // What a folder of an older agent says, or does not say, changes nothing of it.
      await one.declared.change({
        origin: 'folder',
        put: [route(1, { paths: [{ nextHop: '192.0.2.1' }] })],
        whole: true,
        conflicts: 'beside',
      })
      expect((await store.get('vpp/item/route/0/10.0.1.0/24'))?.value).toBe(newer)
      expect(await one.declared.frozen()).toHaveLength(3)
      await expect(one.declared.change({ origin: 'test', put: [route(1)] })).rejects.toMatchObject({
        code: 'AGENT_CONFLICT',
      })
      await one.declared.change({ origin: 'test', put: [route(1)], conflicts: 'take-over' })
      expect(await stateOf(one)).toHaveLength(1)
      expect(await one.declared.frozen()).toHaveLength(2)
    })

    it('what an origin drops stays while another declares it; a conflict comes into force when its keeper goes', async () => {
      await using pair = await openStores()
      await using one = open(pair.stores[0])
      const { declared } = one
      const change = (request: ChangeRequest) => declared.change(request)
      await change({ origin: 'a', put: [route(1), route(2)] })
      await change({
        origin: 'b',
        put: [route(1), route(2, { paths: [{ nextHop: '192.0.2.1' }] })],
        conflicts: 'beside',
      })
      expect(await declared.conflicts()).toEqual([{ ref: refOf(2), origin: 'b', keeper: 'a' }])
      await expect(declared.drop([refOf(1)], 'c')).rejects.toMatchObject({ code: 'AGENT_CONFLICT' })
      await change({ origin: 'a', put: [], whole: true })
      expect(await declared.get(refOf(1))).toMatchObject({ origin: 'b', item: { drop: true }, others: [] })
      expect(await declared.get(refOf(2))).toMatchObject({ origin: 'b', item: { drop: false }, others: [] })
      await change({ origin: 'a', put: [route(2)], conflicts: 'take-over' })
      expect(await declared.get(refOf(2))).toMatchObject({
        origin: 'a',
        others: [{ origin: 'b', agrees: false }],
      })
    })

    it('a change that is not confirmed is undone, also by another agent when the first has died', async () => {
      await using pair = await openStores()
      const first = open(pair.stores[0])
      await first.declared.change({ origin: 'a', put: [route(1), route(2)] })
      await first.declared.change({
        origin: 'a',
        put: [route(2, { paths: [{ nextHop: '192.0.2.1' }] }), route(3)],
        whole: true,
        confirmWithin: 1500,
      })
      await expect(
        first.declared.change({ origin: 'a', put: [route(9)], confirmWithin: 1500 }),
      ).rejects.toMatchObject({ code: 'AGENT_CONFIRMATION' })
      await first.declared.change({ origin: 'a', put: [route(5)] })
      await first[Symbol.asyncDispose]()
      await using second = open(pair.stores[1])
      await second.declared.known()
      await until(second, () => second.declared.confirmation === undefined)
      expect((await stateOf(second)).map((line) => line.split(' ')[1])).toEqual([
        '0/10.0.1.0/24',
        '0/10.0.2.0/24',
        '0/10.0.5.0/24',
      ])
      expect(await second.declared.get(refOf(2))).toMatchObject({ item: { drop: true } })
      expect((await second.declared.revisions()).at(-1)).toMatchObject({
        author: 'agent',
        comment: expect.stringContaining('revision 2 undone') as string,
      })

      await second.declared.change({ origin: 'a', put: [route(6)], confirmWithin: 600_000 })
      expect(await second.declared.confirm()).toMatchObject({ revision: 5 })
      await expect(second.declared.confirm()).rejects.toMatchObject({ code: 'AGENT_CONFIRMATION' })
      expect(await second.declared.get(refOf(6))).toBeDefined()
    })

    it('a history knows what each revision changed, and forgets the oldest', async () => {
      await using pair = await openStores()
      await using one = open(pair.stores[0])
      const { declared } = one
      await declared.change({ origin: 'a', put: [route(1)], author: 'ann', comment: 'first' })
      for (let i = 0; i < 104; i++)
        await declared.change({
          origin: 'a',
          put: [route(1, i % 2 === 0 ? { paths: [{ nextHop: '192.0.2.1' }] } : { drop: true })],
        })
      const revisions = await declared.revisions()
      expect([revisions[0]?.number, revisions.at(-1)?.number, revisions.length]).toEqual([6, 105, 100])
      const [difference] = await declared.difference(104)
      expect([difference?.before?.includes('drop'), difference?.after?.includes('192.0.2.1')]).toEqual([
        true,
        true,
      ])
      const [last] = await declared.difference(105)
      expect(last).toMatchObject({
        ref: refOf(1),
        before: expect.stringContaining('192.0.2.1') as string,
        after: expect.stringContaining('drop') as string,
      })
      await expect(declared.rollBack(3, { author: 'me' })).rejects.toMatchObject({
        code: 'AGENT_UNKNOWN_REVISION',
      })
      await declared.rollBack(104, { author: 'me' })
      expect(await declared.get(refOf(1))).toMatchObject({ item: { drop: false } })
      expect((await pair.stores[0].list('vpp/undo/')).entries.length).toBe(100)
    })
  })
}

contract('LMDB', async () => {
  const folder = await temporaryFolder()
  const stores = [
    new LmdbStore(join(folder.path, 'store')),
    new LmdbStore(join(folder.path, 'store')),
  ] as const
  return {
    stores,
    async [Symbol.asyncDispose]() {
      for (const store of stores) await store.close()
      await folder[Symbol.asyncDispose]()
    },
  }
})

describe.runIf(hasEtcd)('with etcd', () => {
  let server: EtcdServer
  let count = 0
  beforeAll(async () => {
    server = await EtcdServer.start()
  })
  afterAll(() => server[Symbol.asyncDispose]())

  contract('etcd', async () => {
    const options = { endpoints: [server.endpoint], prefix: `desired${count++}` }
    const stores = [new EtcdStore(options), new EtcdStore(options)] as const
    return await Promise.resolve({
      stores,
      async [Symbol.asyncDispose]() {
        for (const store of stores) await store.close()
      },
    })
  })

  it('an item that fits no request is refused, and the store goes on', async () => {
    const store = new EtcdStore({ endpoints: [server.endpoint], prefix: 'large' })
    const one = open(store)
    try {
      const rules = Array.from({ length: 10_000 }, (_, i) => ({
        action: 'permit',
        source: `10.${i >> 8}.${i & 255}.0/24`,
        destination: '192.0.2.0/24',
      }))
      const large = declarationOf({ kind: 'acl', name: 'large', rules })
      await expect(one.declared.change({ origin: 'a', put: [large] })).rejects.toMatchObject({
        code: 'AGENT_STORE_TOO_LARGE',
      })
      expect((await one.declared.change({ origin: 'a', put: [route(1)] })).revision).toBe(1)
      // Each fits, all together do not.
      const some = Array.from({ length: 12 }, (_, i) =>
        declarationOf({ kind: 'acl', name: `acl${i}`, rules: rules.slice(0, 4000) }),
      )
      expect((await one.declared.change({ origin: 'a', put: some })).created).toHaveLength(12)
    } finally {
      await one[Symbol.asyncDispose]()
      await store.close()
    }
  })
})

/** What two origins want, in a model without a store: lists of declarations by key, the first in force. */
class Model {
  readonly #keys = new Map<number, { origin: string; value: number }[]>()
  readonly history: string[][] = [[]]

  put(origin: string, at: number, value: number): void {
    const list = this.#keys.get(at) ?? []
    const mine = list.find((it) => it.origin === origin)
    if (mine === undefined) list.push({ origin, value })
    else mine.value = value
    this.#keys.set(at, list)
  }

  drop(origin: string, at: number): void {
    const list = (this.#keys.get(at) ?? []).filter((it) => it.origin !== origin)
    if (list.length === 0) this.#keys.delete(at)
    else this.#keys.set(at, list)
  }

  replace(origin: string, wanted: ReadonlyMap<number, number>): void {
    for (const at of [...this.#keys.keys()]) if (!wanted.has(at)) this.drop(origin, at)
    for (const [at, value] of wanted) this.put(origin, at, value)
  }

  state(): string[] {
    return Array.from(this.#keys, ([at, [first]]) => `${first?.origin} ${at} ${first?.value}`).sort()
  }
}

describe('desired items, whatever is declared by whom', () => {
  it('are those of a model, and every revision can be gone back to', { timeout: 300_000 }, async () => {
    const origins = fc.constantFrom('a', 'b')
    const key = fc.nat(5)
    const step = fc.oneof(
      fc.record({ type: fc.constant('put' as const), origin: origins, at: key, value: fc.nat(2) }),
      fc.record({ type: fc.constant('drop' as const), origin: origins, at: key }),
      fc.record({
        type: fc.constant('replace' as const),
        origin: origins,
        wanted: fc.dictionary(fc.constantFrom('0', '1', '2', '3', '4', '5'), fc.nat(2)),
      }),
    )
    const declared = (at: number, value: number) =>
      route(at, { paths: [{ nextHop: `192.0.2.${value + 1}` }] })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
        await using folder = await temporaryFolder()
        const store = new LmdbStore(join(folder.path, 'store'))
        const one = open(store)
        try {
          const model = new Model()
          const states = new Map<number, string[]>([[0, []]])
          const read = async (): Promise<string[]> => {
            const state: string[] = []
            for await (const { ref, item, origin } of one.declared.all()) {
              const third = Number(/\.(\d+)\.0\/24$/.exec(ref.key)?.[1])
              const value = 'paths' in item ? Number(item.paths[0]?.nextHop?.split('.')[3]) - 1 : -1
              state.push(`${origin} ${third} ${value}`)
            }
            return state.sort()
          }
          for (const it of steps) {
            if (it.type === 'put') {
              model.put(it.origin, it.at, it.value)
              await one.declared.change({
                origin: it.origin,
                put: [declared(it.at, it.value)],
                conflicts: 'beside',
              })
            } else if (it.type === 'drop') {
              model.drop(it.origin, it.at)
              await one.declared.change({ origin: it.origin, drop: [refOf(it.at)], conflicts: 'beside' })
            } else {
              const wanted = new Map(Object.entries(it.wanted).map(([at, value]) => [Number(at), value]))
              model.replace(it.origin, wanted)
              const put = Array.from(wanted, ([at, value]) => declared(at, value))
              await one.declared.change({ origin: it.origin, put, whole: true, conflicts: 'beside' })
            }
            expect(await read()).toEqual(model.state())
            states.set(one.declared.state.head.revision, model.state())
          }
          for (const [revision, state] of states) {
            await one.declared.rollBack(revision, { author: 'test' })
            expect(await read()).toEqual(state)
          }
          const kept = await read()
          await one[Symbol.asyncDispose]()
          await using again = open(store)
          await again.declared.known()
          expect(await stateOf(again)).toHaveLength(kept.length)
        } finally {
          await one[Symbol.asyncDispose]()
          await store.close()
        }
      }),
      { numRuns: 30 },
    )
  })
})
