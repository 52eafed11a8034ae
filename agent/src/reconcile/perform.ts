import type { Kinds } from '../kinds/kinds.ts'
import type { Observed } from '../observed/observed.ts'
import type { Step } from './graph.ts'

/** Makes a step of a graph. @returns VPP's index of what was made */
export async function perform(
  kinds: Kinds,
  observed: Observed,
  { change, phase }: Step,
): Promise<number | undefined> {
  const descriptor = kinds.object(change.kind)
  const { desired, actual, action } = change
  if (phase === 'remove') {
    if (actual !== undefined) await descriptor.remove(observed, actual)
    return undefined
  }
  if (desired === undefined) return undefined
  if (action === 'update' && actual !== undefined && descriptor.update !== undefined) {
    await descriptor.update(observed, desired, actual)
    return actual.index
  }
  return await descriptor.create(observed, desired)
}
