import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createMemif, type Memif, type MemifOptions } from '@vpp-ts/memif'
import { build } from '../linux/child.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const directory = mkdtempSync(join(tmpdir(), 'memif-processes-'))
const children: ChildProcess[] = []
const memifs: Memif[] = []

beforeAll(() => build('memif'))
afterAll(() => rmSync(directory, { recursive: true }))
afterEach(() => {
  for (const memif of memifs.splice(0)) void memif.close()
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

function make(options: MemifOptions): Memif {
  const memif = createMemif({ reconnectMs: 20, ...options })
  memifs.push(memif)
  return memif
}

/** A separate process that sends back what it receives, on the queue where it came, without copying. */
function startEcho(options: MemifOptions): ChildProcess {
  const script = `
    import { createMemif } from '@vpp-ts/memif'
    const memif = createMemif(${JSON.stringify({ reconnectMs: 20, ...options })})
    function echo(queue) {
      const packets = memif.rxPeek(queue, 256)
      const sent = memif.txBurst(queue, packets)
      memif.rxRelease(queue)
      if (sent < packets.length) throw new Error('no room for ' + (packets.length - sent))
    }
    memif.on('interrupt', echo)
    if (memif.config.rxMode === 'polling') {
      const poll = () => {
        if (memif.connected) for (let queue = 0; queue < memif.config.rxQueues; queue++) echo(queue)
        setImmediate(poll)
      }
      poll()
    }
  `
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: 60_000,
    killSignal: 'SIGKILL',
  })
  children.push(child)
  return child
}

/** Sends numbered packets in turn on all queues, at most `window` under way on each, and checks that each returns in order. */
async function roundTrips(memif: Memif, total: number, length: number, window: number): Promise<void> {
  const signal = AbortSignal.timeout(60_000)
  const queues = memif.getDetails().txQueues.map(() => ({ sent: 0, received: 0 }))
  const share = total / queues.length
  const packets = Array.from({ length: 64 }, () => Buffer.alloc(length, 0x5a))
  while (queues.some(({ received }) => received < share)) {
    for (const [queue, count] of queues.entries()) {
      const room = Math.min(window - (count.sent - count.received), share - count.sent, packets.length)
      for (let n = 0; n < room; n++) {
        packets[n]!.writeUInt32BE(count.sent + n, 0)
        packets[n]!.writeUInt32BE(count.sent + n, length - 4)
      }
      count.sent += memif.txBurst(queue, packets.slice(0, room))
      for (const packet of memif.rxBurst(queue, 256)) {
        const view = new DataView(packet.bytes.buffer, packet.bytes.byteOffset + packet.offset, packet.length)
        const number = count.received++
        if (
          packet.length !== length ||
          view.getUint32(0) !== number ||
          view.getUint32(length - 4) !== number
        ) {
          throw new Error(
            `queue ${queue}: packet ${view.getUint32(0)} of ${packet.length} bytes where ${number} was due`,
          )
        }
      }
    }
    signal.throwIfAborted()
    await new Promise(setImmediate)
  }
}

describe.each([
  ['client', 'server'],
  ['server', 'client'],
] as const)('a %s here, a %s in another process', (ours, theirs) => {
  test.each([
    ['polling', 1, 1_000_000, 64],
    ['adaptive', 2, 200_000, 64],
    ['interrupt', 1, 100_000, 1518],
    ['interrupt', 3, 30_000, 9000],
  ] as const)(
    'rx mode %s, %i queues: %i packets of %i bytes come back, each once and in order',
    async (rxMode, queues, total, length) => {
      const socket = join(directory, `${ours}-${rxMode}-${queues}.sock`)
      const both = { socket, rxQueues: queues, txQueues: queues, rxMode }
      const memif = make({ ...both, role: ours })
      const child = startEcho({ ...both, role: theirs, appName: 'the other' })
      const { remote } = await memif.ready({ signal: AbortSignal.timeout(20_000) })
      expect(remote).toMatchObject({ appName: 'the other', credentials: { pid: child.pid } })
      await roundTrips(memif, total, length, Math.floor(512 / Math.ceil(length / 2048)))
      const { rx, tx } = memif.getCounters()
      expect(rx).toMatchObject({
        packets: total,
        bytes: total * length,
        badDescriptor: 0,
        badChain: 0,
        badIndex: 0,
      })
      expect(tx).toMatchObject({ packets: total, bytes: total * length, badBuffer: 0, badIndex: 0 })
    },
    90_000,
  )

  test('packets flow again each time the other process was killed and started again', async () => {
    const socket = join(directory, `${ours}-killed.sock`)
    const memif = make({ socket, role: ours })
    for (let round = 1; round <= 3; round++) {
      const child = startEcho({ socket, role: theirs })
      await memif.ready({ signal: AbortSignal.timeout(20_000) })
      await roundTrips(memif, 1000, 64, 100)
      const gone = once(memif, 'disconnect')
      // In the midst of traffic: what is in the rings is lost with them.
      memif.txBurst(0, [new Uint8Array(100)])
      child.kill('SIGKILL')
      expect(await gone).toEqual([expect.objectContaining({ code: 'MEMIF_PEER_DISCONNECTED' })])
      expect(memif.txBurst(0, [new Uint8Array(100)])).toBe(0)
    }
    expect(memif.getCounters()).toMatchObject({ connects: 3, disconnects: 3 })
  }, 60_000)

  test('the other process may be stopped: nothing is lost while it does not run', async () => {
    const socket = `@memif-stopped-${process.pid}-${ours}`
    const memif = make({ socket, role: ours, ringSize: 64 })
    const child = startEcho({ socket, role: theirs, ringSize: 64 })
    await memif.ready({ signal: AbortSignal.timeout(20_000) })
    await roundTrips(memif, 100, 64, 8)
    child.kill('SIGSTOP')
    const packets = Array.from({ length: 100 }, (_, n) => Buffer.from(`${n}`))
    const sent = memif.txBurst(0, packets)
    expect(sent).toBeLessThanOrEqual(64)
    expect(memif.getCounters().tx.full).toBeGreaterThan(0)
    const blocked = memif.send(packets.slice(sent), { signal: AbortSignal.timeout(100) })
    await expect(blocked).rejects.toMatchObject({ name: 'TimeoutError' })
    expect(memif.connected).toBe(true)
    child.kill('SIGCONT')
    const back: string[] = []
    for await (const packet of memif.packets({ signal: AbortSignal.timeout(10_000) })) {
      back.push(Buffer.from(packet).toString())
      if (back.length === sent) break
    }
    expect(back).toEqual(packets.slice(0, sent).map(String))
  }, 60_000)
})
