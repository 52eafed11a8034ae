/** A key with its value. Keys are text of at most 511 bytes with `/` between parts; values are text, as a rule JSON. */
export interface StoreEntry {
  readonly key: string
  readonly value: string
  /** Number of the change that the value came with: of all changes in the store the later has the greater. */
  readonly revision: number
}

/** A change of one key. */
export type StoreOperation =
  | { readonly type: 'put'; readonly key: string; readonly value: string }
  | { readonly type: 'delete'; readonly key: string }

/** The change after which a key has a value, or with `undefined` does not exist. */
export function settingOf(key: string, value: string | undefined): StoreOperation {
  return value === undefined ? { type: 'delete', key } : { type: 'put', key, value }
}

/** Takes all pages of a scan. */
export async function listingOf(pages: AsyncIterable<StoreListing>): Promise<StoreListing> {
  const entries: StoreEntry[] = []
  let revision = 0
  for await (const page of pages) {
    ;({ revision } = page)
    for (const entry of page.entries) entries.push(entry)
  }
  return { entries, revision }
}

/** What must be so for a transaction to happen: the key has this revision, or with `undefined` does not exist. */
export interface StoreCondition {
  readonly key: string
  readonly revision: number | undefined
}

/** What a watcher receives. */
export type StoreChange =
  | { readonly type: 'put'; readonly entry: StoreEntry }
  | { readonly type: 'delete'; readonly key: string; readonly revision: number }
  /** Changes may have been missed: list again. */
  | { readonly type: 'reset' }

/** A state of part of the store. */
export interface StoreListing {
  /** In the order of their keys. */
  readonly entries: readonly StoreEntry[]
  /** The last change that the listing has seen; a watch from here misses nothing. */
  readonly revision: number
}

/** Options of a watch. */
export interface WatchOptions {
  /** Ends the watch. */
  readonly signal: AbortSignal
  /** Tell of changes after this one; left out: of changes from now on. */
  readonly after?: number | undefined
}

/** That one agent, and no other, may program a VPP. */
export interface Leadership {
  /** False from the moment on at which another may have it; look before everything that is to be done as leader. */
  readonly held: boolean
  /** Settles when it has been lost or given up. */
  readonly lost: Promise<void>
  /** Gives it up, so that another has it at once. */
  resign(): Promise<void>
}

/** Options of a campaign. */
export interface CampaignOptions {
  /** Ends the waiting; the promise rejects with its reason. */
  readonly signal: AbortSignal
  /** Milliseconds after which another may lead when the leader no longer renews its lease. Default 5000. */
  readonly ttl?: number | undefined
}

/**
 * Where the desired state is kept. Every method rejects with an AgentError `AGENT_STORE` when the store cannot be
 * reached, and with `AGENT_CLOSED` after `close`.
 */
export interface Store {
  /** Names it apart from all other stores: the same for all agents that share it, and always. */
  identity(): Promise<string>
  /** Operations and conditions that one transaction takes at most; Infinity for no limit. */
  readonly maximumOperations: number
  /** Bytes of keys and values that one transaction takes at most. */
  readonly maximumBytes: number
  get(key: string): Promise<StoreEntry | undefined>
  /** Those of up to 100 keys that there are, in any order. */
  getMany(keys: readonly string[]): Promise<readonly StoreEntry[]>
  /** All entries whose key begins with `prefix`: few, since they come at once. */
  list(prefix: string): Promise<StoreListing>
  /** The same, a page at a time; all pages are of one state. There is at least one page. */
  scan(prefix: string): AsyncIterable<StoreListing>
  /** @returns the revision of the change */
  put(key: string, value: string): Promise<number>
  /** @returns whether there was such a key */
  delete(key: string): Promise<boolean>
  /**
   * Puts, or with `value` undefined deletes, when the key still has this revision (`undefined`: does not exist).
   * @returns the revision of the change; undefined when it had another
   */
  compareAndSwap(
    key: string,
    revision: number | undefined,
    value: string | undefined,
  ): Promise<number | undefined>
  /**
   * All operations or none. When it has returned the changes outlive a crash of the process.
   * @returns the revision of the last of the changes; undefined when the conditions did not hold, and nothing was changed
   * @throws AgentError `AGENT_STORE_TOO_MANY`, `AGENT_STORE_TOO_LARGE`
   */
  transact(
    operations: readonly StoreOperation[],
    conditions?: readonly StoreCondition[],
  ): Promise<number | undefined>
  /**
   * Changes of the keys that begin with `prefix`, by any client, in order and in batches. Ends with the signal or
   * the store.
   */
  watch(prefix: string, options: WatchOptions): AsyncIterable<readonly StoreChange[]>
  /**
   * Waits to become the one leader under a name.
   * @param candidate who leads, for others to see
   */
  campaign(name: string, candidate: string, options: CampaignOptions): Promise<Leadership>
  /** Leader under a name; undefined if there is none. */
  leader(name: string): Promise<string | undefined>
  close(): Promise<void>
}
