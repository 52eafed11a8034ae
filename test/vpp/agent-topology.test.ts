import { join } from 'node:path'
import { readAgentConfig, startAgent, type Agent } from '@vpp-ts/agent'
import { createMemif, type Memif } from '@vpp-ts/memif'
import { respondToFrame } from '@vpp-ts/memif/net'
import { pino } from 'pino'
import { describe, expect, it, vi } from 'vitest'
import { ask, urlsInto, writeConfig, type Answer } from '../agent/served.ts'
import { VppProcess, vppBinary, vppPlugins } from './real-vpp.ts'

if (vppBinary === undefined)
  console.info('VPP_BINARY is not set: the topology of agent, VPP and memif is not tried')

const PEER = { mac: 'aa:aa:aa:aa:aa:aa', ipv4: '192.168.1.1', ipv6: '2001:db8::1' }
const PINGS = 5
/** Something that comes about by itself: links, counters, a VPP that starts. */
const SOON = { timeout: 30_000, interval: 100 }

/** Our memif on the other side, that answers pings as the example does. */
function respond(socket: string, role: 'server' | 'client'): Memif {
  const memif = createMemif({ socket, role, id: 3, reconnectMs: 100 })
  memif.on('interrupt', (queue) => {
    const answers = memif.rxBurst(queue, 256).map(({ data }) => respondToFrame(PEER, data))
    memif.txBurst(
      0,
      answers.filter((answer) => answer !== undefined),
    )
  })
  return memif
}

/** A VPP, an agent that serves it, and how it is asked. */
class Topology implements AsyncDisposable {
  readonly vpp: VppProcess
  readonly #agent: Agent
  readonly #urls: ReadonlyMap<string, string>

  private constructor(vpp: VppProcess, agent: Agent, urls: ReadonlyMap<string, string>) {
    this.vpp = vpp
    this.#agent = agent
    this.#urls = urls
  }

  static async start(binary: string): Promise<Topology> {
    const vpp = await VppProcess.start(binary, vppPlugins)
    const urls = new Map<string, string>()
    const config = writeConfig(vpp.folder, vpp.apiSocket, { rest: { commands: 'all' } })
    const agent = await startAgent(await readAgentConfig(config), pino({}, urlsInto(urls)))
    return new Topology(vpp, agent, urls)
  }

  get socket(): string {
    return join(this.vpp.folder, 'peer.sock')
  }

  ask(method: string, path: string, body?: unknown): Promise<Answer> {
    return ask(`${this.#urls.get('REST')}${path}`, method, body)
  }

  /** Declares something and waits for VPP to have it. */
  async make(path: string, item: object): Promise<void> {
    const { status, body } = await this.ask('POST', `${path}?wait=true`, item)
    expect({ status, body }).toMatchObject({ status: 201, body: { state: 'applied' } })
  }

  /** VPP pings our memif; the first packet may be spent on finding it. */
  async pings(target: string): Promise<void> {
    await vi.waitFor(async () => {
      const command = `ping ${target} repeat ${PINGS} interval 0.1`
      const { body } = await this.ask('POST', '/vpp/command', { command })
      expect(body).toMatchObject({ output: expect.stringContaining(`${PINGS} sent, ${PINGS} received`) })
    }, SOON)
  }

  /** Link events of the memif that came after a number, and the number of the last event of all. */
  async links(after = 0): Promise<{ last: number; up: unknown[] }> {
    const { body } = await this.ask('GET', `/events?kind=link&after=${after}`)
    const { last, events } = body as { last: number; events: Record<string, unknown>[] }
    return { last, up: events.filter((it) => it['interface'] === 'peer' && it['linkUp'] === true) }
  }

  /** Packets that VPP has received on the memif, as REST and metrics tell. */
  async counts(): Promise<{ rest: number; metrics: number }> {
    const { body } = await this.ask('GET', '/interfaces/peer')
    const { interface: it } = body as {
      interface: { vppName: string; counters: { rx: { packets: number } } }
    }
    const { text } = await ask(String(this.#urls.get('metrics')))
    const series = text.split('\n').filter((line) => line.startsWith('vpp_interface_receive_packets_total{'))
    const line = series.find((one) => one.includes(`"${it.vppName}"`))
    return { rest: it.counters.rx.packets, metrics: Number(line?.split(' ').at(-1)) }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent.close()
    await this.vpp[Symbol.asyncDispose]()
  }
}

describe.runIf(vppBinary !== undefined)('agent, a real VPP and our memif', () => {
  it.each([
    ['VPP serves the memif', 'master', 'client'],
    ['VPP joins the memif', 'slave', 'server'],
  ] as const)('%s: pings, counters and events; all again when VPP is killed', async (_, role, ours) => {
    await using topology = await Topology.start(vppBinary ?? '')
    const memif = respond(topology.socket, ours)
    try {
      await topology.make('/memif-sockets', { id: 7, path: topology.socket })
      const addresses = ['192.168.1.2/24', '2001:db8::2/64']
      await topology.make('/interfaces', { type: 'memif', name: 'peer', role, socket: 7, id: 3, addresses })
      await memif.ready()
      await vi.waitFor(async () => expect((await topology.links()).up).not.toEqual([]), SOON)
      await topology.pings(PEER.ipv4)
      await topology.pings(PEER.ipv6)
      await vi.waitFor(async () => {
        const { rest, metrics } = await topology.counts()
        expect(rest).toBeGreaterThanOrEqual(2 * PINGS)
        expect(metrics).toBeGreaterThanOrEqual(2 * PINGS)
      }, SOON)

      const { last } = await topology.links()
      const gone = new Promise((resolve) => memif.once('disconnect', resolve))
      await topology.vpp.kill()
      await gone
      const away = await topology.ask('GET', '/health/ready')
      expect(away.status).toBe(503)
      await topology.vpp.launch()
      await vi.waitFor(async () => {
        const { body } = await topology.ask('GET', '/interfaces/peer')
        expect(body).toMatchObject({ desired: { status: { state: 'applied' } } })
      }, SOON)
      await vi.waitFor(async () => expect((await topology.links(last)).up).not.toEqual([]), SOON)
      await memif.ready()
      await topology.pings(PEER.ipv4)
      await topology.pings(PEER.ipv6)
      const plan = await topology.ask('GET', '/plan')
      expect(plan.body).toMatchObject({ changes: [] })
    } finally {
      void memif.close()
    }
  })
})
