import { Writable } from 'node:stream'
import { Simulator } from '@vpp-ts/simulator'
import { pino } from 'pino'
import { describe, expect, it, vi } from 'vitest'
import { items, managedAlone } from './managed.ts'

describe('what goes wrong with one', () => {
  it('does not delay who waits for another, and is not tried by every write', async () => {
    await using vpp = await Simulator.start()
    await using managed = await managedAlone(vpp.path, { timeout: 1000 })
    const { instance } = managed
    vpp.faults.add({ message: 'ip_neighbor_add_del', effect: { kind: 'retval', retval: -1 } })
    await instance.put(
      items(
        { kind: 'interface', type: 'loopback', name: 'lan' },
        { kind: 'neighbour', interface: 'lan', address: '192.0.2.9', mac: '02:00:00:00:00:09' },
      ),
    )
    await instance.settled()
    expect(instance.status({ kind: 'neighbour', key: 'lan/192.0.2.9' })).toMatchObject({ state: 'failed' })
    vpp.requests.clear()
    for (let i = 0; i < 6; i++) {
      const ref = { kind: 'route', key: `0/10.${i}.0.0/16` }
      await instance.put(items({ kind: 'route', prefix: `10.${i}.0.0/16`, drop: true }))
      await instance.settled(AbortSignal.timeout(5000), [ref])
      expect(instance.status(ref)?.state).toBe('applied')
    }
    expect(vpp.requests.count('ip_route_add_del_v2')).toBe(6)
    expect(vpp.requests.count('ip_route_v2_dump')).toBe(0)
    // Its own back-off, and no more.
    expect(vpp.requests.count('ip_neighbor_add_del')).toBeLessThanOrEqual(3)
  })

  it('is named in the log, with what VPP says of it', async () => {
    await using vpp = await Simulator.start()
    const written: { msg?: string; object?: object; items?: object[]; retval?: number }[] = []
    const lines = new Writable({
      write(chunk: Buffer, _encoding, done) {
        written.push(JSON.parse(chunk.toString()) as (typeof written)[number])
        done()
      },
    })
    await using managed = await managedAlone(vpp.path, { log: pino({ level: 'debug' }, lines) })
    const { instance } = managed
    vpp.faults.add({ message: 'ip_neighbor_add_del', effect: { kind: 'retval', retval: -1 } })
    const mac = '02:00:00:00:00:09'
    await instance.put(
      items(
        { kind: 'interface', type: 'loopback', name: 'lan' },
        { kind: 'neighbour', interface: 'lan', address: '192.0.2.9', mac },
        { kind: 'route', prefix: '10.0.0.0/8', paths: [{ interface: 'wan' }] },
      ),
    )
    await instance.settled()
    const about = (kind: string) =>
      written.find(({ object }) => object !== undefined && 'kind' in object && object.kind === kind)
    expect(about('neighbour')).toMatchObject({
      object: { kind: 'neighbour', key: 'lan/192.0.2.9' },
      items: [{ kind: 'neighbour', key: 'lan/192.0.2.9' }],
      retval: -1,
      msg: expect.stringContaining('create neighbour "lan/192.0.2.9"') as string,
    })
    expect(about('route')).toMatchObject({
      object: { key: '0/10.0.0.0/8' },
      msg: 'waits for interface "wan"',
    })
  })

  it('a request that is never answered holds up only what it is about', { timeout: 60_000 }, async () => {
    await using vpp = await Simulator.start()
    await using managed = await managedAlone(vpp.path, { timeout: 1000 })
    const { instance } = managed
    const fault = vpp.faults.add({ message: 'bridge_domain_add_del', effect: { kind: 'ignore' } })
    await instance.put(
      items({ kind: 'bridge-domain', id: 5 }, { kind: 'route', prefix: '10.0.0.0/8', drop: true }),
    )
    await vi.waitFor(
      () => expect(instance.status({ kind: 'bridge-domain', key: '5' })?.state).toBe('failed'),
      30_000,
    )
    expect(instance.status({ kind: 'route', key: '0/10.0.0.0/8' })?.state).toBe('applied')
    fault.remove()
    await vi.waitFor(
      () => expect(instance.status({ kind: 'bridge-domain', key: '5' })?.state).toBe('applied'),
      30_000,
    )
    expect([...vpp.model.bridges].filter(({ bdId }) => bdId === 5)).toHaveLength(1)
  })

  it(
    'an interface whose creation was answered by nobody is not made twice',
    { timeout: 60_000 },
    async () => {
      await using vpp = await Simulator.start()
      await using managed = await managedAlone(vpp.path, { timeout: 1000 })
      const { instance } = managed
      vpp.faults.add({ message: 'create_loopback_instance', times: 1, effect: { kind: 'lose-answer' } })
      await instance.put(items({ kind: 'interface', type: 'loopback', name: 'lan' }))
      await vi.waitFor(
        () => expect(instance.status({ kind: 'interface', key: 'lan' })?.state).toBe('applied'),
        30_000,
      )
      expect([...vpp.model.interfaces].map(({ name }) => name)).toEqual(['local0', 'loop0'])
    },
  )

  it(
    'a look whose answer cannot be read leaves the objects of that kind alone',
    { timeout: 60_000 },
    async () => {
      await using vpp = await Simulator.start()
      await using managed = await managedAlone(vpp.path, { timeout: 1000 })
      const { instance } = managed
      await instance.put(items({ kind: 'acl', name: 'web', rules: [{ action: 'deny' }] }))
      await instance.settled()
      const fault = vpp.faults.add({ message: 'acl_dump', effect: { kind: 'trailing', bytes: 3 } })
      vpp.requests.clear()
      await instance.resync()
      expect(vpp.requests.count('acl_add_replace')).toBe(0)
      await instance.put(items({ kind: 'route', prefix: '10.0.0.0/8', drop: true }))
      await vi.waitFor(
        () => expect(instance.status({ kind: 'route', key: '0/10.0.0.0/8' })?.state).toBe('applied'),
        30_000,
      )
      fault.remove()
      await vi.waitFor(
        () => expect(instance.status({ kind: 'acl', key: 'web' })?.state).toBe('applied'),
        30_000,
      )
      expect([...vpp.model.acls]).toHaveLength(1)
    },
  )
})
