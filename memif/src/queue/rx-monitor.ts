import type { EventFd, Reactor, Watch } from '@vpp-ts/linux'
import { RX, type CounterCells } from '../data/counters.ts'
import type { RxQueue } from '../data/rx-queue.ts'
import type { RxMode } from '../options.ts'
import { RING_MASK_INTERRUPT } from '../shm/ring.ts'

export interface RxMonitorOptions {
  readonly queue: RxQueue
  /** Written by the peer, read here. */
  readonly event: EventFd
  readonly reactor: Reactor
  readonly mode: RxMode
  readonly adaptiveIdleMs: number
  readonly counters: CounterCells
  /** Packets are waiting: take them until none is left. */
  readonly notify: () => void
  /** Called at every signal, before anything else. */
  readonly onSignal?: () => void
}

/** How often to `check`, in milliseconds: a packet whose signal got lost waits no longer. */
export const CHECK_MS = 10

/**
 * Notices arrivals on one queue. Owns the ring's mask: set, the peer does not signal. Peers put no fence between their
 * index store and their look at the mask, so a signal can get lost when it is cleared: `check` is to be called every
 * `CHECK_MS`.
 */
export class RxMonitor {
  readonly #queue: RxQueue
  readonly #counters: CounterCells
  readonly #notify: () => void
  readonly #onSignal: (() => void) | undefined
  readonly #idleMs: number
  readonly #watch: Watch
  #mode: RxMode
  /** The next look at the ring, while one is planned. */
  #turn: NodeJS.Immediate | undefined
  /** An adaptive queue is polling until then, unless something happens. */
  #awakeUntil = 0
  #seen = -1
  #closed = false

  constructor(options: RxMonitorOptions) {
    this.#queue = options.queue
    this.#counters = options.counters
    this.#notify = options.notify
    this.#onSignal = options.onSignal
    this.#idleMs = options.adaptiveIdleMs
    this.#mode = options.mode
    this.#mask(options.mode === 'polling')
    // The counter is never read: on an eventfd that the peer has made blocking again, reading could stop this thread.
    const interest = { readable: true, edge: true }
    this.#watch = options.reactor.watch(options.event.fd, interest, () => this.#signalled())
  }

  get mode(): RxMode {
    return this.#mode
  }

  set mode(mode: RxMode) {
    this.#mode = mode
    this.#cancel()
    this.#mask(mode === 'polling')
    this.check()
  }

  /** Looks whether packets wait that no signal told of. */
  check(): void {
    if (this.#closed || this.#mode === 'polling' || this.#turn !== undefined) return
    if (this.#queue.pending > 0) this.#wake()
  }

  /** Stops watching; the eventfd stays open. */
  close(): void {
    this.#closed = true
    this.#cancel()
    this.#watch.close()
  }

  #signalled(): void {
    this.#counters[RX.wakeups]!++
    this.#onSignal?.()
    if (this.#closed) return
    if (this.#mode !== 'polling' && this.#turn === undefined) this.#wake()
  }

  #wake(): void {
    if (this.#mode === 'adaptive') this.#mask(true)
    this.#awakeUntil = performance.now() + this.#idleMs
    this.#poll()
  }

  /** Tells of what is pending, and plans the next look: soon when polling, or when the user took some and left some. */
  #poll(): void {
    this.#turn = undefined
    const before = this.#queue.position
    const pending = this.#queue.pending
    if (pending > 0) this.#notify()
    if (this.#closed || this.#turn !== undefined) return
    if (this.#mode === 'adaptive') this.#pollAgain(before + pending)
    else if (this.#mode === 'interrupt' && pending > 0) this.#plan(() => this.#pollRest(before))
  }

  /** Packets that a slow user leaves are no activity: he drains the queue when he comes back to it. */
  #pollAgain(mark: number): void {
    const now = performance.now()
    const activity = mark !== this.#seen || this.#queue.position + this.#queue.pending !== mark
    this.#seen = mark
    if (activity) this.#awakeUntil = now + this.#idleMs
    if (now < this.#awakeUntil) {
      this.#plan(() => this.#poll())
      return
    }
    this.#mask(false)
    if (this.#queue.position + this.#queue.pending !== mark) this.#wake()
  }

  #pollRest(before: number): void {
    this.#turn = undefined
    if (this.#queue.position !== before && this.#queue.pending > 0) this.#poll()
  }

  #plan(look: () => void): void {
    this.#turn = setImmediate(look)
  }

  #cancel(): void {
    clearImmediate(this.#turn)
    this.#turn = undefined
  }

  #mask(on: boolean): void {
    this.#queue.ring.flags = on ? RING_MASK_INTERRUPT : 0
  }
}
