import { KINDS } from '../kinds/built-in.ts'
import type { Item, ItemInput, ItemRef } from '../kinds/item.ts'
import type { Kinds } from '../kinds/kinds.ts'
import { AgentError } from '../model/errors.ts'
import type { Store } from '../store/store.ts'
import type { ChangeRequest, ChangeResult, Conflict, DeletionGuard } from './change.ts'
import type { Confirmation } from './confirmation.ts'
import { declarationOf, givenOfStored, type Declaration } from './declaration.ts'
import { DesiredState, type DesiredListener } from './desired-state.ts'
import { DesiredWriter, type RollBackNote } from './desired-writer.ts'
import type { FrozenItem } from './effective.ts'
import { isEqual, type KeptItem } from './effective-table.ts'
import { MadeRecords } from './made-records.ts'
import { tagOf } from './plan-change.ts'
import type { Proposal } from './proposal.ts'
import type { ItemDifference, Revision } from './revisions.ts'

/** Origin of items that were put by a caller who named none. */
export const API_ORIGIN = 'api'

/** An item in force, with what is known of its declarations. */
export interface DeclaredItem {
  readonly ref: ItemRef
  readonly item: Item
  /** Who declares it. */
  readonly origin: string
  /** Others who declare it, and whether they want the same. */
  readonly others: readonly { readonly origin: string; readonly agrees: boolean }[]
  /** Changes whenever a declaration of it does. */
  readonly tag: string
}

/** A change that was accepted, and what it did to one item. */
export interface ItemRevision {
  readonly revision: Revision
  readonly difference: ItemDifference
}

/** What one VPP should have: who declared it, how it came about, and what changes it. */
export class DeclaredItems {
  /** For those who make VPP be like it. */
  readonly state: DesiredState
  readonly writer: DesiredWriter
  /** What of it was made, where VPP keeps no mark. */
  readonly records: MadeRecords
  /** Kinds of items that may be declared. */
  readonly kinds: Kinds
  readonly #store: Store
  readonly #ended = new AbortController()

  /**
   * @param guard undefined: origins may remove what they like at a time
   * @param kinds kinds of items; default: those that come with the agent
   */
  constructor(
    store: Store,
    instance: string,
    guard: DeletionGuard | undefined,
    listener: DesiredListener,
    kinds: Kinds = KINDS,
  ) {
    this.#store = store
    this.kinds = kinds
    this.state = new DesiredState(store, instance, kinds, listener)
    this.writer = new DesiredWriter(store, this.state, guard)
    this.records = new MadeRecords(store, this.state)
  }

  /** Operations that the store takes at once. */
  get mostOperations(): number {
    return this.#store.maximumOperations
  }

  /** Follows the store until `close`. */
  async follow(failed: (problem: Error) => void): Promise<void> {
    await Promise.all([this.state.follow(), this.writer.follow(this.#ended.signal, failed)])
  }

  /** What is under way ends with `AGENT_CLOSED`. */
  close(): void {
    this.#ended.abort()
    this.state.close()
  }

  /** Settles when the store has been read. @throws AgentError `AGENT_CLOSED` */
  async known(): Promise<void> {
    await this.state.listed()
  }

  /** Every item, in the order of their keys within each kind. */
  async *all(): AsyncGenerator<DeclaredItem, void> {
    await this.known()
    for (const kept of this.state.kept()) yield declaredOf(kept)
  }

  async get(ref: ItemRef): Promise<DeclaredItem | undefined> {
    await this.known()
    const kept = this.state.keptOf(ref)
    return kept === undefined ? undefined : declaredOf(kept)
  }

  /** Items in force, of all kinds or of one, as far as the store has been read. */
  keptOf(kind?: string): Iterable<KeptItem> {
    return kind === undefined ? this.state.kept() : this.state.keptOfKind(kind)
  }

  /** True for an item that is in force or cannot be read, as far as the store has been read. */
  exists(ref: ItemRef): boolean {
    return this.state.has(ref) || this.state.frozenOf(ref) !== undefined
  }

  /** An item as it was given. */
  async given(ref: ItemRef): Promise<Readonly<Record<string, unknown>> | undefined> {
    await this.known()
    if (this.state.keptOf(ref) === undefined) return undefined
    const entry = await this.#store.get(this.state.keys.item(ref))
    return entry === undefined ? undefined : givenOfStored(entry.value)
  }

  /** Number of items in force by who declares them. */
  async origins(): Promise<ReadonlyMap<string, number>> {
    await this.known()
    return this.state.origins
  }

  /** Declarations that are not in force because another origin declares the item differently. */
  async conflicts(): Promise<readonly Conflict[]> {
    await this.known()
    return [...this.state.shared()].flatMap((kept) =>
      kept.others
        .filter((other) => !isEqual(other.item, kept.item))
        .map(({ origin }) => ({ ref: kept.ref, origin, keeper: kept.origin })),
    )
  }

  /** How many of these there are, as far as the store has been read. */
  get conflictCount(): number {
    let count = 0
    for (const kept of this.state.shared()) {
      for (const other of kept.others) if (!isEqual(other.item, kept.item)) count++
    }
    return count
  }

  /** Items that this version cannot read, and whose objects it leaves alone. */
  async frozen(): Promise<readonly FrozenItem[]> {
    await this.known()
    return [...this.state.frozen()]
  }

  /**
   * Makes a change, as a whole or not at all.
   * @throws AgentError `AGENT_CONFLICT`, `AGENT_DELETION_GUARD`, `AGENT_PRECONDITION`, `AGENT_CONFIRMATION`,
   * `AGENT_STORE`, `AGENT_STORE_TOO_LARGE`, `AGENT_CLOSED`
   */
  async change(request: ChangeRequest): Promise<ChangeResult> {
    this.#checkOpen()
    return await this.writer.change(request)
  }

  /** Puts items as given. @throws as `change`; InvalidItemError */
  async put(items: readonly (Item | ItemInput)[], origin = API_ORIGIN): Promise<ChangeResult> {
    return await this.change({ origin, put: this.#declarationsOf(items) })
  }

  /** Drops the declarations that an origin has of items. @throws as `change` */
  async drop(refs: readonly ItemRef[], origin = API_ORIGIN): Promise<ChangeResult> {
    return await this.change({ origin, drop: refs })
  }

  /** Makes these all that an origin wants. @throws as `change`; InvalidItemError */
  async replace(items: readonly (Item | ItemInput)[], origin: string): Promise<ChangeResult> {
    return await this.change({ origin, put: this.#declarationsOf(items), whole: true })
  }

  /** Changes that were accepted, the oldest first, as far back as they are kept. */
  async revisions(): Promise<readonly Revision[]> {
    await this.known()
    return await this.writer.revisions.list()
  }

  /** A change that was accepted. @throws AgentError `AGENT_UNKNOWN_REVISION` */
  async revision(number: number): Promise<Revision> {
    await this.known()
    return await this.writer.revisions.get(number)
  }

  /** Revisions that changed an item, the newest first, with the declarations before and after each. */
  async historyOf(ref: ItemRef): Promise<readonly ItemRevision[]> {
    await this.known()
    const found = await this.writer.revisions.ofItem(ref)
    return found.map(({ revision, before, after }) => ({ revision, difference: { ref, before, after } }))
  }

  /** Differences between the items after two revisions; `to` defaults to now. @throws AgentError `AGENT_UNKNOWN_REVISION` */
  async between(from: number, to?: number): Promise<readonly ItemDifference[]> {
    await this.known()
    const head = this.state.head.revision
    return await this.writer.revisions.between(from, to ?? head, head)
  }

  /** What a revision has changed. @throws AgentError `AGENT_UNKNOWN_REVISION` */
  async difference(number: number): Promise<readonly ItemDifference[]> {
    await this.known()
    return await this.writer.revisions.difference(number)
  }

  /**
   * What a change would do to the items. Nothing is changed.
   * @throws AgentError `AGENT_CONFLICT`, `AGENT_DELETION_GUARD`, `AGENT_PRECONDITION`, `AGENT_STORE`
   */
  async propose(request: ChangeRequest): Promise<Proposal> {
    await this.known()
    return await this.writer.propose(request)
  }

  /** What `rollBack` would do to the items. @throws AgentError `AGENT_UNKNOWN_REVISION`, `AGENT_STORE` */
  async proposeRollBack(number: number): Promise<Proposal> {
    await this.known()
    return await this.writer.proposeRollBack(number)
  }

  /**
   * Makes the items what they were after a revision.
   * @throws AgentError `AGENT_UNKNOWN_REVISION`, `AGENT_CONFIRMATION`, `AGENT_STORE`
   */
  async rollBack(number: number, note: RollBackNote): Promise<ChangeResult> {
    this.#checkOpen()
    return await this.writer.rollBack(number, note)
  }

  /** The change that is undone unless it is confirmed. */
  get confirmation(): Confirmation | undefined {
    return this.state.confirmation
  }

  /** Keeps the change that awaits confirmation. @throws AgentError `AGENT_CONFIRMATION` when none does */
  async confirm(): Promise<Confirmation> {
    this.#checkOpen()
    return await this.writer.confirm()
  }

  /** Undoes the change that awaits confirmation. @throws AgentError `AGENT_CONFIRMATION` when none does */
  async revert(): Promise<ChangeResult> {
    this.#checkOpen()
    return await this.writer.revert()
  }

  #declarationsOf(items: readonly (Item | ItemInput)[]): Declaration[] {
    return items.map((item, at) => declarationOf(item, `item ${at}`, this.kinds))
  }

  #checkOpen(): void {
    if (this.#ended.signal.aborted) throw new AgentError('AGENT_CLOSED', 'the instance is closed')
  }
}

/** What is reported of an item in force. */
export function declaredOf(kept: KeptItem): DeclaredItem {
  const { ref, item, origin } = kept
  const others = kept.others.map((other) => ({ origin: other.origin, agrees: isEqual(other.item, item) }))
  return { ref, item, origin, others, tag: tagOf(kept) }
}
