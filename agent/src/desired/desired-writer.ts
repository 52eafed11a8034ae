import { randomUUID } from 'node:crypto'
import type { Item, ItemRef } from '../kinds/item.ts'
import type { Kinds } from '../kinds/kinds.ts'
import { declaredMac, fingerprintOf } from '../kinds/mark.ts'
import { AgentError } from '../model/errors.ts'
import type { Many } from '../model/json-list.ts'
import { inTurns } from '../model/turns.ts'
import { settingOf, type Store, type StoreCondition, type StoreOperation } from '../store/store.ts'
import type { ChangeRequest, ChangeResult, DeletionGuard } from './change.ts'
import { Committer } from './commit.ts'
import { confirmationText, readConfirmation, type Confirmation } from './confirmation.ts'
import { readStored, type Declared } from './declaration.ts'
import type { DesiredState, ExpectedWrite } from './desired-state.ts'
import type { KeyWrite } from './key-writes.ts'
import { planChange, type PlannedChange } from './plan-change.ts'
import { plannedWrites, type PlannedWrite } from './planned-writes.ts'
import { propose, type Proposal } from './proposal.ts'
import { KEPT_REVISIONS, Revisions, revisionText, type Revision } from './revisions.ts'

/** Different items of one key that are remembered; of more, the oldest hardly ever came to be. */
const MOST_REMEMBERED = 20
/** Milliseconds until another agent's change that is not visible yet is looked for again. */
const RETRY_INTERVAL = 1000
/** The longest time of a timer in Node. */
const LONGEST_TIMER = 2 ** 31 - 1

/** Who asks for a change, and why. */
export interface ChangeNote {
  readonly author: string
  readonly comment?: string | undefined
}

/** Who asks for a way back, and whether it is undone unless it is confirmed. */
export interface RollBackNote extends ChangeNote {
  /** Milliseconds after which it is undone. */
  readonly confirmWithin?: number | undefined
}

interface Work {
  readonly plan: PlannedChange
  readonly origin: string
  readonly note: ChangeNote
  /** Operations beside the change, that are made even when it changes nothing, and what they demand. */
  readonly further?: readonly StoreOperation[]
  readonly conditions?: readonly StoreCondition[]
  /** Milliseconds after which the change is undone. */
  readonly confirmWithin?: number | undefined
}

/** Changes the desired items of one VPP. What has returned is kept for good, and seen by the state. */
export class DesiredWriter {
  readonly revisions: Revisions
  readonly #store: Store
  readonly #state: DesiredState
  readonly #guard: DeletionGuard | undefined
  readonly #committer: Committer
  /** One change at a time. */
  #busy: Promise<unknown> = Promise.resolve()
  #timer: NodeJS.Timeout | undefined

  /** @param guard undefined: origins may remove what they like */
  constructor(store: Store, state: DesiredState, guard: DeletionGuard | undefined) {
    this.#store = store
    this.#state = state
    this.#guard = guard
    this.#committer = new Committer(store, state)
    this.revisions = new Revisions(store, state.keys)
  }

  /**
   * Makes a change.
   * @throws AgentError `AGENT_CONFLICT`, `AGENT_DELETION_GUARD`, `AGENT_PRECONDITION`, `AGENT_CONFIRMATION`,
   * `AGENT_STORE`, `AGENT_STORE_TOO_LARGE`
   */
  change(request: ChangeRequest): Promise<ChangeResult> {
    const { origin, author = origin, comment, confirmWithin, adopts = [] } = request
    return this.#alone(async () => {
      if (confirmWithin !== undefined) this.#checkNoConfirmation()
      const plan = await planChange(this.#store, this.#state, request, this.#guard)
      const further = adopts.map((ref): StoreOperation => settingOf(this.#state.keys.made(ref), '{}'))
      return { plan, origin, note: { author, comment }, further, confirmWithin }
    })
  }

  /**
   * What a change would do. Nothing is written.
   * @throws as `change`
   */
  async propose(request: ChangeRequest): Promise<Proposal> {
    const plan = await planChange(this.#store, this.#state, request, this.#guard)
    return await this.#proposalOf(plan)
  }

  /** What making the items what they were after a revision would do. @throws AgentError `AGENT_UNKNOWN_REVISION` */
  async proposeRollBack(number: number): Promise<Proposal> {
    const back = await this.revisions.wayBackTo(number, this.#state.head.revision)
    return await this.#proposalOf(await this.#planOf(back))
  }

  async #proposalOf(plan: PlannedChange): Promise<Proposal> {
    const { kinds } = this.#state
    return await propose(this.#state, plan, {
      itemAfter: (write) => {
        const { value, path, declared } = write
        return declared ?? (value === undefined ? undefined : readable(value, path, kinds))
      },
      goneAfter: (write) => this.#goneAfter(write),
    })
  }

  /**
   * Makes the items what they were after a revision.
   * @throws AgentError `AGENT_UNKNOWN_REVISION`, `AGENT_CONFIRMATION`, `AGENT_STORE`
   */
  rollBack(number: number, { author, comment, confirmWithin }: RollBackNote): Promise<ChangeResult> {
    const note = { author, comment: comment ?? `back to revision ${number}` }
    return this.#alone(async () => {
      if (confirmWithin !== undefined) this.#checkNoConfirmation()
      const back = await this.revisions.wayBackTo(number, this.#state.head.revision)
      return { plan: await this.#planOf(back), origin: 'rollback', note, confirmWithin }
    })
  }

  /** Keeps the revision that awaits confirmation. @throws AgentError `AGENT_CONFIRMATION` when none does */
  async confirm(): Promise<Confirmation> {
    await this.#state.listed()
    const entry = await this.#store.get(this.#state.keys.confirm)
    const { confirmation } = this.#state
    const gone =
      entry === undefined ||
      confirmation === undefined ||
      (await this.#store.compareAndSwap(entry.key, entry.revision, undefined)) === undefined
    if (gone) throw new AgentError('AGENT_CONFIRMATION', 'no change awaits confirmation')
    return confirmation
  }

  /** Undoes the revision that awaits confirmation. @throws AgentError `AGENT_CONFIRMATION` when none does */
  async revert(): Promise<ChangeResult> {
    await this.#state.listed()
    const { confirmation } = this.#state
    if (confirmation === undefined) {
      throw new AgentError('AGENT_CONFIRMATION', 'no change awaits confirmation')
    }
    return await this.#undo(confirmation, 'not confirmed')
  }

  /** Background work until the signal: writes out large change sets, undoes changes that were not confirmed in time. */
  async follow(signal: AbortSignal, failed: (problem: Error) => void): Promise<void> {
    try {
      await this.#state.listed()
      await this.#committer.finish().catch(failed)
      while (!signal.aborted) {
        this.#setTimer(failed)
        await this.#state.changes.wait(Infinity, signal)
      }
    } catch (error) {
      if (!signal.aborted) throw error
    } finally {
      clearTimeout(this.#timer)
    }
  }

  /** Forgets that VPP may have these still. */
  async clean(refs: readonly ItemRef[]): Promise<void> {
    const known = refs.filter((ref) => this.#state.goneOf(ref) !== undefined)
    const most = Math.min(this.#store.maximumOperations, 1000)
    for (let at = 0; at < known.length; at += most) {
      const paths = known.slice(at, at + most).map((ref) => this.#state.keys.gone(ref))
      // What was added to meanwhile has another revision, and stays.
      const entries = await this.#store.getMany(paths)
      const conditions = entries.map(({ key, revision }) => ({ key, revision }))
      const operations = entries.map(({ key }): StoreOperation => ({ type: 'delete', key }))
      if (operations.length > 0) await this.#store.transact(operations, conditions)
    }
  }

  /** Whether the same is waited for is looked at again whenever the state changes; setting a timer twice costs nothing. */
  #setTimer(failed: (problem: Error) => void): void {
    clearTimeout(this.#timer)
    const { confirmation } = this.#state
    if (confirmation === undefined) return
    const rest = Math.min(Math.max(0, confirmation.until - Date.now()), LONGEST_TIMER)
    this.#timer = setTimeout(() => void this.#expire(confirmation, failed), rest)
  }

  async #expire(confirmation: Confirmation, failed: (problem: Error) => void): Promise<void> {
    try {
      if (Date.now() >= confirmation.until) await this.#undo(confirmation, 'not confirmed in time')
      else this.#setTimer(failed)
    } catch (error) {
      failed(error as Error)
      this.#timer = setTimeout(() => void this.#expire(confirmation, failed), RETRY_INTERVAL)
    }
  }

  #undo({ revision }: Confirmation, why: string): Promise<ChangeResult> {
    return this.#alone(async () => {
      const note = { author: 'agent', comment: `revision ${revision} undone: ${why}` }
      const entry = await this.#store.get(this.#state.keys.confirm)
      if (entry === undefined || readConfirmation(entry.value).revision !== revision) return undefined
      const further: StoreOperation[] = [{ type: 'delete', key: entry.key }]
      const conditions = [{ key: entry.key, revision: entry.revision }]
      const back = await this.revisions.wayBackOf(revision)
      return { plan: await this.#planOf(back), origin: 'rollback', note, further, conditions }
    })
  }

  #checkNoConfirmation(): void {
    const { confirmation } = this.#state
    if (confirmation === undefined) return
    const message = `revision ${confirmation.revision} still waits to be confirmed; confirm or undo that one first`
    throw new AgentError('AGENT_CONFIRMATION', message)
  }

  /** What restoring values comes down to. */
  async #planOf(back: readonly KeyWrite[]): Promise<PlannedChange> {
    const current = new Map<string, string>()
    for (let at = 0; at < back.length; at += 100) {
      const paths = back.slice(at, at + 100).map(([path]) => path)
      for (const { key, value } of await this.#store.getMany(paths)) current.set(key, value)
    }
    const writes = plannedWrites(this.#state.keys)
    for (const [path, value] of back) {
      const place = this.#state.keys.placeOf(path)
      const before = current.get(path)
      if (place?.shelf !== 'item' || before === value) continue
      const ref = { kind: place.kind as string, key: place.key }
      const declared = value === undefined ? undefined : readable(value, path, this.#state.kinds)
      writes.push({ ref, path, value, before, declared, was: this.#state.keptOf(ref)?.item })
    }
    return { writes, conflicts: [] }
  }

  /** One change at a time; what others changed meanwhile is looked at again. @param plan undefined: nothing to do */
  async #alone(plan: () => Promise<Work | undefined>): Promise<ChangeResult> {
    const before = this.#busy
    const mine = (async () => {
      await before
      for (;;) {
        await this.#state.listed()
        const work = await plan()
        const done = work === undefined ? this.#nothing([]) : await this.#commit(work)
        if (done !== undefined) return done
        await this.#catchUp()
      }
    })()
    this.#busy = mine.catch(() => undefined)
    return await mine
  }

  #nothing(conflicts: PlannedChange['conflicts']): ChangeResult {
    return { revision: this.#state.head.revision, created: [], changed: [], removed: [], conflicts }
  }

  async #commit(work: Work): Promise<ChangeResult | undefined> {
    const { further = [], conditions = [] } = work
    const { writes, conflicts } = work.plan
    if (this.#state.head.staged !== undefined) {
      await this.#committer.finish()
      return undefined
    }
    if (writes.length === 0) {
      if (further.length > 0) await this.#store.transact(further, conditions)
      return this.#nothing(conflicts)
    }
    const result = await resultOf(work.plan, this.#state.head.revision + 1)
    const revision = revisionOf(work, result)
    const done = await this.#committer.commit({
      writes: await this.#withRemembered(writes),
      undo: undoOf(writes),
      id: revision.id,
      revision: revision.number,
      text: revisionText(revision),
      further: [...further, ...this.#confirming(work, result.revision)],
      conditions,
    })
    if (done === undefined) return undefined
    // The next read sees what was written.
    await this.#state.seen(done)
    await this.#tidy(revision.number)
    return result
  }

  #confirming({ confirmWithin }: Work, revision: number): StoreOperation[] {
    if (confirmWithin === undefined) return []
    const text = confirmationText({ revision, until: Date.now() + confirmWithin })
    return [settingOf(this.#state.keys.confirm, text)]
  }

  /** Writes out a large set, and forgets revisions that are too old. */
  async #tidy(revision: number): Promise<void> {
    const large = this.#state.head.staged !== undefined
    if (large) await this.#committer.finish()
    const old = await this.#store.get(this.#state.keys.revision(revision - KEPT_REVISIONS))
    if (old !== undefined) {
      const { id } = JSON.parse(old.value) as { id: string }
      await this.#committer.deleteAll(this.#state.keys.undo(id))
      await this.#store.delete(old.key)
    }
    if (large)
      await this.#committer.deleteAbandoned(new Set((await this.revisions.list()).map(({ id }) => id)))
  }

  /** What may have been made, but not been marked, as an item said before would not be known any more. */
  async #withRemembered(writes: Many<PlannedWrite>): Promise<Many<ExpectedWrite>> {
    const remembered: ExpectedWrite[] = []
    await inTurns(writes, (write) => {
      const gone = this.#goneAfter(write)
      if (gone === undefined) return
      const path = this.#state.keys.gone(write.ref)
      remembered.push({ path, value: JSON.stringify(gone), declared: undefined })
    })
    return {
      length: writes.length + remembered.length,
      *[Symbol.iterator](): Iterator<ExpectedWrite> {
        yield* writes
        yield* remembered
      },
    }
  }

  /** Items under the key of a write that VPP may still have after it; undefined when there is none to add. */
  #goneAfter(write: PlannedWrite): readonly Item[] | undefined {
    const { kinds } = this.#state
    const { ref, was, value } = write
    if (was === undefined || kinds.items.get(ref.kind)?.unmarked !== true) return undefined
    if (value !== undefined && (was.kind !== 'interface' || isMadeAlike(was, itemAfter(write, kinds))))
      return undefined
    const gone = this.#state.goneOf(ref)?.items ?? []
    const text = JSON.stringify(was)
    const others = gone.filter((item) => JSON.stringify(item) !== text).slice(1 - MOST_REMEMBERED)
    return [...others, was]
  }

  /** Others have changed the items: waits until that has been seen. */
  async #catchUp(): Promise<void> {
    const entry = await this.#store.get(this.#state.keys.head)
    await this.#state.seen(entry?.revision ?? 0)
  }
}

async function resultOf({ writes, conflicts }: PlannedChange, revision: number): Promise<ChangeResult> {
  const created: ItemRef[] = []
  const changed: ItemRef[] = []
  const removed: ItemRef[] = []
  await inTurns(writes, ({ ref, before, value }) => {
    if (value === undefined) removed.push(ref)
    else if (before === undefined) created.push(ref)
    else changed.push(ref)
  })
  return { revision, created, changed, removed, conflicts }
}

/** The values from before, recorded as they are asked for. */
function undoOf(writes: Iterable<PlannedWrite>): Iterable<KeyWrite> {
  return {
    *[Symbol.iterator](): Iterator<KeyWrite> {
      for (const { path, before } of writes) yield [path, before]
    },
  }
}

function revisionOf({ origin, note }: Work, result: ChangeResult): Revision {
  return {
    number: result.revision,
    at: new Date(),
    author: note.author,
    origin,
    comment: note.comment,
    created: result.created.length,
    changed: result.changed.length,
    removed: result.removed.length,
    id: `${Date.now()}-${randomUUID()}`,
  }
}

function readable(value: string, path: string, kinds: Kinds): Declared | undefined {
  try {
    return readStored(value, path, kinds)
  } catch {
    // It is frozen, as it was then.
    return undefined
  }
}

function itemAfter({ value, declared, path }: PlannedWrite, kinds: Kinds): Item | undefined {
  return declared?.item ?? (value === undefined ? undefined : readable(value, path, kinds)?.item)
}

/** True when an interface that is not marked yet would be found by the one as well as by the other. */
function isMadeAlike(a: Extract<Item, { kind: 'interface' }>, b: Item | undefined): boolean {
  if (b?.kind !== 'interface') return false
  return fingerprintOf(a) === fingerprintOf(b) && declaredMac(a) === declaredMac(b)
}
