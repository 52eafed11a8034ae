import { Packet } from './packet.ts'

/** Keeps what was read: what is read for nothing may be left out by the compiler. */
const kept = new Uint8Array(1)

/**
 * Reads a byte of every packet from `start` up to `end`, so that the processor fetches many of them at once from where
 * the peer wrote them. Copies, one call each, would wait for one after the other: a third fewer packets a second.
 */
export function touch(packets: readonly (Uint8Array | Packet)[], start: number, end: number): void {
  // Memory of one's own is as a rule in the cache already; who sends it sends nothing else in the same burst.
  if (!(packets[start] instanceof Packet)) return
  let read = 0
  for (let n = start; n < end; n++) {
    const packet = packets[n]!
    if (packet instanceof Packet) read ^= packet.bytes[packet.offset]!
  }
  kept[0] = read
}
