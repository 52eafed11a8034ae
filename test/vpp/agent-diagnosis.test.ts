import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { readAgentConfig, startAgent, type Agent } from '@vpp-ts/agent'
import { VlibClient } from '@vpp-ts/binapi-vlib'
import { pino } from 'pino'
import { describe, expect, it, vi } from 'vitest'
import { readPcap } from '../agent/pcap.ts'
import { ask, urlsInto, writeConfig, type Answer } from '../agent/served.ts'
import { VppProcess, vppBinary, vppPlugins } from './real-vpp.ts'

if (vppBinary === undefined) console.info('VPP_BINARY is not set: no packet of a real VPP is traced')

/** Something that comes about by itself: links, neighbours, counters. */
const SOON = { timeout: 60_000, interval: 200 }
const ICMP = 1

/** A real VPP with an agent that serves it. */
class Kept implements AsyncDisposable {
  readonly vpp: VppProcess
  readonly #agent: Agent
  /** Where REST is. */
  readonly url: string

  private constructor(vpp: VppProcess, agent: Agent, url: string) {
    this.vpp = vpp
    this.#agent = agent
    this.url = url
  }

  static async start(workers = 0): Promise<Kept> {
    const vpp = await VppProcess.start(vppBinary ?? '', vppPlugins, { workers })
    const urls = new Map<string, string>()
    const config = writeConfig(vpp.folder, vpp.apiSocket, {
      rest: { diagnosis: { trace: true, pcap: true } },
    })
    const agent = await startAgent(await readAgentConfig(config), pino({}, urlsInto(urls)))
    return new Kept(vpp, agent, urls.get('REST') ?? '')
  }

  ask(method: string, path: string, body?: unknown): Promise<Answer> {
    return ask(`${this.url}${path}`, method, body)
  }

  async cli(cmd: string): Promise<string> {
    return (
      await new VlibClient(this.#agent.instance('one').connection).cliInband({ cmd }, { timeout: 30_000 })
    ).reply
  }

  /** One end of a memif with an address. */
  async link(socket: string, role: 'master' | 'slave', host: number): Promise<void> {
    await this.ask('POST', '/memif-sockets?wait=true', { id: 1, path: socket })
    const answer = await this.ask('POST', '/interfaces?wait=true', {
      type: 'memif',
      name: 'peer',
      role,
      socket: 1,
      id: 0,
      addresses: [`192.0.2.${host}/24`],
    })
    expect(answer.status, answer.text).toBe(201)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent.close()
    await this.vpp[Symbol.asyncDispose]()
  }
}

/** Two VPPs that reach each other. */
async function linked(): Promise<{ left: Kept; right: Kept } & AsyncDisposable> {
  const left = await Kept.start()
  const right = await Kept.start()
  const socket = join(left.vpp.folder, 'link.sock')
  await left.link(socket, 'master', 1)
  await right.link(socket, 'slave', 2)
  await vi.waitFor(async () => {
    expect(await left.cli('ping 192.0.2.2 repeat 1 interval 0.1')).toContain('1 received')
  }, SOON)
  return {
    left,
    right,
    async [Symbol.asyncDispose]() {
      await right[Symbol.asyncDispose]()
      await left[Symbol.asyncDispose]()
    },
  }
}

interface Line {
  readonly text: string
  readonly lines: readonly Line[]
}

interface Traced {
  readonly cleared: boolean
  readonly packets: readonly {
    readonly steps: readonly { readonly node: string; readonly at: string; readonly lines: readonly Line[] }[]
  }[]
}

function textsOf(lines: readonly Line[]): string[] {
  return lines.flatMap(({ text, lines: below }) => [text, ...textsOf(below)])
}

describe.runIf(vppBinary !== undefined)('diagnosis of a real VPP', () => {
  it('traces a ping as a tree, and leaves the buffer empty', async () => {
    await using both = await linked()
    const { left, right } = both
    const answer = right.ask('POST', '/diagnosis/trace', { node: 'memif-input', packets: 10, seconds: 3 })
    await left.cli('ping 192.0.2.2 repeat 20 interval 0.2')
    const { status, text, body } = await answer
    expect(status, text).toBe(200)
    const { packets, cleared } = body as Traced
    expect(cleared).toBe(true)
    const pings = packets.filter(({ steps }) => steps.some(({ node }) => node === 'ip4-icmp-echo-request'))
    expect(pings.length).toBeGreaterThanOrEqual(3)
    for (const { steps } of pings) {
      expect(steps[0]?.node).toBe('memif-input')
      expect(steps[0]?.at).toMatch(/^\d\d:\d\d:\d\d:\d{6}$/)
      const nodes = steps.map(({ node }) => node)
      expect(nodes).toEqual(expect.arrayContaining(['ethernet-input', 'ip4-input', 'ip4-lookup']))
      const lookup = steps.find(({ node }) => node === 'ip4-lookup')
      expect(textsOf(lookup?.lines ?? []).join('\n')).toContain('ICMP: 192.0.2.1 -> 192.0.2.2')
      // What VPP says of the header is below the line that names the packet.
      const icmp = lookup?.lines.find((line) => line.text.startsWith('ICMP'))
      expect(icmp?.lines.length).toBeGreaterThan(0)
    }
    expect(await right.cli('show trace')).toContain('No packets in trace buffer')
  })

  it('does not touch a trace that somebody else began', async () => {
    await using both = await linked()
    const { left, right } = both
    await right.cli('trace add memif-input 10')
    await left.cli('ping 192.0.2.2 repeat 2 interval 0.1')
    const before = await right.cli('show trace')
    expect(before).toContain('memif-input')
    const refused = await right.ask('POST', '/diagnosis/trace', { node: 'memif-input', seconds: 0.2 })
    expect([refused.status, refused.body]).toMatchObject([409, { code: 'AGENT_BUSY' }])
    expect(await right.cli('show trace')).toBe(before)
    expect((await right.ask('DELETE', '/diagnosis/trace')).status).toBe(204)
    expect(await right.cli('show trace')).toContain('No packets in trace buffer')
  })

  it('captures a ping as a pcap file, of which nothing stays', async () => {
    await using both = await linked()
    const { left, right } = both
    const capture = (body: object): Promise<Response> =>
      fetch(`${right.url}/diagnosis/pcap`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    const answer = capture({ interface: 'peer', packets: 100, seconds: 3 })
    await left.cli('ping 192.0.2.2 repeat 20 interval 0.2')
    const response = await answer
    expect(response.status).toBe(200)
    const packets = readPcap(Buffer.from(await response.arrayBuffer()))
    const pings = packets.filter(({ bytes }) => bytes.readUInt16BE(12) === 0x0800 && bytes[23] === ICMP)
    // Requests that came in, and replies that went out.
    expect(pings.filter(({ bytes }) => bytes[34] === 8).length).toBeGreaterThanOrEqual(3)
    expect(pings.filter(({ bytes }) => bytes[34] === 0).length).toBeGreaterThanOrEqual(3)
    const now = Date.now() / 1000
    expect(pings.every(({ at, length }) => Math.abs(at - now) < 600 && length >= 98)).toBe(true)
    const stayed = readdirSync('/tmp').filter((name) => name.startsWith(`vpp-ts-agent.${process.pid}.`))
    expect(stayed).toEqual([])

    const quiet = await capture({ interface: 'local0', seconds: 0.2 })
    expect(readPcap(Buffer.from(await quiet.arrayBuffer()))).toEqual([])
    await right.cli('pcap trace rx max 10 file theirs-vpp-ts.pcap')
    const refused = await right.ask('POST', '/diagnosis/pcap', { seconds: 0.2 })
    expect([refused.status, refused.body]).toMatchObject([409, { code: 'AGENT_BUSY' }])
    expect(await right.cli('pcap trace status')).toContain('theirs-vpp-ts.pcap')
    await right.cli('pcap trace off').catch(() => undefined)
  })

  it('tells the rates of the interface and of error counters that packets leave', async () => {
    await using both = await linked()
    const { left, right } = both
    await vi.waitFor(async () => {
      await left.cli('ping 192.0.2.2 repeat 5 interval 0.05')
      const { body } = await right.ask('GET', '/history/interfaces/peer?last=1m&step=1')
      const { series } = body as { series: { rxPackets: { mean: (number | null)[] } } }
      expect(Math.max(...series.rxPackets.mean.map((value) => value ?? 0))).toBeGreaterThan(0)
      const errors = await right.ask('GET', '/diagnosis/errors')
      expect(errors.body).toMatchObject({ total: expect.any(Number) as number })
    }, SOON)
  })
})
