/** Why a connection was made: for the first time, again to the same VPP, or to a VPP that has been restarted. */
export type ConnectReason = 'first' | 'same-process' | 'restarted'

/** Where a connection stands. */
export type ConnectionState =
  /** An attempt is under way. `attempt` counts from 1 since the last connection that was stable. */
  | { readonly status: 'connecting'; readonly attempt: number }
  | { readonly status: 'connected'; readonly pid: number; readonly reason: ConnectReason }
  /** Connected, but probes go unanswered. Calls are still sent. */
  | { readonly status: 'not-responding'; readonly missedProbes: number }
  /** Lost or never made; `retryIn` ms until the next attempt, undefined when there will be none. */
  | { readonly status: 'disconnected'; readonly error: Error; readonly retryIn: number | undefined }
  /** The limit of attempts is reached. */
  | { readonly status: 'failed'; readonly error: Error }
  | { readonly status: 'closed' }

export type ConnectionStatus = ConnectionState['status']

/** What may follow what. `closed` follows everything and is followed by nothing. */
const FOLLOWS: Readonly<Record<ConnectionStatus, readonly ConnectionStatus[]>> = {
  connecting: ['connected', 'disconnected', 'failed'],
  connected: ['not-responding', 'disconnected', 'failed'],
  'not-responding': ['not-responding', 'connected', 'disconnected', 'failed'],
  disconnected: ['connecting', 'failed'],
  failed: [],
  closed: [],
}

/** True when `next` may follow `current`. */
export function mayFollow(current: ConnectionStatus, next: ConnectionStatus): boolean {
  return current !== 'closed' && (next === 'closed' || FOLLOWS[current].includes(next))
}

/** States kept for a reader that is slow; the last is always among them. */
const KEPT_STATES = 64

/** The states of a connection for one reader, beginning with the one it is in. */
export class StateReader implements AsyncIterableIterator<ConnectionState, undefined> {
  readonly #states: ConnectionState[]
  readonly #left: (reader: StateReader) => void
  #waiters: ((result: IteratorResult<ConnectionState, undefined>) => void)[] = []
  #ended: boolean

  /** @param left called when the reader wants no more states */
  constructor(current: ConnectionState, left: (reader: StateReader) => void) {
    this.#states = [current]
    this.#left = left
    this.#ended = current.status === 'closed'
  }

  /** Takes the next state; `closed` is the last. */
  push(state: ConnectionState): void {
    if (this.#ended) return
    this.#ended = state.status === 'closed'
    if (this.#states.length === KEPT_STATES) this.#states.shift()
    this.#states.push(state)
    this.#serve()
  }

  next(): Promise<IteratorResult<ConnectionState, undefined>> {
    return new Promise((resolve) => {
      this.#waiters.push(resolve)
      this.#serve()
    })
  }

  return(): Promise<IteratorResult<ConnectionState, undefined>> {
    this.#ended = true
    this.#states.length = 0
    this.#left(this)
    this.#serve()
    return Promise.resolve({ done: true, value: undefined })
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  #serve(): void {
    while (this.#waiters.length > 0 && (this.#states.length > 0 || this.#ended)) {
      const waiter = this.#waiters.shift()
      const state = this.#states.shift()
      waiter?.(state === undefined ? { done: true, value: undefined } : { done: false, value: state })
    }
  }
}

/** The state that a connection is in, and those who follow it. */
export class StateLog {
  #current: ConnectionState = { status: 'connecting', attempt: 1 }
  readonly #readers = new Set<StateReader>()
  readonly #entered: (state: ConnectionState) => void

  /** @param entered called with every new state, before the readers */
  constructor(entered: (state: ConnectionState) => void) {
    this.#entered = entered
  }

  get current(): ConnectionState {
    return this.#current
  }

  /** Readers that follow; for tests of leaks. */
  get readers(): number {
    return this.#readers.size
  }

  /** Changes the state, unless it cannot follow the current one. */
  enter(state: ConnectionState): void {
    if (!mayFollow(this.#current.status, state.status)) return
    this.#current = state
    this.#entered(state)
    for (const reader of this.#readers) reader.push(state)
    if (state.status === 'closed') this.#readers.clear()
  }

  /** The current state and all later ones. */
  read(): StateReader {
    const reader = new StateReader(this.#current, (it) => this.#readers.delete(it))
    if (this.#current.status !== 'closed') this.#readers.add(reader)
    return reader
  }
}
