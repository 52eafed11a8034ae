import { Transform, type TransformCallback } from 'node:stream'
import type { MemifMode } from '../control/protocol.ts'

/** Little-endian pcap with nanoseconds; readers take the byte order and the resolution from this number. */
const MAGIC = 0xa1b23c4d
const HEADER_BYTES = 24
const RECORD_BYTES = 16
const LINK_TYPE: Record<MemifMode, number> = { ethernet: 1, ip: 101, 'punt-inject': 1 }

/** What a capture holds. */
export interface PcapOptions {
  /** What packets begin with; default `ethernet`. */
  readonly mode?: MemifMode
  /** Bytes kept of each packet; default 262144, all that readers accept. */
  readonly snapLength?: number
}

/**
 * Packets in, a capture file for Wireshark or tcpdump out: write `Uint8Array`s, pipe to a file. Each packet gets the time
 * at which it is written.
 */
export class PcapStream extends Transform {
  readonly #snapLength: number

  constructor({ mode = 'ethernet', snapLength = 262144 }: PcapOptions = {}) {
    super({ writableObjectMode: true })
    this.#snapLength = snapLength
    this.push(pcapHeader(LINK_TYPE[mode], snapLength))
  }

  override _transform(packet: Uint8Array, _encoding: BufferEncoding, callback: TransformCallback): void {
    if (!(packet instanceof Uint8Array)) {
      callback(new TypeError('a capture takes Uint8Array, one a packet'))
      return
    }
    callback(null, pcapRecord(packet, now(), this.#snapLength))
  }
}

/** The beginning of a capture file; `linkType` as registered for pcap. */
export function pcapHeader(linkType: number, snapLength: number): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, MAGIC, true)
  view.setUint16(4, 2, true)
  view.setUint16(6, 4, true)
  view.setUint32(16, snapLength, true)
  view.setUint32(20, linkType, true)
  return bytes
}

/** One packet in a capture file; `time` in nanoseconds since 1970. */
export function pcapRecord(packet: Uint8Array, time: bigint, snapLength: number): Uint8Array {
  const kept = packet.subarray(0, snapLength)
  const bytes = new Uint8Array(RECORD_BYTES + kept.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, Number(time / 1_000_000_000n), true)
  view.setUint32(4, Number(time % 1_000_000_000n), true)
  view.setUint32(8, kept.length, true)
  view.setUint32(12, packet.length, true)
  bytes.set(kept, RECORD_BYTES)
  return bytes
}

function now(): bigint {
  return BigInt(Math.round((performance.timeOrigin + performance.now()) * 1e6))
}
