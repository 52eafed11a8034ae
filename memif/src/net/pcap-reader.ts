/** One packet of a capture. */
export interface CapturedPacket {
  /** Nanoseconds since 1970. */
  readonly time: bigint
  /** Bytes that were kept, a view of the file's. */
  readonly packet: Uint8Array
  /** Bytes that the packet had. */
  readonly length: number
}

/** What a capture file holds. */
export interface Capture {
  /** As registered for pcap: 1 Ethernet, 101 IP. */
  readonly linkType: number
  readonly packets: readonly CapturedPacket[]
}

const HEADER_BYTES = 24
const RECORD_BYTES = 16
/** Nanoseconds per unit of the second time field, by the file's first number. */
const UNITS = new Map([
  [0xa1b2c3d4, 1000n],
  [0xa1b23c4d, 1n],
])

/**
 * Reads a pcap file, of either byte order and resolution. A last record that is cut short is left out, as of a capture
 * that was interrupted. RangeError for anything that is not pcap (pcapng among it).
 */
export function parsePcap(bytes: Uint8Array): Capture {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const little = bytes.length >= HEADER_BYTES && UNITS.has(view.getUint32(0, true))
  const unit = bytes.length < HEADER_BYTES ? undefined : UNITS.get(view.getUint32(0, little))
  if (unit === undefined)
    throw new RangeError('not a pcap file (pcapng is another format: convert it with editcap)')
  const packets: CapturedPacket[] = []
  for (let at = HEADER_BYTES; at + RECORD_BYTES <= bytes.length;) {
    const kept = view.getUint32(at + 8, little)
    const end = at + RECORD_BYTES + kept
    if (end > bytes.length) break
    packets.push({
      time:
        BigInt(view.getUint32(at, little)) * 1_000_000_000n + BigInt(view.getUint32(at + 4, little)) * unit,
      packet: bytes.subarray(at + RECORD_BYTES, end),
      length: view.getUint32(at + 12, little),
    })
    at = end
  }
  return { linkType: view.getUint32(20, little), packets }
}
