import { setTimeout as delay } from 'node:timers/promises'
import { Bell } from '../bell.ts'
import { AgentError } from '../errors.ts'
import { isItemKind, keyOf, parseItem, type Item, type ItemRef } from '../model/item.ts'
import { initialMac, fingerprintOf } from '../objects/mark.ts'
import type { Store, StoreChange, StoreCondition, StoreEntry, StoreOperation } from '../store/store.ts'

/** An item as it is kept. */
interface Kept {
  readonly item: Item
  /** Who wants it. */
  readonly origin: string
  readonly revision: number
}

/** Items under one key that VPP was to have and may have still, though it keeps no mark on them. */
interface Gone {
  readonly items: readonly Item[]
  readonly revision: number
}

/** Kinds that VPP keeps no mark on, at least for a moment: what was to be there has to be remembered until it is gone. */
const UNMARKED: ReadonlySet<string> = new Set(['interface', 'memif-socket', 'neighbour'])
/** Milliseconds until a store that cannot be reached is tried again. */
const RETRY_INTERVAL = 1000

/** Operations on one key of an item that have to happen together. */
interface Write {
  readonly operations: readonly StoreOperation[]
  readonly conditions: readonly StoreCondition[]
}

/** Who is told of what happens to the desired state. */
export interface DesiredListener {
  /** An item was put, or deleted. */
  changed(ref: ItemRef, exists: boolean): void
  /** The store cannot be reached, or holds what is no item. */
  failed(problem: Error): void
}

/** What one VPP is to have, as the store has it, followed as it changes. */
export class DesiredState {
  /** Rings whenever something has changed. */
  readonly changes = new Bell()
  readonly #store: Store
  readonly #prefix: string
  readonly #listener: DesiredListener
  readonly #items = new Map<string, Kept>()
  readonly #gone = new Map<string, Gone>()
  readonly #ended = new AbortController()
  /** What this process has written and not seen yet: need not be parsed again. */
  readonly #written = new Map<string, { readonly text: string; readonly item: Item }>()
  #changed = new Map<string, ItemRef>()
  #revision = 0
  #listed = false

  /** @param listener told of what changes and what goes wrong */
  constructor(store: Store, instance: string, listener: DesiredListener) {
    this.#store = store
    this.#prefix = `${instance}/`
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

  /** Every item. */
  *items(): Iterable<Item> {
    for (const { item } of this.#items.values()) yield item
  }

  get({ kind, key }: ItemRef): Item | undefined {
    return this.#items.get(idOf(kind, key))?.item
  }

  /** Who wants items. */
  origins(): string[] {
    return [...new Set(Array.from(this.#items.values(), ({ origin }) => origin))].sort()
  }

  /** Items that VPP may have still. */
  *gone(): Iterable<Item> {
    for (const { items } of this.#gone.values()) yield* items
  }

  /** True when VPP is, or was, to have this. */
  owns(kind: string, key: string): boolean {
    return this.#items.has(idOf(kind, key)) || this.#gone.has(idOf(kind, key))
  }

  /** What has changed since the last time. */
  takeChanged(): readonly ItemRef[] {
    const changed = this.#changed
    this.#changed = new Map()
    return [...changed.values()]
  }

  /** Follows the store until `close`. */
  async follow(): Promise<void> {
    while (!this.#ended.signal.aborted) {
      try {
        const revision = await this.#list()
        for await (const change of this.#store.watch(this.#prefix, {
          signal: this.#ended.signal,
          after: revision,
        })) {
          if (change.type === 'reset') break
          this.#take(change)
        }
      } catch (error) {
        if (this.#ended.signal.aborted) return
        this.#listener.failed(error as Error)
        await delay(RETRY_INTERVAL, undefined, { signal: this.#ended.signal }).catch(() => undefined)
      }
    }
  }

  /** Settles when everything up to this revision has been seen. */
  async seen(revision: number, signal?: AbortSignal): Promise<void> {
    while (this.#revision < revision) {
      signal?.throwIfAborted()
      if (this.#ended.signal.aborted) throw new AgentError('AGENT_CLOSED', 'the instance is closed')
      await this.changes.wait(RETRY_INTERVAL, signal)
    }
  }

  /** @returns the revision of the last change */
  async put(items: readonly Item[], origin: string): Promise<number> {
    return await this.#write(items, (item) => this.#putting(item, origin))
  }

  /** @returns those that there were, and the revision of the last change */
  async delete(refs: readonly ItemRef[]): Promise<{ deleted: ItemRef[]; revision: number }> {
    await this.#listing()
    const deleted = refs.filter(({ kind, key }) => this.#items.has(idOf(kind, key)))
    const revision = await this.#write(deleted, (ref) => this.#deleting(ref))
    return { deleted, revision }
  }

  /** Makes `items` all that an origin wants. @returns the revision of the last change */
  async replace(items: readonly Item[], origin: string): Promise<number> {
    await this.#listing()
    const wanted = new Set(items.map((item) => idOf(item.kind, keyOf(item))))
    const others = Array.from(this.#items).filter(([id, kept]) => kept.origin === origin && !wanted.has(id))
    await this.delete(others.map(([, { item }]) => ({ kind: item.kind, key: keyOf(item) })))
    const text = (item: Item): string => JSON.stringify({ item, origin })
    const changed = items.filter((item) => {
      const kept = this.#items.get(idOf(item.kind, keyOf(item)))
      return kept === undefined || JSON.stringify({ item: kept.item, origin: kept.origin }) !== text(item)
    })
    return await this.put(changed, origin)
  }

  /** Forgets that VPP may have these still. */
  async clean(items: readonly ItemRef[]): Promise<void> {
    for (const { kind, key } of items) {
      const gone = this.#gone.get(idOf(kind, key))
      if (gone !== undefined) {
        await this.#store.compareAndSwap(this.#goneKey(kind, key), gone.revision, undefined)
      }
    }
  }

  /** Keys of what VPP may have still. */
  goneRefs(): ItemRef[] {
    return Array.from(this.#gone.values(), ({ items }) => items[0])
      .filter((item) => item !== undefined)
      .map((item) => ({ kind: item.kind, key: keyOf(item) }))
  }

  close(): void {
    this.#ended.abort()
    this.changes.ring()
  }

  async #list(): Promise<number> {
    const { entries, revision } = await this.#store.list(this.#prefix)
    const before = [...this.#items.values()].map(({ item }) => item)
    this.#items.clear()
    this.#gone.clear()
    for (const entry of entries) this.#takeEntry(entry)
    for (const item of before) this.#markChanged(item.kind, keyOf(item))
    this.#revision = Math.max(this.#revision, revision)
    this.#listed = true
    this.changes.ring()
    return revision
  }

  #take(change: Exclude<StoreChange, { type: 'reset' }>): void {
    if (change.type === 'put') this.#takeEntry(change.entry)
    else {
      const place = this.#placeOf(change.key)
      if (place?.shelf === 'item') this.#items.delete(place.id)
      if (place?.shelf === 'gone') this.#gone.delete(place.id)
      if (place?.shelf === 'item') this.#markChanged(place.kind, place.key)
    }
    this.#revision = Math.max(this.#revision, change.type === 'put' ? change.entry.revision : change.revision)
    this.changes.ring()
  }

  #takeEntry({ key, value, revision }: StoreEntry): void {
    const place = this.#placeOf(key)
    if (place === undefined) return
    try {
      if (place.shelf === 'gone') {
        const items = (JSON.parse(value) as unknown[]).map((item) => parseItem(item, key))
        this.#gone.set(place.id, { items, revision })
        return
      }
      const { item, origin } = this.#parse(key, value)
      this.#items.set(place.id, { item, origin, revision })
    } catch (error) {
      this.#listener.failed(error as Error)
      return
    }
    this.#markChanged(place.kind, place.key)
  }

  #parse(key: string, value: string): { item: Item; origin: string } {
    const content = JSON.parse(value) as { item?: unknown; origin?: unknown }
    const written = this.#written.get(key)
    this.#written.delete(key)
    const item = written?.text === value ? written.item : parseItem(content.item, key)
    return { item, origin: String(content.origin) }
  }

  #markChanged(kind: string, key: string): void {
    if (!isItemKind(kind)) return
    this.#changed.set(idOf(kind, key), { kind, key })
    this.#listener.changed({ kind, key }, this.#items.has(idOf(kind, key)))
  }

  #placeOf(path: string): { shelf: 'item' | 'gone'; kind: string; key: string; id: string } | undefined {
    const [shelf, kind, ...key] = path.slice(this.#prefix.length).split('/')
    if ((shelf !== 'item' && shelf !== 'gone') || kind === undefined) return undefined
    return { shelf, kind, key: key.join('/'), id: idOf(kind, key.join('/')) }
  }

  #itemKey(kind: string, key: string): string {
    return `${this.#prefix}item/${kind}/${key}`
  }

  #goneKey(kind: string, key: string): string {
    return `${this.#prefix}gone/${kind}/${key}`
  }

  #putting(item: Item, origin: string): Write {
    const key = keyOf(item)
    const path = this.#itemKey(item.kind, key)
    const text = JSON.stringify({ item, origin })
    this.#written.set(path, { text, item })
    const put: StoreOperation = { type: 'put', key: path, value: text }
    const before = this.#items.get(idOf(item.kind, key))
    // What may have been made, but not been marked, as the item said before would not be known any more.
    if (item.kind !== 'interface') return { operations: [put], conditions: [] }
    const condition = { key: path, revision: before?.revision }
    if (before?.item.kind !== 'interface' || isMadeAlike(before.item, item)) {
      return { operations: [put], conditions: [condition] }
    }
    return { operations: [put, this.#remember(before.item, key)], conditions: [condition] }
  }

  #deleting({ kind, key }: ItemRef): Write {
    const path = this.#itemKey(kind, key)
    const before = this.#items.get(idOf(kind, key))
    const operations: StoreOperation[] = [{ type: 'delete', key: path }]
    if (before === undefined || !UNMARKED.has(kind)) return { operations, conditions: [] }
    operations.push(this.#remember(before.item, key))
    return { operations, conditions: [{ key: path, revision: before.revision }] }
  }

  #remember(item: Item, key: string): StoreOperation {
    const gone = this.#gone.get(idOf(item.kind, key))?.items ?? []
    return { type: 'put', key: this.#goneKey(item.kind, key), value: JSON.stringify([...gone, item]) }
  }

  /** Writes in as many transactions as the store needs; what others changed in between is looked at again. */
  async #write<T>(list: readonly T[], writeOf: (one: T) => Write): Promise<number> {
    await this.#listing()
    let revision = this.#revision
    const most = this.#store.maximumOperations
    for (let at = 0; at < list.length;) {
      const writes: Write[] = []
      let size = 0
      let next = at
      for (; next < list.length; next++) {
        const write = writeOf(list[next] as T)
        size += write.operations.length + write.conditions.length
        if (size > most && writes.length > 0) break
        writes.push(write)
      }
      const conditions = writes.flatMap((write) => write.conditions)
      const written = await this.#store.transact(
        writes.flatMap((write) => write.operations),
        conditions,
      )
      if (written === undefined) await this.#catchUp(conditions)
      else {
        revision = written
        at = next
      }
    }
    // Whoever asks next finds what has been written.
    await this.seen(revision)
    return revision
  }

  /** Settles when the store has been read. */
  async #listing(): Promise<void> {
    while (!this.#listed && !this.#ended.signal.aborted) await this.changes.wait(RETRY_INTERVAL)
  }

  /** Others have changed what a write was about: waits until that has been seen. */
  async #catchUp(conditions: readonly StoreCondition[]): Promise<void> {
    const entries = await Promise.all(conditions.map(({ key }) => this.#store.get(key)))
    await this.seen(Math.max(0, ...entries.map((entry) => entry?.revision ?? 0)))
    const deleted = entries.some((entry, at) => entry === undefined && conditions[at]?.revision !== undefined)
    if (deleted) await this.changes.wait(RETRY_INTERVAL)
  }
}

function idOf(kind: string, key: string): string {
  return `${kind} ${key}`
}

/** True when an interface that is not marked yet would be found by the one as well as by the other. */
function isMadeAlike(
  a: Extract<Item, { kind: 'interface' }>,
  b: Extract<Item, { kind: 'interface' }>,
): boolean {
  return fingerprintOf(a) === fingerprintOf(b) && initialMac(a) === initialMac(b)
}
