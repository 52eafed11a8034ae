import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { createMemif, type Memif, type MemifError, type MemifOptions } from '@vpp-ts/memif'
import { respondToFrame, respondToPacket, type ResponderHost } from '@vpp-ts/memif/net'
import { ExampleProcess, buildExamples } from '../memif/example-process.ts'
import { Vpp, vppMissing } from './memif-vpp.ts'

if (vppMissing !== undefined) console.warn(`memif against VPP does not run: ${vppMissing}`)

const HOST: ResponderHost = { mac: 'aa:aa:aa:aa:aa:aa', ipv4: '192.168.1.1', ipv6: '2001:db8::1' }
const SIZES = [64, 500, 1472, 2048, 4000, 8972]

describe.skipIf(vppMissing !== undefined)('against VPP', () => {
  const vpp = new Vpp()
  const open: Memif[] = []
  let serial = 0

  beforeAll(() => vpp.start())
  afterAll(() => vpp[Symbol.asyncDispose]())
  afterEach(async () => {
    for (const memif of open.splice(0)) void memif.close()
    for (const [, name] of (await vpp.cli('show memif')).matchAll(/^interface (\S+)/gm)) {
      await vpp.cli(`delete interface memif ${name}`)
    }
  })

  function make(options: MemifOptions): Memif {
    const memif = createMemif({ reconnectMs: 100, ...options })
    open.push(memif)
    return memif
  }

  function responder(options: MemifOptions, host = HOST): Memif {
    const memif = make(options)
    const respond = options.mode === 'ip' ? respondToPacket : respondToFrame
    memif.on('interrupt', (queue) => {
      const replies = memif.rxBurst(queue, 256).map((packet) => respond(host, packet.data))
      memif.txBurst(
        0,
        replies.filter((reply) => reply !== undefined),
      )
    })
    return memif
  }

  /** Makes a separate socket in VPP; returns its number and file. */
  async function vppSocket(): Promise<{ id: number; path: string }> {
    const id = ++serial
    const path = join(vpp.directory, `memif-${id}.sock`)
    await vpp.cli(`create memif socket id ${id} filename ${path}`)
    return { id, path }
  }

  async function up(name: string): Promise<void> {
    await vpp.commands(
      `set interface mtu packet 9200 ${name}`,
      `set interface ip address ${name} 192.168.1.2/24`,
      `set interface ip address ${name} 2001:db8::2/64`,
      `set interface state ${name} up`,
    )
  }

  /** The first packet to a neighbour is spent on finding it. */
  const found = (target: string) =>
    vi.waitFor(async () => expect((await vpp.ping(target, 64, 1)).received).toBe(1), { timeout: 60_000 })

  /** VPP pings with all sizes at once. */
  async function answersAllSizes(): Promise<void> {
    const counts = await Promise.all(SIZES.map((size) => vpp.ping(HOST.ipv4, size, 5)))
    expect(counts).toEqual(SIZES.map(() => ({ sent: 5, received: 5 })))
  }

  /** VPP learns a little later than we do that the link is up, and drops what it is to send before that. */
  const seenUp = (name: string) =>
    vi.waitFor(async () => expect(await vpp.cli(`show hardware-interfaces ${name}`)).toMatch(/\bup\b/), {
      timeout: 60_000,
    })

  describe.each([
    ['its copying client', 'client', 'slave no-zero-copy', {}],
    ['its zero-copy client', 'client', 'slave', {}],
    ['its server', 'server', 'master', {}],
    [
      'its copying client, 3 queues, small rings',
      'client',
      'slave no-zero-copy rx-queues 3 tx-queues 3 ring-size 64',
      { rxQueues: 3, txQueues: 3 },
    ],
    [
      'its server, 3 queues, small buffers',
      'server',
      'master',
      { rxQueues: 3, txQueues: 3, ringSize: 128, bufferSize: 512 },
    ],
  ] as const)('%s', (_, theirRole, settings, own) => {
    const role = theirRole === 'client' ? 'server' : 'client'

    test.each(['interrupt', 'adaptive'] as const)(
      'pings us from 64 to 9000 bytes, our queues in mode %s',
      async (rxMode) => {
        const { id, path } = await vppSocket()
        const memif = responder({ socket: path, role, secret: 'psst', rxMode, ...own })
        await vpp.cli(`create interface memif id 0 socket-id ${id} ${settings} secret psst`)
        await up(`memif${id}/0`)
        const { remote } = await memif.ready()
        expect(remote).toMatchObject({
          appName: expect.stringMatching(/^VPP 2/),
          interfaceName: `memif${id}/0`,
        })
        await found(HOST.ipv4)
        await answersAllSizes()
        await found(HOST.ipv6!)
        expect(await vpp.ping(HOST.ipv6!, 1000, 5)).toEqual({ sent: 5, received: 5 })
        expect(memif.getCounters().rx).toMatchObject({
          badDescriptor: 0,
          badChain: 0,
          tooLong: 0,
          badIndex: 0,
        })
      },
    )

    test('pings us in mode ip', async () => {
      const { id, path } = await vppSocket()
      const memif = responder({ socket: path, role, mode: 'ip', ...own })
      await vpp.cli(`create interface memif id 0 socket-id ${id} ${settings} mode ip`)
      await up(`memif${id}/0`)
      await memif.ready()
      await answersAllSizes()
    })
  })

  test.each([
    ['its copying client', 'slave no-zero-copy', []],
    ['its zero-copy client', 'slave', []],
    ['its server', 'master', ['--slave', '--rx-mode', 'adaptive']],
    ['its zero-copy client in mode ip', 'slave mode ip', ['--mode', 'ip']],
    ['its server in mode ip', 'master mode ip', ['--mode', 'ip', '--slave']],
  ] as const)('%s pings the icmp-responder program from 64 to 9000 bytes', async (_, settings, args) => {
    buildExamples()
    const { id, path } = await vppSocket()
    await using responder = new ExampleProcess('icmp-responder', ['--socket', path, ...args])
    await vpp.cli(`create interface memif id 1 socket-id ${id} ${settings} secret secret`)
    await up(`memif${id}/1`)
    await vi.waitFor(() => expect(responder.output).toContain('connected to VPP'), { timeout: 60_000 })
    await found(HOST.ipv4)
    await answersAllSizes()
    await found(HOST.ipv6!)
    expect(await vpp.ping(HOST.ipv6!, 1000, 5)).toEqual({ sent: 5, received: 5 })
    expect(await responder.interrupt()).toBe(0)
    await vi.waitFor(
      async () => {
        expect(await vpp.cli(`show hardware-interfaces memif${id}/1`)).toMatch(/\bdown\b/)
      },
      { timeout: 60_000 },
    )
  })

  test('a wrong secret is refused by either side, the right one is not', async () => {
    const { id, path } = await vppSocket()
    await vpp.commands(
      `create interface memif id 0 socket-id ${id} master secret right`,
      `set interface state memif${id}/0 up`,
    )
    const wrong = make({ socket: path, role: 'client', secret: 'wrong' })
    expect(await once(wrong, 'failure')).toEqual([
      expect.objectContaining({ code: 'MEMIF_PEER_REFUSED', reason: 'incorrect secret' }),
    ])
    wrong.close()
    const none = make({ socket: path, role: 'client' })
    expect(await once(none, 'failure')).toEqual([expect.objectContaining({ reason: 'secret required' })])
    none.close()
    await make({ socket: path, role: 'client', secret: 'right' }).ready()

    const other = await vppSocket()
    const server = make({ socket: other.path, role: 'server', secret: 'right' })
    await vpp.cli(`create interface memif id 0 socket-id ${other.id} slave secret wrong`)
    const failure = once(server, 'failure')
    await vpp.cli(`set interface state memif${other.id}/0 up`)
    expect(await failure).toEqual([
      expect.objectContaining({ code: 'MEMIF_REFUSED', reason: 'incorrect secret' }),
    ])
    await vi.waitFor(async () => expect(await vpp.cli('show memif')).toContain('incorrect secret'), {
      timeout: 60_000,
    })
  })

  test('its other refusals reach us with their reasons', async () => {
    const { id, path } = await vppSocket()
    await vpp.commands(
      `create interface memif id 0 socket-id ${id} master`,
      `set interface state memif${id}/0 up`,
    )
    const refusal = async (options: Partial<MemifOptions>) => {
      const memif = make({ socket: path, role: 'client', ...options })
      const [error] = (await once(memif, 'failure')) as [MemifError]
      void memif.close()
      return error.reason
    }
    expect(await refusal({ id: 5 })).toBe('unmatched interface id')
    expect(await refusal({ mode: 'ip' })).toBe('mode mismatch')
    await make({ socket: path, role: 'client' }).ready()
    expect(await refusal({})).toBe('already connected')
  })

  test.each(['master', 'slave'] as const)('follows the link of its %s down and up again', async (theirs) => {
    const { id, path } = await vppSocket()
    const name = `memif${id}/0`
    const create = () => vpp.cli(`create interface memif id 0 socket-id ${id} ${theirs}`)
    const link = () => vpp.cli(`show hardware-interfaces ${name}`)
    const memif = responder({ socket: path, role: theirs === 'master' ? 'client' : 'server' })
    await create()
    for (let round = 0; round < 3; round++) {
      await up(name)
      await memif.ready()
      await seenUp(name)
      await found(HOST.ipv4)
      // Without admin-up VPP keeps the connection, but neither sends nor receives.
      await vpp.cli(`set interface state ${name} down`)
      expect((await vpp.ping(HOST.ipv4, 64, 1)).received).toBe(0)
      expect(memif.connected).toBe(true)
      await vpp.cli(`set interface state ${name} up`)
      await found(HOST.ipv4)
      const down = once(memif, 'disconnect')
      await vpp.cli(`delete interface memif ${name}`)
      expect(await down).toEqual([
        expect.objectContaining({ code: 'MEMIF_PEER_DISCONNECTED', reason: expect.stringMatching(/\w/) }),
      ])
      await create()
    }
    await up(name)
    await memif.ready()
    void memif.close('enough')
    await vi.waitFor(async () => expect(await link()).toMatch(/\bdown\b/), { timeout: 60_000 })
  })

  test.each([
    ['copying', ' no-zero-copy'],
    ['zero-copy', ''],
  ] as const)(
    '1000000 packets arrive once and in order while rings have room: in by its server, out by its %s client, and back',
    { timeout: 900_000 },
    async (_, settings) => {
      const [a, b] = [await vppSocket(), await vppSocket()]
      const client = make({ socket: a.path, role: 'client', rxMode: 'polling' })
      const server = make({ socket: b.path, role: 'server', rxMode: 'polling' })
      const [inside, outside] = [`memif${a.id}/0`, `memif${b.id}/0`]
      await vpp.commands(
        `create interface memif id 0 socket-id ${a.id} master`,
        `create interface memif id 0 socket-id ${b.id} slave${settings}`,
        `set interface l2 xconnect ${inside} ${outside}`,
        `set interface l2 xconnect ${outside} ${inside}`,
        `set interface state ${inside} up`,
        `set interface state ${outside} up`,
      )
      await Promise.all([client.ready(), server.ready(), seenUp(inside), seenUp(outside)])
      const whole = { sent: 1_000_000, received: 1_000_000, outOfOrder: 0 }
      expect(await pump(client, server, 1_000_000)).toEqual(whole)
      expect(await pump(server, client, 1_000_000)).toEqual(whole)
    },
  )

  test.each(['SIGTERM', 'SIGKILL'] as const)(
    'comes back after VPP was ended by %s and started again',
    async (signal) => {
      const paths = ['server.sock', 'client.sock'].map((name) => join(vpp.directory, name))
      const memifs = [
        responder({ socket: paths[0]!, role: 'client' }),
        make({ socket: paths[1]!, role: 'server' }),
      ]
      for (let round = 0; round < 2; round++) {
        await vpp.commands(
          `create memif socket id 1001 filename ${paths[0]}`,
          `create memif socket id 1002 filename ${paths[1]}`,
          'create interface memif id 0 socket-id 1001 master',
          'create interface memif id 0 socket-id 1002 slave',
          'set interface state memif1001/0 up',
          'set interface state memif1002/0 up',
        )
        await Promise.all(memifs.map((memif) => memif.ready()))
        await up('memif1001/0')
        await found(HOST.ipv4)
        const down = memifs.map((memif) => once(memif, 'disconnect'))
        await vpp.stop(signal)
        await Promise.all(down)
        await vpp.start()
      }
    },
  )
})

/** Sends numbered packets, never more under way than fit in the rings, and checks their numbers. */
async function pump(
  source: Memif,
  sink: Memif,
  total: number,
): Promise<{ sent: number; received: number; outOfOrder: number }> {
  const window = 512
  const packets = Array.from({ length: 64 }, () => Buffer.alloc(64, 0x5a))
  for (const packet of packets) packet.write('02000000000102000000000288b5', 0, 'hex')
  const count = { sent: 0, received: 0, outOfOrder: 0 }
  let lastProgress = Date.now()
  while (count.received < total && Date.now() - lastProgress < 60_000) {
    const room = Math.min(window - (count.sent - count.received), total - count.sent, packets.length)
    for (let n = 0; n < room; n++) packets[n]!.writeUInt32BE(count.sent + n, 14)
    count.sent += source.txBurst(0, packets.slice(0, room))
    const got = sink.rxBurst(0, 256)
    for (const { data } of got) {
      const number = ((data[14]! << 24) | (data[15]! << 16) | (data[16]! << 8) | data[17]!) >>> 0
      if (number !== count.received++) count.outOfOrder++
    }
    if (got.length > 0) lastProgress = Date.now()
    await new Promise(setImmediate)
  }
  return count
}
