import { LONGEST_TIMER, type Clock } from '../async/clock.ts'
import type { Pending } from './pending.ts'

/** Timeouts whose lists stay when they are empty, each with a timer that finds nothing: most calls share a few. */
const IDLE_LISTS = 8

/** Calls with one timeout, in the order of their deadlines, and one timer for the first. */
class DeadlineList {
  first: Pending | undefined = undefined
  last: Pending | undefined = undefined
  timer: NodeJS.Timeout | undefined = undefined
}

/**
 * Deadlines of calls. Calls mostly share one timeout and end in order, so a list for each timeout does with one timer
 * where a timer for each call would cost more than the call.
 */
export class Deadlines {
  readonly #clock: Clock
  readonly #expired: (pending: Pending) => void
  readonly #lists = new Map<number, DeadlineList>()

  constructor(clock: Clock, expired: (pending: Pending) => void) {
    this.#clock = clock
    this.#expired = expired
  }

  /** Timers that are armed; for tests of leaks. */
  get timers(): number {
    let armed = 0
    for (const list of this.#lists.values()) if (list.timer !== undefined) armed++
    return armed
  }

  /** Timeouts that memory is kept for; for tests of leaks. */
  get kept(): number {
    return this.#lists.size
  }

  /** The time of the call counts from `since`, which is now. */
  add(pending: Pending): void {
    const { timeout } = pending
    if (timeout === Infinity) return
    let list = this.#lists.get(timeout)
    if (list === undefined) this.#lists.set(timeout, (list = new DeadlineList()))
    pending.timed = true
    pending.previous = list.last
    pending.next = undefined
    if (list.last === undefined) list.first = pending
    else list.last.next = pending
    list.last = pending
    if (list.timer === undefined) this.#arm(list, timeout, timeout)
  }

  remove(pending: Pending): void {
    if (!pending.timed) return
    const list = this.#lists.get(pending.timeout)
    if (list === undefined) return
    if (pending.previous === undefined) list.first = pending.next
    else pending.previous.next = pending.next
    if (pending.next === undefined) list.last = pending.previous
    else pending.next.previous = pending.previous
    pending.previous = undefined
    pending.next = undefined
    pending.timed = false
    if (list.first === undefined && this.#lists.size > IDLE_LISTS) {
      clearTimeout(list.timer)
      list.timer = undefined
      this.#lists.delete(pending.timeout)
    }
  }

  /** Forgets all deadlines and disarms all timers. */
  clear(): void {
    for (const list of this.#lists.values()) {
      clearTimeout(list.timer)
      while (list.first !== undefined) this.remove(list.first)
    }
    this.#lists.clear()
  }

  #arm(list: DeadlineList, timeout: number, delay: number): void {
    list.timer = setTimeout(
      () => {
        this.#due(list, timeout)
      },
      Math.min(LONGEST_TIMER, Math.max(1, Math.ceil(delay))),
    )
    // The socket keeps the process alive while calls are under way; a deadline alone must not.
    list.timer.unref()
  }

  #due(list: DeadlineList, timeout: number): void {
    list.timer = undefined
    const now = this.#clock.now()
    while (list.first !== undefined && deadlineOf(list.first) <= now) {
      const pending = list.first
      this.remove(pending)
      if (pending.extend(now)) this.add(pending)
      else this.#expired(pending)
    }
    if (list.timer !== undefined || this.#lists.get(timeout) !== list) return
    if (list.first === undefined) this.#lists.delete(timeout)
    else this.#arm(list, timeout, deadlineOf(list.first) - now)
  }
}

function deadlineOf({ since, timeout }: Pending): number {
  return since + timeout
}
