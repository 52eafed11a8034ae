import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  addSeals,
  createMemfd,
  Mapping,
  Reactor,
  Seal,
  SeqpacketListener,
  type Fd,
  type SocketAddress,
} from '@vpp-ts/linux'

/*
 * A segment written word by word after VPP's sources, and a socket that hands it out: independent of the simulator, and
 * able to do what a sound publisher never does.
 */
const BASE = 0x7f0000000000n
const ENTRY = 144
const DIRECTORY = 4096 + 8

/** How a {@link RawSegment} is made. */
export interface RawOptions {
  readonly bytes?: number
  /** Sealed against shrinking, as VPP does it without huge pages; default true. */
  readonly sealed?: boolean
}

/** A segment: entries are added in order, vectors lie where the test puts them. */
export class RawSegment {
  readonly fd: Fd
  readonly view: DataView
  readonly bytes: Uint8Array
  readonly #mapping: Mapping
  #entries = 0

  constructor({ bytes = 1 << 20, sealed = true }: RawOptions = {}) {
    this.fd = createMemfd('raw stat segment', bytes)
    if (sealed) addSeals(this.fd, Seal.SHRINK)
    this.#mapping = Mapping.create(this.fd, { writable: true, length: Math.min(bytes, 1 << 20) })
    this.view = new DataView(this.#mapping.buffer)
    this.bytes = new Uint8Array(this.#mapping.buffer)
    this.view.setBigUint64(0, 2n, true)
    this.view.setBigUint64(8, BASE, true)
    this.view.setBigUint64(16, 1n, true)
    this.view.setBigUint64(32, BASE + BigInt(DIRECTORY), true)
  }

  /** Adds an entry, as VPP's type numbers have it; returns its index. */
  entry(type: number, value: bigint, name: string): number {
    const at = DIRECTORY + this.#entries * ENTRY
    this.view.setUint32(at, type, true)
    this.view.setBigUint64(at + 8, value, true)
    this.bytes.set(Buffer.from(`${name}\0`), at + 16)
    this.view.setUint32(DIRECTORY - 8, ++this.#entries, true)
    return this.#entries - 1
  }

  /** Sets the value of an entry in place. */
  setValue(index: number, value: bigint): void {
    this.view.setBigUint64(DIRECTORY + index * ENTRY + 8, value, true)
  }

  /** A vector of words at byte `at`; returns its pointer. */
  words(at: number, values: readonly bigint[]): bigint {
    this.view.setUint32(at - 8, values.length, true)
    values.forEach((value, i) => this.view.setBigUint64(at + 8 * i, value, true))
    return BASE + BigInt(at)
  }

  /** A vector of characters with its NUL at byte `at`; returns its pointer. */
  text(at: number, text: string): bigint {
    const bytes = Buffer.from(`${text}\0`)
    this.view.setUint32(at - 8, bytes.length, true)
    this.bytes.set(bytes, at)
    return BASE + BigInt(at)
  }

  /** A change as VPP makes it: in_progress, the change, a new epoch. */
  change(work: () => void): void {
    this.view.setBigUint64(24, 1n, true)
    work()
    this.view.setBigUint64(16, this.view.getBigUint64(16, true) + 1n, true)
    this.view.setBigUint64(24, 0n, true)
  }

  beat(): void {
    this.setValue(0, this.view.getBigUint64(DIRECTORY + 8, true) + 1n)
  }

  close(): void {
    this.#mapping.close()
    this.fd.close()
  }
}

/** A segment with the heartbeat, two interfaces and their received packets. */
export function rawSample(options?: RawOptions): RawSegment {
  const segment = new RawSegment(options)
  segment.entry(1, 1n, '/sys/heartbeat')
  const names = [segment.text(0x8008, 'local0'), segment.text(0x8108, 'memif1/0')]
  segment.entry(4, segment.words(0x9008, names), '/if/names')
  const counts = segment.words(0xa008, [1n, 10n, 2n, 20n])
  segment.view.setUint32(0xa000, 2, true)
  segment.entry(3, segment.words(0xb008, [counts]), '/if/rx')
  return segment
}

/** Listens like VPP's stats socket and gives out `segment`. */
export class RawServer implements Disposable {
  readonly #listener: SeqpacketListener
  readonly #reactor = new Reactor()
  /** What is given out, and to how many it was. */
  segment: RawSegment
  connections = 0

  constructor(address: SocketAddress, segment: RawSegment) {
    this.segment = segment
    this.#listener = SeqpacketListener.listen(address, { replaceStale: true })
    this.#reactor.watch(this.#listener.fd, { readable: true }, () => {
      using socket = this.#listener.accept()
      this.connections++
      socket?.send(new Uint8Array(0), [this.segment.fd])
    })
  }

  close(): void {
    this.#reactor.close()
    this.#listener.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

/** A folder for a socket that goes with the test. */
export function socketFolder(): { path: string; socket: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'vpp-ts-raw-'))
  return { path, socket: join(path, 'stats.sock'), [Symbol.dispose]: () => rmSync(path, { recursive: true }) }
}
