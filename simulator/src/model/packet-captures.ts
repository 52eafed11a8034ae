import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { RetvalError } from '../errors.ts'
import type { Interfaces } from './interfaces.ts'

/** Where VPP puts its files. */
const FOLDER = '/tmp'
const MAGIC = 0xa1b2_c3d4
const ETHERNET = 1
const LONGEST_NAME = /^[^/]+$/

/** How packets are captured. */
export interface CaptureOptions {
  readonly received: boolean
  readonly sent: boolean
  readonly dropped: boolean
  /** Packets at most. */
  readonly packets: number
  /** Bytes of each at most. */
  readonly bytes: number
  /** 0: all interfaces. */
  readonly swIfIndex: number
  readonly filename: string
}

/** A packet that passes. */
export interface PassingPacket {
  readonly direction: 'received' | 'sent' | 'dropped'
  readonly swIfIndex: number
  readonly bytes: Uint8Array
  /** Seconds since 1970. */
  readonly at?: number
}

/** VPP's pcap trace: one capture, written to a file when it ends. */
export class PacketCaptures {
  readonly #interfaces: Interfaces
  #capture: CaptureOptions | undefined
  #records: Buffer[] = []

  constructor(interfaces: Interfaces) {
    this.#interfaces = interfaces
  }

  /** The capture under way, with the packets so far. */
  get state(): (CaptureOptions & { readonly captured: number }) | undefined {
    return this.#capture === undefined ? undefined : { ...this.#capture, captured: this.#records.length }
  }

  /** @throws RetvalError -2, -7 while one is under way, -81 when nothing is to be captured */
  begin(options: CaptureOptions): void {
    const { filename, swIfIndex, bytes } = options
    if (!LONGEST_NAME.test(filename) || filename.includes('..')) throw new RetvalError('ILLEGAL_NAME')
    this.#interfaces.get(swIfIndex)
    const isAny = options.received || options.sent || options.dropped
    if (this.#capture !== undefined && isAny) throw new RetvalError('INVALID_VALUE')
    if (!isAny) throw new RetvalError('VALUE_EXIST')
    if (bytes < 32 || bytes > 9000) throw new RetvalError('INVALID_MEMORY_SIZE')
    this.#capture = options
    this.#records = []
  }

  /** A packet passes. @returns whether it was captured */
  pass({ direction, swIfIndex, bytes, at = Date.now() / 1000 }: PassingPacket): boolean {
    const capture = this.#capture
    if (capture === undefined || !capture[direction] || this.#records.length >= capture.packets) return false
    if (capture.swIfIndex !== 0 && capture.swIfIndex !== swIfIndex) return false
    const kept = bytes.subarray(0, capture.bytes)
    const head = Buffer.alloc(16)
    head.writeUInt32LE(Math.floor(at), 0)
    head.writeUInt32LE(Math.floor((at % 1) * 1e6), 4)
    head.writeUInt32LE(kept.length, 8)
    head.writeUInt32LE(bytes.length, 12)
    this.#records.push(Buffer.concat([head, kept]))
    return true
  }

  /** Ends the capture and writes its file. @throws RetvalError -81 when there is none, -6 when nothing was captured */
  end(): void {
    const capture = this.#capture
    if (capture === undefined) throw new RetvalError('VALUE_EXIST')
    this.#capture = undefined
    if (this.#records.length === 0) throw new RetvalError('NO_SUCH_ENTRY')
    const head = Buffer.alloc(24)
    head.writeUInt32LE(MAGIC, 0)
    head.writeUInt16LE(2, 4)
    head.writeUInt16LE(4, 6)
    head.writeUInt32LE(1 << 16, 16)
    head.writeUInt32LE(ETHERNET, 20)
    writeFileSync(join(FOLDER, capture.filename), Buffer.concat([head, ...this.#records]), { mode: 0o664 })
    this.#records = []
  }
}
