import type { Item, ItemRef } from '../kinds/item.ts'
import { AgentError } from '../model/errors.ts'
import { RefSet } from '../model/ref-map.ts'
import type { Store } from '../store/store.ts'
import type { ChangeRequest, Conflict, ConflictManner, DeletionGuard } from './change.ts'
import { storedText, type Declaration } from './declaration.ts'
import type { DesiredState } from './desired-state.ts'
import { isEqual, type KeptItem } from './effective-table.ts'
import type { Many } from '../model/json-list.ts'
import type { PackedList } from '../model/packed-list.ts'
import { Turns, inTurns } from '../model/turns.ts'
import { plannedWrites, type PlannedWrite } from './planned-writes.ts'
import { textHash } from './text-hash.ts'

/** What a change comes down to. */
export interface PlannedChange {
  readonly writes: Many<PlannedWrite>
  readonly conflicts: readonly Conflict[]
}

/** Values asked of the store at a time. */
const AT_A_TIME = 100

/** A key that a change is about, with what is declared now; undefined: dropped. */
interface Candidate {
  readonly ref: ItemRef
  readonly declaration: Declaration | undefined
}

/**
 * Works out what a change comes down to.
 * @throws AgentError `AGENT_CONFLICT`, `AGENT_DELETION_GUARD`, `AGENT_PRECONDITION`
 */
export async function planChange(
  store: Store,
  state: DesiredState,
  request: ChangeRequest,
  guard: DeletionGuard | undefined,
): Promise<PlannedChange> {
  checkPrecondition(state, request)
  const planner = new Planner(state, request)
  const turns = new Turns()
  for await (const some of candidatesOf(state, request)) {
    const known = some.filter(({ ref }) => planner.exists(ref))
    const entries =
      known.length === 0 ? [] : await store.getMany(known.map(({ ref }) => state.keys.item(ref)))
    const values = new Map(entries.map((entry) => [entry.key, entry.value]))
    for (const candidate of some) planner.add(candidate, values.get(state.keys.item(candidate.ref)))
    if (turns.over) await turns.next()
  }
  checkConflicts(planner.conflicts, request)
  if (request.whole === true && request.confirmDeletions !== true && guard !== undefined) {
    await checkDeletions(planner.writes, state.origins.get(request.origin) ?? 0, request.origin, guard)
  }
  return planner
}

/** The tag by which a caller recognises an item that has not been changed meanwhile. */
export function tagOf({ hash }: Pick<KeptItem, 'hash'>): string {
  return hash.toString(36)
}

function checkPrecondition(state: DesiredState, { precondition }: ChangeRequest): void {
  if (precondition === undefined) return
  const { ref, tag } = precondition
  const kept = state.keptOf(ref)
  const now = kept === undefined ? null : tagOf(kept)
  if (now === tag || (tag === '*' && now !== null)) return
  const what = now === null ? 'does not exist' : tag === null ? 'exists' : 'has been changed'
  throw new AgentError('AGENT_PRECONDITION', `${ref.kind} "${ref.key}" ${what}; read it again`)
}

/** Keys that may change, in batches: of a whole set only those whose value is another than the one there. */
async function* candidatesOf(
  state: DesiredState,
  request: ChangeRequest,
): AsyncGenerator<readonly Candidate[], void> {
  const { origin, put = [], drop = [], whole = false } = request
  const turns = new Turns()
  let candidates: Candidate[] = []
  for (let at = 0; at < drop.length; at += AT_A_TIME) {
    yield drop.slice(at, at + AT_A_TIME).map((ref) => ({ ref, declaration: undefined }))
  }
  const wanted = new RefSet()
  for (const declaration of put) {
    const { ref, given } = declaration
    const kept = state.keptOf(ref)
    if (whole) wanted.add(ref)
    // Of what cannot be read, a set says nothing: it may have been declared by a newer agent from the same set.
    const left = whole && state.frozenOf(ref) !== undefined
    const same = kept?.hash === textHash(storedText({ origin, given }, []))
    if (!left && !same) candidates.push({ ref: kept?.ref ?? ref, declaration })
    if (candidates.length === AT_A_TIME) {
      yield candidates
      candidates = []
    }
    if (turns.over) await turns.next()
  }
  yield candidates
  if (!whole) return
  candidates = []
  for (const kept of state.kept()) {
    const declares = kept.origin === origin || kept.others.some((other) => other.origin === origin)
    if (declares && !wanted.has(kept.ref.kind, kept.ref.key)) {
      candidates.push({ ref: kept.ref, declaration: undefined })
    }
    if (candidates.length === AT_A_TIME) {
      yield candidates
      candidates = []
    }
    if (turns.over) await turns.next()
  }
  yield candidates
}

/** One declaration of a key. */
interface Part {
  readonly origin: string
  readonly given: string
}

class Planner implements PlannedChange {
  readonly writes: PackedList<PlannedWrite>
  readonly conflicts: Conflict[] = []
  readonly #state: DesiredState
  readonly #origin: string
  readonly #manner: ConflictManner

  constructor(state: DesiredState, { origin, conflicts = 'fail' }: ChangeRequest) {
    this.writes = plannedWrites(state.keys)
    this.#state = state
    this.#origin = origin
    this.#manner = conflicts
  }

  exists(ref: ItemRef): boolean {
    return this.#state.has(ref) || this.#state.frozenOf(ref) !== undefined
  }

  add({ ref, declaration }: Candidate, before: string | undefined): void {
    if (declaration === undefined) this.#drop(ref, before)
    else this.#put(ref, declaration, before)
  }

  #put(ref: ItemRef, declaration: Declaration, before: string | undefined): void {
    const { origin, parts } = this.#partsOf(ref, before)
    const mine = { origin: this.#origin, given: declaration.given }
    const others = parts.filter((part) => part.origin !== this.#origin)
    if (parts.length === 0 || origin === this.#origin || this.#manner === 'take-over') {
      this.#write(ref, before, [mine, ...others], declaration.item)
      return
    }
    const kept = this.#state.keptOf(ref)
    const agrees = kept !== undefined && isEqual(kept.item, declaration.item)
    if (!agrees) this.conflicts.push({ ref, origin: this.#origin, keeper: origin })
    if (!agrees && this.#manner !== 'beside') return
    const at = parts.findIndex((part) => part.origin === this.#origin)
    this.#write(ref, before, at < 0 ? [...parts, mine] : parts.with(at, mine), undefined)
  }

  #drop(ref: ItemRef, before: string | undefined): void {
    if (before === undefined) return
    const { origin, parts } = this.#partsOf(ref, before)
    const taken = this.#manner === 'take-over' ? [] : parts.filter((part) => part.origin !== this.#origin)
    if (taken.length < parts.length || parts.length === 0) this.#write(ref, before, taken, undefined)
    else this.conflicts.push({ ref, origin: this.#origin, keeper: origin })
  }

  /** Declarations that there are, the one in force first. */
  #partsOf(ref: ItemRef, before: string | undefined): { origin: string | undefined; parts: readonly Part[] } {
    const kept = this.#state.keptOf(ref)
    if (kept !== undefined && before !== undefined) {
      const { item } = JSON.parse(before) as { item: unknown }
      const first = { origin: kept.origin, given: JSON.stringify(item) }
      return { origin: kept.origin, parts: [first, ...kept.others] }
    }
    const frozen = before === undefined ? undefined : this.#state.frozenOf(ref)
    if (frozen === undefined) return { origin: undefined, parts: [] }
    // What cannot be read cannot be kept beside anything either.
    return { origin: frozen.origin, parts: [{ origin: frozen.origin ?? '', given: 'null' }] }
  }

  #write(ref: ItemRef, before: string | undefined, parts: readonly Part[], item: Item | undefined): void {
    const [first, ...all] = parts
    const others = all.filter(({ given }) => given !== 'null')
    const value = first === undefined ? undefined : storedText(first, others)
    if (value === before) return
    const declared =
      item === undefined || first === undefined || others.length > 0
        ? undefined
        : { item, origin: first.origin, others: [] }
    const was = this.#state.keptOf(ref)?.item
    this.writes.push({ ref, path: this.#state.keys.item(ref), value, declared, before, was })
  }
}

function checkConflicts(conflicts: readonly Conflict[], { conflicts: manner = 'fail' }: ChangeRequest): void {
  const [first] = conflicts
  if (first === undefined || manner !== 'fail') return
  throw conflictError(first, conflicts.length - 1)
}

/** The error for a key that another origin keeps. @param more further conflicts there are */
export function conflictError({ ref, keeper }: Conflict, more = 0): AgentError {
  const whose = keeper === undefined ? 'was declared by a newer agent' : `is declared by "${keeper}"`
  const rest = more === 0 ? '' : `; so are ${more} more`
  const message = `${ref.kind} "${ref.key}" ${whose}${rest}; change it there, or take it over explicitly`
  return new AgentError('AGENT_CONFLICT', message)
}

async function checkDeletions(
  writes: Iterable<PlannedWrite>,
  total: number,
  origin: string,
  { percent, least }: DeletionGuard,
): Promise<void> {
  let removed = 0
  await inTurns(writes, ({ value }) => {
    if (value === undefined) removed++
  })
  if (removed < least || removed * 100 <= total * percent) return
  const message = `"${origin}" would remove ${removed} of its ${total} items, more than the ${percent} % that the deletion guard lets pass; confirm it if that is meant`
  throw new AgentError('AGENT_DELETION_GUARD', message)
}
