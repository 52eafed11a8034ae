import { argumentError } from './errors.ts'
import { Fd } from './fd.ts'
import { native } from './native.ts'
import { signalContext, signalForeign } from './never-blocking.ts'

const EFD_CLOEXEC = 0o2000000
const EFD_NONBLOCK = 0o4000
const WOULD_BLOCK = ['EAGAIN']
const LIMIT = 0xffffffffffffffffn

/** A kernel counter that wakes whoever watches it (eventfd(2)); never blocks. */
export class EventFd {
  readonly fd: Fd
  readonly #foreign: boolean

  private constructor(fd: Fd, foreign: boolean) {
    this.fd = fd
    this.#foreign = foreign
  }

  /** A new counter at 0. */
  static create(): EventFd {
    return new EventFd(Fd.adopt(native().call('eventfd', '', 0, EFD_CLOEXEC | EFD_NONBLOCK)), false)
  }

  /** Takes over a descriptor, and makes it non-blocking if it is not. */
  static adopt(fd: Fd): EventFd {
    fd.setNonBlocking()
    return new EventFd(fd, false)
  }

  /**
   * Takes over a descriptor that a peer shares, who could make it blocking again at any time: signals then go a way that
   * cannot block. Reading could: watch it with `edge`, which needs no reading.
   */
  static foreign(fd: Fd): EventFd {
    signalContext()
    return new EventFd(fd, true)
  }

  /**
   * Adds to the counter, which makes it readable; to the counter of a peer only 1 can be added. False when it is
   * full, which of a peer's is not told: the reader is signalled already.
   */
  signal(count = 1n): boolean {
    const largest = this.#foreign ? 1n : LIMIT - 1n
    if (count < 1n || count > largest) throw argumentError('count', `cannot add ${count} to an eventfd`)
    if (this.#foreign) return signalForeign(this.fd)
    const fd = this.fd.number
    const { scratch } = native()
    scratch.view.setBigUint64(0, count, true)
    return native().attempt('write', fd, WOULD_BLOCK, fd, scratch.address, 8) !== undefined
  }

  /** Takes the counter and sets it to 0; 0n when nobody has signalled. */
  read(): bigint {
    if (this.#foreign) throw argumentError('eventfd', 'reading the eventfd of a peer could block')
    const fd = this.fd.number
    const { scratch } = native()
    if (native().attempt('read', fd, WOULD_BLOCK, fd, scratch.address, 8) !== 8) return 0n
    return scratch.view.getBigUint64(0, true)
  }

  close(): void {
    this.fd.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}
