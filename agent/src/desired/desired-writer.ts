import { refOf, type Item, type ItemKind, type ItemRef } from '../kinds/item.ts'
import { fingerprintOf, initialMac } from '../kinds/mark.ts'
import type { Store, StoreCondition, StoreOperation } from '../store/store.ts'
import type { DesiredState } from './desired-state.ts'

/** Kinds that VPP keeps no mark on, at least for a moment: what was to be there has to be remembered until it is gone. */
const UNMARKED: ReadonlySet<ItemKind> = new Set<ItemKind>(['interface', 'memif-socket', 'neighbour'])
/** Operations in one transaction, where the store takes more: others have their turn in between. */
const MOST_OPERATIONS = 5000
/** Milliseconds until somebody else's change that is not seen is looked for again. */
const RETRY_INTERVAL = 1000

/** Operations on one key of an item that have to happen together. */
interface Write {
  readonly operations: readonly StoreOperation[]
  readonly conditions: readonly StoreCondition[]
}

/** Changes what one VPP is to have. What has returned is kept for good, and seen by the state. */
export class DesiredWriter {
  readonly #store: Store
  readonly #state: DesiredState

  constructor(store: Store, state: DesiredState) {
    this.#store = store
    this.#state = state
  }

  async put(items: readonly Item[], origin: string): Promise<void> {
    await this.#write(items, (item) => this.#putting(item, origin))
  }

  /** @returns those that there were */
  async delete(refs: readonly ItemRef[]): Promise<ItemRef[]> {
    await this.#state.listed()
    const deleted = refs.filter((ref) => this.#state.get(ref) !== undefined)
    await this.#write(deleted, (ref) => this.#deleting(ref))
    return deleted
  }

  /** Makes `items` all that an origin wants. */
  async replace(items: readonly Item[], origin: string): Promise<void> {
    await this.#state.listed()
    const wanted = new Set(items.map((item) => this.#state.keys.item(refOf(item))))
    const others = Array.from(this.#state.kept())
      .filter((kept) => kept.origin === origin)
      .map(({ ref }) => ref)
      .filter((ref) => !wanted.has(this.#state.keys.item(ref)))
    await this.delete(others)
    const changed = items.filter((item) => {
      const kept = this.#state.keptOf(refOf(item))
      return kept?.origin !== origin || JSON.stringify(kept.item) !== JSON.stringify(item)
    })
    await this.put(changed, origin)
  }

  /** Forgets that VPP may have these still. */
  async clean(refs: readonly ItemRef[]): Promise<void> {
    for (const ref of refs) {
      const gone = this.#state.goneOf(ref)
      if (gone === undefined) continue
      await this.#store.compareAndSwap(this.#state.keys.gone(ref), gone.revision, undefined)
    }
  }

  #putting(item: Item, origin: string): Write {
    const before = this.#state.keptOf(refOf(item))
    const ref = before?.ref ?? refOf(item)
    const key = this.#state.keys.item(ref)
    const value = JSON.stringify({ item, origin })
    this.#state.expect(key, value, { item, ref, origin })
    const put: StoreOperation = { type: 'put', key, value }
    // What may have been made, but not been marked, as the item said before would not be known any more.
    if (item.kind !== 'interface') return { operations: [put], conditions: [] }
    const condition = { key, revision: before?.revision }
    if (before?.item.kind !== 'interface' || isMadeAlike(before.item, item)) {
      return { operations: [put], conditions: [condition] }
    }
    return { operations: [put, this.#remember(before.item)], conditions: [condition] }
  }

  #deleting(ref: ItemRef): Write {
    const key = this.#state.keys.item(ref)
    const before = this.#state.keptOf(ref)
    const operations: StoreOperation[] = [{ type: 'delete', key }]
    if (before === undefined || !UNMARKED.has(ref.kind)) return { operations, conditions: [] }
    operations.push(this.#remember(before.item))
    return { operations, conditions: [{ key, revision: before.revision }] }
  }

  #remember(item: Item): StoreOperation {
    const ref = refOf(item)
    const gone = this.#state.goneOf(ref)?.items ?? []
    return { type: 'put', key: this.#state.keys.gone(ref), value: JSON.stringify([...gone, item]) }
  }

  /** Writes in as many transactions as the store needs; what others changed in between is looked at again. */
  async #write<T>(list: readonly T[], writeOf: (one: T) => Write): Promise<void> {
    await this.#state.listed()
    let revision = this.#state.revision
    const most = Math.min(this.#store.maximumOperations, MOST_OPERATIONS)
    for (let at = 0; at < list.length;) {
      const operations: StoreOperation[] = []
      const conditions: StoreCondition[] = []
      let next = at
      for (; next < list.length; next++) {
        const write = writeOf(list[next] as T)
        const size = operations.length + conditions.length + write.operations.length + write.conditions.length
        if (size > most && next > at) break
        operations.push(...write.operations)
        conditions.push(...write.conditions)
      }
      const written = await this.#store.transact(operations, conditions)
      if (written === undefined) await this.#catchUp(conditions)
      else {
        revision = written
        at = next
      }
    }
    // Whoever asks next finds what has been written.
    await this.#state.seen(revision)
  }

  /** Others have changed what a write was about: waits until that has been seen. */
  async #catchUp(conditions: readonly StoreCondition[]): Promise<void> {
    const entries = await Promise.all(conditions.map(({ key }) => this.#store.get(key)))
    await this.#state.seen(Math.max(0, ...entries.map((entry) => entry?.revision ?? 0)))
    const deleted = entries.some((entry, at) => entry === undefined && conditions[at]?.revision !== undefined)
    if (deleted) await this.#state.changes.wait(RETRY_INTERVAL)
  }
}

/** True when an interface that is not marked yet would be found by the one as well as by the other. */
function isMadeAlike(
  a: Extract<Item, { kind: 'interface' }>,
  b: Extract<Item, { kind: 'interface' }>,
): boolean {
  return fingerprintOf(a) === fingerprintOf(b) && initialMac(a) === initialMac(b)
}
