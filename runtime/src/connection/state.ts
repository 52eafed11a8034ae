/** Why a connection was made: for the first time, again to the same VPP, or to a VPP that has been restarted. */
export type ConnectReason = 'first' | 'same-process' | 'restarted'

/** Where a connection stands. */
export type ConnectionState =
  /** Not asked to connect yet, or an attempt is under way. `attempt` counts from 1 since the last connection. */
  | { readonly status: 'connecting'; readonly attempt: number }
  | { readonly status: 'connected'; readonly pid: number; readonly reason: ConnectReason }
  /** Connected, but probes go unanswered. Calls are still sent. */
  | { readonly status: 'not-responding'; readonly missedProbes: number }
  /** Lost or not to be had; `retryIn` ms until the next attempt, undefined when there will be none. */
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
  #waiter: ((result: IteratorResult<ConnectionState, undefined>) => void) | undefined
  #ended = false

  constructor(current: ConnectionState) {
    this.#states = [current]
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

  get ended(): boolean {
    return this.#ended
  }

  next(): Promise<IteratorResult<ConnectionState, undefined>> {
    return new Promise((resolve) => {
      this.#waiter = resolve
      this.#serve()
    })
  }

  return(): Promise<IteratorResult<ConnectionState, undefined>> {
    this.#ended = true
    this.#states.length = 0
    return Promise.resolve({ done: true, value: undefined })
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  #serve(): void {
    const waiter = this.#waiter
    if (waiter === undefined) return
    const state = this.#states.shift()
    if (state === undefined && !this.#ended) return
    this.#waiter = undefined
    waiter(state === undefined ? { done: true, value: undefined } : { done: false, value: state })
  }
}
