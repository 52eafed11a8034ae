import type { EffectiveItems } from '../desired/effective.ts'
import type { InterfaceValue } from '../kinds/interface/value.ts'
import type { ItemRef } from '../kinds/item.ts'
import type { Kinds } from '../kinds/kinds.ts'
import { called, splitId } from '../model/item-ref.ts'
import type { ObjectValue, Plan, PlannedCall, PlannedChange } from '../model/plan.ts'
import { HIDDEN } from '../model/secret.ts'
import type { Observed } from '../observed/observed.ts'
import { cliOf } from './cli-lines.ts'
import type { Change, Difference } from './difference.ts'
import { Graph, type Step } from './graph.ts'
import { perform } from './perform.ts'
import { Rehearsal, requestView, type RehearsedCall } from './rehearsal.ts'
import { Run } from './run.ts'
import type { WantedObjects } from './wanted.ts'

/** What a plan is made with. `observed` is used up. */
export interface PlanParts {
  readonly kinds: Kinds
  readonly wanted: WantedObjects
  readonly observed: Observed
  readonly items: Pick<EffectiveItems, 'keptOf' | 'goneOf'>
  /** True to have the requests of each change. */
  readonly calls: boolean
}

/**
 * Runs changes without a VPP, so that a plan says what an apply does: the order, and what waits for what.
 * @param viewOf the value of an object as people may see it
 */
export async function planOf(
  difference: Difference,
  parts: PlanParts,
  viewOf: (object: { readonly kind: string; readonly value: unknown }) => ObjectValue,
): Promise<Plan> {
  const { kinds, wanted, observed } = parts
  const requests = parts.calls ? new Requests(parts) : undefined
  const itemOf = ({ kind, desired, actual }: Change): ItemRef | undefined => {
    const object = desired ?? actual
    return object === undefined ? undefined : kinds.object(kind).itemsOf(object)[0]
  }
  const plannedOf = (change: Change, waitsFor?: string, refusedBecause?: string): PlannedChange => {
    const { action, kind, key, desired, actual } = change
    return {
      action,
      kind,
      key,
      item: itemOf(change),
      from: actual === undefined ? undefined : viewOf(actual),
      to: desired === undefined ? undefined : viewOf(desired),
      waitsFor,
      calls: requests?.of(change, itemOf(change)),
      refusedBecause,
    }
  }
  const planned = new Set<Change>()
  const graph = await Graph.of(difference, kinds, wanted, observed)
  const run = new Run(kinds, observed, graph, {
    mayGoOn: () => undefined,
    perform: async (step) => {
      planned.add(step.change)
      if (requests !== undefined) return await requests.perform(step)
      return await Promise.resolve(step.change.actual?.index)
    },
  })
  const outcomes = await run.all()
  const changes = Array.from(planned, (change) => plannedOf(change))
  for (const { change, missing, error } of outcomes) {
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

/** What is sent for each change, found by making it on a connection that leads nowhere. */
class Requests {
  readonly #parts: PlanParts
  readonly #rehearsal = new Rehearsal()
  readonly #calls = new Map<Change, RehearsedCall[]>()
  /** What indexes stand for that VPP has not given yet. */
  readonly #names = new Map<number, string>()
  /** VPP's own names of interfaces, before anything is changed. */
  readonly #vppNames = new Map<number, string>()
  #busy: Promise<unknown> = Promise.resolve()

  constructor(parts: PlanParts) {
    this.#parts = parts
    for (const { index, value } of parts.observed.of<InterfaceValue>('interface')) {
      if (index !== undefined && value.seen !== undefined) this.#vppNames.set(index, value.seen.vppName)
    }
    parts.observed.speakOver(this.#rehearsal)
  }

  /** One at a time, so that it is known whose a request is. */
  perform(step: Step): Promise<number | undefined> {
    const before = this.#busy
    const mine = (async () => {
      await before
      const { change } = step
      const { kinds, observed } = this.#parts
      try {
        const index = await perform(kinds, observed, step)
        if (index !== undefined && index !== change.actual?.index) {
          this.#names.set(index, `index of ${called(change)}`)
        }
        return index
      } finally {
        this.#calls.set(change, [...(this.#calls.get(change) ?? []), ...this.#rehearsal.take()])
      }
    })()
    this.#busy = mine.catch(() => undefined)
    return mine
  }

  of(change: Change, item: ItemRef | undefined): PlannedCall[] {
    const calls = this.#calls.get(change) ?? []
    const secrets = item === undefined ? new Set<string>() : this.#secretsOf(item)
    return calls.map(({ message, request }) => {
      const view = requestView(request, (index) => this.#names.get(index), secrets, HIDDEN)
      return { message, request: view, cli: cliOf(message, view, this.#nameOf) }
    })
  }

  readonly #nameOf = (index: unknown): string => {
    if (typeof index === 'number') return this.#vppNames.get(index) ?? `sw_if_index ${index}`
    const [, name = '?'] = /"(.*)"/.exec(String(index)) ?? []
    return `<${name}>`
  }

  #secretsOf(ref: ItemRef): ReadonlySet<string> {
    const { items, kinds } = this.#parts
    const all = [items.keptOf(ref)?.item, ...(items.goneOf(ref)?.items ?? [])]
    const texts = (kinds.items.get(ref.kind)?.secrets ?? []).flatMap((field) =>
      all.map((item) => (item === undefined ? undefined : (Reflect.get(item, field) as unknown))),
    )
    return new Set(texts.filter((text) => typeof text === 'string'))
  }
}
