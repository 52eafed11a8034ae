import { readdirSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { VlibClient } from '@vpp-ts/binapi-vlib'
import { InterfaceClient } from '@vpp-ts/binapi-interface'
import { VppConnection } from '@vpp-ts/runtime'
import { describe, expect, it, vi } from 'vitest'
import { readPcap } from './pcap.ts'
import { Running } from './running.ts'
import { serve, type Served } from './served.ts'

const TOOLS = { rest: { diagnosis: { trace: true, pcap: true } } }
const SOON = { timeout: 20_000, interval: 10 }

/** Files that captures have left in VPP's folder. */
function leftFiles(): string[] {
  return readdirSync('/tmp').filter((name) => name.startsWith(`vpp-ts-agent.${process.pid}.`))
}

/** Settles when VPP was asked for something. */
async function asked({ vpp }: Served, message: string): Promise<void> {
  await vi.waitFor(() => expect(vpp.requests.count(message)).toBeGreaterThan(0), SOON)
}

describe('packet trace', () => {
  it('tells the way of each packet as a tree, and leaves nothing in VPP', async () => {
    await using served = await serve(TOOLS)
    const { traces } = served.vpp.model
    const answer = served.ask('POST', '/diagnosis/trace', { node: 'memif-input', packets: 2, seconds: 1 })
    await asked(served, 'trace_capture_packets')
    for (let packet = 0; packet < 3; packet++) {
      traces.arrive(
        'memif-input',
        [
          ['memif-input', 'memif: hw_if_index 1', '  slot: ring 0'],
          ['error-drop', 'rx:memif0/0'],
        ],
        { at: 61.5 },
      )
    }
    const { status, body, text } = await answer
    expect(status, text).toBe(200)
    const steps = [
      {
        at: '00:01:01:500000',
        node: 'memif-input',
        lines: [{ text: 'memif: hw_if_index 1', lines: [{ text: 'slot: ring 0', lines: [] }] }],
      },
      { at: '00:01:01:500000', node: 'error-drop', lines: [{ text: 'rx:memif0/0', lines: [] }] },
    ]
    expect(body).toEqual({
      cleared: true,
      packets: [
        { thread: 0, steps },
        { thread: 0, steps },
      ],
    })
    expect(traces.packets).toEqual([])
    expect(traces.arrive('memif-input', [['memif-input']])).toBe(false)
    const { body: log } = await served.ask('GET', '/events?kind=diagnosis')
    const what = 'memif-input, at most 2 packets of a thread in 1 s'
    expect(log).toMatchObject({ events: [{ kind: 'diagnosis', tool: 'trace', what, role: 'operator' }] })
  })

  it('of somebody else is neither read nor cleared, unless a person says so', async () => {
    await using served = await serve(TOOLS)
    await using other = await VppConnection.connect(served.vpp.path)
    await new VlibClient(other).cliInband({ cmd: 'trace add virtio-input 5' })
    const { traces } = served.vpp.model
    traces.arrive('virtio-input', [['virtio-input']])
    const refused = await served.ask('POST', '/diagnosis/trace', { node: 'memif-input', seconds: 0.1 })
    expect([refused.status, refused.body]).toMatchObject([409, { code: 'AGENT_BUSY' }])
    expect(traces.packets).toHaveLength(1)
    expect(traces.arrive('virtio-input', [['virtio-input']])).toBe(true)
    expect((await served.ask('DELETE', '/diagnosis/trace')).status).toBe(204)
    expect(traces.packets).toEqual([])
  })

  it('of somebody else that begins meanwhile is left as it is', async () => {
    await using served = await serve(TOOLS)
    const { traces, nodes } = served.vpp.model
    const answer = served.ask('POST', '/diagnosis/trace', { node: 'memif-input', seconds: 1 })
    await asked(served, 'trace_capture_packets')
    traces.capture(nodes.byName('virtio-input')?.index ?? -1, 9)
    traces.arrive('memif-input', [['memif-input']])
    traces.arrive('virtio-input', [['virtio-input']])
    expect((await answer).body).toMatchObject({ cleared: false, packets: [{}, {}] })
    expect(traces.packets).toHaveLength(2)
    expect(traces.arrive('virtio-input', [['virtio-input']])).toBe(true)
  })

  it('is one at a time, and ends with a client that goes away', async () => {
    await using served = await serve(TOOLS)
    const gone = new AbortController()
    const first = fetch(`${served.url}/diagnosis/trace`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ node: 'memif-input', seconds: 60 }),
      signal: gone.signal,
    }).catch((error: unknown) => error)
    await asked(served, 'trace_capture_packets')
    expect((await served.ask('GET', '/diagnosis')).body).toEqual({
      trace: { allowed: true, busy: true },
      pcap: { allowed: true, busy: false },
    })
    const second = await served.ask('POST', '/diagnosis/trace', { node: 'memif-input' })
    expect([second.status, second.body]).toMatchObject([409, { code: 'AGENT_BUSY' }])
    gone.abort()
    await first
    await asked(served, 'trace_clear_capture')
    expect(served.vpp.model.traces.arrive('memif-input', [['memif-input']])).toBe(false)
  })

  it('is off unless it is allowed; a node that VPP does not have is refused', async () => {
    await using off = await serve()
    for (const [method, path] of [
      ['POST', 'trace'],
      ['DELETE', 'trace'],
      ['POST', 'pcap'],
    ] as const) {
      const body = method === 'DELETE' ? undefined : path === 'trace' ? { node: 'memif-input' } : {}
      const answer = await off.ask(method, `/diagnosis/${path}`, body)
      expect([answer.status, answer.body], path).toMatchObject([403, { code: 'AGENT_FORBIDDEN' }])
    }
    await using on = await serve(TOOLS)
    expect((await on.ask('POST', '/diagnosis/trace', { node: 'nowhere' })).body).toMatchObject({
      code: 'AGENT_REQUEST',
      detail: expect.stringContaining('no graph node "nowhere"') as string,
    })
    expect((await on.ask('POST', '/diagnosis/trace', { node: 'a b' })).status).toBe(400)
  })
})

describe('packet capture', () => {
  const PACKET = Buffer.from('020000000001020000000002080045000014', 'hex')

  it('is a pcap file, of which nothing stays behind', async () => {
    await using served = await serve(TOOLS)
    await served.ask('POST', '/interfaces?wait=true', { type: 'loopback', name: 'lan' })
    const answer = fetch(`${served.url}/diagnosis/pcap`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ interface: 'lan', packets: 2, seconds: 1 }),
    })
    await asked(served, 'pcap_trace_on')
    const { captures } = served.vpp.model
    const swIfIndex = 1
    captures.pass({ direction: 'received', swIfIndex: 0, bytes: PACKET })
    for (let at = 1; at <= 3; at++) {
      captures.pass({ direction: 'received', swIfIndex, bytes: PACKET, at })
    }
    const response = await answer
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/vnd.tcpdump.pcap')
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="one.pcap"')
    expect(readPcap(Buffer.from(await response.arrayBuffer()))).toEqual([
      { at: 1, length: PACKET.length, bytes: PACKET },
      { at: 2, length: PACKET.length, bytes: PACKET },
    ])
    expect(leftFiles()).toEqual([])
    expect(captures.state).toBeUndefined()
  })

  it('without a packet is a file without packets', async () => {
    await using served = await serve(TOOLS)
    const response = await fetch(`${served.url}/diagnosis/pcap`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ seconds: 0.1 }),
    })
    expect(readPcap(Buffer.from(await response.arrayBuffer()))).toEqual([])
  })

  it('of somebody else is not touched', async () => {
    await using served = await serve(TOOLS)
    await using other = await VppConnection.connect(served.vpp.path)
    await new InterfaceClient(other).pcapTraceOn({ captureRx: true, filename: 'theirs.pcap', swIfIndex: 0 })
    const answer = await served.ask('POST', '/diagnosis/pcap', { seconds: 0.1 })
    expect([answer.status, answer.body]).toMatchObject([409, { code: 'AGENT_BUSY' }])
    expect(served.vpp.model.captures.state).toMatchObject({ filename: 'theirs.pcap' })
  })

  it('ends, and its file goes, with a client that goes away', async () => {
    await using served = await serve(TOOLS)
    const gone = new AbortController()
    const answer = fetch(`${served.url}/diagnosis/pcap`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ seconds: 60 }),
      signal: gone.signal,
    }).catch((error: unknown) => error)
    await asked(served, 'pcap_trace_on')
    served.vpp.model.captures.pass({ direction: 'sent', swIfIndex: 0, bytes: PACKET })
    gone.abort()
    await answer
    await asked(served, 'pcap_trace_off')
    await vi.waitFor(() => expect(leftFiles()).toEqual([]), SOON)
  })

  it('of an agent that was killed is ended by the next, and its file goes', async () => {
    await using running = await Running.start(TOOLS)
    const { captures } = running.vpp.model
    const lost = running.ask('POST', '/diagnosis/pcap', { seconds: 60 }).catch((error: unknown) => error)
    await vi.waitFor(() => expect(captures.state).toBeDefined(), SOON)
    const name = captures.state?.filename ?? ''
    captures.pass({ direction: 'received', swIfIndex: 0, bytes: PACKET })
    await running.kill('SIGKILL')
    await lost
    expect(captures.state).toMatchObject({ filename: name, captured: 1 })
    await running.again()
    await vi.waitFor(() => expect(captures.state).toBeUndefined(), SOON)
    await vi.waitFor(() => expect(readdirSync('/tmp')).not.toContain(name), SOON)
  })
})

describe('error counters', () => {
  it('are told with their rates, the fastest first', async () => {
    await using served = await serve(TOOLS)
    const { counters } = served
    const slow = counters.addError('ip4-input', 'ip4 ttl <= 1')
    counters.addError('ip6-input', 'never counted')
    counters.errorCounter.set(0, slow, 1000n)
    const fast = counters.addError('arp-reply', 'ARP hw addr not ethernet')
    await vi.waitFor(async () => {
      counters.errorCounter.add(0, fast, 5n)
      await delay(100)
      const { body } = await served.ask('GET', '/diagnosis/errors')
      expect(body).toMatchObject({
        total: 2,
        errors: [
          { node: 'arp-reply', perSecond: expect.any(Number) as number },
          { node: 'ip4-input', reason: 'ip4 ttl <= 1', count: 1000, perSecond: 0 },
        ],
      })
    }, SOON)
    const found = await served.ask('GET', '/diagnosis/errors?search=TTL')
    expect(found.body).toMatchObject({ total: 1, errors: [{ node: 'ip4-input' }] })
  })
})
