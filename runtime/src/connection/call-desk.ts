import type { Clock } from '../async/clock.ts'
import { atCaller } from '../errors/caller-stack.ts'
import { VppReplyTimeoutError } from '../errors/connection-errors.ts'
import type { Observer } from '../observe/observer.ts'
import type { CallTarget } from '../rpc/caller.ts'
import { Deadlines } from '../session/deadlines.ts'
import { Freezer } from '../session/freezer.ts'
import type { Pending } from '../session/pending.ts'
import type { Session } from '../session/session.ts'

/** What the desk needs of its connection. */
export interface DeskOwner {
  readonly clock: Clock
  readonly timeout: number
  readonly observer: Observer
  /** The session that a call goes to; undefined where there is none, or where it takes no such call any more. */
  sessionFor(pending: Pending): Session | undefined
  /** Whether a call may wait for a session. */
  mayWait(): boolean
  /** Why there is no session. */
  downError(): Error
  /** Why a call that waited could not be sent; undefined while there is a session. */
  downReason(): Error | undefined
  /** Frees what the call holds of sessions. */
  forget(pending: Pending): void
  /** Something has left a queue. */
  changed(): void
}

/** Takes the calls of a connection: hands them to the session, or keeps them until there is one; and their deadlines. */
export class CallDesk implements CallTarget {
  readonly clock: Clock
  readonly timeout: number
  readonly deadlines: Deadlines
  readonly observer: Observer
  readonly #freezer = new Freezer()
  readonly #owner: DeskOwner
  /** Calls that wait for a session. */
  readonly #parked = new Set<Pending>()

  constructor(owner: DeskOwner) {
    this.#owner = owner
    this.clock = owner.clock
    this.timeout = owner.timeout
    this.observer = owner.observer
    this.deadlines = new Deadlines(owner.clock, (pending) => {
      this.#expire(pending)
    })
  }

  /** Calls that wait for a session. */
  get parked(): number {
    return this.#parked.size
  }

  submit(pending: Pending): void {
    const session = this.#owner.sessionFor(pending)
    if (session !== undefined) session.submit(pending)
    else if (this.#owner.mayWait()) this.#park(pending)
    else this.#failDown(pending)
  }

  /** The call has been settled from outside; what it holds is freed. */
  forget(pending: Pending): void {
    this.#parked.delete(pending)
    this.deadlines.remove(pending)
    this.#owner.forget(pending)
    this.#owner.changed()
  }

  /** There is a session: those who waited come first. */
  handTo(session: Session): void {
    for (const pending of this.#takeParked()) session.submit(pending)
    this.#owner.changed()
  }

  /** There will be no session. */
  failParked(): void {
    for (const pending of this.#takeParked()) this.#failDown(pending)
    this.#owner.changed()
  }

  #park(pending: Pending): void {
    try {
      this.#freezer.freeze(pending)
      this.#parked.add(pending)
    } catch (error) {
      this.deadlines.remove(pending)
      pending.fail(atCaller(error))
    }
  }

  #takeParked(): Pending[] {
    const parked = [...this.#parked]
    this.#parked.clear()
    return parked
  }

  #failDown(pending: Pending): void {
    const error = this.#owner.downError()
    this.deadlines.remove(pending)
    pending.fail(error)
  }

  #expire(pending: Pending): void {
    const elapsed = this.clock.now() - pending.started
    const cause = this.#owner.downReason()
    const options = cause === undefined ? undefined : { cause }
    const error = new VppReplyTimeoutError(pending.messageName, pending.context, elapsed, options)
    pending.fail(error)
    this.forget(pending)
  }
}
