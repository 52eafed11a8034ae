import { accessSync, constants } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { refOf } from '@vpp-ts/agent'
import { VlibClient } from '@vpp-ts/binapi-vlib'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { items, managedAlone, resynced } from '../agent/managed.ts'
import { topology } from '../agent/topology.ts'
import { VppProcess } from './real-vpp.ts'

const binary = process.env['VPP_BINARY']
const plugins = process.env['VPP_PLUGIN_PATH']
if (binary === undefined) console.info('VPP_BINARY is not set: the agent is not tried on a real VPP')

const KILLS = 50
/** Another run of this suite on the host has taps of its own. */
const TAP = mayMakeTaps() ? `vt${process.pid}` : undefined
if (TAP === undefined) console.info('no root with /dev/net/tun and /dev/vhost-net: VPP can make no tap')

function mayMakeTaps(): boolean {
  try {
    // VPP's taps are virtio, so the one device is not enough.
    for (const device of ['/dev/net/tun', '/dev/vhost-net'])
      accessSync(device, constants.R_OK | constants.W_OK)
    return process.getuid?.() === 0
  } catch {
    return false
  }
}

describe.runIf(binary !== undefined)('the agent and a real VPP', () => {
  let vpp: VppProcess

  beforeAll(async () => {
    vpp = await VppProcess.start(binary ?? '', plugins)
  }, 60_000)

  afterAll(() => vpp[Symbol.asyncDispose]())

  it('makes items of every kind, finds them so, makes them again when VPP was killed, and removes them', async () => {
    await using managed = await managedAlone(vpp.apiSocket)
    const { instance } = managed
    await instance.connection.ready()
    const before = (await instance.actual()).map(({ kind, key }) => `${kind} ${key}`)
    const all = topology(join(vpp.folder, 'memif.sock'), TAP)
    await instance.put(all)
    await instance.settled()
    expect(instance.statuses().filter(({ state }) => state !== 'applied')).toEqual([])
    expect(await instance.resync()).toMatchObject({ applied: 0, failed: 0, waiting: 0 })

    await vpp.kill()
    const again = resynced(instance)
    await vpp.launch()
    await again
    expect(instance.statuses().filter(({ state }) => state !== 'applied')).toEqual([])
    expect((await instance.plan()).changes).toEqual([])

    await instance.delete(all.map(refOf))
    await instance.settled()
    expect((await instance.plan()).changes).toEqual([])
    expect((await instance.actual()).filter(({ owned }) => owned)).toEqual([])
    expect((await instance.actual()).map(({ kind, key }) => `${kind} ${key}`).sort()).toEqual(before.sort())
  })

  it('tells what VPP refuses, and repairs it', async () => {
    await using managed = await managedAlone(vpp.apiSocket)
    const { instance } = managed
    const [a, b] = items(
      { kind: 'interface', type: 'loopback', name: 'a', addresses: ['192.0.2.1/24'] },
      { kind: 'interface', type: 'loopback', name: 'b', addresses: ['192.0.2.2/24'] },
    )
    if (a === undefined || b === undefined) throw new Error('two items')
    await instance.put([a, b])
    await instance.settled()
    expect(instance.status(refOf(b))).toMatchObject({ state: 'failed', error: { name: 'ADDRESS_IN_USE' } })
    await instance.delete([refOf(a)])
    await instance.settled()
    expect(instance.status(refOf(b))).toMatchObject({ state: 'applied' })
    await instance.delete([refOf(b)])
    await instance.settled()
  })

  it('programs 10,000 routes', async () => {
    await using managed = await managedAlone(vpp.apiSocket)
    const { instance } = managed
    const routes = items(
      { kind: 'interface', type: 'loopback', name: 'lan', addresses: ['192.0.2.1/24'] },
      ...Array.from({ length: 10_000 }, (_, i) => ({
        kind: 'route' as const,
        prefix: `20.${i >> 8}.${i & 255}.0/24`,
        paths: [{ nextHop: '192.0.2.9', interface: 'lan' }],
      })),
    )
    await instance.put(routes)
    await instance.settled()
    expect(instance.state().items).toMatchObject({ applied: 10_001, failed: 0, waiting: 0 })
    expect(await instance.resync()).toMatchObject({ applied: 0, failed: 0, waiting: 0 })
    await instance.delete(routes.map(refOf))
    await instance.settled()
    expect((await instance.actual()).filter(({ owned }) => owned)).toEqual([])
  })

  it.runIf(TAP !== undefined)('reaches Linux through a tap, also when VPP was killed', async () => {
    await using managed = await managedAlone(vpp.apiSocket)
    const { instance } = managed
    const hostName = `${TAP}b`
    const tap = items({
      kind: 'interface',
      type: 'tap',
      name: 'host',
      hostName,
      hostAddress: '198.18.77.2/24',
      addresses: ['198.18.77.1/24'],
    })
    const vlib = new VlibClient(instance.connection)
    const pings = (): Promise<void> =>
      vi.waitFor(
        async () => {
          const { reply } = await vlib.cliInband({ cmd: 'ping 198.18.77.2 repeat 3 interval 0.1' })
          expect(reply).toContain('3 sent, 3 received')
        },
        { timeout: 20_000, interval: 100 },
      )
    await instance.put(tap)
    await instance.settled()
    expect(instance.statuses()).toMatchObject([{ key: 'host', state: 'applied' }])
    expect(networkInterfaces()[hostName]).toMatchObject([{ address: '198.18.77.2' }])
    await pings()
    await vpp.kill()
    const again = resynced(instance)
    await vpp.launch()
    await again
    expect(instance.statuses()).toMatchObject([{ key: 'host', state: 'applied' }])
    await pings()
    await instance.delete(tap.map(refOf))
    await instance.settled()
    expect(networkInterfaces()[hostName]).toBeUndefined()
  })

  it(`has all again when VPP is killed ${KILLS} times amid applies`, { timeout: 480_000 }, async () => {
    await using managed = await managedAlone(vpp.apiSocket)
    const { instance } = managed
    const all = topology(join(vpp.folder, 'memif.sock'), TAP)
    // What the first state is made of, and nothing of it.
    const none = items({ kind: 'interface', type: 'loopback', name: 'lan', addresses: ['192.0.2.2/24'] })
    const known: string[][] = [[], []]
    let amid = 0
    for (let round = 0; round < KILLS; round++) {
      await instance.replace(round % 2 === 0 ? all : none, 'test')
      await delay(Math.random() * 30)
      const { pending, removing } = instance.state().items
      if (pending + removing > 0) amid++
      await vpp.kill()
      const again = resynced(instance)
      await vpp.launch()
      await again
      expect(instance.statuses().filter(({ state }) => state !== 'applied')).toEqual([])
      expect((await instance.plan()).changes).toEqual([])
      const owned = (await instance.actual()).filter((it) => it.owned)
      const ids = owned.map(({ kind, key }) => `${kind} ${key}`).sort()
      if (known[round % 2]?.length === 0) known[round % 2] = ids
      expect(ids).toEqual(known[round % 2])
    }
    expect(amid).toBeGreaterThan(KILLS / 10)
    await instance.replace([], 'test')
    await instance.settled()
    expect((await instance.actual()).filter(({ owned }) => owned)).toEqual([])
  })
})
