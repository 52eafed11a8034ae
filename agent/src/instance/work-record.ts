import type { Reconciled } from '../reconcile/reconciler.ts'
import type { InstanceState, ResyncSummary, WorkDone } from './instance.ts'

const NO_WORK: WorkDone = { count: 0, duration: 0, applied: 0, failed: 0 }

/** What was done to a VPP so far. */
export class WorkRecord {
  #done: InstanceState['work'] = { apply: NO_WORK, resync: NO_WORK }
  #lastResync: ResyncSummary | undefined

  get done(): InstanceState['work'] {
    return this.#done
  }

  get lastResync(): ResyncSummary | undefined {
    return this.#lastResync
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
  }
}
