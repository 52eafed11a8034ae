import { join } from 'node:path'
import {
  AgentError,
  LmdbStore,
  type ItemInput,
  type Store,
  type StoreOperation,
  type VppInstance,
} from '@vpp-ts/agent'
import { InterfaceClient } from '@vpp-ts/binapi-interface'
import { IpNeighborClient, IpNeighborFlags } from '@vpp-ts/binapi-ip-neighbor'
import { LcpClient } from '@vpp-ts/binapi-lcp'
import { MemifClient } from '@vpp-ts/binapi-memif'
import { VppConnection } from '@vpp-ts/runtime'
import { Simulator, addLoopback } from '@vpp-ts/simulator'
import { describe, expect, it, vi } from 'vitest'
import { items, manage, temporaryFolder } from './managed.ts'

const STATIC = IpNeighborFlags.IP_API_NEIGHBOR_FLAG_STATIC
const LAN: ItemInput = { kind: 'interface', type: 'loopback', name: 'lan', addresses: ['192.0.2.1/24'] }
const NEIGHBOUR: ItemInput = {
  kind: 'neighbour',
  interface: 'lan',
  address: '192.0.2.9',
  mac: '02:00:00:00:00:09',
}
const NEIGHBOUR_KEY = { kind: 'neighbour', key: 'lan/192.0.2.9' }

/** A VPP, a store, and agents that come and go. */
class Place implements AsyncDisposable {
  readonly vpp: Simulator
  readonly store: LmdbStore
  readonly #folder: AsyncDisposable

  private constructor(vpp: Simulator, store: LmdbStore, folder: AsyncDisposable) {
    this.vpp = vpp
    this.store = store
    this.#folder = folder
  }

  static async make(): Promise<Place> {
    const folder = await temporaryFolder()
    return new Place(await Simulator.start(), new LmdbStore(join(folder.path, 'store')), folder)
  }

  /** An agent comes, has its time, and goes. */
  async agent(work: (instance: VppInstance) => Promise<void>, store: Store = this.store): Promise<void> {
    const instance = manage(this.vpp.path, store)
    try {
      await work(instance)
      await instance.settled()
    } finally {
      await instance.close()
    }
  }

  /** Items change while no agent is there for the VPP. */
  async away(work: (instance: VppInstance) => Promise<void>): Promise<void> {
    const instance = manage(`${this.vpp.path}-none`, this.store)
    try {
      await work(instance)
    } finally {
      await instance.close()
    }
  }

  /** Somebody else does something to the VPP. */
  async stranger<T>(work: (connection: VppConnection) => Promise<T>): Promise<T> {
    const connection = await VppConnection.connect(this.vpp.path)
    try {
      return await work(connection)
    } finally {
      await connection.close()
    }
  }

  index(name: string): number {
    const found = [...this.vpp.model.interfaces].find((it) => it.tag.endsWith(`/${name}`) || it.name === name)
    if (found === undefined) throw new Error(`no interface is called ${name}`)
    return found.swIfIndex
  }

  pairs(): string[] {
    return [...this.vpp.model.lcp].map(({ hostIfName }) => hostIfName).sort()
  }

  neighbours(): string[] {
    return [...this.vpp.model.neighbors].map(({ ipAddress, macAddress }) => `${ipAddress} ${macAddress}`)
  }

  addNeighbour(mac: string): Promise<unknown> {
    const neighbor = {
      swIfIndex: this.index('lan'),
      flags: STATIC,
      macAddress: mac,
      ipAddress: '192.0.2.9',
    }
    return this.stranger((it) => new IpNeighborClient(it).ipNeighborAddDel({ isAdd: true, neighbor }))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.store.close()
    await this.vpp[Symbol.asyncDispose]()
    await this.#folder[Symbol.asyncDispose]()
  }
}

/** The same store, where somebody looks at each call before it is made. */
function watched(store: Store, called: (name: string, args: readonly unknown[]) => void): Store {
  return new Proxy<Store>(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      return (...args: unknown[]): unknown => {
        called(String(name), args)
        return (value as (...all: unknown[]) => unknown).apply(target, args)
      }
    },
  })
}

function withPair(name: string, hostName: string | undefined): ItemInput {
  const pair = hostName === undefined ? {} : { linuxCp: { hostName } }
  return { kind: 'interface', type: 'loopback', name, ...pair }
}

describe('what carries no mark in VPP', () => {
  it('a linux-cp pair that was dropped while the agent was away is removed, and that of a stranger is left', async () => {
    await using place = await Place.make()
    await place.agent((it) => it.put(items(withPair('lan', 'lan'), withPair('blue', undefined))))
    await place.stranger((it) =>
      new LcpClient(it).lcpItfPairAddDelV2({
        isAdd: true,
        swIfIndex: place.index('blue'),
        hostIfName: 'theirs',
        hostIfType: 0,
      }),
    )
    expect(place.pairs()).toEqual(['lan', 'theirs'])
    await place.away((it) => it.put(items(withPair('lan', undefined))))
    await place.agent((it) => it.settled())
    expect(place.pairs()).toEqual(['theirs'])
    // One that is as declared serves, and stays when it is declared no more.
    await place.agent(async (it) => {
      await it.put(items(withPair('blue', 'theirs')))
      await it.settled()
      expect(it.status({ kind: 'interface', key: 'blue' })?.state).toBe('applied')
      await it.put(items(withPair('blue', 'ours')))
      await it.settled()
      expect(it.status({ kind: 'interface', key: 'blue' })?.state).toBe('blocked')
      await it.put(items(withPair('blue', undefined)))
    })
    await place.agent((it) => it.settled())
    expect(place.pairs()).toEqual(['theirs'])
  })

  it('a neighbour and a socket of a stranger serve when they are as declared, else block, and stay', async () => {
    await using place = await Place.make()
    await place.agent((it) => it.put(items(LAN)))
    await place.addNeighbour('02:00:00:00:00:09')
    await place.stranger((it) =>
      new MemifClient(it).memifSocketFilenameAddDelV2({
        isAdd: true,
        socketId: 7,
        socketFilename: '/run/vpp/seven.sock',
      }),
    )
    const socket = (path: string): ItemInput => ({ kind: 'memif-socket', id: 7, path })
    await place.agent(async (it) => {
      await it.put(items(NEIGHBOUR, socket('/run/vpp/seven.sock')))
      await it.put(items({ kind: 'interface', type: 'memif', name: 'm', role: 'slave', socket: 7, id: 1 }))
      await it.settled()
      expect(it.statuses().filter(({ state }) => state !== 'applied')).toEqual([])
      await it.put(items({ ...NEIGHBOUR, mac: '02:00:00:00:00:08' }, socket('/run/vpp/eight.sock')))
      await it.settled()
      expect(it.status(NEIGHBOUR_KEY)?.state).toBe('blocked')
      expect(it.status({ kind: 'memif-socket', key: '7' })?.state).toBe('blocked')
      await it.delete([NEIGHBOUR_KEY, { kind: 'memif-socket', key: '7' }, { kind: 'interface', key: 'm' }])
    })
    expect(place.neighbours()).toEqual(['192.0.2.9 02:00:00:00:00:09'])
    expect([...place.vpp.model.memifs.sockets()]).toContainEqual([7, '/run/vpp/seven.sock'])
  })

  it('is removed with its item when the agent made it, also when the item went while it was away', async () => {
    await using place = await Place.make()
    await place.agent((it) => it.put(items(LAN, NEIGHBOUR)))
    expect(place.neighbours()).toHaveLength(1)
    await place.away((it) => it.delete([NEIGHBOUR_KEY]).then(() => undefined))
    await place.agent((it) => it.settled())
    expect(place.neighbours()).toEqual([])
    // Nothing is left that would make a foreign one the agent's.
    expect((await place.store.list('vpp/made/')).entries).toEqual([])
    await place.addNeighbour('02:00:00:00:00:09')
    await place.agent((it) => it.settled())
    expect(place.neighbours()).toHaveLength(1)
  })

  it('an address of an adopted interface that was dropped while the agent was away is removed; others stay', async () => {
    await using place = await Place.make()
    const swIfIndex = addLoopback(place.vpp.model.interfaces, { instance: 33 }).swIfIndex
    await place.stranger((it) =>
      new InterfaceClient(it).swInterfaceAddDelAddress({ swIfIndex, isAdd: true, prefix: '198.51.100.1/24' }),
    )
    const nic = (...addresses: string[]): ItemInput => ({
      kind: 'interface',
      type: 'existing',
      name: 'loop33',
      addresses,
    })
    await place.agent((it) => it.put(items(nic('192.0.2.7/24', '203.0.113.7/24'))))
    await place.away((it) => it.put(items(nic('203.0.113.7/24'))))
    await place.agent((it) => it.settled())
    const addresses = [...place.vpp.model.interfaces.get(swIfIndex).addresses].sort()
    expect(addresses).toEqual(['198.51.100.1/24', '203.0.113.7/24'])
    // "leave" leaves them, also when the item goes while the agent is away.
    await place.away((it) => it.delete([{ kind: 'interface', key: 'loop33' }]).then(() => undefined))
    await place.agent((it) => it.settled())
    expect([...place.vpp.model.interfaces.get(swIfIndex).addresses].sort()).toEqual(addresses)
  })

  it("of a store that has no records is taken over without a change, and is the agent's", async () => {
    await using place = await Place.make()
    const all = items(LAN, NEIGHBOUR, withPair('blue', 'blue'), {
      kind: 'memif-socket',
      id: 7,
      path: '/run/vpp/seven.sock',
    })
    await place.agent((it) => it.put(all))
    const records = (await place.store.list('vpp/made')).entries
    expect(records.map(({ key }) => key).sort()).toEqual([
      'vpp/made',
      'vpp/made/linux-cp/blue',
      'vpp/made/memif-socket/7',
      'vpp/made/neighbour/lan/192.0.2.9',
    ])
    for (const { key } of records) await place.store.delete(key)
    await place.agent(async (it) => {
      await it.settled()
      expect(it.state().work.resync.applied).toBe(0)
      expect(it.statuses().filter(({ state }) => state !== 'applied')).toEqual([])
      await it.put(items(withPair('blue', undefined)))
      await it.delete([NEIGHBOUR_KEY, { kind: 'memif-socket', key: '7' }])
    })
    expect(place.pairs()).toEqual([])
    expect(place.neighbours()).toEqual([])
    expect(place.vpp.model.memifs.sockets().filter(([id]) => id !== 0)).toEqual([])
  })

  it('goes by the thousand in few transactions, and nothing is remembered of it', async () => {
    await using place = await Place.make()
    const COUNT = 3000
    const many = Array.from({ length: COUNT }, (_, i): ItemInput => ({
      ...NEIGHBOUR,
      address: `10.0.${i >> 8}.${i & 255}`,
    }))
    await place.agent((it) => it.put(items(LAN, ...many)))
    expect(place.neighbours()).toHaveLength(COUNT)
    let transactions = 0
    const store = watched(place.store, (name) => {
      if (['transact', 'put', 'delete', 'compareAndSwap'].includes(name)) transactions++
    })
    await place.agent(async (it) => {
      await it.settled()
      transactions = 0
      await it.replace(items(LAN), 'api')
      await it.settled()
      // The last of it may be written after everybody was told.
      await it.resync()
    }, store)
    expect(place.neighbours()).toEqual([])
    expect(transactions).toBeLessThan(COUNT / 100)
    for (const shelf of ['gone', 'made/'])
      expect((await place.store.list(`vpp/${shelf}`)).entries).toEqual([])
  })

  it('is not made while that cannot be written down, and nothing else is held up', async () => {
    await using place = await Place.make()
    let isFull = true
    const store = watched(place.store, (name, [operations]) => {
      if (!isFull || name !== 'transact') return
      const isRecord = (operations as StoreOperation[]).some(({ key }) => key.startsWith('vpp/made/'))
      if (isRecord) throw new AgentError('AGENT_STORE', 'the disk is full')
    })
    await place.agent(async (it) => {
      await it.put(items(LAN, NEIGHBOUR))
      await it.settled()
      expect(it.status({ kind: 'interface', key: 'lan' })?.state).toBe('applied')
      expect(it.status(NEIGHBOUR_KEY)).toMatchObject({ state: 'failed', error: { code: 'AGENT_STORE' } })
      expect(place.neighbours()).toEqual([])
      isFull = false
      await vi.waitFor(() => expect(it.status(NEIGHBOUR_KEY)?.state).toBe('applied'), 20_000)
    }, store)
    expect(place.neighbours()).toHaveLength(1)
  })
})
