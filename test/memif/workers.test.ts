import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import { EventFd } from '@vpp-ts/linux'
import {
  createMemif,
  openRxTicket,
  openTxTicket,
  type Memif,
  type MemifOptions,
  type QueueTicket,
  type RxMode,
} from '@vpp-ts/memif'
import { build } from '../linux/child.ts'
import { resources } from './resources.ts'

const workers: Worker[] = []
const memifs: Memif[] = []
let serial = 0

beforeAll(() => build('memif'))
afterEach(async () => {
  vi.restoreAllMocks()
  for (const memif of memifs.splice(0)) void memif.close()
  await Promise.all(workers.splice(0).map((worker) => worker.terminate()))
})

/** A server and a client with two queues each way. */
async function pair(options: Partial<MemifOptions> = {}): Promise<{ server: Memif; client: Memif }> {
  const both = {
    socket: `@memif-workers-${process.pid}-${serial++}`,
    rxQueues: 2,
    txQueues: 2,
    reconnectMs: 10,
  }
  const ends = {
    server: createMemif({ ...both, ...options, role: 'server' }),
    client: createMemif({ ...both, ...options, role: 'client' }),
  }
  memifs.push(ends.server, ends.client)
  await Promise.all([ends.server.ready(), ends.client.ready()])
  return ends
}

/** A thread that gets tickets, and runs `source`, where the package is `memif`; it has said that it is ready. */
async function startWorker(source: string, tickets: readonly QueueTicket[]): Promise<Worker> {
  const memif = JSON.stringify(import.meta.resolve('../../memif/dist/index.js'))
  const module = `
    import { parentPort, workerData as tickets } from 'node:worker_threads'
    import * as memif from ${memif}
    ${source}
    parentPort.postMessage('ready')
  `
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(module)}`), {
    workerData: tickets,
    // What runs there is what was built, not the source that this process takes.
    execArgv: [],
  })
  workers.push(worker)
  expect(await message(worker)).toBe('ready')
  return worker
}

async function message(worker: Worker): Promise<unknown> {
  const [value] = (await once(worker, 'message')) as [unknown]
  return value
}

/** Receives on its ticket until told of the end; checks the packets' numbers. */
const RECEIVER = (rxMode: RxMode, total: number) => `
  let received = 0
  let wrong = 0
  const take = () => {
    for (const { data } of queue.rxBurst(64)) {
      if (Buffer.from(data).readUInt32BE() !== received++) wrong++
      if (received === ${total}) parentPort.postMessage({ received, wrong })
    }
  }
  const onDisconnect = () => {
    queue.close()
    parentPort.postMessage('disconnected')
    parentPort.close()
  }
  const queue = memif.openRxTicket(tickets[0], { onInterrupt: take, onDisconnect })
  queue.setRxMode('${rxMode}')
  if ('${rxMode}' === 'polling') setInterval(() => take(), 1).unref()
`

function numbered(from: number, count: number, length: number): Buffer[] {
  return Array.from({ length: count }, (_, n) => {
    const packet = Buffer.alloc(length)
    packet.writeUInt32BE(from + n)
    return packet
  })
}

test.each([
  ['interrupt', 'server'],
  ['adaptive', 'server'],
  ['polling', 'server'],
  ['interrupt', 'client'],
  ['adaptive', 'client'],
] as const)('a thread receives on the queue it was given, in mode %s, of a %s', async (rxMode, role) => {
  const ends = await pair()
  const { [role]: memif, [role === 'server' ? 'client' : 'server']: peer } = ends
  const total = 20_000
  // Part of the packets are there before the queue changes hands, part before the thread opens it.
  await peer.send(numbered(0, 10, 64), { queue: 1 })
  expect(memif.rxBurst(1, 4)).toHaveLength(4)
  const ticket = memif.giveQueue('rx', 1)
  await peer.send(numbered(10, 10, 64), { queue: 1 })
  expect(() => memif.rxBurst(1, 1)).toThrowError(expect.objectContaining({ code: 'MEMIF_QUEUE_GIVEN_AWAY' }))
  expect(() => memif.giveQueue('rx', 1)).toThrowError(
    expect.objectContaining({ code: 'MEMIF_QUEUE_GIVEN_AWAY' }),
  )
  expect(memif.getDetails().rxQueues.map(({ inWorker }) => inWorker)).toEqual([false, true])

  const worker = await startWorker(RECEIVER(rxMode, total - 4).replace('received++', '4 + received++'), [
    ticket,
  ])
  const done = message(worker)
  for (let sent = 20; sent < total; sent += 20) await peer.send(numbered(sent, 20, 64), { queue: 1 })
  expect(await done).toEqual({ received: total - 4, wrong: 0 })
  expect(memif.getCounters().rxQueues[1]).toMatchObject({ packets: total, bytes: total * 64, badIndex: 0 })
  // The other queue is still this thread's.
  await peer.send([Buffer.from('here')], { queue: 0 })
  expect(memif.rxBurst(0, 8)).toHaveLength(1)

  const told = message(worker)
  void peer.close()
  expect(await told).toBe('disconnected')
})

test('a thread sends on the queue it was given, copies, chains and in place; the queue comes back with the next link', async () => {
  const { server, client } = await pair()
  const ticket = server.giveQueue('tx', 1)
  await startWorker(
    `
    const queue = memif.openTxTicket(tickets[0])
    queue.txBurst([Buffer.from('copied'), new Uint8Array(9000).fill(7)])
    const [buffer] = queue.txReserve(1)
    buffer.bytes.set(Buffer.from('in place'), buffer.offset)
    buffer.length = 8
    queue.txCommit()
    `,
    [ticket],
  )
  const packets = client.rxBurst(1, 8).map(({ data }) => Buffer.from(data))
  expect(packets).toEqual([Buffer.from('copied'), Buffer.alloc(9000, 7), Buffer.from('in place')])
  expect(server.getCounters().txQueues[1]).toMatchObject({ packets: 3, bytes: 9014 })
  expect(() => server.txBurst(1, [])).toThrowError(
    expect.objectContaining({ code: 'MEMIF_QUEUE_GIVEN_AWAY' }),
  )
  void client.close()
  const next = createMemif({ ...client.config, socket: client.getDetails().socket })
  memifs.push(next)
  await Promise.all([server.ready(), next.ready()])
  expect(server.txBurst(1, [Buffer.from('mine again')])).toBe(1)
})

test('packets that wait when a ticket is opened are told of, but not before the queue is there', async () => {
  const { server, client } = await pair()
  client.txBurst(0, numbered(0, 3, 64))
  const told = vi.fn(() => expect(queue.rxBurst(8)).toHaveLength(3))
  const queue = openRxTicket(server.giveQueue('rx', 0), { onInterrupt: told })
  expect(told).not.toHaveBeenCalled()
  await vi.waitFor(() => expect(told).toHaveBeenCalled())
  queue.close()
})

test("a signal that got lost on a worker's queue is made up for", async () => {
  const { server, client } = await pair()
  using queue = openRxTicket(server.giveQueue('rx', 0), {
    onInterrupt: () => queue.rxBurst(8),
  })
  await vi.waitFor(() => expect(server.getDetails().rxQueues[0]!.inWorker).toBe(true))
  await new Promise(setImmediate)
  const lost = vi.spyOn(EventFd.prototype, 'signal').mockReturnValue(true)
  client.txBurst(0, numbered(0, 2, 64))
  expect(lost).toHaveBeenCalledOnce()
  await vi.waitFor(() => expect(server.getCounters().rx.packets).toBe(2))
})

test('a ticket opens as what it is, once the link has ended it gives and takes nothing', async () => {
  const { server, client } = await pair()
  expect(() => openTxTicket(server.giveQueue('rx', 1))).toThrowError(
    expect.objectContaining({ code: 'MEMIF_QUEUE_UNKNOWN' }),
  )
  const disconnected = vi.fn()
  using rx = openRxTicket(server.giveQueue('rx', 0), { onDisconnect: disconnected })
  using tx = openTxTicket(server.giveQueue('tx', 0))
  expect(tx.txBurst(numbered(0, 1, 64))).toBe(1)
  void client.close()
  await vi.waitFor(() => expect(disconnected).toHaveBeenCalledOnce())
  expect([rx.connected, tx.connected]).toEqual([false, false])
  expect([rx.rxBurst(1), rx.rxPeek(1), tx.txReserve(1)]).toEqual([[], [], []])
  expect(tx.txBurst(numbered(0, 1, 64))).toBe(0)
})

test('queues handed out while packets are held are refused', async () => {
  const { server, client } = await pair()
  client.txBurst(0, numbered(0, 1, 64))
  expect(server.rxPeek(0, 1)).toHaveLength(1)
  expect(() => server.giveQueue('rx', 0)).toThrowError(
    expect.objectContaining({ code: 'MEMIF_PACKETS_OUTSTANDING' }),
  )
})

test('100 tickets opened, used and closed leave no descriptor and no mapping', async () => {
  const { server } = await pair({ ringSize: 64 })
  const { socket } = server.getDetails()
  memifs.pop()!.close()
  const round = async () => {
    const gone = once(server, 'disconnect')
    const client = createMemif({ socket, role: 'client', ringSize: 64, reconnectMs: 1 })
    await Promise.all([server.ready(), client.ready()])
    const rx = openRxTicket(server.giveQueue('rx', 0))
    const tx = openTxTicket(client.giveQueue('tx', 0))
    tx.txBurst(numbered(0, 1, 64))
    expect(rx.rxBurst(8)).toHaveLength(1)
    void client.close()
    await gone
    rx.close()
    tx.close()
  }
  await round()
  const before = await resources()
  for (let n = 0; n < 100; n++) await round()
  const after = await resources()
  expect({ fds: after.fds, regions: after.regions }).toEqual({ fds: before.fds, regions: before.regions })
})
