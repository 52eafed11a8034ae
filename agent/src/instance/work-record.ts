import type { Reconciled } from '../reconcile/reconciler.ts'
import type { InstanceState, ResyncSummary, WorkDone } from './instance.ts'

const FIRST_RETRY = 1000
const LAST_RETRY = 30_000

const NO_WORK: WorkDone = { count: 0, duration: 0, applied: 0, failed: 0 }

/** What was done to a VPP so far, and when what did not go well is tried again. */
export class WorkRecord {
  #done: InstanceState['work'] = { apply: NO_WORK, resync: NO_WORK }
  #lastResync: ResyncSummary | undefined
  #delay = FIRST_RETRY
  #retryAt = Infinity

  get done(): InstanceState['work'] {
    return this.#done
  }

  get lastResync(): ResyncSummary | undefined {
    return this.#lastResync
  }

  /** Milliseconds until there is something to try again, as far as is known; Infinity when all went well. */
  get untilRetry(): number {
    return Math.max(0, this.#retryAt - performance.now())
  }

  /** An attempt has ended that took `duration` ms. */
  add(kind: 'apply' | 'resync', { applied, failed, waiting }: Reconciled, duration: number): void {
    const before = this.#done[kind]
    const sum = {
      count: before.count + 1,
      duration: before.duration + duration,
      applied: before.applied + applied,
      failed: before.failed + failed,
    }
    this.#done = { ...this.#done, [kind]: sum }
    if (kind === 'resync') this.#lastResync = { at: new Date(), duration, applied, failed, waiting }
    const well = failed + waiting === 0
    this.#delay = well ? FIRST_RETRY : Math.min(this.#delay * 2, LAST_RETRY)
    this.#retryAt = well ? Infinity : performance.now() + this.#delay
  }

  /** An attempt was broken off. */
  brokenOff(): void {
    this.#retryAt = performance.now() + FIRST_RETRY
  }
}
