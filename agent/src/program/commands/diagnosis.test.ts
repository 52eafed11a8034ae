import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { json } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { main } from '../program.ts'

/** What an agent answers to a request. */
interface Answer {
  readonly status?: number
  readonly body?: unknown
  readonly bytes?: Buffer
}

/** A request that an agent had. */
interface Asked {
  readonly what: string
  readonly body: unknown
}

const TRACED = {
  cleared: true,
  packets: [
    {
      thread: 1,
      steps: [
        {
          at: '00:00:01:000000',
          node: 'memif-input',
          lines: [{ text: 'hw_if_index 1', lines: [{ text: 'slot 0\u001B[2J', lines: [] }] }],
        },
        { at: '00:00:01:000002', node: 'error-drop', lines: [{ text: 'rx:memif0/0', lines: [] }] },
      ],
    },
  ],
}

describe('commands of packet tools', () => {
  let server: Server
  let url = ''
  let folder = ''
  const asked: Asked[] = []
  const answers = new Map<string, Answer>()

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'commands-'))
    asked.length = 0
    answers.clear()
    server = createServer((request, response) => {
      void (async () => {
        const what = `${request.method ?? ''} ${request.url ?? ''}`
        const body = request.headers['content-type'] === undefined ? undefined : await json(request)
        asked.push({ what, body })
        const { status = 200, body: answer, bytes } = answers.get(what) ?? { status: 404 }
        const type = status >= 400 ? 'application/problem+json' : 'application/json'
        response.writeHead(status, {
          'content-type': bytes === undefined ? type : 'application/octet-stream',
        })
        response.end(bytes ?? (answer === undefined ? '' : JSON.stringify(answer)))
      })()
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })

  afterEach(async () => {
    server.close()
    await rm(folder, { recursive: true })
  })

  async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
    const [out, err] = [new PassThrough(), new PassThrough()]
    const context = {
      out,
      err,
      input: new PassThrough(),
      env: {},
      signal: () => new AbortController().signal,
      exitCode: 0,
    }
    const code = await main([...args, '--server', url, '--instance', 'vpp'], context)
    out.end()
    err.end()
    const textOf = (stream: PassThrough): string => (stream.read() as Buffer | null)?.toString('latin1') ?? ''
    return { code, out: Buffer.from(textOf(out), 'latin1').toString('utf8'), err: textOf(err) }
  }

  it('trace shows packets as a tree that cannot control the terminal', async () => {
    answers.set('POST /api/v1/instances/vpp/diagnosis/trace', { body: TRACED })
    const { code, out } = await run('trace', 'memif-input', '--packets', '3', '--for', '500ms')
    expect(code).toBe(0)
    expect(asked).toEqual([
      {
        what: 'POST /api/v1/instances/vpp/diagnosis/trace',
        body: { node: 'memif-input', packets: 3, seconds: 0.5 },
      },
    ])
    expect(out).toBe(`Packet 1, thread 1
├─ memif-input 00:00:01:000000
│  └─ hw_if_index 1
│     └─ slot 0\\x1b[2J
└─ error-drop 00:00:01:000002
   └─ rx:memif0/0
`)
    const { out: asJson } = await run('trace', 'memif-input', '--json')
    expect(JSON.parse(asJson)).toEqual(TRACED)
  })

  it('trace says when nothing came, when another client traces, and clears', async () => {
    answers.set('POST /api/v1/instances/vpp/diagnosis/trace', { body: { cleared: false, packets: [] } })
    answers.set('DELETE /api/v1/instances/vpp/diagnosis/trace', { status: 204 })
    const { out, err } = await run('trace', 'memif-input')
    expect([out, err]).toEqual([
      'no packet came in at memif-input\n',
      'another client is tracing too: the buffer of VPP was not cleared\n',
    ])
    expect(await run('trace', '--clear')).toMatchObject({ code: 0, out: 'cleared\n' })
    const { code, err: usage } = await run('trace')
    expect([code, usage]).toEqual([2, expect.stringContaining('which graph node?')])
  })

  it('what the agent refuses is told, with another exit code', async () => {
    const detail = "VPP's trace buffer holds packets of another client; wait until it ends"
    const body = { title: 'Conflict', status: 409, code: 'AGENT_BUSY', detail }
    answers.set('POST /api/v1/instances/vpp/diagnosis/trace', { status: 409, body })
    const { code, err } = await run('trace', 'memif-input')
    expect(code).not.toBe(0)
    expect(err).toContain(detail)
  })

  it('pcap writes a file, or the output', async () => {
    const bytes = Buffer.from('d4c3b2a1', 'hex')
    answers.set('POST /api/v1/instances/vpp/diagnosis/pcap', { bytes })
    const file = join(folder, 'lan.pcap')
    const { code, out } = await run('pcap', file, '--interface', 'lan', '--only', 'dropped')
    expect([code, out]).toEqual([0, `${file}: 4 bytes\n`])
    expect(await readFile(file)).toEqual(bytes)
    expect(asked[0]?.body).toEqual({
      interface: 'lan',
      received: false,
      sent: false,
      dropped: true,
      packets: 1000,
      bytes: 512,
      seconds: 5,
    })
    expect((await run('pcap', '-')).code).toBe(0)
    expect((await run('pcap', file, '--only', 'some')).code).toBe(2)
  })

  it('errors are a table', async () => {
    const errors = [
      { node: 'ip4-input', reason: 'ip4 ttl <= 1', count: 12, perSecond: 3.25 },
      { node: 'arp-reply', reason: 'unknown', count: 1, perSecond: null },
    ]
    answers.set('GET /api/v1/instances/vpp/diagnosis/errors?search=ip&limit=2', {
      body: { total: 3, errors },
    })
    const { out, err } = await run('errors', 'ip', '--limit', '2')
    expect(out).toBe(`per second  count  node       reason
3.3         12     ip4-input  ip4 ttl <= 1
?           1      arp-reply  unknown
`)
    expect(err).toBe('1 more; see --limit\n')
  })
})
