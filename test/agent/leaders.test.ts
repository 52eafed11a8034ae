import { join } from 'node:path'
import { EtcdStore, LmdbStore, refOf, type Instance, type Store } from '@vpp-ts/agent'
import { Simulator } from '@vpp-ts/simulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EtcdServer, hasEtcd } from './etcd-server.ts'
import { items, manage, temporaryFolder } from './managed.ts'

/** Settles when an instance leads, or ceases to. */
async function leads(instance: Instance, leading = true): Promise<void> {
  if (instance.state().leading === leading) return
  await new Promise<void>((resolve) => {
    const stop = instance.events.listen(({ event }) => {
      if (event.type !== 'leadership' || event.leading !== leading) return
      stop()
      resolve()
    })
  })
}

/** Two agents with one VPP: one programs it, the other takes over when the first is gone. */
async function compete(open: () => Store): Promise<void> {
  await using vpp = await Simulator.start()
  const stores = [open(), open()] as const
  const first = manage(vpp.path, stores[0], { agent: 'first', leaseTtl: 2000 })
  await leads(first)
  const second = manage(vpp.path, stores[1], { agent: 'second', leaseTtl: 2000 })
  try {
    const [one, two] = items(
      { kind: 'route', prefix: '10.0.0.0/8', drop: true },
      { kind: 'route', prefix: '11.0.0.0/8', drop: true },
    )
    if (one === undefined || two === undefined) throw new Error('two items')
    // Either may be told; the one that leads does it.
    await second.put([one])
    await first.put([two])
    await first.settled()
    expect(second.state().leading).toBe(false)
    await expect(second.resync()).rejects.toMatchObject({ code: 'AGENT_NOT_LEADER' })
    expect(await stores[1].leader('vpp')).toBe('first')
    expect(first.status(refOf(one))).toMatchObject({ state: 'applied' })
    expect(vpp.requests.count('ip_route_add_del_v2')).toBe(2)

    await stores[0].close()
    expect(first.state().leading).toBe(false)
    await leads(second)
    await second.delete([refOf(one)])
    await second.settled()
    expect(vpp.requests.count('ip_route_add_del_v2')).toBe(3)
    expect((await second.plan()).changes).toEqual([])
  } finally {
    await first.close()
    await second.close()
    await stores[1].close()
  }
}

describe('two agents', () => {
  it('of one host, on LMDB', async () => {
    await using folder = await temporaryFolder()
    await compete(() => new LmdbStore(join(folder.path, 'store')))
  })

  describe.runIf(hasEtcd)('on etcd', () => {
    let server: EtcdServer

    beforeAll(async () => {
      server = await EtcdServer.start()
    })

    afterAll(() => server[Symbol.asyncDispose]())

    it('compete', async () => {
      await compete(() => new EtcdStore({ endpoints: [server.endpoint], prefix: 'compete' }))
    })

    it('go on when etcd was away', { timeout: 60_000 }, async () => {
      await using vpp = await Simulator.start()
      const store = new EtcdStore({ endpoints: [server.endpoint], prefix: 'away' })
      const instance = manage(vpp.path, store, { leaseTtl: 2000 })
      try {
        await leads(instance)
        const [one, two] = items(
          { kind: 'route', prefix: '10.0.0.0/8', drop: true },
          { kind: 'route', prefix: '11.0.0.0/8', drop: true },
        )
        if (one === undefined || two === undefined) throw new Error('two items')
        await instance.put([one])
        await instance.settled()
        await server.kill()
        await leads(instance, false)
        await expect(instance.put([two])).rejects.toMatchObject({ code: 'AGENT_STORE' })
        await expect(instance.resync()).rejects.toMatchObject({ code: 'AGENT_NOT_LEADER' })
        await server.launch()
        await leads(instance)
        await instance.put([two])
        await instance.settled()
        expect(instance.statuses().map(({ state }) => state)).toEqual(['applied', 'applied'])
      } finally {
        await instance.close()
        await store.close()
      }
    })
  })
})
