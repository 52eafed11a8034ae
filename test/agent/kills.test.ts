import { writeFileSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { LmdbStore, type Item } from '@vpp-ts/agent'
import { Simulator } from '@vpp-ts/simulator'
import { describe, expect, it } from 'vitest'
import { items, manage, managedAlone, resynced, temporaryFolder } from './managed.ts'
import { stateOf } from './model-state.ts'
import { Program } from './processes.ts'
import { topology } from './topology.ts'

const KILLS = 50
/** VPPs with an agent each that are killed at the same time: most of a round is waiting for quiet in a folder. */
const PLACES = 5

/** Two states with many objects to create, change, recreate and remove between them. */
function states(): readonly [Item[], Item[]] {
  const whole = topology('/run/vpp/test.sock', 'vppts42')
  const other = items(
    { kind: 'memif-socket', id: 7, path: '/run/vpp/other.sock' },
    { kind: 'interface', type: 'loopback', name: 'lan', addresses: ['192.0.2.2/24'] },
    { kind: 'interface', type: 'memif', name: 'seven', role: 'slave', socket: 7, id: 3, table: 11 },
    { kind: 'interface', type: 'vlan', name: 'peer.100', parent: 'seven', vlan: 100 },
    { kind: 'interface', type: 'loopback', name: 'blue', table: 11, addresses: ['198.51.100.1/24'] },
    { kind: 'bridge-domain', id: 5, members: [{ interface: 'lan' }] },
    { kind: 'bridge-domain', id: 6, members: [] },
    { kind: 'acl', name: 'web', rules: [{ action: 'deny' }], egress: ['blue'] },
    { kind: 'neighbour', interface: 'blue', address: '198.51.100.9', mac: '02:00:00:00:00:09' },
    { kind: 'route', prefix: '10.1.0.0/16', paths: [{ nextHop: '198.51.100.9', interface: 'blue' }] },
    { kind: 'route', prefix: '10.4.0.1/32', table: 11, drop: true },
    { kind: 'nat44-static', localAddress: '10.1.0.7', externalAddress: '203.0.113.81' },
  )
  return [whole, other]
}

/**
 * What a VPP has that was brought to a state in peace.
 * @param folder of a store that is not there yet, nor afterwards; what the agent makes up depends on its path
 */
async function peaceful(state: Item[], folder: string): Promise<unknown> {
  await using vpp = await Simulator.start()
  const store = new LmdbStore(folder)
  const instance = manage(vpp.path, store)
  try {
    await instance.put(state)
    await instance.settled()
    expect(instance.statuses().filter((it) => it.state !== 'applied')).toEqual([])
    return stateOf(vpp)
  } finally {
    await instance.close()
    await store.close()
    rmSync(folder, { recursive: true })
  }
}

/** A VPP of its own, and an agent that is killed amid applies. @returns how many of the kills found it amid one */
async function killAgents(kills: number): Promise<number> {
  await using folder = await temporaryFolder()
  await using vpp = await Simulator.start({ path: join(folder.path, 'api.sock') })
  const both = states()
  const place = join(folder.path, 'store')
  const expected = [await peaceful(both[0], place), await peaceful(both[1], place)]
  const watched = join(folder.path, 'items')
  mkdirSync(watched)
  const config = join(folder.path, 'agent.yaml')
  writeFileSync(
    config,
    JSON.stringify({
      store: { kind: 'lmdb', path: place },
      log: { level: 'debug' },
      rest: false,
      metrics: false,
      'lease-ttl': '2s',
      'deletion-guard': false,
      instances: [{ name: 'vpp', govpp: { 'binapi-socket-path': vpp.path }, watch: watched }],
    }),
  )
  const declare = (state: Item[]): void => {
    writeFileSync(join(folder.path, 'new.json'), JSON.stringify(state))
    renameSync(join(folder.path, 'new.json'), join(watched, 'all.json'))
  }
  let amid = 0
  let agent = Program.agent('--config', config)
  try {
    for (let round = 0; round < kills; round++) {
      const wanted = round % 2
      // Of what has not been seen to be done yet, some is killed while the agent starts, some when it is at it.
      const before = vpp.requests.count()
      let seen = before
      declare(both[wanted] ?? [])
      const text = JSON.stringify(expected[wanted])
      const isDone = (): boolean => JSON.stringify(stateOf(vpp)) === text
      const limit = Math.floor(Math.random() * 180)
      const deadline = Date.now() + 5000
      while (vpp.requests.count() < before + limit && Date.now() < deadline) {
        await delay(1)
        if (vpp.requests.count() !== seen && isDone()) break
        seen = vpp.requests.count()
      }
      if (!isDone()) amid++
      await agent.kill()
      agent = Program.agent('--config', config)
      await agent.line((line) => {
        if (!line.includes('"msg":"resync"') && !line.includes('"msg":"apply"')) return false
        return isDone()
      })
      expect(stateOf(vpp)).toEqual(expected[wanted])
    }
  } finally {
    await agent.kill()
  }
  return amid
}

/** A VPP that is killed amid applies. */
async function killVpps(kills: number): Promise<void> {
  await using folder = await temporaryFolder()
  const socket = join(folder.path, 'api.sock')
  let vpp = await Program.simulator(socket)
  try {
    await using managed = await managedAlone(socket)
    const { instance } = managed
    const both = states()
    const known: string[][] = [[], []]
    await instance.replace(both[0], 'test')
    await instance.settled()
    for (let round = 1; round <= kills; round++) {
      const wanted = round % 2
      await instance.replace(both[wanted] ?? [], 'test')
      await delay(Math.random() * 60)
      await vpp.kill()
      const again = resynced(instance)
      vpp = await Program.simulator(socket)
      await again
      expect(instance.statuses().filter(({ state }) => state !== 'applied')).toEqual([])
      const owned = (await instance.actual()).filter((it) => it.owned)
      const ids = owned.map(({ kind, key }) => `${kind} ${key}`).sort()
      if (known[wanted]?.length === 0) known[wanted] = ids
      expect(ids).toEqual(known[wanted])
      expect((await instance.plan()).changes).toEqual([])
    }
  } finally {
    await vpp.kill()
  }
}

/** Does the same in all places at once. */
function everywhere<T>(work: (kills: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: PLACES }, () => work(KILLS / PLACES)))
}

describe('killed', () => {
  it(
    `the agent, ${KILLS} times amid an apply: VPP comes to have all, once`,
    { timeout: 900_000 },
    async () => {
      const amid = await everywhere(killAgents)
      expect(amid.reduce((sum, some) => sum + some, 0)).toBeGreaterThan(KILLS / 4)
    },
  )

  it(`VPP, ${KILLS} times amid an apply: it comes to have all again`, { timeout: 900_000 }, async () => {
    await everywhere(killVpps)
  })
})
