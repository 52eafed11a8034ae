import { EventFd, Fd, Mapping } from '@vpp-ts/linux'
import { openTxTicket, type MemifRole, type QueueTicket, type WorkerTxQueue } from '@vpp-ts/memif'

/**
 * What a peer can get wrong in the shared memory. In one packet: `region`, a region that is not there; `offset`, a place
 * outside its region; `empty`, no bytes; `unfinished`, a chain without its end, which the next packet is taken for. Or
 * `index`: the ring index jumps by more than the ring has slots, until the next packet is sent.
 */
export type RingDamage = 'region' | 'offset' | 'empty' | 'unfinished' | 'index'

/** Places in a ring, in bytes: its header's indexes, and the descriptors. */
const HEAD = 6
const TAIL = 64
const DESCRIPTORS = 128
const DESCRIPTOR_BYTES = 16

/** A descriptor's words for each damage: flags with region, length, offset. Undefined words stay as they are. */
const WORDS: Record<Exclude<RingDamage, 'index'>, readonly (number | undefined)[]> = {
  region: [0xffff << 16, 64, undefined],
  offset: [0, 64, 0xffffff00],
  empty: [0, 0, undefined],
  unfinished: [1, 64, undefined],
}

/**
 * Publishes a damaged packet, or index, on the tx queue of `ticket`, and opens the queue behind it. The ticket is used
 * up.
 */
export function damageRing(ticket: QueueTicket, role: MemifRole, damage: RingDamage): WorkerTxQueue {
  const { ring, regions, position, eventFd } = ticket
  const size = 2 ** ring.log2RingSize
  const region = regions[ring.region]!
  using mapping = borrow(region.fd, (fd) => Mapping.create(fd, { length: region.bytes, writable: true }))
  const end = (position + (damage === 'index' ? size + 1 : 1)) & 0xffff
  if (damage !== 'index') {
    const at = ring.offset + DESCRIPTORS + (position % size) * DESCRIPTOR_BYTES
    const words = new Uint32Array(mapping.buffer, at, WORDS[damage].length)
    for (const [index, word] of WORDS[damage].entries()) if (word !== undefined) words[index] = word
  }
  const header = new Uint16Array(mapping.buffer, ring.offset, DESCRIPTORS / 2)
  Atomics.store(header, (role === 'client' ? HEAD : TAIL) / 2, end)
  using event = borrow(eventFd, (fd) => EventFd.adopt(fd.dup()))
  event.signal()
  return openTxTicket({ ...ticket, position: damage === 'index' ? position : end })
}

/** Uses a descriptor of the ticket, which stays the ticket's. */
function borrow<T>(number: number, use: (fd: Fd) => T): T {
  const fd = Fd.adopt(number)
  try {
    return use(fd)
  } finally {
    fd.release()
  }
}
