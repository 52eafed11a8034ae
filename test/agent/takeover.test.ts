import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { EtcdStore, LmdbStore, refOf, type Store } from '@vpp-ts/agent'
import { Simulator } from '@vpp-ts/simulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EtcdServer, hasEtcd } from './etcd-server.ts'
import { CHANGES, FILES, fillStore, fillVpp } from './first-format.ts'
import { items, manage, temporaryFolder } from './managed.ts'
import { stateOf } from './model-state.ts'
import { serve } from './served.ts'

function changesOf(vpp: Simulator): string[] {
  return CHANGES.flatMap((name) =>
    vpp.requests.count(name) === 0 ? [] : [`${name} ${vpp.requests.count(name)}`],
  )
}

async function takesOver(open: () => Store): Promise<void> {
  await using vpp = await Simulator.start()
  const store = open()
  await fillStore(store)
  await fillVpp(vpp.path)
  const before = stateOf(vpp)
  vpp.requests.clear()
  const instance = manage(vpp.path, store)
  try {
    await instance.settled()
    expect(instance.statuses().map(({ kind, key, state }) => `${kind} ${key} ${state}`)).toHaveLength(6)
    expect(instance.statuses().filter(({ state }) => state !== 'applied')).toEqual([])
    expect((await instance.plan()).changes).toEqual([])
    expect(changesOf(vpp)).toEqual([])
    expect(stateOf(vpp)).toEqual(before)
    expect([...(await instance.declared.origins())].sort()).toEqual([
      ['api', 2],
      ['folder', 4],
    ])
  } finally {
    await instance.close()
    await store.close()
  }
}

describe('a store and a VPP left by version 0.1.0', () => {
  it('are taken over without a change in VPP, from LMDB', async () => {
    await using folder = await temporaryFolder()
    await takesOver(() => new LmdbStore(join(folder.path, 'store')))
  })

  describe.runIf(hasEtcd)('with etcd', () => {
    let server: EtcdServer
    beforeAll(async () => {
      server = await EtcdServer.start()
    })
    afterAll(() => server[Symbol.asyncDispose]())

    it('are taken over without a change in VPP', async () => {
      await takesOver(() => new EtcdStore({ endpoints: [server.endpoint], prefix: 'first' }))
    })
  })

  it('stay as they are when the folder is read again, whose items are stored as they are written from then on', async () => {
    await using folder = await temporaryFolder()
    const watch = join(folder.path, 'items')
    mkdirSync(watch)
    for (const [name, text] of Object.entries(FILES)) writeFileSync(join(watch, name), text)
    const path = join(folder.path, 'store')
    const filled = new LmdbStore(path)
    await fillStore(filled)
    await filled.close()
    await using served = await serve({
      instance: { name: 'vpp', watch },
      store: { kind: 'lmdb', path },
      prepare: fillVpp,
    })
    const [source] = served.agent.sources
    while (source?.status.state !== 'ok') await new Promise((resolve) => setTimeout(resolve, 20))
    const instance = served.agent.instance('vpp')
    await instance.settled()
    expect((await instance.plan()).changes).toEqual([])
    expect(changesOf(served.vpp)).toEqual([])
    expect(await instance.declared.given({ kind: 'interface', key: 'lan' })).toEqual({
      kind: 'interface',
      type: 'loopback',
      name: 'lan',
      addresses: ['192.0.2.1/24'],
    })
    expect(instance.statuses().filter(({ state }) => state !== 'applied')).toEqual([])
  })
})

describe('a store that was lost', () => {
  const declared = items(
    { kind: 'interface', name: 'lan', type: 'loopback', enabled: true, addresses: ['192.0.2.1/24'] },
    { kind: 'route', prefix: '203.0.113.0/24', paths: [{ nextHop: '192.0.2.2', interface: 'lan' }] },
  )

  it('takes nothing of VPP along: its state stays until items are declared', async () => {
    await using vpp = await Simulator.start()
    await using folder = await temporaryFolder()
    const first = new LmdbStore(join(folder.path, 'first'))
    const one = manage(vpp.path, first)
    await one.put(declared)
    await one.settled()
    await one.close()
    await first.close()
    const before = stateOf(vpp)

    const store = new LmdbStore(join(folder.path, 'second'))
    const two = manage(vpp.path, store)
    try {
      await two.settled()
      await two.resync()
      expect((await two.plan()).changes).toEqual([])
      expect(stateOf(vpp)).toEqual(before)
      // Declared again, they are the agent's again; what it deletes goes.
      vpp.requests.clear()
      await two.put(declared)
      await two.settled()
      const made = ['create_loopback_instance', 'delete_loopback', 'ip_route_add_del_v2', 'ip_route_add_del']
      expect(made.map((name) => vpp.requests.count(name))).toEqual([0, 0, 0, 0])
      await two.delete(declared.map(refOf))
      await two.settled()
      expect([...vpp.model.interfaces].filter(({ tag }) => tag.endsWith('/lan'))).toEqual([])
      expect(stateOf(vpp)).not.toEqual(before)
    } finally {
      await two.close()
      await store.close()
    }
  })
})
