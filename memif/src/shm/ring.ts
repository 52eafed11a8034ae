import { MemifError } from '../errors.ts'
import { DESCRIPTOR_BYTES, RING_COOKIE, RING_HEADER_BYTES, checkRingPlacement } from './layout.ts'

/** Bit 0 of a descriptor's flags: the packet continues in the next slot. */
export const DESCRIPTOR_NEXT = 1

/** Bit 0 of a ring's flags, owned by its receiver: it polls, do not signal. */
export const RING_MASK_INTERRUPT = 1

/** Words of u32 per descriptor: flags | region << 16, length, offset, metadata. */
export const DESCRIPTOR_WORDS = DESCRIPTOR_BYTES / 4

const FLAGS = 2
const HEAD = 3
const TAIL = 32

/**
 * Views of one descriptor ring. Indexes and flags are single 16-bit atomic accesses: byte-wise stores let the peer see
 * torn indexes, and sequentially consistent ones give the acquire, release and full fence that the ring rules want.
 */
export class Ring {
  readonly size: number
  readonly mask: number
  /** The descriptors, `DESCRIPTOR_WORDS` words each; a slot is written only by the side that holds it. */
  readonly descriptors: Uint32Array
  readonly #header: Uint16Array
  readonly #cookie: Uint32Array

  /** @throws MemifError `MEMIF_RING_INVALID` when the ring does not lie inside `region` */
  constructor(region: Uint8Array, offset: number, log2RingSize: number) {
    checkRingPlacement(offset, log2RingSize, region.length)
    this.size = 2 ** log2RingSize
    this.mask = this.size - 1
    const start = region.byteOffset + offset
    this.#cookie = new Uint32Array(region.buffer, start, 1)
    this.#header = new Uint16Array(region.buffer, start, RING_HEADER_BYTES / 2)
    this.descriptors = new Uint32Array(region.buffer, start + RING_HEADER_BYTES, this.size * DESCRIPTOR_WORDS)
  }

  /** Writes the header of a new ring. */
  format(): void {
    this.#cookie[0] = RING_COOKIE
    this.reset()
    this.flags = 0
  }

  /** Both indexes to 0, as DPDK and libmemif do it at CONNECT. */
  reset(): void {
    this.head = 0
    this.tail = 0
  }

  /** Whether the cookie is in place. */
  get valid(): boolean {
    return this.#cookie[0] === RING_COOKIE
  }

  get head(): number {
    return Atomics.load(this.#header, HEAD)
  }

  set head(value: number) {
    Atomics.store(this.#header, HEAD, value)
  }

  get tail(): number {
    return Atomics.load(this.#header, TAIL)
  }

  set tail(value: number) {
    Atomics.store(this.#header, TAIL, value)
  }

  get flags(): number {
    return Atomics.load(this.#header, FLAGS)
  }

  set flags(value: number) {
    Atomics.store(this.#header, FLAGS, value)
  }
}

/** @throws MemifError `MEMIF_RING_INVALID` when the ring's cookie is missing */
export function checkCookie(ring: Ring, name: string): void {
  if (ring.valid) return
  throw new MemifError('MEMIF_RING_INVALID', `${name} has no memif cookie`, {
    reason: `wrong cookie on ${name}`,
  })
}
