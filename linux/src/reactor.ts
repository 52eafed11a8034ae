import { closedError } from './errors.ts'
import { Fd } from './fd.ts'
import { watchReadable, type LoopHandle } from './loop.ts'
import { native } from './native.ts'

const EPOLL_CLOEXEC = 0o2000000
const EPOLL_CTL_ADD = 1
const EPOLL_CTL_DEL = 2
const EPOLL_CTL_MOD = 3
const EPOLLIN = 0x1
const EPOLLOUT = 0x4
const EPOLLERR = 0x8
const EPOLLHUP = 0x10
const EPOLLRDHUP = 0x2000
const EPOLLET = 0x80000000
const BATCH = 64

/** What to wait for. */
export interface Interest {
  readonly readable?: boolean
  readonly writable?: boolean
  /**
   * Call back once for each event instead of again and again until the cause is gone. For an eventfd that is each write,
   * and its counter need not be read. Default false.
   */
  readonly edge?: boolean
}

/** What is the case; several can be at once. Read before acting on `hangup`: a last message may be waiting. */
export interface Readiness {
  readonly readable: boolean
  readonly writable: boolean
  /** The other end has closed. Reported whatever was asked for. */
  readonly hangup: boolean
  /** The descriptor is in an error state. Reported whatever was asked for. */
  readonly error: boolean
}

/** One descriptor under watch, from {@link Reactor.watch}. */
export interface Watch {
  /** Waits for something else from now on; `{}` still reports hangup and error. */
  modify(interest: Interest): void
  /** Lets the process end while this watch is open. */
  unref(): void
  /** Keeps the process alive while this watch is open (the state it starts in). */
  ref(): void
  /** Stops watching: no call back comes any more, not even one that is due. Close it before the descriptor. */
  close(): void
}

/**
 * Calls back when descriptors are ready, level-triggered: again and again until the cause is gone, unless asked
 * otherwise.
 *
 * One epoll set, itself watched by Node's event loop: waiting takes no thread and no slot of the thread pool.
 * Call backs run like those of Node's own sockets; what one throws is an uncaught exception. A thread may end in any
 * way with a reactor open.
 */
export class Reactor {
  readonly #epoll: Fd
  readonly #watches = new Map<number, Entry>()
  #handle: LoopHandle | undefined
  #nextId = 1
  #referenced = 0

  constructor() {
    this.#epoll = Fd.adopt(native().call('epoll_create1', '', EPOLL_CLOEXEC))
  }

  /** Watches `fd`, which has to stay open meanwhile. `EPERM` for files that are always ready. */
  watch(fd: Fd, interest: Interest, callback: (ready: Readiness) => void): Watch {
    const id = this.#nextId++
    const entry: Entry = { fd, callback, referenced: false }
    control(this.#epoll, EPOLL_CTL_ADD, fd, interest, id)
    this.#watches.set(id, entry)
    this.#handle ??= this.#start()
    this.#reference(entry, true)
    return {
      modify: (next) => {
        if (!this.#watches.has(id)) throw closedError('watch')
        control(this.#epoll, EPOLL_CTL_MOD, fd, next, id)
      },
      unref: () => this.#reference(entry, false),
      ref: () => this.#reference(entry, this.#watches.has(id)),
      close: () => this.#remove(id, entry),
    }
  }

  /** Number of open watches. */
  get size(): number {
    return this.#watches.size
  }

  /** Closes every watch and the reactor. The descriptors stay open. */
  close(): void {
    for (const [id, entry] of this.#watches) this.#remove(id, entry)
    this.#handle?.close()
    this.#handle = undefined
    this.#epoll.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  #start(): LoopHandle {
    const handle = watchReadable(this.#epoll.number, () => this.#dispatch())
    handle.unref()
    return handle
  }

  #dispatch(): void {
    if (this.#epoll.closed) return
    for (const [id, events] of wait(this.#epoll)) {
      this.#watches.get(id)?.callback({
        readable: (events & EPOLLIN) !== 0,
        writable: (events & EPOLLOUT) !== 0,
        hangup: (events & (EPOLLHUP | EPOLLRDHUP)) !== 0,
        error: (events & EPOLLERR) !== 0,
      })
    }
  }

  #remove(id: number, entry: Entry): void {
    if (!this.#watches.delete(id)) return
    this.#reference(entry, false)
    if (!entry.fd.closed) control(this.#epoll, EPOLL_CTL_DEL, entry.fd, {}, id)
  }

  #reference(entry: Entry, on: boolean): void {
    if (entry.referenced === on) return
    entry.referenced = on
    this.#referenced += on ? 1 : -1
    if (this.#referenced === (on ? 1 : 0)) {
      if (on) this.#handle?.ref()
      else this.#handle?.unref()
    }
  }
}

interface Entry {
  readonly fd: Fd
  readonly callback: (ready: Readiness) => void
  referenced: boolean
}

// struct epoll_event is packed on x86-64 only.
const packed = process.arch === 'x64'
const EVENT_SIZE = packed ? 12 : 16
const EVENT_DATA = packed ? 4 : 8

function control(epoll: Fd, operation: number, fd: Fd, interest: Interest, id: number): void {
  const { scratch } = native()
  let events = EPOLLRDHUP
  if (interest.readable === true) events |= EPOLLIN
  if (interest.writable === true) events |= EPOLLOUT
  if (interest.edge === true) events |= EPOLLET
  scratch.view.setUint32(0, events, true)
  scratch.view.setBigUint64(EVENT_DATA, BigInt(id), true)
  const number = fd.number
  native().call('epoll_ctl', `descriptor ${number}`, epoll.number, operation, number, scratch.address)
}

function wait(epoll: Fd): [id: number, events: number][] {
  const { scratch } = native()
  const count = native().call('epoll_wait', epoll.number, epoll.number, scratch.address, BATCH, 0)
  return Array.from({ length: count }, (_, index) => {
    const at = index * EVENT_SIZE
    return [Number(scratch.view.getBigUint64(at + EVENT_DATA, true)), scratch.view.getUint32(at, true)]
  })
}
