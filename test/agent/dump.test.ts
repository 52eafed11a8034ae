import { join } from 'node:path'
import { LmdbStore, OBJECT_MESSAGES, adoptAlone, dumpAlone, type Item } from '@vpp-ts/agent'
import { VppConnection } from '@vpp-ts/runtime'
import { Simulator } from '@vpp-ts/simulator'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { declared } from './history-events.ts'
import { manage, managedAlone, temporaryFolder } from './managed.ts'
import { stateOf } from './model-state.ts'
import { serve } from './served.ts'
import { setUp, setUpByCli } from './set-up-by-cli.ts'
import { topology } from './topology.ts'

/** Requests that change nothing. */
const ASKS = /_dump|_get|_get_|^show_|control_ping|^sockclnt|^want_|cli_inband|_running_config|_lookup/

function changesIn(vpp: Simulator): string[] {
  return OBJECT_MESSAGES.filter((name) => vpp.requests.count(name) > 0 && !ASKS.test(name))
}

/**
 * Applies items with an agent of which only VPP is left, but for those that cannot be: what they share with others
 * may be there for them alone.
 */
async function fill(vpp: Simulator, all: readonly Item[]): Promise<void> {
  await using managed = await managedAlone(vpp.path)
  const { instance } = managed
  await instance.put(all)
  await instance.settled()
  for (;;) {
    const wrong = instance.statuses().filter(({ state }) => state !== 'applied')
    if (wrong.length === 0) return
    await instance.delete(wrong)
    await instance.settled()
  }
}

async function dumpText(vpp: Simulator, given: readonly Item[]): Promise<string> {
  await using connection = await VppConnection.connect(vpp.path)
  return JSON.stringify((await dumpAlone(connection, { given })).items, undefined, 1)
}

/** Takes a VPP over into a new store, and lets an agent keep it. */
async function takesOver(vpp: Simulator, all: readonly Item[]): Promise<void> {
  // VPP does not report their secrets.
  const given = all.filter((it) => 'secret' in it)
  await using folder = await temporaryFolder()
  const store = new LmdbStore(join(folder.path, 'store'))
  const before = stateOf(vpp)
  const text = await dumpText(vpp, given)
  vpp.requests.clear()
  {
    await using connection = await VppConnection.connect(vpp.path)
    const adopted = await adoptAlone(store, 'vpp', connection, { given })
    expect(JSON.stringify(adopted.items, undefined, 1)).toBe(text)
  }
  const instance = manage(vpp.path, store)
  try {
    await instance.settled()
    expect((await instance.plan()).changes).toEqual([])
    expect(instance.statuses().filter(({ state }) => state !== 'applied')).toEqual([])
    expect(await instance.resync()).toMatchObject({ applied: 0, failed: 0, waiting: 0 })
    expect(changesIn(vpp)).toEqual([])
    expect(stateOf(vpp)).toEqual(before)
    const hidden = text.replace(/,\n *"secret": "hush"/g, '')
    expect(JSON.stringify((await instance.dump()).items, undefined, 1)).toBe(hidden)
  } finally {
    await instance.close()
    await store.close()
  }
}

describe('a dump', () => {
  it('of something of every kind is taken over by a fresh agent, and nothing changes', async () => {
    await using vpp = await Simulator.start()
    const all = topology('/run/vpp/test.sock', 'vppts42')
    await fill(vpp, all)
    await takesOver(vpp, all)
  })

  it('of any items is taken over by a fresh agent, which dumps the same', async () => {
    await using vpp = await Simulator.start()
    await fc.assert(
      fc.asyncProperty(declared, async (all) => {
        await vpp.restart()
        await fill(vpp, all)
        await takesOver(vpp, all)
      }),
      { numRuns: 20 },
    )
  })
})

describe('a router that was set up by the CLI', () => {
  setUpByCli(() => Simulator.start())
})

describe('REST', () => {
  it('dumps and takes over', async () => {
    await using served = await serve({ prepare: setUp })
    const dump = await served.ask('GET', '/dump?kind=route,acl')
    const kinds = (dump.body as { items: { kind: string }[] }).items.map(({ kind }) => kind)
    expect(kinds).toEqual(['acl', 'route', 'route', 'route', 'route'])
    expect((await served.ask('GET', '/dump?kind=lamp')).body).toMatchObject({
      code: 'AGENT_REQUEST',
      detail: 'query: kind: there is no kind "lamp"',
    })
    const acls = await served.ask('POST', '/adopt?kind=acl&origin=router')
    // Where it applies goes with it, to an interface that is not taken over.
    expect(acls.body).toMatchObject({ declared: 1, objects: 1, leftOut: [] })
    const all = await served.ask('POST', '/adopt')
    expect(all.status).toBe(200)
    expect((await served.ask('GET', '/plan')).body).toEqual({ changes: [] })
    expect((await served.ask('POST', '/adopt')).body).toMatchObject({ declared: 0, objects: 0 })
    expect(changesIn(served.vpp)).toEqual([])
    const { origins } = (await served.ask('GET', '/origins')).body as { origins: { origin: string }[] }
    expect(origins.map(({ origin }) => origin).sort()).toEqual(['api', 'router'])
  })
})
