import { open, type Database, type RootDatabase } from 'lmdb'
import { Bell } from '../bell.ts'
import { AgentError } from '../errors.ts'
import { LmdbLeadership, type LeaseTable } from './lmdb-leadership.ts'
import type {
  CampaignOptions,
  Leadership,
  Store,
  StoreChange,
  StoreCondition,
  StoreEntry,
  StoreListing,
  StoreOperation,
  WatchOptions,
} from './store.ts'

/** Changes that a watcher may fall behind before it has to list anew. */
const LOG_LENGTH = 100_000
/** Milliseconds between looks for changes that other processes made. */
const POLL_INTERVAL = 200
/** Bytes that the database may grow to; address space, not memory or disk. */
const MAP_SIZE = 4 * 1024 * 1024 * 1024

interface Stored {
  readonly value: string
  readonly revision: number
}

interface Logged {
  readonly type: 'put' | 'delete'
  readonly key: string
}

interface Meta {
  /** Of the last change. */
  readonly revision: number
  /** Of the first change in the log. */
  readonly first: number
}

const EMPTY: Meta = { revision: 0, first: 1 }

/** A store in one folder of this host, for one agent or several processes. What it has confirmed is on disk. */
export class LmdbStore implements Store {
  readonly maximumOperations = Infinity
  readonly #root: RootDatabase<unknown, string>
  readonly #entries: Database<Stored, string>
  readonly #log: Database<Logged, number>
  readonly #meta: Database<Meta, string>
  readonly #leases: LeaseTable
  readonly #bell = new Bell()
  readonly #ended = new AbortController()

  /** @throws AgentError `AGENT_STORE` when the folder cannot be used */
  constructor(folder: string) {
    try {
      this.#root = open({
        path: folder,
        encoding: 'json',
        overlappingSync: false,
        mapSize: MAP_SIZE,
        maxDbs: 8,
      })
    } catch (error) {
      const message = `the store in ${folder} cannot be opened: ${(error as Error).message}; is the folder writable?`
      throw new AgentError('AGENT_STORE', message, { cause: error })
    }
    this.#entries = this.#root.openDB({ name: 'entries', encoding: 'json' })
    this.#log = this.#root.openDB({ name: 'log', encoding: 'json', keyEncoding: 'ordered-binary' })
    this.#meta = this.#root.openDB({ name: 'meta', encoding: 'json' })
    this.#leases = this.#root.openDB({ name: 'leases', encoding: 'json' })
  }

  async get(key: string): Promise<StoreEntry | undefined> {
    this.#check()
    const stored = this.#entries.get(key)
    return await Promise.resolve(stored === undefined ? undefined : { key, ...stored })
  }

  async list(prefix: string): Promise<StoreListing> {
    this.#check()
    // Both reads see one state: a read transaction lasts until the event loop turns.
    const entries = [...this.#range(prefix)]
    return await Promise.resolve({ entries, revision: this.#state().revision })
  }

  async put(key: string, value: string): Promise<number> {
    const revision = await this.transact([{ type: 'put', key, value }])
    return revision ?? 0
  }

  async delete(key: string): Promise<boolean> {
    this.#check()
    const deleted = await this.#root.transaction(() => {
      if (this.#entries.get(key) === undefined) return false
      this.#write([{ type: 'delete', key }])
      return true
    })
    if (deleted) this.#bell.ring()
    return deleted
  }

  compareAndSwap(
    key: string,
    revision: number | undefined,
    value: string | undefined,
  ): Promise<number | undefined> {
    const operation: StoreOperation =
      value === undefined ? { type: 'delete', key } : { type: 'put', key, value }
    return this.transact([operation], [{ key, revision }])
  }

  async transact(
    operations: readonly StoreOperation[],
    conditions: readonly StoreCondition[] = [],
  ): Promise<number | undefined> {
    this.#check()
    const result = await this.#root.transaction(() => {
      const holds = conditions.every(({ key, revision }) => this.#entries.get(key)?.revision === revision)
      return holds ? this.#write(operations) : undefined
    })
    if (result !== undefined) this.#bell.ring()
    return result
  }

  async *watch(prefix: string, { signal, after }: WatchOptions): AsyncGenerator<StoreChange, void> {
    this.#check()
    const ended = AbortSignal.any([signal, this.#ended.signal])
    let seen = after ?? this.#state().revision
    while (!ended.aborted) {
      const { revision, first } = this.#state()
      if (seen + 1 < first) yield { type: 'reset' }
      else yield* this.#changes(prefix, seen, revision)
      if (revision === seen) await this.#bell.wait(POLL_INTERVAL, ended)
      seen = revision
    }
  }

  campaign(name: string, candidate: string, options: CampaignOptions): Promise<Leadership> {
    this.#check()
    return LmdbLeadership.win(this.#root, this.#leases, {
      name,
      candidate,
      ended: this.#ended.signal,
      ...options,
    })
  }

  async leader(name: string): Promise<string | undefined> {
    this.#check()
    return await Promise.resolve(LmdbLeadership.leaderOf(this.#leases, name))
  }

  async close(): Promise<void> {
    if (this.#ended.signal.aborted) return
    this.#ended.abort()
    this.#bell.ring()
    await this.#root.close()
  }

  /** Writes within a transaction. @returns the revision of the last change */
  #write(operations: readonly StoreOperation[]): number {
    let { revision, first } = this.#state()
    for (const operation of operations) {
      const { type, key } = operation
      revision++
      if (operation.type === 'put') void this.#entries.put(key, { value: operation.value, revision })
      else void this.#entries.remove(key)
      void this.#log.put(revision, { type, key })
    }
    for (; revision - first >= LOG_LENGTH; first++) void this.#log.remove(first)
    void this.#meta.put('state', { revision, first })
    return revision
  }

  *#changes(prefix: string, seen: number, revision: number): Iterable<StoreChange> {
    const range = Array.from(this.#log.getRange({ start: seen + 1, end: revision + 1 }))
    for (const { key: at, value } of range) {
      if (!value.key.startsWith(prefix)) continue
      const stored = this.#entries.get(value.key)
      if (value.type === 'delete') yield { type: 'delete', key: value.key, revision: at }
      // What has been overwritten since is told when its turn comes.
      else if (stored?.revision === at) yield { type: 'put', entry: { key: value.key, ...stored } }
    }
  }

  *#range(prefix: string): Iterable<StoreEntry> {
    for (const { key, value } of this.#entries.getRange({ start: prefix })) {
      if (!key.startsWith(prefix)) return
      yield { key, ...value }
    }
  }

  #state(): Meta {
    return this.#meta.get('state') ?? EMPTY
  }

  #check(): void {
    if (this.#ended.signal.aborted) throw new AgentError('AGENT_CLOSED', 'the store is closed')
  }
}
