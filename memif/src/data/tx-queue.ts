import { MemifError } from '../errors.ts'
import { DESCRIPTOR_NEXT, DESCRIPTOR_WORDS, RING_MASK_INTERRUPT, type Ring } from '../shm/ring.ts'
import { TX, type CounterCells } from './counters.ts'
import { Packet } from './packet.ts'
import { copyWords, SHORT, wordsOf } from './words.ts'

/** Where a client's send buffers lie: slot k at `buffers + k * bufferSize` of region 0. */
export interface SendBuffers {
  readonly buffers: number
  readonly bufferSize: number
}

export interface TxQueueOptions {
  readonly ring: Ring
  /** All regions of the connection, by index. */
  readonly regions: readonly Uint8Array[]
  /** Set by a client, which sends from its own buffers; absent for a server, which fills those the client offers. */
  readonly own?: SendBuffers | undefined
  /** Longer packets are dropped and counted. */
  readonly maxPacketBytes: number
  readonly counters: CounterCells
  /** Wakes the receiver: writes to the ring's eventfd. */
  readonly signal: () => void
  /** Index to go on from, of a queue that was in use before; 0 when not said. */
  readonly position?: number
}

/** A buffer lent by `reserve`: fill `data`, set `length`, and `more` when the packet continues in the next one. */
export class SendBuffer extends Packet {
  /** Bytes the buffer holds. */
  capacity = 0
  /** The packet continues in the next reserved buffer. */
  more = false

  /** @internal Points the object at the buffer that it lends. */
  lend(bytes: Uint8Array, offset: number, capacity: number): void {
    this.assign(bytes, offset, capacity, 0, 0)
    this.capacity = capacity
    this.more = false
  }
}

const INDEX_MASK = 0xffff
const REGION_BITS = 0xffff0000

/** What became of a packet in `#place`. */
const SENT = 1
const DROPPED = 2
const FULL = 3
const RETRY = 4

/**
 * The sending end of a ring, for either role. Only whole packets are published, by one index store a burst, and the
 * receiver is woken at most once a burst.
 */
export class TxQueue {
  readonly ring: Ring
  readonly #regions: readonly Uint8Array[]
  readonly #own: SendBuffers | undefined
  readonly #maxPacketBytes: number
  readonly #counters: CounterCells
  readonly #signal: () => void
  /** One object a slot, made on first use. */
  readonly #slots: SendBuffer[] = []
  readonly #reserved: SendBuffer[] = []
  /** How many of `#reserved` are lent now: emptying the array would make it grow again at every burst. */
  #lent = 0
  /** Own index: the next slot to fill; and how many can be filled from there. */
  #at = 0
  #room = 0
  /** The slot read by `#load`: shared memory is read once, then only these are used. */
  #word = 0
  #bytes: Uint8Array
  #offset = 0
  #capacity = 0
  /** The memory of the own buffers in words. */
  readonly #ownWords: BigInt64Array | undefined
  /** The memory that short packets came from last, as a rule the same one time after the other, and its words. */
  #source: Uint8Array | undefined
  #sourceWords: BigInt64Array | undefined

  constructor(options: TxQueueOptions) {
    this.ring = options.ring
    this.#regions = options.regions
    this.#own = options.own
    this.#maxPacketBytes = options.maxPacketBytes
    this.#counters = options.counters
    this.#signal = options.signal
    this.#bytes = options.regions[0]!
    this.#at = options.position ?? 0
    if (options.own !== undefined) {
      this.#capacity = options.own.bufferSize
      this.#ownWords = wordsOf(this.#bytes)
    }
  }

  /** Index of the next slot to fill: it moves when packets are sent. */
  get position(): number {
    return this.#at
  }

  /** Slots that can be filled now. */
  get free(): number {
    const { ring } = this
    const free =
      this.#own === undefined
        ? (ring.head - this.#at) & INDEX_MASK
        : ring.size - ((this.#at - ring.tail) & INDEX_MASK)
    if (free >= 0 && free <= ring.size) return free
    this.#counters[TX.badIndex]!++
    return 0
  }

  /**
   * Sends copies of `packets` from index `start` on, as many as there is room for, and gives their number: the caller
   * keeps the rest. Packets that can never be sent (empty, longer than the ring or `maxPacketBytes`) are dropped,
   * counted, and included in the number. Buffers reserved and not committed are given up.
   */
  burst(packets: readonly (Uint8Array | Packet)[], start = 0): number {
    this.#lent = 0
    this.#room = this.free
    const from = this.#at
    let sent = 0
    let bytes = 0
    let index = start
    while (index < packets.length) {
      const packet = packets[index]!
      let data: Uint8Array
      let metadata = 0
      if (packet instanceof Packet) {
        const before = this.#at
        const short = packet.length <= SHORT ? this.#placeShort(packets, index) : 0
        if (short > 0) {
          const count = (this.#at - before) & INDEX_MASK
          bytes += short
          sent += count
          index += count
          continue
        }
        data = whole(packet)
        metadata = packet.metadata
      } else data = packet
      const outcome = this.#place(data, metadata)
      if (outcome === FULL) {
        this.#counters[TX.full]!++
        break
      }
      if (outcome === SENT) {
        sent++
        bytes += data.length
      }
      index++
    }
    if (this.#at !== from) this.#publish(sent, bytes)
    return index - start
  }

  /**
   * Lends up to `count` buffers of the ring to be filled in place. They and the array are valid until `commit` or the
   * next call of `reserve` or `burst`.
   */
  reserve(count: number): readonly SendBuffer[] {
    const reserved = this.#reserved
    const { mask } = this.ring
    let lent = 0
    this.#room = this.free
    while (lent < count && lent < this.#room) {
      const slot = (this.#at + lent) & mask
      if (!this.#load(slot)) {
        if (lent > 0) break
        this.#passOver(1)
        continue
      }
      const buffer = (this.#slots[slot] ??= new SendBuffer())
      buffer.lend(this.#bytes, this.#offset, this.#capacity)
      reserved[lent++] = buffer
    }
    if (reserved.length !== lent) reserved.length = lent
    this.#lent = lent
    return reserved
  }

  /**
   * Sends the first `count` reserved buffers, all of them when not said; the others are given up.
   *
   * @throws MemifError `MEMIF_PACKET_INVALID` when more are asked for than reserved, a length is 0 or over the
   *   capacity, or the last buffer says `more`; nothing is sent then
   */
  commit(count: number = this.#lent): void {
    const reserved = this.#reserved
    checkReserved(reserved, this.#lent, count)
    const { mask } = this.ring
    let packets = 0
    let bytes = 0
    for (let n = 0; n < count; n++) {
      const { length, more, metadata } = reserved[n]!
      const slot = (this.#at + n) & mask
      if (this.#own === undefined) this.#word = this.ring.descriptors[slot * DESCRIPTOR_WORDS]!
      else this.#load(slot)
      this.#describe(slot, length, more ? DESCRIPTOR_NEXT : 0, metadata)
      bytes += length
      if (!more) packets++
    }
    this.#lent = 0
    this.#at = (this.#at + count) & INDEX_MASK
    if (count > 0) this.#publish(packets, bytes)
  }

  /**
   * Places the packets from `start` on that are a few whole words of the same memory each, as many as there is room for,
   * up to the first that is otherwise, in a slot each, and gives the sum of their bytes. One loop without a call or a
   * view, for which alone `#place` takes as long.
   */
  #placeShort(packets: readonly (Uint8Array | Packet)[], start: number): number {
    const own = this.#own
    const target = this.#ownWords
    if (own === undefined || target === undefined) return 0
    const { bytes } = packets[start] as Packet
    const source = this.#wordsOf(bytes)
    if (source === undefined) return 0
    const { buffers, bufferSize } = own
    const most = Math.min(SHORT, this.#maxPacketBytes, bufferSize)
    const end = Math.min(packets.length, start + this.#room)
    const { mask, descriptors } = this.ring
    let at = this.#at
    let n = start
    let total = 0
    for (; n < end; n++, at++) {
      const packet = packets[n]!
      if (!(packet instanceof Packet) || packet.bytes !== bytes || packet.next !== undefined) break
      const { offset, length } = packet
      const slot = at & mask
      const to = buffers + slot * bufferSize
      if (length === 0 || length > most || ((offset | length | to) & 7) !== 0) break
      if (offset + length > bytes.length) break
      copyWords(source, offset >>> 3, target, to >>> 3, length >>> 3)
      const descriptor = slot * DESCRIPTOR_WORDS
      descriptors[descriptor] = 0
      descriptors[descriptor + 1] = length
      descriptors[descriptor + 2] = to
      descriptors[descriptor + 3] = packet.metadata
      total += length
    }
    this.#advance(n - start)
    return total
  }

  #wordsOf(bytes: Uint8Array): BigInt64Array | undefined {
    if (this.#source !== bytes) {
      this.#source = bytes
      this.#sourceWords = wordsOf(bytes)
    }
    return this.#sourceWords
  }

  #place(data: Uint8Array, metadata: number): number {
    const { length } = data
    if (length === 0 || length > this.#maxPacketBytes) return this.#drop(length === 0 ? TX.empty : TX.tooLong)
    for (;;) {
      if (this.#room === 0) return FULL
      const slot = this.#at & this.ring.mask
      if (!this.#load(slot)) {
        this.#passOver(1)
        continue
      }
      if (length <= this.#capacity) {
        this.#bytes.set(data, this.#offset)
        this.#describe(slot, length, 0, metadata)
        this.#advance(1)
        return SENT
      }
      const outcome = this.#placeChain(data, metadata)
      if (outcome !== RETRY) return outcome
    }
  }

  #placeChain(data: Uint8Array, metadata: number): number {
    const { size, mask } = this.ring
    // A client's buffers are of one size; those that a server is offered may differ, so it has to look at them.
    const fewest = this.#own === undefined ? 2 : Math.ceil(data.length / this.#capacity)
    if (fewest > size) return this.#drop(TX.tooLong)
    if (fewest > this.#room) return FULL
    let used = 0
    for (let done = 0; done < data.length; used++) {
      if (used === this.#room) return used === size ? this.#drop(TX.tooLong) : FULL
      const slot = (this.#at + used) & mask
      if (!this.#load(slot)) {
        this.#passOver(used + 1)
        return RETRY
      }
      const end = Math.min(done + this.#capacity, data.length)
      this.#bytes.set(data.subarray(done, end), this.#offset)
      this.#describe(slot, end - done, end < data.length ? DESCRIPTOR_NEXT : 0, metadata)
      done = end
    }
    this.#advance(used)
    return SENT
  }

  /** Finds the buffer of a slot: a client's own, or the one a client offers, which may lie anywhere. */
  #load(slot: number): boolean {
    if (this.#own !== undefined) {
      this.#offset = this.#own.buffers + slot * this.#own.bufferSize
      return true
    }
    const at = slot * DESCRIPTOR_WORDS
    const word = this.ring.descriptors[at]!
    const capacity = this.ring.descriptors[at + 1]!
    const offset = this.ring.descriptors[at + 2]!
    const region = this.#regions[word >>> 16]
    if (region === undefined || capacity === 0 || offset + capacity > region.length) return false
    this.#word = word
    this.#bytes = region
    this.#offset = offset
    this.#capacity = capacity
    return true
  }

  /** Stores flags, never ORs them: a stale NEXT would join this packet to the following one. */
  #describe(slot: number, length: number, flags: number, metadata: number): void {
    const { descriptors } = this.ring
    const at = slot * DESCRIPTOR_WORDS
    if (this.#own === undefined) {
      descriptors[at] = (this.#word & REGION_BITS) | flags
    } else {
      descriptors[at] = flags
      descriptors[at + 2] = this.#offset
    }
    descriptors[at + 1] = length
    descriptors[at + 3] = metadata
  }

  /** Returns slots with unusable buffers to the client, empty. */
  #passOver(count: number): void {
    const { descriptors, mask } = this.ring
    for (let n = 0; n < count; n++) {
      const at = ((this.#at + n) & mask) * DESCRIPTOR_WORDS
      descriptors[at] = descriptors[at]! & REGION_BITS
      descriptors[at + 1] = 0
    }
    this.#counters[TX.badBuffer]!++
    this.#advance(count)
  }

  #advance(count: number): void {
    this.#at = (this.#at + count) & INDEX_MASK
    this.#room -= count
  }

  #drop(cell: number): number {
    this.#counters[cell]!++
    return DROPPED
  }

  #publish(packets: number, bytes: number): void {
    const { ring } = this
    if (this.#own === undefined) ring.tail = this.#at
    else ring.head = this.#at
    this.#counters[TX.packets]! += packets
    this.#counters[TX.bytes]! += bytes
    if ((ring.flags & RING_MASK_INTERRUPT) !== 0) return
    this.#counters[TX.signals]!++
    this.#signal()
  }
}

function whole(packet: Packet): Uint8Array {
  return packet.next === undefined ? packet.data : packet.copy()
}

function checkReserved(reserved: readonly SendBuffer[], lent: number, count: number): void {
  if (!(count >= 0 && count <= lent)) {
    throw new MemifError('MEMIF_PACKET_INVALID', `cannot commit ${count} buffers, ${lent} are reserved`)
  }
  for (let n = 0; n < count; n++) {
    const { length, capacity, more } = reserved[n]!
    if (!(length > 0 && length <= capacity)) {
      throw new MemifError(
        'MEMIF_PACKET_INVALID',
        `reserved buffer ${n} has length ${length}, not 1 to ${capacity}`,
      )
    }
    if (more && n === count - 1) {
      throw new MemifError(
        'MEMIF_PACKET_INVALID',
        `the last committed buffer ${n} says more, but nothing follows`,
      )
    }
  }
}
