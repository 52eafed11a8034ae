import {
  AgentError,
  type CampaignOptions,
  type Leadership,
  type Store,
  type StoreChange,
  type StoreCondition,
  type StoreEntry,
  type StoreListing,
  type StoreOperation,
  type WatchOptions,
} from '@vpp-ts/agent'

/** A store that fails while it is told to: `full` cannot be written, `away` cannot be read either. */
export class FlakyStore implements Store {
  mode: 'up' | 'full' | 'away' = 'up'
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  get maximumOperations(): number {
    return this.#store.maximumOperations
  }

  get maximumBytes(): number {
    return this.#store.maximumBytes
  }

  identity(): Promise<string> {
    return this.#store.identity()
  }

  async get(key: string): Promise<StoreEntry | undefined> {
    this.#read()
    return await this.#store.get(key)
  }

  async getMany(keys: readonly string[]): Promise<readonly StoreEntry[]> {
    this.#read()
    return await this.#store.getMany(keys)
  }

  async list(prefix: string): Promise<StoreListing> {
    this.#read()
    return await this.#store.list(prefix)
  }

  async *scan(prefix: string): AsyncIterable<StoreListing> {
    for await (const page of this.#store.scan(prefix)) {
      this.#read()
      yield page
    }
  }

  async put(key: string, value: string): Promise<number> {
    this.#write()
    return await this.#store.put(key, value)
  }

  async delete(key: string): Promise<boolean> {
    this.#write()
    return await this.#store.delete(key)
  }

  async compareAndSwap(
    key: string,
    revision: number | undefined,
    value: string | undefined,
  ): Promise<number | undefined> {
    this.#write()
    return await this.#store.compareAndSwap(key, revision, value)
  }

  async transact(
    operations: readonly StoreOperation[],
    conditions?: readonly StoreCondition[],
  ): Promise<number | undefined> {
    this.#write()
    return await this.#store.transact(operations, conditions)
  }

  async *watch(prefix: string, options: WatchOptions): AsyncIterable<readonly StoreChange[]> {
    for await (const changes of this.#store.watch(prefix, options)) {
      this.#read()
      yield changes
    }
  }

  async campaign(name: string, candidate: string, options: CampaignOptions): Promise<Leadership> {
    this.#write()
    return await this.#store.campaign(name, candidate, options)
  }

  async leader(name: string): Promise<string | undefined> {
    this.#read()
    return await this.#store.leader(name)
  }

  close(): Promise<void> {
    return this.#store.close()
  }

  #read(): void {
    if (this.mode === 'away') throw new AgentError('AGENT_STORE', 'the store is away')
  }

  #write(): void {
    if (this.mode !== 'up') throw new AgentError('AGENT_STORE', `the store is ${this.mode}`)
  }
}
