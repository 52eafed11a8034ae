import { MemifError } from '../errors.ts'
import { DESCRIPTOR_NEXT, DESCRIPTOR_WORDS, type Ring } from '../shm/ring.ts'
import { RX, type CounterCells } from './counters.ts'
import { Packet } from './packet.ts'
import { PacketCopies } from './packet-copies.ts'
import { CopySource } from './source.ts'

/** Where a client's receive buffers lie: slot k at `buffers + k * bufferSize` of region 0. */
export interface ReceiveBuffers {
  readonly buffers: number
  readonly bufferSize: number
}

export interface RxQueueOptions {
  readonly ring: Ring
  /** All regions of the connection, by index. */
  readonly regions: readonly Uint8Array[]
  /** Set by a client, which owns the buffers and refills the ring; absent for a server. */
  readonly refill?: ReceiveBuffers | undefined
  /** Bytes kept free in front of each packet. */
  readonly headroom: number
  /** Longer packets are dropped and counted. */
  readonly maxPacketBytes: number
  readonly counters: CounterCells
  /** Index to go on from, of a queue that was in use before; 0 when not said. */
  readonly position?: number
}

const INDEX_MASK = 0xffff

/** Packets taken at once that make a stream of short ones, and the bytes that are too many for each in the mean. */
const STREAM = 8
const STREAM_BYTES = 512

/** Steps of `holdBack`: about a microsecond. */
const HOLD_STEPS = 1000

/** Keeps what was computed: what is computed for nothing may be left out by the compiler. */
const kept = new Uint8Array(1)

/**
 * The receiving end of a ring, for either role. What the peer wrote (index, descriptors) is checked before use and read
 * once; a bad packet is dropped, counted, and its slots go back all the same.
 */
export class RxQueue {
  readonly ring: Ring
  readonly #regions: readonly Uint8Array[]
  readonly #refill: ReceiveBuffers | undefined
  readonly #headroom: number
  readonly #maxPacketBytes: number
  readonly #counters: CounterCells
  /** One object a slot, made on first use: the views that they keep fit again when the slot comes round. */
  readonly #slots: Packet[] = []
  /** For each slot that starts a packet, the index behind the packet and the bad ones that follow it. */
  readonly #ends: Uint16Array
  readonly #views: Packet[] = []
  readonly #copies: PacketCopies
  readonly #sources: CopySource[] = []
  /** Offset, length and metadata of each packet to be copied: shared memory is read once, then only these are used. */
  readonly #found: Uint32Array
  /** Index of the next slot to look at, and of the oldest slot not given back. */
  #next = 0
  #done = 0
  #outstanding = 0
  /** Whether the last packets taken were a stream of short ones. */
  #streaming = false
  /** The peer's index when the last packet's end was not there yet. */
  #incompleteAt = -1
  /** Slot of the youngest packet handed out and not released. */
  #youngest = 0

  constructor(options: RxQueueOptions) {
    this.ring = options.ring
    this.#regions = options.regions
    this.#refill = options.refill
    this.#headroom = options.headroom
    this.#maxPacketBytes = options.maxPacketBytes
    this.#counters = options.counters
    this.#copies = new PacketCopies(options.headroom)
    this.#found = new Uint32Array(3 * options.ring.size)
    this.#ends = new Uint16Array(options.ring.size)
    this.#next = this.#done = options.position ?? 0
  }

  /**
   * Of a new connection: a client gives all its buffers to the server. Only after CONNECTED: some servers zero the
   * indexes before it.
   */
  start(): void {
    if (this.#refill === undefined) return
    this.#refillSlots(this.#done, this.ring.size, this.#refill)
    this.ring.head = (this.#done + this.ring.size) & INDEX_MASK
  }

  /**
   * Slots filled by the peer and not looked at yet; 0 while they are but the beginning of a chain, or while the peer's
   * index cannot be, which is counted: who waits for packets takes none then and would never know.
   */
  get pending(): number {
    return this.#peerIndex() === this.#incompleteAt ? 0 : this.#available()
  }

  /** Index of the next slot to look at: it moves when packets are taken. */
  get position(): number {
    return this.#next
  }

  /** Packets handed out by `peek` and not released. */
  get outstanding(): number {
    return this.#outstanding
  }

  /**
   * Up to `max` packets where they lie in shared memory. They and the array are valid until released, the array also
   * only until the next call.
   */
  peek(max: number): readonly Packet[] {
    const out = this.#views
    const bytesBefore = this.#counters[RX.bytes]!
    this.#incompleteAt = -1
    let available = this.#look()
    let count = 0
    for (;;) {
      const singles = this.#takeSingles(count, Math.min(available, max - count))
      count += singles
      available -= singles
      if (available === 0 || count >= max) break
      const slot = this.#next & this.ring.mask
      const used = this.#chain(slot, available)
      if (used === 0) {
        this.#incompleteAt = (this.#next + available) & INDEX_MASK
        break
      }
      available -= Math.abs(used)
      if (used < 0) this.#skip(-used)
      else out[count++] = this.#handOut(slot, used)
    }
    if (out.length !== count) out.length = count
    this.#counters[RX.packets]! += count
    this.#noteStream(count, this.#counters[RX.bytes]! - bytesBefore)
    return out
  }

  /**
   * Gives the slots of the oldest packets of `peek` back to the peer: of so many, of the given ones, or of all when not
   * said. Given packets that another connection's queue handed out are passed over: their memory is gone.
   *
   * @throws MemifError `MEMIF_PACKETS_OUTSTANDING` when fewer are outstanding, or the given ones are not the oldest
   */
  release(packets: readonly Packet[] | number = this.#outstanding): void {
    const count = typeof packets === 'number' ? packets : this.#countOldest(packets)
    if (!(Number.isInteger(count) && count >= 0 && count <= this.#outstanding)) {
      throw new MemifError(
        'MEMIF_PACKETS_OUTSTANDING',
        `cannot release ${count} packets, ${this.#outstanding} are outstanding`,
      )
    }
    if (count === 0) return
    let end = this.#next
    if (count < this.#outstanding) {
      end = this.#done
      for (let n = 0; n < count; n++) end = this.#ends[end & this.ring.mask]!
    }
    this.#outstanding -= count
    this.#giveBack(end)
  }

  /**
   * Up to `max` packets, copied out of shared memory; chains are joined. The packets and the array are reused: valid
   * until the next call.
   *
   * @throws MemifError `MEMIF_PACKETS_OUTSTANDING` while packets of `peek` are not released
   */
  burst(max: number): readonly Packet[] {
    if (this.#outstanding > 0) {
      throw new MemifError(
        'MEMIF_PACKETS_OUTSTANDING',
        `${this.#outstanding} packets of this queue are handed out: release them before the next burst`,
      )
    }
    const copies = this.#copies
    copies.clear()
    this.#incompleteAt = -1
    let available = this.#look()
    for (;;) {
      available -= this.#copySingles(Math.min(available, max - copies.count))
      if (available === 0 || copies.count >= max) break
      const slot = this.#next & this.ring.mask
      const used = this.#chain(slot, available)
      if (used === 0) {
        this.#incompleteAt = (this.#next + available) & INDEX_MASK
        break
      }
      if (used > 0) copies.addChain(this.#slots[slot]!)
      available -= Math.abs(used)
      this.#next = (this.#next + Math.abs(used)) & INDEX_MASK
    }
    if (this.#next !== this.#done) this.#giveBack(this.#next)
    this.#counters[RX.packets]! += copies.count
    this.#counters[RX.bytes]! += copies.bytes
    this.#noteStream(copies.count, copies.bytes)
    return copies.finish()
  }

  /** The number of `packets`, which have to be the oldest in order; 0 when they are of another queue. */
  #countOldest(packets: readonly Packet[]): number {
    const slots = this.#slots
    let end = this.#done
    for (const packet of packets) {
      const slot = end & this.ring.mask
      if (slots[slot] !== packet) {
        if (!slots.includes(packet)) return 0
        throw new MemifError(
          'MEMIF_PACKETS_OUTSTANDING',
          'packets are released in the order in which they came',
        )
      }
      end = this.#ends[slot]!
    }
    return packets.length
  }

  get #roomBefore(): number {
    return this.#refill === undefined ? 0 : this.#headroom
  }

  /** Copies the packets of one sound buffer each that come next in the same region, at most `limit`; gives their number. */
  #copySingles(limit: number): number {
    if (limit <= 0) return 0
    const { ring } = this
    const index = ring.descriptors[(this.#next & ring.mask) * DESCRIPTOR_WORDS]! >>> 16
    const source = this.#source(index)
    if (source === undefined) return 0
    const short = this.#copies.addShort(source, ring, this.#next, limit, index, this.#maxPacketBytes)
    this.#next = (this.#next + short) & INDEX_MASK
    return short + this.#copyFound(source, index, limit - short)
  }

  /** What `#copySingles` does with packets that are not short. All descriptors are looked at before the first copy. */
  #copyFound(source: CopySource, index: number, limit: number): number {
    const { descriptors, mask } = this.ring
    const found = this.#found
    const longest = this.#maxPacketBytes
    const end = source.region.length
    const from = this.#next
    let taken = 0
    let bytes = 0
    for (; taken < limit; taken++) {
      const at = ((from + taken) & mask) * DESCRIPTOR_WORDS
      const word = descriptors[at]!
      const length = descriptors[at + 1]!
      const offset = descriptors[at + 2]!
      if ((word & DESCRIPTOR_NEXT) !== 0 || word >>> 16 !== index) break
      if (length === 0 || length > longest || offset + length > end) break
      found[3 * taken] = offset
      found[3 * taken + 1] = length
      found[3 * taken + 2] = descriptors[at + 3]!
      bytes += length
    }
    if (taken > 0) this.#copies.add(source, found, taken, bytes, from & mask, mask)
    this.#next = (from + taken) & INDEX_MASK
    return taken
  }

  #source(index: number): CopySource | undefined {
    const known = this.#sources[index]
    if (known !== undefined) return known
    const region = this.#regions[index]
    return region && (this.#sources[index] = new CopySource(region, this.ring.size))
  }

  /**
   * The packets of one sound buffer each that come next, at most `limit`, into the views from `from` on; gives their
   * number. Nearly all traffic goes through this loop, so that it has nothing in it that is not for every packet.
   */
  #takeSingles(from: number, limit: number): number {
    const { descriptors, mask } = this.ring
    const regions = this.#regions
    const slots = this.#slots
    const ends = this.#ends
    const out = this.#views
    const longest = this.#maxPacketBytes
    const headroom = this.#roomBefore
    let next = this.#next
    let taken = 0
    let bytes = 0
    for (; taken < limit; taken++) {
      const slot = next & mask
      const at = slot * DESCRIPTOR_WORDS
      const word = descriptors[at]!
      const length = descriptors[at + 1]!
      const offset = descriptors[at + 2]!
      const region = regions[word >>> 16]
      if ((word & DESCRIPTOR_NEXT) !== 0 || region === undefined) break
      if (length === 0 || length > longest || offset + length > region.length) break
      const packet = (slots[slot] ??= new Packet())
      packet.assign(region, offset, length, descriptors[at + 3]!, headroom)
      bytes += length
      next = (next + 1) & INDEX_MASK
      ends[slot] = next
      out[from + taken] = packet
    }
    if (taken === 0) return 0
    this.#next = next
    this.#youngest = (next - 1) & mask
    this.#outstanding += taken
    this.#counters[RX.bytes]! += bytes
    return taken
  }

  /** Hands out the packet of `used` slots at `slot`, which is sound. */
  #handOut(slot: number, used: number): Packet {
    const packet = this.#slots[slot]!
    this.#next = (this.#next + used) & INDEX_MASK
    this.#ends[slot] = this.#next
    this.#youngest = slot
    this.#outstanding++
    this.#counters[RX.bytes]! += packet.totalLength
    return packet
  }

  #peerIndex(): number {
    return this.#refill === undefined ? this.ring.head : this.ring.tail
  }

  /** Slots the peer can have filled at most: all that are not handed out. */
  #limit(): number {
    return this.ring.size - ((this.#next - this.#done) & INDEX_MASK)
  }

  /**
   * Slots to take packets from. Who empties the ring of a sender that streams short packets again and again takes the
   * cache lines of its indexes and descriptors away from it: both are faster when the receiver holds back once for a
   * moment while the ring is nearly empty. Packets that come one by one are never kept waiting.
   */
  #look(): number {
    const available = this.#available()
    if (!this.#streaming || available >= this.ring.size / 4) return available
    holdBack()
    return this.#available()
  }

  #noteStream(packets: number, bytes: number): void {
    this.#streaming = packets >= STREAM && bytes < STREAM_BYTES * packets
  }

  /** Slots filled by the peer. An index that cannot be is counted; nothing is read until the peer stores a possible one. */
  #available(): number {
    const pending = (this.#peerIndex() - this.#next) & INDEX_MASK
    const limit = this.#limit()
    if (pending <= limit) return pending
    this.#counters[RX.badIndex]!++
    return 0
  }

  /** Slots of the packet that starts at `slot`; negative when it must be dropped, 0 when its end is not there yet. */
  #chain(slot: number, available: number): number {
    const { descriptors, mask, size } = this.ring
    let total = 0
    let bad = false
    let used = 0
    let previous: Packet | undefined
    for (let word = DESCRIPTOR_NEXT; (word & DESCRIPTOR_NEXT) !== 0; used++) {
      if (used === available) return available === size ? this.#drop(slot, used, RX.badChain) : 0
      const at = ((slot + used) & mask) * DESCRIPTOR_WORDS
      word = descriptors[at]!
      const length = descriptors[at + 1]!
      const offset = descriptors[at + 2]!
      const region = this.#regions[word >>> 16]
      total += length
      if (region === undefined || length === 0 || offset + length > region.length) bad = true
      const packet = (this.#slots[(slot + used) & mask] ??= new Packet())
      packet.assign(
        region ?? packet.bytes,
        offset,
        length,
        descriptors[at + 3]!,
        used === 0 ? this.#roomBefore : 0,
      )
      if (previous !== undefined) previous.next = packet
      previous = packet
    }
    if (bad) return this.#drop(slot, used, RX.badDescriptor)
    if (total > this.#maxPacketBytes) return this.#drop(slot, used, RX.tooLong)
    this.#clearNext(slot, used)
    return used
  }

  #drop(slot: number, used: number, cell: number): number {
    this.#clearNext(slot, used)
    this.#counters[cell]!++
    return -used
  }

  /** Senders exist that set NEXT but never clear it, so the receiver does before the slot goes back. */
  #clearNext(slot: number, used: number): void {
    const { descriptors, mask } = this.ring
    for (let n = 0; n < used; n++) {
      const at = ((slot + n) & mask) * DESCRIPTOR_WORDS
      descriptors[at] = descriptors[at]! & ~DESCRIPTOR_NEXT
    }
  }

  /** Passes over dropped slots: at once when nothing is handed out before them, else with the packet before them. */
  #skip(used: number): void {
    this.#next = (this.#next + used) & INDEX_MASK
    if (this.#outstanding > 0) this.#ends[this.#youngest] = this.#next
    else this.#giveBack(this.#next)
  }

  /** Returns the slots up to `end`: a server moves the tail, a client refills and moves the head. */
  #giveBack(end: number): void {
    const from = this.#done
    this.#done = end
    if (this.#refill === undefined) {
      this.ring.tail = end
      return
    }
    this.#refillSlots(from, (end - from) & INDEX_MASK, this.#refill)
    this.ring.head = (end + this.ring.size) & INDEX_MASK
  }

  #refillSlots(from: number, count: number, { buffers, bufferSize }: ReceiveBuffers): void {
    const { descriptors, mask } = this.ring
    const headroom = this.#headroom
    for (let n = 0; n < count; n++) {
      const slot = (from + n) & mask
      const at = slot * DESCRIPTOR_WORDS
      descriptors[at] = 0
      descriptors[at + 1] = bufferSize - headroom
      descriptors[at + 2] = buffers + slot * bufferSize + headroom
      descriptors[at + 3] = 0
    }
  }
}

/** Lets a microsecond pass: there is no call that waits so short, and reading a clock takes a tenth of it. */
function holdBack(): void {
  let value = 0
  for (let n = 0; n < HOLD_STEPS; n++) value = (Math.imul(value, 3) + n) | 0
  kept[0] = value
}
