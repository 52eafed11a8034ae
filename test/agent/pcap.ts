/** A packet of a pcap file. */
export interface PcapPacket {
  /** Seconds since 1970. */
  readonly at: number
  /** On the wire. */
  readonly length: number
  /** What was kept of it. */
  readonly bytes: Buffer
}

/** Reads a pcap file of Ethernet frames, times in microseconds. @throws Error when it is none */
export function readPcap(file: Buffer): PcapPacket[] {
  const isPcap = file.length >= 24 && file.readUInt32LE(0) === 0xa1b2_c3d4 && file.readUInt32LE(20) === 1
  if (!isPcap) throw new Error(`no pcap file of Ethernet: ${file.subarray(0, 24).toString('hex')}`)
  const packets: PcapPacket[] = []
  for (let at = 24; at < file.length;) {
    const kept = file.readUInt32LE(at + 8)
    packets.push({
      at: file.readUInt32LE(at) + file.readUInt32LE(at + 4) / 1e6,
      length: file.readUInt32LE(at + 12),
      bytes: file.subarray(at + 16, at + 16 + kept),
    })
    at += 16 + kept
  }
  return packets
}
