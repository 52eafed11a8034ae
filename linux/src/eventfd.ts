import { argumentError } from './errors.ts'
import { Fd } from './fd.ts'
import { native } from './native.ts'

const EFD_CLOEXEC = 0o2000000
const EFD_NONBLOCK = 0o4000
const WOULD_BLOCK = ['EAGAIN']
const LIMIT = 0xffffffffffffffffn

/** A kernel counter that wakes whoever watches it (eventfd(2)); never blocks. */
export class EventFd {
  readonly fd: Fd

  private constructor(fd: Fd) {
    this.fd = fd
  }

  /** A new counter at 0. */
  static create(): EventFd {
    return new EventFd(Fd.adopt(native().call('eventfd', '', 0, EFD_CLOEXEC | EFD_NONBLOCK)))
  }

  /** Takes over a descriptor that came from a peer, and makes it non-blocking if it is not. */
  static adopt(fd: Fd): EventFd {
    fd.setNonBlocking()
    return new EventFd(fd)
  }

  /** Adds to the counter, which makes it readable. False when it is full: the reader is signalled already. */
  signal(count = 1n): boolean {
    if (count < 1n || count >= LIMIT) throw argumentError('count', `cannot add ${count} to an eventfd`)
    const fd = this.fd.number
    const { scratch } = native()
    scratch.view.setBigUint64(0, count, true)
    return native().attempt('write', fd, WOULD_BLOCK, fd, scratch.address, 8) !== undefined
  }

  /** Takes the counter and sets it to 0; 0n when nobody has signalled. */
  read(): bigint {
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
