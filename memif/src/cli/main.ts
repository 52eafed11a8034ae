import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { EXIT, exitCodeOf, processContext, versionOf } from '@vpp-ts/command'
import { FrameDevice, LinuxError } from '@vpp-ts/linux'
import { MemifError } from '../errors.ts'
import { DEFAULT_SOCKET } from '../interface/address.ts'
import { FrameBridge } from '../interface/frame-bridge.ts'
import { createMemif } from '../interface/memif-socket.ts'
import type { Memif } from '../interface/memif.ts'
import { arpAnswer, arpRequest, echoAnswer, echoRequest, type PingEnds } from '../net/ping.ts'
import { parsePcap } from '../net/pcap-reader.ts'
import { PcapStream } from '../net/pcap.ts'

/** Where the command writes, and what ends it. */
export interface CliContext {
  readonly out: NodeJS.WritableStream
  readonly err: NodeJS.WritableStream
  readonly signal: AbortSignal
}

interface GlobalOptions {
  readonly socket: string
  readonly id: number
  readonly role: 'client' | 'server'
  readonly secret: string
  readonly timeout: number
}

/** Packets that are handed to the ring at once. */
const BURST = 256
/** Patience with a peer that does not take what was sent. */
const TAKEN_MS = 10_000

/** Runs the command `vpp-ts-memif` and gives its exit code. */
export async function main(args: readonly string[], context: CliContext = processContext()): Promise<number> {
  const program = new Program(context)
  try {
    await program.command.parseAsync([...args], { from: 'user' })
    return EXIT.ok
  } catch (error) {
    if (error instanceof CommanderError) return exitCodeOf(error)
    if (context.signal.aborted) return EXIT.interrupted
    if (!isExpected(error)) throw error
    context.err.write(`vpp-ts-memif: ${error.message}\n`)
    return EXIT.failed
  }
}

class Program {
  readonly command = new Command('vpp-ts-memif')
  readonly #context: CliContext

  constructor(context: CliContext) {
    this.#context = context
    this.command
      .description('Captures, replays, makes and answers packets of a memif interface of VPP or DPDK.')
      .version(versionOf(new URL('../../package.json', import.meta.url)))
      .option('-s, --socket <path>', 'memif socket: a path, abstract:NAME or @NAME', DEFAULT_SOCKET)
      .option('-i, --id <number>', 'number of the interface on the socket', whole, 0)
      .addOption(new Option('-r, --role <role>', 'this side').choices(['client', 'server']).default('client'))
      .option('--secret <text>', 'secret of the interface', '')
      .option('-t, --timeout <seconds>', 'how long to wait for the peer', seconds, 5)
      .configureOutput({
        writeOut: (text) => context.out.write(text),
        writeErr: (text) => context.err.write(text),
      })
      .exitOverride()
    this.#addTransfer()
    this.#addPing()
    this.#addBridge()
  }

  #addTransfer(): void {
    this.command
      .command('dump')
      .description('write what comes to a capture file, or print a line per packet')
      .option('-w, --write <file>', 'capture file for Wireshark or tcpdump')
      .option('-c, --count <packets>', 'end after so many packets', positive)
      .action((options: { write?: string; count?: number }) => this.#dump(options))
    this.command
      .command('replay <file>')
      .description('send the packets of a capture file')
      .option('--timing', 'with the pauses of the capture; without it as fast as the peer takes them')
      .action((file: string, { timing = false }: { timing?: boolean }) => this.#replay(file, timing))
    this.command
      .command('generate')
      .description('send packets of one size, with a number in their first four bytes')
      .option('-c, --count <packets>', 'how many', positive, 1000)
      .option('-l, --length <bytes>', 'how long each is', positive, 64)
      .action((options: { count: number; length: number }) => this.#generate(options))
  }

  #addPing(): void {
    this.command
      .command('ping <address>')
      .description('ask a host behind the interface for echoes (IPv4)')
      .requiredOption('--source <address>', 'IPv4 address of this side')
      .option('--mac <address>', 'MAC address of this side', '02:76:70:70:74:73')
      .option('-c, --count <packets>', 'how many', positive, 4)
      .action((address: string, options: { source: string; mac: string; count: number }) =>
        this.#ping({ ...options, destination: address }, options.count),
      )
  }

  #addBridge(): void {
    this.command
      .command('bridge')
      .description('join the interface to a device of Linux, until stopped')
      .addOption(new Option('--tap <name>', 'make this TAP device, or open it').conflicts('interface'))
      .option('--interface <name>', 'use this device by a packet socket')
      .action((options: { tap?: string; interface?: string }, command: Command) => {
        if (options.tap === undefined && options.interface === undefined) {
          command.error('error: one of --tap and --interface is needed')
        }
        return this.#bridge(options)
      })
  }

  /** An interface that is up, while `use` runs. */
  async #with(use: (memif: Memif) => Promise<void>): Promise<void> {
    const { socket, id, role, secret, timeout } = this.command.opts<GlobalOptions>()
    const failures: MemifError[] = []
    const { signal } = this.#context
    const options = { socket, id, role, secret, appName: 'vpp-ts-memif', reconnectMs: 200, signal }
    await using memif = createMemif(options, { onFailure: (error) => void failures.push(error) })
    const late = AbortSignal.timeout(timeout * 1000)
    await memif.ready({ signal: AbortSignal.any([signal, late]) }).catch((error: unknown) => {
      if (!late.aborted) throw error
      const why = failures.at(-1)?.message ?? 'nobody came'
      throw new MemifError('MEMIF_NOT_CONNECTED', `no peer on ${socket} within ${timeout} s: ${why}`)
    })
    await use(memif)
  }

  #dump({ write, count = Infinity }: { write?: string; count?: number }): Promise<void> {
    return this.#with(async (memif) => {
      const capture = write === undefined ? undefined : new PcapStream({ mode: memif.config.mode })
      const file = write === undefined ? undefined : createWriteStream(write)
      if (file !== undefined) capture?.pipe(file)
      let packets = 0
      for await (const packet of memif) {
        capture?.write(packet)
        if (capture === undefined)
          this.#print(`${packet.length} ${Buffer.from(packet.subarray(0, 32)).toString('hex')}`)
        if (++packets >= count) break
      }
      capture?.end()
      if (file !== undefined) await once(file, 'close')
      if (write !== undefined) this.#print(`${packets} packets written to ${write}`)
    })
  }

  async #replay(path: string, timing: boolean): Promise<void> {
    const { packets } = parsePcap(await readFile(path))
    await this.#with(async (memif) => {
      const { signal } = this.#context
      if (!timing)
        await memif.send(
          packets.map(({ packet }) => packet),
          { signal },
        )
      const start = packets[0]?.time ?? 0n
      const began = performance.now()
      for (const { packet, time } of timing ? packets : []) {
        const wait = Number(time - start) / 1e6 - (performance.now() - began)
        if (wait > 0) await sleep(wait, undefined, { signal })
        await memif.send([packet], { signal })
      }
      await taken(memif)
      this.#print(`${packets.length} packets sent`)
    })
  }

  #generate({ count, length }: { count: number; length: number }): Promise<void> {
    return this.#with(async (memif) => {
      const { maxPacketBytes } = memif.config
      if (length < 4 || length > maxPacketBytes) {
        throw new RangeError(`a generated packet has 4 to ${maxPacketBytes} bytes, not ${length}`)
      }
      for (let sent = 0; sent < count; sent += BURST) {
        const packets = Array.from({ length: Math.min(BURST, count - sent) }, (_, n) =>
          numbered(sent + n, length),
        )
        await memif.send(packets, { signal: this.#context.signal })
      }
      await taken(memif)
      this.#print(`${count} packets of ${length} bytes sent`)
    })
  }

  async #bridge({ tap, interface: name = '' }: { tap?: string; interface?: string }): Promise<void> {
    using device = tap === undefined ? FrameDevice.packetSocket(name) : FrameDevice.tap(tap)
    await this.#with(async (memif) => {
      using bridge = new FrameBridge(memif, device)
      this.#print(`bridged ${memif.config.interfaceName} and ${device.name}`)
      const { signal } = this.#context
      if (!signal.aborted) await once(signal, 'abort')
      const { toDevice, toMemif, deviceDrops, memifDrops } = bridge.counters
      this.#print(`${toDevice} frames to ${device.name}, ${deviceDrops} dropped`)
      this.#print(`${toMemif} frames to memif, ${memifDrops} dropped`)
    })
  }

  #ping(ends: PingEnds, count: number): Promise<void> {
    return this.#with(async (memif) => {
      const frames = new Frames(memif, this.#context.signal)
      const mac = await this.#ask(memif, frames, arpRequest(ends), (frame) => arpAnswer(frame, ends))
      if (mac === undefined)
        throw new MemifError('MEMIF_NOT_CONNECTED', `${ends.destination} does not answer ARP`)
      let received = 0
      for (let sequence = 1; sequence <= count; sequence++) {
        const began = performance.now()
        const matches = (frame: Uint8Array) => (echoAnswer(frame, ends) === sequence ? true : undefined)
        const answered = await this.#ask(memif, frames, echoRequest(ends, mac, sequence), matches)
        const time = (performance.now() - began).toFixed(3)
        if (answered === true) received++
        this.#print(answered === true ? `seq=${sequence} time=${time} ms` : `seq=${sequence} no answer`)
      }
      this.#print(`${count} sent, ${received} received`)
      if (received === 0) throw new MemifError('MEMIF_NOT_CONNECTED', `${ends.destination} does not answer`)
    })
  }

  /** Sends a frame and gives what `match` makes of an answer; undefined when none comes in a second. */
  async #ask<T>(
    memif: Memif,
    frames: Frames,
    request: Uint8Array,
    match: (frame: Uint8Array) => T | undefined,
  ): Promise<T | undefined> {
    await memif.send([request], { signal: this.#context.signal })
    const stop = new AbortController()
    const late = sleep(1000, undefined, { signal: stop.signal }).catch(() => undefined)
    try {
      for (;;) {
        const frame = await frames.before(late)
        if (frame === undefined) return undefined
        const found = match(frame)
        if (found !== undefined) return found
      }
    } finally {
      stop.abort()
    }
  }

  #print(line: string): void {
    this.#context.out.write(`${line}\n`)
  }
}

/**
 * Waits until the peer has taken everything from the ring, which goes with the connection.
 *
 * @throws MemifError `MEMIF_NOT_CONNECTED` when it has not within ten seconds
 */
async function taken(memif: Memif): Promise<void> {
  const size = memif.getDetails().txQueues[0]?.ringSize ?? 0
  const deadline = performance.now() + TAKEN_MS
  while (memif.connected && memif.txFree(0) < size) {
    if (performance.now() > deadline) {
      const left = size - memif.txFree(0)
      throw new MemifError(
        'MEMIF_NOT_CONNECTED',
        `the peer has not taken ${left} packets within ${TAKEN_MS / 1000} s`,
      )
    }
    await sleep(1)
  }
}

/** Frames as they come; one that comes too late for whoever waited is for the next. */
class Frames {
  readonly #packets: AsyncGenerator<Uint8Array, void>
  #next: Promise<IteratorResult<Uint8Array, void>> | undefined

  constructor(memif: Memif, signal: AbortSignal) {
    this.#packets = memif.packets({ signal })
  }

  /** The next frame; undefined when `late` is first, or the interface is closed. */
  async before(late: Promise<undefined>): Promise<Uint8Array | undefined> {
    this.#next ??= this.#packets.next()
    const result = await Promise.race([this.#next, late])
    if (result === undefined) return undefined
    this.#next = undefined
    return result.done === true ? undefined : result.value
  }
}

function numbered(number: number, length: number): Uint8Array {
  const packet = new Uint8Array(length)
  new DataView(packet.buffer).setUint32(0, number)
  return packet
}

function isExpected(error: unknown): error is Error {
  if (MemifError.is(error) || error instanceof LinuxError || error instanceof RangeError) return true
  return error instanceof Error && (error as NodeJS.ErrnoException).syscall !== undefined
}

function whole(text: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 0 && value < 2 ** 32) return value
  throw new InvalidArgumentError('must be a whole number from 0 to 4294967295.')
}

function positive(text: string): number {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value > 0) return value
  throw new InvalidArgumentError('must be a whole number greater than 0.')
}

function seconds(text: string): number {
  const value = Number(text)
  if (value > 0 && value <= 86_400) return value
  throw new InvalidArgumentError('must be a number of seconds from 0 to 86400.')
}
