import { idOf, type ItemRef } from '../model/item-ref.ts'
import { RefMap } from '../model/ref-map.ts'
import type { ItemError, ItemState } from '../status/item-status.ts'
import type { ObjectRef } from './wanted.ts'

/** What keeps an object from being as it should be. */
export interface Problem {
  readonly object: ObjectRef
  /** Items that the object belongs to. */
  readonly items: readonly ItemRef[]
  readonly state: Exclude<ItemState, 'applied' | 'pending' | 'frozen' | 'removing'>
  readonly error: ItemError
  /** Id of an object that is missing. */
  readonly missing: string | undefined
  /** Consecutive failed attempts. */
  readonly attempts: number
  /** Milliseconds of `performance.now()` at which it is tried again. */
  readonly retryAt: number
}

/** Milliseconds until the second try, doubled for each further one. */
const FIRST_DELAY = 1000
const LAST_DELAY = 60_000
/** Part of a delay that is left to chance, so that many do not try at once. */
const JITTER = 0.2

/** Which of several problems says most about an item. */
const RANKS: Readonly<Record<Problem['state'], number>> = {
  waiting: 0,
  drifted: 1,
  conflict: 2,
  blocked: 3,
  failed: 4,
}

/** Objects that are not as they should be, each with its own back-off. */
export class Problems {
  readonly #problems = new RefMap<string, Problem>()
  readonly #ofItem = new Map<string, Set<Problem>>()
  readonly #waiting = new Map<string, Set<Problem>>()

  get size(): number {
    return this.#problems.size
  }

  get({ kind, key }: ObjectRef): Problem | undefined {
    return this.#problems.get(kind, key)
  }

  values(): Iterable<Problem> {
    return this.#problems.values()
  }

  /** Takes a failed try of an object. */
  set(problem: Omit<Problem, 'attempts' | 'retryAt'>): void {
    const { kind, key } = problem.object
    const before = this.#problems.get(kind, key)
    const attempts = (before?.attempts ?? 0) + 1
    const delay = Math.min(FIRST_DELAY * 2 ** (attempts - 1), LAST_DELAY)
    const retryAt = performance.now() + delay * (1 - JITTER * Math.random())
    this.clear(problem.object)
    const now = { ...problem, attempts, retryAt }
    this.#problems.set(kind, key, now)
    for (const item of now.items) add(this.#ofItem, idOf(item), now)
    if (now.missing !== undefined) add(this.#waiting, now.missing, now)
  }

  clear({ kind, key }: ObjectRef): void {
    const before = this.#problems.get(kind, key)
    if (before === undefined) return
    this.#problems.delete(kind, key)
    for (const item of before.items) remove(this.#ofItem, idOf(item), before)
    if (before.missing !== undefined) remove(this.#waiting, before.missing, before)
  }

  clearAll(): void {
    this.#problems.clear()
    this.#ofItem.clear()
    this.#waiting.clear()
  }

  /** What says most about why an item is not as it should be. */
  ofItem(ref: ItemRef): Problem | undefined {
    if (this.#problems.size === 0) return undefined
    let worst: Problem | undefined
    for (const problem of this.#ofItem.get(idOf(ref)) ?? []) {
      if (worst === undefined || RANKS[problem.state] > RANKS[worst.state]) worst = problem
    }
    return worst
  }

  /** What waits for an object. */
  waitingFor(id: string): Iterable<Problem> {
    return this.#waiting.get(id) ?? []
  }

  /** Ids of objects that others wait for. */
  awaited(): Iterable<string> {
    return this.#waiting.keys()
  }

  /** What has to be tried again now. */
  due(now = performance.now()): Problem[] {
    return [...this.#problems.values()].filter(({ retryAt }) => retryAt <= now)
  }

  /** Time of the next try; Infinity when there is none. */
  get nextRetry(): number {
    let next = Infinity
    for (const { retryAt } of this.#problems.values()) next = Math.min(next, retryAt)
    return next
  }
}

function add(map: Map<string, Set<Problem>>, id: string, problem: Problem): void {
  const known = map.get(id)
  if (known === undefined) map.set(id, new Set([problem]))
  else known.add(problem)
}

function remove(map: Map<string, Set<Problem>>, id: string, problem: Problem): void {
  const known = map.get(id)
  known?.delete(problem)
  if (known?.size === 0) map.delete(id)
}
