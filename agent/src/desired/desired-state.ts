import { setTimeout as delay } from 'node:timers/promises'
import { Bell } from '../model/bell.ts'
import { AgentError } from '../model/errors.ts'
import { parseItem, type Item, type ItemKind, type ItemOf, type ItemRef } from '../kinds/item.ts'
import { RefMap } from '../model/ref-map.ts'
import type { Store, StoreChange, StoreEntry } from '../store/store.ts'
import { DesiredKeys } from './desired-keys.ts'

/** An item as it is kept. */
export interface KeptItem {
  readonly item: Item
  /** Its name: the one in memory for all who keep it, since there may be a million. */
  readonly ref: ItemRef
  /** Who wants it. */
  readonly origin: string
  readonly revision: number
}

/** Items under one key that VPP was to have and may have still, though it keeps no mark on them. */
export interface GoneItems {
  readonly ref: ItemRef
  readonly items: readonly Item[]
  readonly revision: number
}

/** Milliseconds until a store that cannot be reached is tried again. */
const RETRY_INTERVAL = 1000

/** Who is told of what happens to the desired state. */
export interface DesiredListener {
  /** Items were put or deleted, each named as often as that was seen. */
  changed(refs: readonly ItemRef[]): void
  /** The store cannot be reached, or holds what is no item. */
  failed(problem: Error): void
}

/** What one VPP is to have, as the store has it, followed as it changes. */
export class DesiredState {
  /** Rings whenever something has changed. */
  readonly changes = new Bell()
  readonly keys: DesiredKeys
  readonly #store: Store
  readonly #listener: DesiredListener
  readonly #items = new RefMap<ItemKind, KeptItem>()
  readonly #gone = new RefMap<ItemKind, GoneItems>()
  readonly #ended = new AbortController()
  /** What this process writes and has not seen yet: need not be parsed again. */
  readonly #expected = new Map<
    string,
    { readonly value: string; readonly kept: Omit<KeptItem, 'revision'> }
  >()
  #changed = new RefMap<ItemKind, ItemRef>()
  #revision = 0
  #listed = false

  /** @param listener told of what changes and what goes wrong */
  constructor(store: Store, instance: string, listener: DesiredListener) {
    this.#store = store
    this.keys = new DesiredKeys(instance)
    this.#listener = listener
  }

  /** The last change that was seen. */
  get revision(): number {
    return this.#revision
  }

  /** False until the store has been read. */
  get known(): boolean {
    return this.#listed
  }

  /** Every item with who wants it. */
  kept(): Iterable<KeptItem> {
    return this.#items.values()
  }

  /** An item with who wants it. */
  keptOf({ kind, key }: ItemRef): KeptItem | undefined {
    return this.#items.get(kind, key)
  }

  /** Every item. */
  *items(): Iterable<Item> {
    for (const { item } of this.#items.values()) yield item
  }

  /** Every item of a kind. */
  *itemsOf<K extends ItemKind>(kind: K): Iterable<ItemOf<K>> {
    for (const { item } of this.#items.of(kind).values()) yield item as ItemOf<K>
  }

  get({ kind, key }: ItemRef): Item | undefined {
    return this.#items.get(kind, key)?.item
  }

  /** Who wants items. */
  origins(): string[] {
    const origins = new Set<string>()
    for (const { origin } of this.#items.values()) origins.add(origin)
    return [...origins].sort()
  }

  /** Items that VPP may have still. */
  *gone(): Iterable<Item> {
    for (const { items } of this.#gone.values()) yield* items
  }

  /** Items under one key that VPP may have still. */
  goneOf({ kind, key }: ItemRef): GoneItems | undefined {
    return this.#gone.get(kind, key)
  }

  /** Keys of what VPP may have still. */
  goneRefs(): ItemRef[] {
    return Array.from(this.#gone.values(), ({ ref }) => ref)
  }

  /** True when VPP is, or was, to have this. */
  owns(ref: ItemRef): boolean {
    return this.#items.has(ref.kind, ref.key) || this.#gone.has(ref.kind, ref.key)
  }

  /** What has changed since the last time. */
  takeChanged(): readonly ItemRef[] {
    const changed = this.#changed
    this.#changed = new RefMap()
    return [...changed.values()]
  }

  /** Follows the store until `close`. */
  async follow(): Promise<void> {
    const { signal } = this.#ended
    while (!signal.aborted) {
      try {
        const after = await this.#list()
        for await (const some of this.#store.watch(this.keys.prefix, { signal, after })) {
          if (!this.#take(some)) break
        }
      } catch (error) {
        if (signal.aborted) return
        this.#listener.failed(error as Error)
        await delay(RETRY_INTERVAL, undefined, { signal }).catch(() => undefined)
      }
    }
  }

  /** Settles when the store has been read, or the state is closed. */
  async listed(): Promise<void> {
    while (!this.#listed && !this.#ended.signal.aborted) await this.changes.wait(RETRY_INTERVAL)
  }

  /** Settles when everything up to this revision has been seen. @throws AgentError `AGENT_CLOSED` */
  async seen(revision: number): Promise<void> {
    while (this.#revision < revision) {
      if (this.#ended.signal.aborted) throw new AgentError('AGENT_CLOSED', 'the instance is closed')
      await this.changes.wait(RETRY_INTERVAL)
    }
  }

  /** This value is about to be written under a key, and says this. */
  expect(path: string, value: string, kept: Omit<KeptItem, 'revision'>): void {
    this.#expected.set(path, { value, kept })
  }

  close(): void {
    this.#ended.abort()
    this.changes.ring()
  }

  async #list(): Promise<number> {
    const { entries, revision } = await this.#store.list(this.keys.prefix)
    const changed = Array.from(this.kept(), ({ ref }) => ref)
    this.#items.clear()
    this.#gone.clear()
    // What was not written after all would stay.
    this.#expected.clear()
    for (const entry of entries) this.#takeEntry(entry, changed)
    this.#revision = Math.max(this.#revision, revision)
    this.#listed = true
    this.#tell(changed)
    return revision
  }

  /** @returns false when changes may have been missed */
  #take(changes: readonly StoreChange[]): boolean {
    const changed: ItemRef[] = []
    for (const change of changes) {
      if (change.type === 'reset') return false
      if (change.type === 'put') this.#takeEntry(change.entry, changed)
      else this.#takeDeletion(change.key, changed)
      const revision = change.type === 'put' ? change.entry.revision : change.revision
      this.#revision = Math.max(this.#revision, revision)
    }
    this.#tell(changed)
    return true
  }

  #tell(changed: readonly ItemRef[]): void {
    for (const ref of changed) this.#changed.set(ref.kind, ref.key, ref)
    this.#listener.changed(changed)
    this.changes.ring()
  }

  #takeDeletion(path: string, changed: ItemRef[]): void {
    const place = this.keys.placeOf(path)
    if (place === undefined) return
    const { shelf, ref } = place
    const { kind, key } = ref
    if (shelf === 'gone') this.#gone.delete(kind, key)
    else {
      changed.push(this.#items.get(kind, key)?.ref ?? ref)
      this.#items.delete(kind, key)
    }
  }

  #takeEntry({ key: path, value, revision }: StoreEntry, changed: ItemRef[]): void {
    const place = this.keys.placeOf(path)
    if (place === undefined) return
    const { shelf, ref } = place
    try {
      if (shelf === 'gone') {
        const items = (JSON.parse(value) as unknown[]).map((item) => parseItem(item, path))
        this.#gone.set(ref.kind, ref.key, { ref, items, revision })
      } else {
        const kept = this.#read(path, value, ref)
        this.#items.set(kept.ref.kind, kept.ref.key, { ...kept, revision })
        changed.push(kept.ref)
      }
    } catch (error) {
      this.#listener.failed(error as Error)
    }
  }

  #read(path: string, value: string, ref: ItemRef): Omit<KeptItem, 'revision'> {
    const expected = this.#expected.get(path)
    this.#expected.delete(path)
    if (expected?.value === value) return expected.kept
    const content = JSON.parse(value) as { item?: unknown; origin?: unknown }
    return { item: parseItem(content.item, path), ref, origin: String(content.origin) }
  }
}
