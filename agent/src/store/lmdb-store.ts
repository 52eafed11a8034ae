import { hostname } from 'node:os'
import { resolve } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { open, type Database, type RootDatabase } from 'lmdb'
import { Bell } from '../model/bell.ts'
import { AgentError } from '../model/errors.ts'
import { checkLmdb } from './check-lmdb.ts'
import { endOfMany } from './end-of-many.ts'
import { LmdbLeadership, type LeaseTable, type Transaction } from './lmdb-leadership.ts'
import {
  listingOf,
  settingOf,
  type CampaignOptions,
  type Leadership,
  type Store,
  type StoreChange,
  type StoreCondition,
  type StoreEntry,
  type StoreListing,
  type StoreOperation,
  type WatchOptions,
} from './store.ts'

/** Changes that a watcher may fall behind, at least, before it has to list again. */
const LOG_LENGTH = 100_000
/** Maximum changes in one record of the log, and in one batch to watchers. */
const RECORD_LENGTH = 1000
/** Changes that are looked at at a time. */
const MOST_CHANGES = 4 * RECORD_LENGTH
/** Bytes of a transaction: it runs without a pause, and blocks the event loop meanwhile. */
const MOST_BYTES = 16 * 1024 * 1024
/** Approximate entries of a page, and characters of its values: it is read without a pause. */
const [PAGE, PAGE_LENGTH] = [1000, 512 * 1024]
/** Milliseconds between looks for changes that other processes made. */
const POLL_INTERVAL = 200
/** Bytes that the database may grow to; address space, not memory or disk. */
const MAP_SIZE = 4 * 1024 * 1024 * 1024

/** Changes that follow one another, by the revision of the first: key and whether it was deleted. */
type Logged = readonly (readonly [key: string, deleted: 0 | 1])[]

interface Meta {
  /** Of the last change. */
  readonly revision: number
  /** Of the first change in the log, where a record begins. */
  readonly first: number
}

const EMPTY: Meta = { revision: 0, first: 1 }
/** Code of the digit 0. */
const ZERO = 0x30

/** A store in one folder of this host, for one agent or several processes. What it has confirmed is on disk. */
export class LmdbStore implements Store {
  readonly maximumOperations = Infinity
  readonly maximumBytes = MOST_BYTES
  readonly #folder: string
  readonly #root: RootDatabase<unknown, string>
  /** Revision and value, separated by a blank: values are JSON as a rule, and are not to be wrapped in it again. */
  readonly #entries: Database<string, string>
  readonly #log: Database<Logged, number>
  readonly #meta: Database<Meta, string>
  readonly #leases: LeaseTable
  readonly #bell = new Bell()
  readonly #ended = endOfMany()

  /** @throws AgentError `AGENT_STORE` when the folder cannot be used */
  constructor(folder: string) {
    this.#folder = folder
    try {
      this.#root = open({
        path: folder,
        encoding: 'json',
        overlappingSync: false,
        // Batches have separate promises, whose rejection could not be handled.
        eventTurnBatching: false,
        mapSize: MAP_SIZE,
        maxDbs: 8,
      })
    } catch (error) {
      const message = `the store in ${folder} cannot be opened: ${(error as Error).message}; is the folder writable?`
      throw new AgentError('AGENT_STORE', message, { cause: error })
    }
    this.#entries = this.#root.openDB({ name: 'entries', encoding: 'string' })
    this.#log = this.#root.openDB({ name: 'log', encoding: 'json', keyEncoding: 'ordered-binary' })
    this.#meta = this.#root.openDB({ name: 'meta', encoding: 'json' })
    this.#leases = this.#root.openDB({ name: 'leases', encoding: 'json' })
  }

  identity(): Promise<string> {
    return Promise.resolve(`lmdb ${hostname()} ${resolve(this.#folder)}`)
  }

  /**
   * Opens a store after checking it: one that is damaged would end the process with a signal.
   * @throws AgentError `AGENT_STORE` when the folder cannot be used, or its database is damaged
   */
  static async open(folder: string): Promise<LmdbStore> {
    await checkLmdb(folder, MAP_SIZE)
    return new LmdbStore(folder)
  }

  async get(key: string): Promise<StoreEntry | undefined> {
    this.#check()
    return await Promise.resolve(this.#entry(key))
  }

  async getMany(keys: readonly string[]): Promise<StoreEntry[]> {
    this.#check()
    return await Promise.resolve(keys.map((key) => this.#entry(key)).filter((entry) => entry !== undefined))
  }

  list(prefix: string): Promise<StoreListing> {
    return listingOf(this.scan(prefix))
  }

  async *scan(prefix: string): AsyncGenerator<StoreListing, void> {
    this.#check()
    const transaction = this.#root.useReadTransaction()
    try {
      const { revision } = this.#meta.get('state', { transaction }) ?? EMPTY
      let entries: StoreEntry[] = []
      let length = 0
      for (const { key, value } of this.#entries.getRange({ start: prefix, transaction })) {
        if (!key.startsWith(prefix)) break
        entries.push(entryOf(key, value))
        length += value.length
        if (entries.length < PAGE && length < PAGE_LENGTH) continue
        yield { entries, revision }
        await turn()
        this.#check()
        entries = []
        length = 0
      }
      yield { entries, revision }
    } finally {
      transaction.done()
    }
  }

  async put(key: string, value: string): Promise<number> {
    const revision = await this.transact([{ type: 'put', key, value }])
    return revision ?? 0
  }

  async delete(key: string): Promise<boolean> {
    this.#check()
    const deleted = await this.#transaction(() => {
      if (this.#entry(key) === undefined) return false
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
    return this.transact([settingOf(key, value)], [{ key, revision }])
  }

  async transact(
    operations: readonly StoreOperation[],
    conditions: readonly StoreCondition[] = [],
  ): Promise<number | undefined> {
    this.#check()
    const result = await this.#transaction(() => {
      const holds = conditions.every(({ key, revision }) => this.#entry(key)?.revision === revision)
      return holds ? this.#write(operations) : undefined
    })
    if (result !== undefined) this.#bell.ring()
    return result
  }

  async *watch(
    prefix: string,
    { signal, after }: WatchOptions,
  ): AsyncGenerator<readonly StoreChange[], void> {
    this.#check()
    const ended = AbortSignal.any([signal, this.#ended.signal])
    let seen = after ?? this.#state().revision
    while (!ended.aborted) {
      const { revision, first } = this.#state()
      if (seen + 1 < first) {
        yield [{ type: 'reset' }]
        seen = revision
      } else if (revision === seen) await this.#bell.wait(POLL_INTERVAL, ended)
      else {
        const end = Math.min(revision, seen + MOST_CHANGES)
        yield* this.#changes(prefix, seen, end)
        seen = end
      }
    }
  }

  campaign(name: string, candidate: string, options: CampaignOptions): Promise<Leadership> {
    this.#check()
    const transaction: Transaction = (work) => this.#transaction(work)
    return LmdbLeadership.win(transaction, this.#leases, {
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

  /** Work on the database that is kept as a whole, or not at all. */
  async #transaction<T>(work: () => T): Promise<T> {
    try {
      return await this.#root.transaction(work)
    } catch (error) {
      if (error instanceof AgentError) throw error
      // The reason is a separate promise; unhandled, its rejection would end the process.
      const { commitError } = error as { commitError?: Promise<never> }
      const reason = (await commitError?.catch((cause: unknown) => cause)) ?? error
      const message = `the store in ${this.#folder} cannot be written: ${(reason as Error).message}; is the disk full?`
      throw new AgentError('AGENT_STORE', message, { cause: error })
    }
  }

  /** Writes within a transaction. @returns the revision of the last change */
  #write(operations: readonly StoreOperation[]): number {
    const state = this.#state()
    let { revision } = state
    for (let at = 0; at < operations.length; at += RECORD_LENGTH) {
      const some = operations.slice(at, at + RECORD_LENGTH)
      this.#log.putSync(revision + 1, some.map(loggedOf))
      for (const operation of some) {
        revision++
        if (operation.type === 'delete') this.#entries.removeSync(operation.key)
        else this.#entries.putSync(operation.key, `${revision} ${operation.value}`)
      }
    }
    this.#meta.putSync('state', { revision, first: this.#shorten(state.first, revision) })
    return revision
  }

  /** Drops records that are all too old. @returns the first change that is left */
  #shorten(first: number, revision: number): number {
    const end = revision - LOG_LENGTH + 1
    if (end <= first) return first
    // The last record that begins before the end goes on behind it, so it stays.
    const [kept = first] = this.#log.getKeys({ start: end, end: first, reverse: true, limit: 1 })
    const old = Array.from(this.#log.getKeys({ start: first, end: kept }))
    for (const key of old) this.#log.removeSync(key)
    return kept
  }

  *#changes(prefix: string, seen: number, revision: number): Iterable<readonly StoreChange[]> {
    // What was seen last may be amid a record.
    const [start = seen + 1] = this.#log.getKeys({ start: seen + 1, end: 0, reverse: true, limit: 1 })
    // Read before others have their turn and with it the log may be shortened.
    const records = Array.from(this.#log.getRange({ start, end: revision + 1 }))
    for (const { key: first, value } of records) {
      const changes: StoreChange[] = []
      for (const [index, [key, deleted]] of value.entries()) {
        const at = first + index
        if (at <= seen || at > revision || !key.startsWith(prefix)) continue
        const entry = deleted === 1 ? undefined : this.#entry(key)
        if (deleted === 1) changes.push({ type: 'delete', key, revision: at })
        // What has been overwritten since is reported in its turn.
        else if (entry?.revision === at) changes.push({ type: 'put', entry })
      }
      if (changes.length > 0) yield changes
    }
  }

  #entry(key: string): StoreEntry | undefined {
    const stored = this.#entries.get(key)
    return stored === undefined ? undefined : entryOf(key, stored)
  }

  #state(): Meta {
    return this.#meta.get('state') ?? EMPTY
  }

  #check(): void {
    if (this.#ended.signal.aborted) throw new AgentError('AGENT_CLOSED', 'the store is closed')
  }
}

function loggedOf({ key, type }: StoreOperation): Logged[number] {
  return [key, type === 'delete' ? 1 : 0]
}

function entryOf(key: string, stored: string): StoreEntry {
  const blank = stored.indexOf(' ')
  let revision = 0
  for (let at = 0; at < blank; at++) revision = revision * 10 + stored.charCodeAt(at) - ZERO
  return { key, value: stored.slice(blank + 1), revision }
}
