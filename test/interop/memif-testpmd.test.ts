import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { createMemif, type Memif, type MemifOptions } from '@vpp-ts/memif'
import { Testpmd, testpmdMissing, type TestpmdOptions } from './testpmd.ts'

if (testpmdMissing !== undefined) console.warn(`memif against DPDK does not run: ${testpmdMissing}`)

const LIMIT_MS = 20_000
const PACKETS = 3000

/** Counters of what a sound peer never causes. */
const NO_DROPS = { badDescriptor: 0, badChain: 0, tooLong: 0, badIndex: 0 }

describe.skipIf(testpmdMissing !== undefined)('against dpdk-testpmd', { timeout: LIMIT_MS }, () => {
  const directory = mkdtempSync(join(tmpdir(), 'memif-testpmd-'))
  const memifs: Memif[] = []
  const peers: Testpmd[] = []
  let serial = 0

  afterEach(async () => {
    for (const memif of memifs.splice(0)) void memif.close()
    await Promise.all(peers.splice(0).map((peer) => peer.stop()))
  })
  afterAll(() => rmSync(directory, { recursive: true }))

  function newSocket(kind: 'path' | 'abstract' = 'path'): string {
    const path = join(directory, `${serial++}.sock`)
    return kind === 'path' ? path : `@${path}`
  }

  function make(options: MemifOptions): Memif {
    const memif = createMemif({ reconnectMs: 100, ...options })
    memifs.push(memif)
    return memif
  }

  function start(options: TestpmdOptions): Testpmd {
    const peer = new Testpmd(options)
    peers.push(peer)
    return peer
  }

  describe.each([
    ['as server', 'server', 'client'],
    ['as client', 'client', 'server'],
  ] as const)('%s', (_, theirs, ours) => {
    /** Our end first: a client of DPDK tries once, and never again. */
    async function connected(mine: Omit<MemifOptions, 'role'>, its: Omit<TestpmdOptions, 'role' | 'socket'>) {
      const socket = mine.socket ?? newSocket()
      const memif = make({ ...mine, socket, role: ours })
      const peer = start({ ...its, socket, role: theirs })
      const details = await peer.during(memif.ready({ signal: AbortSignal.timeout(10_000) }))
      return { memif, peer, details }
    }

    test.each([
      ['io', 'path', 1, 'interrupt', 1500, []],
      ['io', 'abstract', 2, 'polling', 1500, []],
      ['macswap', 'path', 1, 'adaptive', 1500, []],
      ['io', 'path', 1, 'adaptive', 9000, []],
      ['macswap', 'abstract', 2, 'interrupt', 9000, []],
      ['macswap', 'path', 1, 'polling', 9000, ['rsize=9', 'bsize=1024']],
    ] as const)(
      'gives all packets back, in order: %s, socket %s, %i queues, our mode %s, to %i bytes, its port %j',
      async (forward, kind, queues, rxMode, largest, device) => {
        const mine = { socket: newSocket(kind), rxQueues: queues, txQueues: queues, rxMode }
        const { memif, peer, details } = await connected(mine, { forward, queues, device })
        expect(details.remote).toMatchObject({
          appName: expect.stringMatching(/^DPDK/),
          interfaceName: 'net_memif0',
        })
        expect(details.rxQueues).toHaveLength(queues)
        for (let queue = 0; queue < queues; queue++) {
          await peer.during(echoed(memif, queue, largest, forward === 'macswap'))
        }
        const { rx, tx } = memif.getCounters()
        expect(rx).toMatchObject({ packets: PACKETS * queues, ...NO_DROPS })
        expect(tx).toMatchObject({ packets: PACKETS * queues, bytes: rx.bytes, badBuffer: 0, badIndex: 0 })
      },
    )

    test('receives a million packets that we send as fast as it takes them', async () => {
      const { memif, peer } = await connected({ rxMode: 'polling' }, { forward: 'rxonly' })
      const total = 1_000_000
      const packets = Array.from({ length: 64 }, () => numbered(0, 64, false))
      const signal = AbortSignal.timeout(15_000)
      const sending = async () => {
        for (let sent = 0; sent < total; sent += packets.length) await memif.send(packets, { signal })
      }
      await peer.during(sending())
      await vi.waitFor(() => expect(peer.received).toEqual({ packets: total, bytes: total * 64 }), 5000)
    })

    test('sends us a million packets, all of the right size', async () => {
      const { memif, peer } = await connected(
        { rxMode: 'polling' },
        { forward: 'txonly', extra: ['--txpkts=64'] },
      )
      const signal = AbortSignal.timeout(15_000)
      const receiving = async () => {
        for (let got = 0; got < 1_000_000;) {
          signal.throwIfAborted()
          const packets = memif.rxBurst(0, 256)
          expect(packets.filter(({ length }) => length !== 64)).toEqual([])
          got += packets.length
          await new Promise(setImmediate)
        }
      }
      await peer.during(receiving())
      expect(memif.getCounters().rx).toMatchObject(NO_DROPS)
    })

    test('takes our secret, and tells us of its end', async () => {
      const { memif, peer } = await connected({ secret: 'psst' }, { forward: 'io', device: ['secret=psst'] })
      const gone = once(memif, 'disconnect')
      await peer.stop()
      expect(await gone).toEqual([expect.objectContaining({ code: 'MEMIF_PEER_DISCONNECTED' })])
    })

    test('refuses, or is refused, with a wrong secret', async () => {
      const socket = newSocket()
      const memif = make({ socket, role: ours, secret: 'right' })
      // Until it listens and its port is set up, attempts fail for other reasons.
      const reasons: (string | undefined)[] = []
      memif.on('failure', ({ reason }) => reasons.push(reason?.toLowerCase()))
      const peer = start({ role: theirs, socket, forward: 'io', device: ['secret=wrong'] })
      await peer.during(vi.waitFor(() => expect(reasons).toContain('incorrect secret'), 10_000))
      expect(memif.getCounters().connects).toBe(0)
    })

    test('comes back when it was killed and started again', async () => {
      const socket = newSocket('abstract')
      const { memif, peer } = await connected({ socket }, { forward: 'io' })
      const gone = once(memif, 'disconnect')
      peer.kill()
      await gone
      const next = start({ socket, role: theirs, forward: 'io' })
      await next.during(memif.ready({ signal: AbortSignal.timeout(10_000) }))
      await next.during(echoed(memif, 0, 1500, false))
      expect(memif.getCounters()).toMatchObject({ connects: 2, disconnects: 1 })
    })
  })
})

/** Sends numbered packets of many sizes, as many under way as fit, and checks that each comes back, in order. */
async function echoed(memif: Memif, queue: number, largest: number, swapped: boolean): Promise<void> {
  const signal = AbortSignal.timeout(15_000)
  const size = (number: number) => (number % 3 === 0 ? largest - (number % 500) : 60 + (number % 400))
  let received = 0
  const receiving = async () => {
    for await (const packet of memif.packets({ queues: [queue], signal })) {
      const expected = numbered(received, size(received), swapped)
      if (Buffer.compare(packet, expected) !== 0) {
        throw new Error(`packet ${received}: ${shown(packet)} instead of ${shown(expected)}`)
      }
      if (++received === PACKETS) return
    }
  }
  const sending = async () => {
    for (let number = 0; number < PACKETS; number++) {
      // Testpmd drops what does not fit into its ring at once; a packet may take nine buffers of it.
      while (number - received >= 32) {
        signal.throwIfAborted()
        await new Promise(setImmediate)
      }
      await memif.send([numbered(number, size(number), false)], { queue, signal })
    }
  }
  await Promise.all([receiving(), sending()])
}

function numbered(number: number, size: number, swapped: boolean): Buffer {
  const packet = Buffer.alloc(size, number & 0xff)
  const [to, from] = swapped ? ['020000000001', '020000000002'] : ['020000000002', '020000000001']
  packet.write(`${to}${from}88b5`, 0, 'hex')
  packet.writeUInt32BE(number, 14)
  packet.writeUInt32BE(number, size - 4)
  return packet
}

function shown(packet: Uint8Array): string {
  return `${packet.length} bytes ${Buffer.from(packet.subarray(0, 20)).toString('hex')}`
}
