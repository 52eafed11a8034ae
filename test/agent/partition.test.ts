import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { EtcdStore, type Instance } from '@vpp-ts/agent'
import { Simulator } from '@vpp-ts/simulator'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { EtcdServer, hasEtcd } from './etcd-server.ts'
import { items, manage, temporaryFolder } from './managed.ts'
import { Network, type NetworkState } from './network.ts'
import { Program } from './processes.ts'

const LEASE = 2000
/** Milliseconds between looks at who leads. */
const SAMPLING = 5

/** An agent with a network of its own between it and etcd. */
interface Member {
  readonly name: string
  readonly network: Network
  readonly store: EtcdStore
  readonly instance: Instance
}

async function members(etcd: string, vpp: string, count: number): Promise<Member[]> {
  const list: Member[] = []
  for (let i = 0; i < count; i++) {
    const network = await Network.to(etcd)
    const store = new EtcdStore({ endpoints: [network.endpoint], prefix: 'partition' })
    const name = `agent-${i}`
    list.push({ name, network, store, instance: manage(vpp, store, { agent: name, leaseTtl: LEASE }) })
  }
  return list
}

async function until(wanted: () => boolean): Promise<void> {
  while (!wanted()) await new Promise((resolve) => setTimeout(resolve, SAMPLING))
}

describe.runIf(hasEtcd)('three agents with networks of their own to etcd', () => {
  let server: EtcdServer
  beforeAll(async () => {
    server = await EtcdServer.start()
  })
  afterAll(() => server[Symbol.asyncDispose]())

  it(
    'of them never two lead at once, whatever happens to networks and clocks, and VPP comes to have all',
    { timeout: 240_000 },
    async () => {
      await using vpp = await Simulator.start()
      const all = await members(server.endpoint, vpp.path, 3)
      const leading = (): Member[] => all.filter(({ instance }) => instance.state().leading)
      let most = 0
      const sampler = setInterval(() => (most = Math.max(most, leading().length)), SAMPLING)
      const routes = (): string[] => [...(vpp.model.fib.tables()[0] ?? [])].map(({ prefix }) => prefix)
      let count = 0
      /** Declares a route over a network that works, and waits until VPP has it. */
      const declare = async (): Promise<void> => {
        const prefix = `10.9.${count++}.0/24`
        const member = all.find(({ network }) => network.state === 'works')
        await member?.instance.put(items({ kind: 'route', prefix, drop: true }))
        await until(() => routes().includes(prefix))
      }
      try {
        await until(() => leading().length === 1)
        await declare()
        const disturbances: (NetworkState | 'forward' | 'back')[] = [
          'cut',
          'hangs',
          'slow',
          'forward',
          'back',
          'hangs',
          'cut',
        ]
        for (const what of disturbances) {
          const [leader] = leading()
          if (leader === undefined) throw new Error('nobody leads')
          if (what === 'forward' || what === 'back') {
            const now = Date.now.bind(Date)
            const jump = what === 'forward' ? 3_600_000 : -3_600_000
            const clock = vi.spyOn(Date, 'now').mockImplementation(() => now() + jump)
            await declare()
            clock.mockRestore()
            await declare()
          } else {
            leader.network.state = what
            // Who is cut off stops by itself, and only then another begins.
            if (what !== 'slow') await until(() => leading().some(({ name }) => name !== leader.name))
            await declare()
            leader.network.state = 'works'
            await declare()
          }
          await until(() => leading().length === 1)
        }
        expect(most).toBe(1)
        const { requests } = vpp
        expect(
          requests.of('ip_route_add_del_v2').filter(({ request }) => request['isAdd'] === false),
        ).toEqual([])
        expect(routes().filter((prefix) => prefix.startsWith('10.9.'))).toHaveLength(count)
      } finally {
        clearInterval(sampler)
        for (const { network } of all) network.state = 'works'
        for (const { instance, store } of all) {
          await instance.close()
          await store.close()
        }
        for (const { network } of all) await network[Symbol.asyncDispose]()
      }
    },
  )

  it('an agent ends on SIGTERM while etcd is away, with a folder that it follows', async () => {
    await using folder = await temporaryFolder()
    await using network = await Network.to(server.endpoint)
    network.state = 'hangs'
    const watch = join(folder.path, 'items')
    mkdirSync(watch)
    writeFileSync(join(watch, 'a.yaml'), '- { kind: route, prefix: 10.0.0.0/8, drop: true }\n')
    const config = join(folder.path, 'agent.yaml')
    const govpp = { 'binapi-socket-path': join(folder.path, 'nowhere.sock') }
    writeFileSync(
      config,
      JSON.stringify({
        store: { kind: 'etcd', endpoints: [network.endpoint] },
        rest: false,
        metrics: false,
        instances: [{ name: 'vpp', govpp, watch }],
      }),
    )
    await using agent = Program.agent('--config', config)
    await agent.line((line) => line.includes('"msg":"started"'))
    expect(await agent.kill('SIGTERM')).toBe(0)
  })
})
