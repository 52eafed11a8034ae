import type { Actual, Desired } from '../kinds/descriptor.ts'
import type { Kinds } from '../kinds/kinds.ts'
import { called, splitId } from '../model/item-ref.ts'
import { RefMap } from '../model/ref-map.ts'
import { inTurns } from '../model/turns.ts'
import type { Observed } from '../observed/observed.ts'
import type { Change, Difference } from './difference.ts'
import type { ObjectRef, WantedObjects } from './wanted.ts'

/** Half of a change: an object goes, or it is made or updated. */
export interface Step {
  readonly change: Change
  readonly phase: 'remove' | 'make'
  /** Steps that have to end before. */
  pending: number
  /** Steps that wait for this one. */
  next: Step[] | undefined
}

/** Changes in the order of what depends on what. */
export class Graph {
  readonly #kinds: Kinds
  readonly #wanted: WantedObjects
  readonly #observed: Observed
  readonly #removals = new RefMap<string, Step>()
  readonly #makings = new RefMap<string, Step>()

  private constructor(kinds: Kinds, wanted: WantedObjects, observed: Observed) {
    this.#kinds = kinds
    this.#wanted = wanted
    this.#observed = observed
  }

  /** Puts changes in order. */
  static async of(
    { changes }: Difference,
    kinds: Kinds,
    wanted: WantedObjects,
    observed: Observed,
  ): Promise<Graph> {
    const graph = new Graph(kinds, wanted, observed)
    await inTurns(changes.values(), (change) => graph.#add(change))
    await inTurns(graph.#removals.values(), (step) => graph.#orderRemoval(step))
    await inTurns(graph.#makings.values(), (step) => graph.#orderMaking(step))
    graph.#orderClaims()
    return graph
  }

  /** Every step; removals first. */
  *steps(): Iterable<Step> {
    yield* this.#removals.values()
    yield* this.#makings.values()
  }

  #add(change: Change): void {
    const { kind, key, action } = change
    if (action === 'delete' || action === 'replace') {
      this.#removals.set(kind, key, { change, phase: 'remove', pending: 0, next: undefined })
    }
    if (action !== 'delete') {
      this.#makings.set(kind, key, { change, phase: 'make', pending: 0, next: undefined })
    }
  }

  /** An object goes before what it depends on, and what it depends on goes after others have let go of it. */
  #orderRemoval(step: Step): void {
    const { kind, actual, action } = step.change
    if (actual === undefined) return
    for (const base of this.#removalsOf(actual)) follow(base, step)
    if (action !== 'delete') return
    // What it was made after goes after it, where both go for good.
    for (const id of this.#kinds.object(kind).awaits?.(actual.value) ?? []) {
      const base = this.#removals.get(...pairOf(id))
      if (base?.change.action === 'delete' && base !== step) follow(base, step)
    }
  }

  #orderMaking(step: Step): void {
    const { kind, key, desired, actual } = step.change
    if (desired === undefined) return
    const removal = this.#removals.get(kind, key)
    if (removal !== undefined) follow(step, removal)
    for (const id of this.#before(desired)) {
      const base = this.#makings.get(...pairOf(id))
      if (base !== undefined && base !== step) follow(step, base)
      // What goes for good is gone before it is asked for.
      const gone = base === undefined ? this.#removals.get(...pairOf(id)) : undefined
      if (gone !== undefined) follow(step, gone)
    }
    if (actual === undefined) return
    for (const base of this.#removalsOf(actual)) {
      // Replaced because what it depends on goes: made when that has gone. Updated: lets go before that goes.
      if (removal !== undefined) follow(step, base)
      else follow(base, step)
    }
  }

  #before({ kind, value }: Desired): string[] {
    const { dependsOn, awaits } = this.#kinds.object(kind)
    return [...dependsOn(value), ...(awaits?.(value) ?? [])]
  }

  #removalsOf({ kind, value }: Actual): Step[] {
    return this.#kinds
      .object(kind)
      .dependsOn(value)
      .map((id) => this.#removals.get(...pairOf(id)))
      .filter((it) => it !== undefined)
  }

  /** What only one can have is taken after the other has let go of it. */
  #orderClaims(): void {
    const holders = new Map<string, Step>()
    for (const step of this.#removals.values()) {
      const { kind, actual } = step.change
      const claims = this.#kinds.object(kind).claims?.(actual?.value) ?? []
      for (const claim of claims) holders.set(claim, step)
    }
    if (holders.size === 0) return
    for (const step of this.#makings.values()) {
      const { kind, desired } = step.change
      for (const claim of this.#kinds.object(kind).claims?.(desired?.value) ?? []) {
        const holder = holders.get(claim)
        if (holder !== undefined && holder.change !== step.change) follow(step, holder)
      }
    }
  }

  /** What is missing for an object to be made, as things are; undefined when nothing is. */
  missingFor(desired: Desired): string | undefined {
    const { dependsOn, awaits } = this.#kinds.object(desired.kind)
    const missing = dependsOn(desired.value).find((id) => !this.#isThere(id))
    if (missing !== undefined) return missing
    return awaits?.(desired.value).find((id) => !this.#isAsDesired(id))
  }

  #isThere(id: string): boolean {
    const ref = splitId(id)
    const actual = this.#observed.get(ref.kind, ref.key)
    if (actual === undefined) return false
    // If the agent must create it itself, a foreign one does not count.
    const desired = actual.foreign === true ? this.#wanted.desired(ref.kind, ref.key) : undefined
    if (desired === undefined) return true
    return this.#kinds.object(ref.kind).usable?.(desired.value, actual.value) === true
  }

  #isAsDesired(id: string): boolean {
    const { kind, key } = splitId(id)
    const desired = this.#wanted.desired(kind, key)
    if (desired === undefined) return true
    const actual = this.#observed.get(kind, key)
    if (actual === undefined) return false
    if (actual.value === desired.value) return true
    const { compare } = this.#kinds.object(kind)
    if (compare !== undefined) return compare(desired.value, actual.value) === 'same'
    return JSON.stringify(desired.value) === JSON.stringify(actual.value)
  }
}

function pairOf(id: string): [kind: string, key: string] {
  const { kind, key } = splitId(id)
  return [kind, key]
}

/** `after` begins when `before` has ended. */
function follow(after: Step, before: Step): void {
  after.pending++
  if (before.next === undefined) before.next = [after]
  else before.next.push(after)
}

/** Members of a circle among steps that wait for one another, each of them for another one of these. */
export function circleAmong(steps: readonly Step[]): string[] {
  const before = new Map<Step, Step>()
  for (const step of steps) for (const next of step.next ?? []) before.set(next, step)
  const path: Step[] = []
  let at = steps[0]
  // Back to what is waited for: from a circle on, steps lead to what only waits for it.
  while (at !== undefined && !path.includes(at)) {
    path.push(at)
    at = before.get(at)
  }
  const circle = at === undefined ? path : path.slice(path.indexOf(at)).reverse()
  return circle.map(({ change }: { change: ObjectRef }) => called(change))
}
