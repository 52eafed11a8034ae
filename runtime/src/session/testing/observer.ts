import type { CallObserver } from '../pending.ts'

/** An observer that is told and does nothing, but for what a test gives. */
export function observing(told: Partial<CallObserver> = {}): CallObserver {
  return { channel: 0, failed: () => {}, misnamed: () => {}, settled: () => {}, ...told }
}
