import { constants } from 'node:buffer'
import { readSync } from 'node:fs'
import { getSeals, Mapping, Seal, type Fd } from '@vpp-ts/linux'
import { StatsError } from './errors.ts'
import type { SegmentSource } from './segment/reader.ts'

const HEADER_BYTES = 4096
/** Most that one `read` is asked for: Node takes no more than 2 GiB. */
const READ_LIMIT = 2 ** 30

/** A segment source that can be let go of. */
export interface OpenSource extends SegmentSource {
  /** True when the memory is mapped; false when each snapshot copies all of it. */
  readonly mapped: boolean
  close(): void
}

/** What to do with a segment that its owner could shrink, which would end this process when it reads. */
export type UnsealedPolicy = 'copy' | 'map'

/**
 * Opens the memory behind a descriptor, which it takes over. A segment sealed against shrinking is mapped. One
 * that is not (VPP with huge pages does not seal) is copied for each snapshot, or mapped all the same if the
 * policy says so.
 */
export function openSource(fd: Fd, limit: number, unsealed: UnsealedPolicy): OpenSource {
  try {
    const { size } = fd.stat()
    if (size < HEADER_BYTES || size > limit) {
      throw new StatsError(
        'STATS_HANDSHAKE',
        `the segment has ${size} bytes; ${HEADER_BYTES} to ${limit} (limits.segmentBytes) are accepted`,
      )
    }
    if (size > constants.MAX_LENGTH) {
      throw new StatsError(
        'STATS_HANDSHAKE',
        `the segment has ${size} bytes; this Node.js (${process.version}) has buffers of at most ` +
          `${constants.MAX_LENGTH}: use Node.js 22 or newer, or a smaller statseg { size }`,
      )
    }
    const sealed = ((getSeals(fd) ?? 0) & Seal.SHRINK) !== 0
    if (!sealed && unsealed === 'copy') return new CopiedSource(fd, size)
    const mapping = Mapping.create(fd)
    fd.close()
    return new MappedSource(mapping)
  } catch (error) {
    fd.close()
    throw error
  }
}

class MappedSource implements OpenSource {
  readonly mapped = true
  readonly #mapping: Mapping

  constructor(mapping: Mapping) {
    this.#mapping = mapping
  }

  get buffer(): ArrayBuffer {
    return this.#mapping.buffer
  }

  refresh(): void {}

  refreshHeader(): void {}

  refreshRange(): void {}

  close(): void {
    this.#mapping.close()
  }
}

class CopiedSource implements OpenSource {
  readonly mapped = false
  readonly buffer: ArrayBuffer
  readonly #fd: Fd

  constructor(fd: Fd, size: number) {
    this.#fd = fd
    this.buffer = new ArrayBuffer(size)
  }

  refresh(): void {
    this.refreshRange(0, this.buffer.byteLength)
  }

  refreshHeader(): void {
    this.refreshRange(0, HEADER_BYTES)
  }

  refreshRange(offset: number, length: number): void {
    const bytes = new Uint8Array(this.buffer, offset, length)
    for (let done = 0; done < length;) {
      const count = readSync(this.#fd.number, bytes, done, Math.min(length - done, READ_LIMIT), offset + done)
      if (count === 0) {
        throw new StatsError('STATS_DISCONNECTED', `the segment was cut to ${offset + done} bytes`)
      }
      done += count
    }
  }

  close(): void {
    this.#fd.close()
  }
}
