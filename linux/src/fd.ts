import { fstatSync, ftruncateSync } from 'node:fs'
import { argumentError, closedError, fromNodeError } from './errors.ts'
import { native } from './native.ts'

const F_GETFL = 3
const F_SETFL = 4
const F_DUPFD_CLOEXEC = 1030
const O_NONBLOCK = 0o4000
const POLLIN = 1

/** What {@link Fd.stat} tells. */
export interface FdStat {
  /** Device and inode, `8:1234`: equal for two descriptors of one file. */
  readonly id: string
  /** Bytes; 0 for sockets and eventfds. */
  readonly size: number
  /** File type and permission bits, as in `struct stat`. */
  readonly mode: number
}

/**
 * An owned file descriptor: closed once, and refused after that, so that a number the kernel has given to
 * someone else meanwhile is never used or closed by mistake.
 *
 * A descriptor number is valid in the whole process. To hand one to another thread, send `fd.release()` (or
 * `fd.dup().release()` to keep one's own) and let the other side {@link Fd.adopt} it.
 */
export class Fd {
  #number: number | undefined

  private constructor(number: number) {
    this.#number = number
  }

  /** Takes over a descriptor that nobody else will close. */
  static adopt(number: number): Fd {
    if (!Number.isInteger(number) || number < 0 || number > 0x7fffffff) {
      throw argumentError('number', `a descriptor is a whole number from 0 to 2147483647, not ${number}`)
    }
    return new Fd(number)
  }

  /** The number, for use in calls while this object lives. */
  get number(): number {
    if (this.#number === undefined) throw closedError('descriptor')
    return this.#number
  }

  /** True after {@link close} or {@link release}. */
  get closed(): boolean {
    return this.#number === undefined
  }

  /** A second descriptor for the same open file, closed on exec. */
  dup(): Fd {
    return new Fd(native().call('fcntl', this.number, this.number, F_DUPFD_CLOEXEC, 'int', 0))
  }

  /** Gives up ownership: whoever gets the number must close it. */
  release(): number {
    const number = this.number
    this.#number = undefined
    return number
  }

  /** Identity, size and kind of the open file. */
  stat(): FdStat {
    try {
      const { dev, ino, size, mode } = fstatSync(this.number)
      return { id: `${dev}:${ino}`, size, mode }
    } catch (error) {
      throw fromNodeError(error, `descriptor ${this.#number}`)
    }
  }

  /** Sets the size of the file in bytes. */
  truncate(size: number): void {
    try {
      ftruncateSync(this.number, size)
    } catch (error) {
      throw fromNodeError(error, `descriptor ${this.#number} to ${size} bytes`)
    }
  }

  /** Makes reads and writes return at once. The setting belongs to the open file: other holders see it too. */
  setNonBlocking(): void {
    const flags = native().call('fcntl', this.number, this.number, F_GETFL, 'int', 0)
    if ((flags & O_NONBLOCK) !== 0) return
    native().call('fcntl', this.number, this.number, F_SETFL, 'int', flags | O_NONBLOCK)
  }

  /** Whether something can be read now (of the descriptor of a process: whether it has ended). */
  isReadable(): boolean {
    const { scratch } = native()
    const number = this.number
    scratch.view.setInt32(0, number, true)
    scratch.view.setInt16(4, POLLIN, true)
    scratch.view.setInt16(6, 0, true)
    native().call('poll', number, scratch.address, 1, 0)
    return (scratch.view.getInt16(6, true) & POLLIN) !== 0
  }

  /** Closes the descriptor; a second call does nothing. */
  close(): void {
    if (this.#number === undefined) return
    native().attempt('close', this.#number, ['EINTR'], this.release())
  }

  [Symbol.dispose](): void {
    this.close()
  }
}
