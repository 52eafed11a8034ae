import type { Store, StoreOperation } from '../store/store.ts'
import type { ItemRef } from '../model/item-ref.ts'
import type { DesiredState } from './desired-state.ts'

/** Operations in one transaction, where the store takes more. */
const MOST_OPERATIONS = 1000

/**
 * Writes down which objects the agent made, where VPP keeps no mark on them: before they are made, so that one that
 * was made by an agent that died is known, and until they are gone.
 */
export class MadeRecords {
  readonly #store: Store
  readonly #state: DesiredState

  constructor(store: Store, state: DesiredState) {
    this.#store = store
    this.#state = state
  }

  /** Nothing is recorded yet, and these are the agent's. From then on only what is recorded is. */
  async begin(refs: readonly ItemRef[]): Promise<void> {
    await this.add(refs)
    await this.#write([{ type: 'put', key: this.#state.keys.records, value: '{}' }])
  }

  /** These are about to be made. */
  async add(refs: readonly ItemRef[]): Promise<void> {
    const operations = refs
      .filter(({ kind, key }) => this.#state.made(kind, key) !== true)
      .map((ref): StoreOperation => ({ type: 'put', key: this.#state.keys.made(ref), value: '{}' }))
    await this.#write(operations)
  }

  /** These are gone. */
  async drop(refs: readonly ItemRef[]): Promise<void> {
    const operations = refs
      .filter(({ kind, key }) => this.#state.made(kind, key) === true)
      .map((ref): StoreOperation => ({ type: 'delete', key: this.#state.keys.made(ref) }))
    await this.#write(operations)
  }

  async #write(operations: readonly StoreOperation[]): Promise<void> {
    const most = Math.min(this.#store.maximumOperations, MOST_OPERATIONS)
    for (let at = 0; at < operations.length; at += most) {
      const done = await this.#store.transact(operations.slice(at, at + most))
      await this.#state.seen(done ?? 0)
    }
  }
}
