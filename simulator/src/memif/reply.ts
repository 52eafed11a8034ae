import type { MemifMode } from '@vpp-ts/memif'
import { respondToFrame, respondToPacket, type ResponderHost } from '@vpp-ts/memif/net'

/**
 * What to send back for a packet: one, several, or nothing. `packet` is separate memory; `queue` is the one it came
 * in on.
 */
export type PacketHandler = (packet: Uint8Array, queue: number) => Uint8Array | Uint8Array[] | undefined

/**
 * What a simulated peer does with packets. `none` only counts and keeps them; `echo` sends them back as they are; a host
 * answers ARP, neighbour solicitations and ping; a function does as it likes.
 */
export type Reply = 'none' | 'echo' | ResponderHost | PacketHandler

/** The handler that a `Reply` stands for, on an interface of `mode`. */
export function respondAs(reply: Reply, mode: MemifMode): PacketHandler {
  if (typeof reply === 'function') return reply
  if (reply === 'none') return () => undefined
  if (reply === 'echo') return (packet) => packet
  const respond = mode === 'ip' ? respondToPacket : respondToFrame
  return (packet) => respond(reply, packet)
}
