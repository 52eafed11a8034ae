import { setTimeout as delay } from 'node:timers/promises'
import { parseItem, type Item, type ItemKind, type ItemOf, type ItemRef } from '../kinds/item.ts'
import type { Kinds } from '../kinds/kinds.ts'
import { Bell } from '../model/bell.ts'
import { AgentError } from '../model/errors.ts'
import { RefMap, RefSet } from '../model/ref-map.ts'
import type { Store, StoreChange, StoreEntry } from '../store/store.ts'
import { readConfirmation, type Confirmation } from './confirmation.ts'
import type { Declared } from './declaration.ts'
import { DesiredKeys, type ItemPlace } from './desired-keys.ts'
import type { EffectiveItems, FrozenItem, GoneItems } from './effective.ts'
import { EffectiveTable, type KeptItem } from './effective-table.ts'
import { NO_HEAD, readHead, type Head } from './head.ts'
import { readKeyWrites } from './key-writes.ts'
import { Turns } from '../model/turns.ts'

/** Milliseconds until a store that cannot be reached is tried again. */
const RETRY_INTERVAL = 1000
/** Entries between looks at the clock, less one. */
const MASK = 15

/** Listener for what happens to the desired state. */
export interface DesiredListener {
  /**
   * Items were put or deleted, each named as often as that was seen.
   * @param areThere true when all of them are known to be in force
   */
  changed(refs: readonly ItemRef[], areThere: boolean): void
  /** The store cannot be reached, or holds something that is not an item. */
  failed(problem: Error): void
}

/** A change that this process is about to make: need not be read again when it is seen. */
export interface ExpectedWrite {
  readonly path: string
  readonly value: string | undefined
  readonly declared: Declared | undefined
}

/** The desired items of one VPP, as the store has them, followed as they change. */
export class DesiredState implements EffectiveItems {
  readonly changes = new Bell()
  readonly keys: DesiredKeys
  /** Kinds of items that can be read. */
  readonly kinds: Kinds
  readonly #store: Store
  readonly #listener: DesiredListener
  readonly #ended = new AbortController()
  readonly #table: EffectiveTable
  readonly #gone = new RefMap<string, GoneItems>()
  readonly #made = new RefSet()
  #hasRecords = false
  readonly #expected = new Map<string, ExpectedWrite>()
  /** Change sets in parts of their own that this process is about to make, by their ids. */
  readonly #expectedSets = new Map<string, Iterable<ExpectedWrite>>()
  #changed = new RefSet()
  /** All items are to be taken, so that only those that are gone need be named. */
  #takesAll = true
  #revision = 0
  #head = NO_HEAD
  #headRevision: number | undefined
  #confirmation: Confirmation | undefined
  #known = false
  #whole = false

  /** @param listener receives what changes and what goes wrong */
  constructor(store: Store, instance: string, kinds: Kinds, listener: DesiredListener) {
    this.#store = store
    this.keys = new DesiredKeys(instance)
    this.kinds = kinds
    this.#listener = listener
    this.#table = new EffectiveTable(kinds, (problem) => {
      listener.failed(problem)
    })
  }

  get revision(): number {
    return this.#revision
  }

  get known(): boolean {
    return this.#known
  }

  get whole(): boolean {
    return this.#whole
  }

  /** The last revision of the items. */
  get head(): Head {
    return this.#head
  }

  /** The change of the store that the head came with; undefined when there is none. */
  get headRevision(): number | undefined {
    return this.#headRevision
  }

  /** The revision that awaits confirmation. */
  get confirmation(): Confirmation | undefined {
    return this.#confirmation
  }

  get isBlank(): boolean {
    const { origins, countFrozen } = this.#table
    return this.#head.revision === 0 && origins.size === 0 && countFrozen === 0 && this.#gone.size === 0
  }

  kept(): Iterable<KeptItem> {
    return this.#table.items()
  }

  /** Every item in force of a kind. */
  keptOfKind(kind: string): Iterable<KeptItem> {
    return this.#table.itemsOf(kind)
  }

  keptOf(ref: ItemRef): KeptItem | undefined {
    return this.#table.get(ref)
  }

  has(ref: ItemRef): boolean {
    return this.#table.has(ref)
  }

  frozen(): Iterable<FrozenItem> {
    return this.#table.frozen()
  }

  frozenOf(ref: { readonly kind: string; readonly key: string }): FrozenItem | undefined {
    return this.#table.frozenOf(ref)
  }

  /** Items that several origins declare. */
  shared(): Iterable<KeptItem> {
    return this.#table.shared()
  }

  /** Every item. */
  *items(): Iterable<Item> {
    for (const { item } of this.#table.items()) yield item
  }

  /** Every item of a kind. */
  *itemsOf<K extends ItemKind>(kind: K): Iterable<ItemOf<K>> {
    for (const { item } of this.#table.itemsOf(kind)) yield item as ItemOf<K>
  }

  get(ref: ItemRef): Item | undefined {
    return this.#table.get(ref)?.item
  }

  /** Number of items in force by who declared them. */
  get origins(): ReadonlyMap<string, number> {
    return this.#table.origins
  }

  *gone(): Iterable<Item> {
    for (const { items } of this.#gone.values()) yield* items
  }

  goneOf({ kind, key }: ItemRef): GoneItems | undefined {
    return this.#gone.get(kind, key)
  }

  goneRefs(): ItemRef[] {
    return Array.from(this.#gone.values(), ({ ref }) => ref)
  }

  made(kind: string, key: string): boolean | undefined {
    return this.#hasRecords ? this.#made.has(kind, key) : undefined
  }

  hasMade(kind: string): boolean {
    return this.#made.of(kind)[Symbol.iterator]().next().done !== true
  }

  madeRefs(): Iterable<ItemRef> {
    return this.#made.values()
  }

  /** True for an item that is, or was, desired. */
  owns(ref: ItemRef): boolean {
    return this.has(ref) || this.frozenOf(ref) !== undefined || this.goneOf(ref) !== undefined
  }

  takeChanged(): Iterable<ItemRef> {
    const changed = this.#changed
    this.#changed = new RefSet()
    this.#takesAll = false
    return changed.values()
  }

  /** Follows the store until `close`. */
  async follow(): Promise<void> {
    const { signal } = this.#ended
    while (!signal.aborted) {
      try {
        const after = await this.#list()
        const turns = new Turns()
        for await (const some of this.#store.watch(this.keys.prefix, { signal, after })) {
          if (!(await this.#take(some))) break
          if (turns.over) await turns.next()
        }
      } catch (error) {
        if (signal.aborted) return
        this.#listener.failed(error as Error)
        await delay(RETRY_INTERVAL, undefined, { signal }).catch(() => undefined)
      }
    }
  }

  /** Settles when the store has been read. @throws AgentError `AGENT_CLOSED` */
  async listed(): Promise<void> {
    while (!this.#known) {
      this.#checkOpen()
      await this.changes.wait(RETRY_INTERVAL, this.#ended.signal)
    }
  }

  /** Settles when everything up to this revision has been seen. @throws AgentError `AGENT_CLOSED` */
  async seen(revision: number): Promise<void> {
    while (this.#revision < revision) {
      this.#checkOpen()
      await this.changes.wait(RETRY_INTERVAL, this.#ended.signal)
    }
  }

  /** These are about to be written. @param staged id of the set, if it is written in parts */
  expect(writes: Iterable<ExpectedWrite>, staged?: string): void {
    if (staged !== undefined) this.#expectedSets.set(staged, writes)
    else for (const write of writes) this.#expected.set(write.path, write)
  }

  /** What was expected does not come. */
  expectNothing(): void {
    this.#expected.clear()
    this.#expectedSets.clear()
  }

  close(): void {
    this.#ended.abort()
    this.changes.ring()
  }

  #checkOpen(): void {
    if (this.#ended.signal.aborted) throw new AgentError('AGENT_CLOSED', 'the instance is closed')
  }

  /** Reads everything; what is no longer there goes last. @returns the change up to which it was read */
  async #list(): Promise<number> {
    this.#whole = false
    const turns = new Turns()
    const changed: ItemRef[] = []
    // Of what has never been read, nothing can be missing.
    const present = this.#known ? new RefSet() : undefined
    const isFirst = present === undefined
    let count = 0
    let head: StoreEntry | undefined
    let confirmation: StoreEntry | undefined
    let revision = 0
    for await (const page of this.#store.scan(this.keys.prefix)) {
      ;({ revision } = page)
      for (const entry of page.entries) {
        const place = this.keys.placeOf(entry.key)
        if (place?.shelf === 'head') head = entry
        else if (place?.shelf === 'confirm') confirmation = entry
        else if (place?.shelf === 'records') this.#hasRecords = true
        else if (place !== undefined) {
          this.#takeEntry(place, entry, changed)
          present?.add({ kind: `${place.shelf}/${place.kind}`, key: place.key })
        }
        if ((++count & MASK) === 0 && turns.over) await this.#pause(turns, changed, isFirst)
      }
    }
    if (present !== undefined) await this.#forgetOthers(present, changed, turns)
    this.#takeConfirmation(confirmation)
    await this.#takeHead(head, changed)
    this.#revision = Math.max(this.#revision, revision)
    this.#known = true
    this.#whole = true
    this.#tell(changed)
    this.changes.ring()
    return revision
  }

  /** Takes out what a listing did not have. */
  async #forgetOthers(present: RefSet, changed: ItemRef[], turns: Turns): Promise<void> {
    const absent: ItemPlace[] = []
    const check = async (shelf: ItemPlace['shelf'], names: Iterable<{ kind: string; key: string }>) => {
      for (const { kind, key } of names) {
        if (!present.has(`${shelf}/${kind}`, key)) absent.push({ shelf, kind, key })
        if (turns.over) await turns.next()
      }
    }
    await check('item', refsOf(this.kept()))
    await check('item', this.frozen())
    await check('gone', this.goneRefs())
    await check('made', this.madeRefs())
    for (const place of absent) this.#takeDeletion(place, changed)
  }

  /** @returns false when changes may have been missed */
  async #take(changes: readonly StoreChange[]): Promise<boolean> {
    const changed: ItemRef[] = []
    await this.#noticePart(changes)
    for (const change of changes) {
      if (change.type === 'reset') return false
      const path = change.type === 'put' ? change.entry.key : change.key
      const entry = change.type === 'put' ? change.entry : undefined
      const place = this.keys.placeOf(path)
      if (place?.shelf === 'head') await this.#takeHead(entry, changed)
      else if (place?.shelf === 'confirm') this.#takeConfirmation(entry)
      else if (place?.shelf === 'records') this.#hasRecords = entry !== undefined
      else if (place !== undefined && entry !== undefined) this.#takeEntry(place, entry, changed)
      else if (place !== undefined) this.#takeDeletion(place, changed)
      const revision = change.type === 'put' ? change.entry.revision : change.revision
      this.#revision = Math.max(this.#revision, revision)
    }
    this.#tell(changed)
    this.changes.ring()
    return true
  }

  /**
   * A store may leave out values that were overwritten since, the head of a change set among them. Items without their
   * head, while the store has a later one, are part of a set that is complete when a head comes.
   */
  async #noticePart(changes: readonly StoreChange[]): Promise<void> {
    if (!this.#whole || this.#head.staged !== undefined) return
    let hasItems = false
    for (const change of changes) {
      const path = change.type === 'put' ? change.entry.key : change.type === 'delete' ? change.key : ''
      const shelf = this.keys.placeOf(path)?.shelf
      if (shelf === 'head') return
      hasItems ||= shelf === 'item'
    }
    if (!hasItems) return
    const entry = await this.#store.get(this.keys.head)
    if (entry !== undefined && readHead(entry.value).revision > this.#head.revision) this.#whole = false
  }

  /** Yields to the event loop; changes so far are reported first, so that there are never too many at a time. */
  async #pause(turns: Turns, changed: ItemRef[], areThere = false): Promise<void> {
    this.#tell(changed, areThere)
    await turns.next()
  }

  #tell(changed: ItemRef[], areThere = false): void {
    const some = changed.splice(0)
    if (!this.#takesAll) for (const ref of some) this.#changed.add(ref)
    if (some.length > 0) this.#listener.changed(some, areThere && this.#table.countFrozen === 0)
  }

  #takeDeletion(place: ItemPlace, changed: ItemRef[]): void {
    if (place.shelf === 'item') {
      const ref = this.#table.delete(place.kind, place.key)
      if (ref === undefined) return
      changed.push(ref)
      if (this.#takesAll) this.#changed.add(ref)
    } else if (place.shelf === 'gone') this.#gone.delete(place.kind, place.key)
    else this.#made.delete(place.kind, place.key)
  }

  #takeEntry(
    place: ItemPlace,
    { key: path, value }: { key: string; value: string },
    changed: ItemRef[],
  ): void {
    if (place.shelf === 'item') {
      const expected = this.#expected.size === 0 ? undefined : this.#expected.get(path)
      if (expected !== undefined) this.#expected.delete(path)
      const declared = expected?.value === value ? expected.declared : undefined
      const ref = this.#table.set(place.kind, place.key, value, declared)
      if (ref !== undefined) changed.push(ref)
    } else if (place.shelf === 'made') {
      this.#made.add(place)
    } else if (this.kinds.items.has(place.kind)) {
      const ref = { kind: place.kind, key: place.key }
      this.#gone.set(ref.kind, ref.key, { ref, items: this.#readGone(path, value) })
    }
  }

  /** What cannot be read of it is left in VPP: nothing is removed that is not known to be the agent's. */
  #readGone(path: string, value: string): Item[] {
    const items: Item[] = []
    try {
      for (const item of JSON.parse(value) as unknown[]) items.push(parseItem(item, path, this.kinds))
    } catch (error) {
      this.#listener.failed(error as Error)
    }
    return items
  }

  #takeConfirmation(entry: { readonly value: string } | undefined): void {
    try {
      this.#confirmation = entry === undefined ? undefined : readConfirmation(entry.value)
    } catch (error) {
      this.#listener.failed(error as Error)
    }
  }

  async #takeHead(entry: StoreEntry | undefined, changed: ItemRef[]): Promise<void> {
    const before = this.#head.staged?.id
    this.#head = entry === undefined ? NO_HEAD : readHead(entry.value)
    this.#headRevision = entry?.revision
    const { staged } = this.#head
    // Without a set to be written out, all that belongs to the head has come before it.
    if (staged === undefined && this.#known) this.#whole = true
    if (staged === undefined || staged.id === before) return
    const own = this.#expectedSets.get(staged.id)
    this.#expectedSets.delete(staged.id)
    this.#whole = false
    await this.#takeSet(own ?? (await this.#stagedWrites(staged.id, staged.parts)), changed)
    this.#whole = true
  }

  /** @throws AgentError `AGENT_STORE` when the set has been written out meanwhile: a new listing has it all */
  async #stagedWrites(id: string, parts: number): Promise<ExpectedWrite[]> {
    const { entries } = await this.#store.list(this.keys.staged(id))
    if (entries.length !== parts) {
      throw new AgentError('AGENT_STORE', `the store is being written; change set ${id} is read again`)
    }
    return entries
      .flatMap(({ value }) => readKeyWrites(value))
      .map(([path, value]) => ({ path, value, declared: undefined }))
  }

  async #takeSet(writes: Iterable<ExpectedWrite>, changed: ItemRef[]): Promise<void> {
    const turns = new Turns()
    let count = 0
    for (const { path, value, declared } of writes) {
      const place = this.keys.placeOf(path)
      if (place === undefined || !('key' in place)) continue
      if (value === undefined) this.#takeDeletion(place, changed)
      else if (place.shelf === 'item') {
        const ref = this.#table.set(place.kind, place.key, value, declared)
        if (ref !== undefined) changed.push(ref)
      } else this.#takeEntry(place, { key: path, value }, changed)
      if ((++count & MASK) === 0 && turns.over) await this.#pause(turns, changed)
    }
  }
}

function* refsOf(kept: Iterable<KeptItem>): Iterable<ItemRef> {
  for (const { ref } of kept) yield ref
}
