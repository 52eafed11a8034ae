import { MemifError } from '../errors.ts'
import { MAX_REGION_BYTES } from '../control/protocol.ts'

/** Bytes of a ring's header; the descriptors follow. */
export const RING_HEADER_BYTES = 128

/** Bytes of one descriptor. */
export const DESCRIPTOR_BYTES = 16

/** First word of every ring. */
export const RING_COOKIE = 0x03e31f20

/** What the shared memory of a client has to hold; queues as the client sees them, sizes in bytes. */
export interface MemoryShape {
  readonly txQueues: number
  readonly rxQueues: number
  readonly log2RingSize: number
  readonly bufferSize: number
}

/** Where one ring and its buffers lie, in bytes from the region's start. */
export interface RingPlacement {
  readonly ring: number
  readonly buffers: number
}

/** One region with everything: client-to-server rings, server-to-client rings, then the buffers of each. */
export interface ClientLayout {
  readonly bytes: number
  readonly tx: readonly RingPlacement[]
  readonly rx: readonly RingPlacement[]
}

/** Bytes of a ring of 2^`log2RingSize` slots with its header. */
export function ringBytes(log2RingSize: number): number {
  return RING_HEADER_BYTES + DESCRIPTOR_BYTES * 2 ** log2RingSize
}

/**
 * The layout every C client uses in copy mode: slot k of ring r at `buffers + (r * size + k) * bufferSize`.
 *
 * @throws MemifError `MEMIF_OPTION_INVALID` when the region would pass the 4 GiB that u32 offsets can address
 */
export function clientLayout(shape: MemoryShape): ClientLayout {
  const { txQueues, rxQueues, log2RingSize, bufferSize } = shape
  const rings = txQueues + rxQueues
  const ringSpan = ringBytes(log2RingSize)
  const bufferSpan = 2 ** log2RingSize * bufferSize
  const bytes = rings * (ringSpan + bufferSpan)
  if (bytes > MAX_REGION_BYTES) {
    throw new MemifError(
      'MEMIF_OPTION_INVALID',
      `${rings} rings of ${2 ** log2RingSize} buffers of ${bufferSize} bytes need ${bytes} bytes; ` +
        `a region has at most ${MAX_REGION_BYTES}: take fewer queues, smaller rings or smaller buffers`,
    )
  }
  const place = (index: number) => ({
    ring: index * ringSpan,
    buffers: rings * ringSpan + index * bufferSpan,
  })
  return {
    bytes,
    tx: Array.from({ length: txQueues }, (_, index) => place(index)),
    rx: Array.from({ length: rxQueues }, (_, index) => place(txQueues + index)),
  }
}

/**
 * Checks that an announced ring lies wholly inside its region and is aligned for the atomic accesses to it.
 *
 * @throws MemifError `MEMIF_RING_INVALID`
 */
export function checkRingPlacement(offset: number, log2RingSize: number, regionBytes: number): void {
  if (offset % 4 !== 0) {
    throw new MemifError('MEMIF_RING_INVALID', `ring at offset ${offset} is not aligned to 4 bytes`, {
      reason: 'ring not aligned',
    })
  }
  const end = offset + ringBytes(log2RingSize)
  if (end > regionBytes) {
    throw new MemifError('MEMIF_RING_INVALID', `ring ends at ${end}, its region at ${regionBytes}`, {
      reason: 'ring outside region',
    })
  }
}
