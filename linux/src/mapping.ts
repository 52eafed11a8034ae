import { constants } from 'node:buffer'
import { argumentError, closedError } from './errors.ts'
import type { Fd } from './fd.ts'
import { native } from './native.ts'

const PROT_READ = 1
const PROT_WRITE = 2
const MAP_SHARED = 1
const MAP_PRIVATE = 2
const MAP_FIXED = 0x10
const MAP_ANONYMOUS = 0x20
const MAP_NORESERVE = 0x4000

/** How {@link Mapping.create} maps. */
export interface MappingOptions {
  /** Bytes to map; without it, the file's size. */
  readonly length?: number
  /** First byte to map, a multiple of the page size; default 0. */
  readonly offset?: number
  /**
   * False (the default) maps read-only: **a write through the buffer then ends the process** (SIGSEGV), so keep
   * such a buffer private and hand out copies.
   */
  readonly writable?: boolean
}

interface Region {
  readonly address: number
  readonly length: number
}

/**
 * Shared memory of a descriptor as an ArrayBuffer.
 *
 * Address space is given back only when the garbage collector has seen that no typed array reaches the buffer.
 * {@link close} lets go of the memory itself at once: it puts private zero pages in its place, so that a view
 * kept by mistake reads zeros instead of ending the process, on every engine alike (a detached buffer would throw where
 * a view is made). {@link buffer} throws from then on.
 *
 * The file must not shrink below the mapped range while it is in use, or a read ends the process with SIGBUS:
 * check {@link getSeals} for `Seal.SHRINK` when the other side is not trusted.
 */
export class Mapping {
  readonly length: number
  readonly writable: boolean
  readonly #region: Region
  #buffer: ArrayBuffer | undefined

  private constructor(region: Region, writable: boolean) {
    this.#region = region
    this.length = region.length
    this.writable = writable
    this.#buffer = native().view(region.address, region.length)
    unmapWhenUnreachable.register(this.#buffer, region)
  }

  /**
   * Maps memory of `fd`, which may be closed afterwards. `LINUX_ARGUMENT` when the range is not within the
   * file, or larger than a buffer can be (4 GiB in Node.js 20).
   */
  static create(fd: Fd, options: MappingOptions = {}): Mapping {
    const { offset = 0, writable = false } = options
    const { size } = fd.stat()
    const length = options.length ?? size - offset
    if (!Number.isSafeInteger(offset) || offset < 0) {
      throw argumentError('offset', `offset ${offset} is not a whole number of bytes`)
    }
    if (!Number.isSafeInteger(length) || length <= 0 || offset + length > size) {
      throw argumentError(
        'length',
        `bytes ${offset} to ${offset + length} are not within a file of ${size} bytes`,
      )
    }
    if (length > constants.MAX_LENGTH) {
      throw argumentError(
        'length',
        `${length} bytes are more than a buffer of this Node.js (${process.version}) can have: ${constants.MAX_LENGTH}`,
      )
    }
    const prot = writable ? PROT_READ | PROT_WRITE : PROT_READ
    const what = `${length} bytes of descriptor ${fd.number}`
    const address = native().call('mmap', what, 0, length, prot, MAP_SHARED, fd.number, offset)
    return new Mapping({ address, length }, writable)
  }

  /** The memory. The same object each time; `LINUX_CLOSED` after {@link close}. */
  get buffer(): ArrayBuffer {
    if (this.#buffer === undefined) throw closedError('mapping')
    return this.#buffer
  }

  get closed(): boolean {
    return this.#buffer === undefined
  }

  /** Lets go of the shared memory; a second call does nothing. */
  close(): void {
    if (this.#buffer === undefined) return
    const { address, length } = this.#region
    const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE
    native().call('mmap', `${length} zero bytes`, address, length, PROT_READ | PROT_WRITE, flags, -1, 0)
    this.#buffer = undefined
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

const unmapWhenUnreachable = new FinalizationRegistry<Region>(({ address, length }) => {
  native().call('munmap', `${length} bytes`, address, length)
})
