import { openSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import {
  Fd,
  EventFd,
  Mapping,
  Reactor,
  Seal,
  SeqpacketListener,
  SeqpacketSocket,
  addSeals,
  createMemfd,
  isErrno,
} from '@vpp-ts/linux'
import { MemifError, MemifSocket, createMemif, type Memif } from '@vpp-ts/memif'
import { Random } from './random.ts'
import { resources } from './resources.ts'
import {
  ack,
  addRegion,
  addRing,
  connect,
  connected,
  disconnect,
  formatRing,
  hello,
  init,
  ringBytes,
} from './wire.ts'

/** Each is one mutated handshake. */
const HANDSHAKES = 5_000
const LANES = 24
const LIMIT_MS = 240_000
/**
 * Turns of the loop without a message, after which a side that waits for what was left out of the handshake is left
 * alone. Both sides run in this loop: what either does takes a turn or two, however busy the machine is.
 */
const QUIET_TURNS = 20

interface Step {
  readonly bytes: Buffer
  readonly fds: readonly Fd[]
}

const LOG2 = 3
const REGION_BYTES = 65536
const region = createMemfd('hostile', REGION_BYTES)
addSeals(region, Seal.SHRINK)
const mapping = Mapping.create(region, { writable: true })
for (const offset of [0, ringBytes(LOG2)]) formatRing(new Uint8Array(mapping.buffer), offset)
const event = EventFd.create()
const unsealed = createMemfd('unsealed', REGION_BYTES)
const short = createMemfd('short', 100)
addSeals(short, Seal.SHRINK)
const others = ['/dev/zero', '/proc/self/maps', '/'].map((path) => Fd.adopt(openSync(path, 'r')))
const anyFds = [region, event.fd, unsealed, short, ...others]

afterAll(() => {
  mapping.close()
  for (const fd of anyFds) fd.close()
})

const VALUES = [0, 1, 2, 7, 8, 14, 15, 0x7f, 0x80, 0xff]

/** One thing wrong with a handshake: a byte, a length, a descriptor, an order. Some changes are harmless. */
function mutate(random: Random, steps: Step[]): void {
  const at = random.below(steps.length)
  const step = steps[at]!
  const { bytes } = step
  const end = steps.length - 1
  const kinds = [
    () => (bytes[random.below(48)] = random.below(256)),
    () => (bytes[random.below(16)] = random.pick(VALUES)),
    () => bytes.fill(random.pick([0, 0xff]), random.below(48), 48),
    () => bytes.forEach((_, n) => (bytes[n] = random.below(256))),
    () => bytes.writeUInt16LE(random.below(12)),
    () => (steps[at] = { ...step, bytes: bytes.subarray(0, random.pick([0, 1, 2, 44, 127])) }),
    () =>
      (steps[at] = { ...step, bytes: Buffer.concat([bytes, bytes]).subarray(0, 129 + random.below(127)) }),
    () => (steps[at] = { ...step, fds: [] }),
    () => (steps[at] = { ...step, fds: [random.pick(anyFds)] }),
    () =>
      (steps[at] = { ...step, fds: Array.from({ length: 1 + random.below(20) }, () => random.pick(anyFds)) }),
    () => steps.splice(at, 1),
    () => steps.splice(at, 0, step),
    () => (steps[at] = steps.splice(random.below(end), 1, step)[0]!),
    () => steps.splice(at),
  ]
  random.pick(kinds)()
}

/** Sends all steps at once, and waits until the other side ends it or waits for more. */
function play(reactor: Reactor, socket: SeqpacketSocket, steps: readonly Step[]): Promise<void> {
  return new Promise((resolve) => {
    let quiet = 0
    let turn: NodeJS.Immediate
    const finish = () => {
      clearImmediate(turn)
      watch.close()
      socket.close()
      resolve()
    }
    const count = () => {
      if (++quiet > QUIET_TURNS) return finish()
      turn = setImmediate(count)
    }
    turn = setImmediate(count)
    const watch = reactor.watch(socket.fd, { readable: true }, () => {
      quiet = 0
      for (let message = take(socket); message !== undefined; message = take(socket)) {
        for (const fd of message.fds) fd.close()
        if (message.end) return finish()
      }
    })
    for (const { bytes, fds } of steps) {
      if (!give(socket, bytes, fds)) break
    }
  })
}

/** A message; nothing when there is none, or when the other side has hung up without reading all of ours. */
function take(socket: SeqpacketSocket) {
  try {
    return socket.receive()
  } catch (error) {
    if (isErrno(error, 'ECONNRESET', 'EPIPE')) return undefined
    throw error
  }
}

/** False when the other side has hung up. */
function give(socket: SeqpacketSocket, bytes: Uint8Array, fds: readonly Fd[]): boolean {
  try {
    return socket.send(bytes, fds)
  } catch (error) {
    if (isErrno(error, 'ECONNRESET', 'EPIPE')) return false
    throw error
  }
}

/** Counts how connections ended, and checks that each did so with an error of ours. */
class Endings {
  readonly codes = new Set<string>()
  count = 0
  connects = 0

  /** Listens to a socket's interfaces, and to what ends before it names one. */
  constructor(socket: MemifSocket) {
    const ended = (error: MemifError) => {
      if (!MemifError.is(error)) throw new Error('not an error of ours', { cause: error })
      this.count++
      this.codes.add(error.code)
    }
    socket.on('failure', ended)
    for (const memif of socket.interfaces) {
      memif.on('connect', () => this.connects++)
      memif.on('disconnect', ended)
      memif.on('failure', ended)
    }
  }
}

async function works(server: Memif, client: Memif): Promise<void> {
  await Promise.all([server.ready(), client.ready()])
  client.txBurst(0, [Buffer.from('sound')])
  expect(Buffer.from(server.rxBurst(0, 8)[0]!.data).toString()).toBe('sound')
}

test(
  `a server ends ${HANDSHAKES} mutated handshakes with typed errors, and serves the next client`,
  async () => {
    const name = `memif-hostile-client-${process.pid}`
    await using socket = new MemifSocket({ socket: `@${name}` })
    const lanes = Array.from({ length: LANES }, (_, id) => socket.createInterface({ role: 'server', id }))
    const endings = new Endings(socket)
    const handshake = (id: number): Step[] => [
      { bytes: init(id), fds: [] },
      { bytes: addRegion(0, REGION_BYTES), fds: [region] },
      { bytes: addRing('c2s', 0, 0, 0, LOG2), fds: [event.fd] },
      { bytes: addRing('s2c', 0, 0, ringBytes(LOG2), LOG2), fds: [event.fd] },
      { bytes: connect(), fds: [] },
      { bytes: disconnect('bye'), fds: [] },
    ]
    const { fds } = await resources()
    const reactor = new Reactor()
    const attack = async (id: number) => {
      const random = new Random(id)
      for (let n = id; n < HANDSHAKES; n += LANES) {
        const steps = handshake(id)
        mutate(random, steps)
        await play(reactor, SeqpacketSocket.connect({ abstract: name }), steps)
      }
    }
    await Promise.all(lanes.map((_, id) => attack(id)))
    reactor.close()
    await expect.poll(() => endings.count).toBe(HANDSHAKES)
    expect(endings.connects).toBeGreaterThan(HANDSHAKES / 10)
    expect([...endings.codes].toSorted()).toEqual(
      expect.arrayContaining([
        'MEMIF_MESSAGE_MALFORMED',
        'MEMIF_MESSAGE_UNEXPECTED',
        'MEMIF_PEER_DISCONNECTED',
        'MEMIF_REFUSED',
        'MEMIF_REGION_INVALID',
        'MEMIF_RING_INVALID',
        'MEMIF_VERSION_INCOMPATIBLE',
      ]),
    )
    expect((await resources()).fds).toBe(fds)
    await using client = createMemif({ socket: `@${name}`, role: 'client', id: 3 })
    await works(lanes[3]!, client)
  },
  LIMIT_MS,
)

test(
  `clients end ${HANDSHAKES} mutated handshakes with typed errors, and find the next server`,
  async () => {
    const name = `memif-hostile-server-${process.pid}`
    const { fds } = await resources()
    const socket = new MemifSocket({ socket: `@${name}` })
    const options = { role: 'client', ringSize: 8, bufferSize: 64, reconnectMs: 1 } as const
    const lanes = Array.from({ length: LANES }, (_, id) => socket.createInterface({ ...options, id }))
    const endings = new Endings(socket)
    const random = new Random(1)
    const handshake = (): Step[] => [
      { bytes: hello(), fds: [] },
      ...Array.from({ length: 4 }, () => ({ bytes: ack(), fds: [] })),
      { bytes: connected(), fds: [] },
      { bytes: disconnect('bye'), fds: [] },
    ]
    await attackClients(name, () => {
      const steps = handshake()
      mutate(random, steps)
      return steps
    })
    expect(endings.count).toBeGreaterThanOrEqual(HANDSHAKES)
    expect(endings.connects).toBeGreaterThan(HANDSHAKES / 10)
    expect([...endings.codes].toSorted()).toEqual(
      expect.arrayContaining([
        'MEMIF_MESSAGE_MALFORMED',
        'MEMIF_MESSAGE_UNEXPECTED',
        'MEMIF_PEER_DISCONNECTED',
        'MEMIF_PEER_REFUSED',
        'MEMIF_VERSION_INCOMPATIBLE',
      ]),
    )
    await using server = createMemif({ socket: `@${name}`, role: 'server', id: 3 })
    await works(server, lanes[3]!)
    void server.close()
    socket.close()
    expect((await resources()).fds).toBe(fds)
  },
  LIMIT_MS,
)

/** Listens, and plays a handshake with each of so many clients that come. */
function attackClients(name: string, steps: () => readonly Step[]): Promise<void> {
  return new Promise((resolve) => {
    const reactor = new Reactor()
    const listener = SeqpacketListener.listen({ abstract: name })
    let accepted = 0
    let ended = 0
    const serve = async (client: SeqpacketSocket) => {
      await play(reactor, client, steps())
      if (++ended < HANDSHAKES) return
      reactor.close()
      resolve()
    }
    const watch = reactor.watch(listener.fd, { readable: true }, () => {
      for (; accepted < HANDSHAKES; accepted++) {
        const client = listener.accept()
        if (client === undefined) return
        void serve(client)
      }
      watch.close()
      listener.close()
    })
  })
}
