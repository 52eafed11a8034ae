import type { Kinds } from '../kinds/kinds.ts'
import { called, splitId } from '../model/item-ref.ts'
import type { ObjectValue, Plan, PlannedChange } from '../model/plan.ts'
import type { Observed } from '../observed/observed.ts'
import type { Change, Difference } from './difference.ts'
import { Graph } from './graph.ts'
import { Run } from './run.ts'
import type { WantedObjects } from './wanted.ts'

/** What a plan is made with. `observed` is used up. */
export interface PlanParts {
  readonly kinds: Kinds
  readonly wanted: WantedObjects
  readonly observed: Observed
}

/**
 * Runs changes without a VPP, so that a plan says what an apply does: the order, and what waits for what.
 * @param viewOf the value of an object as people may see it
 */
export async function planOf(
  difference: Difference,
  { kinds, wanted, observed }: PlanParts,
  viewOf: (object: { readonly kind: string; readonly value: unknown }) => ObjectValue,
): Promise<Plan> {
  const plannedOf = (change: Change, waitsFor?: string, refusedBecause?: string): PlannedChange => {
    const { action, kind, key, desired, actual } = change
    const object = desired ?? actual
    const [item] = object === undefined ? [] : kinds.object(kind).itemsOf(object)
    return {
      action,
      kind,
      key,
      item,
      from: actual === undefined ? undefined : viewOf(actual),
      to: desired === undefined ? undefined : viewOf(desired),
      waitsFor,
      refusedBecause,
    }
  }
  const planned = new Set<Change>()
  const changes: PlannedChange[] = []
  const graph = await Graph.of(difference, kinds, wanted, observed)
  const run = new Run(kinds, observed, graph, {
    mayGoOn: () => undefined,
    perform: async ({ change }) => {
      if (!planned.has(change)) changes.push(plannedOf(change))
      planned.add(change)
      return await Promise.resolve(change.actual?.index)
    },
  })
  for (const { change, missing, error } of await run.all()) {
    if (planned.has(change)) continue
    if (missing !== undefined) changes.push(plannedOf(change, called(splitId(missing))))
    else if (error !== undefined) changes.push(plannedOf(change, undefined, error.message))
  }
  for (const { kind, key, message } of difference.refusals) {
    const desired = wanted.desired(kind, key)
    const change: Change = { action: 'create', kind, key, desired, actual: observed.get(kind, key) }
    changes.push(plannedOf(change, undefined, message))
  }
  return { changes }
}
