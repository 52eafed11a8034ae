import { noop } from 'cockatiel'
import { Etcd3, type IKeyValue, type IOptions, type IRequestOp, type IWatchResponse } from 'etcd3'
import { Bell } from '../model/bell.ts'
import { AgentError } from '../model/errors.ts'
import { endOfMany } from './end-of-many.ts'
import { EtcdLeadership } from './etcd-leadership.ts'
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

/** How an etcd is reached. */
export interface EtcdOptions {
  /** `http://host:2379` or `https://…` */
  readonly endpoints: readonly string[]
  /** What all keys begin with, without a `/` at its end. */
  readonly prefix: string
  readonly login?: { readonly username: string; readonly password: string } | undefined
  /** PEM texts; `cert` and `key` for a server that asks for them. */
  readonly tls?:
    | {
        readonly ca?: Buffer | undefined
        readonly cert?: Buffer | undefined
        readonly key?: Buffer | undefined
      }
    | undefined
}

/** Operations of a transaction that etcd takes unless its `--max-txn-ops` says otherwise. */
const MOST_OPERATIONS = 128
/** Bytes of a request, below the 1.5 MiB that etcd takes unless its `--max-request-bytes` says otherwise. */
const MOST_BYTES = 1024 * 1024
/** Entries in one answer: what fits the 4 MiB of a gRPC message with room to spare is at least this many. */
const PAGE = 1000
/** Milliseconds for one request. */
const TIMEOUT = 5000
/** Bytes of an answer: entries are usually small, but their size is not limited. */
const LONGEST_ANSWER = 64 * 1024 * 1024

/** A store in an etcd, for agents on many hosts. */
export class EtcdStore implements Store {
  readonly maximumOperations = MOST_OPERATIONS
  readonly maximumBytes = MOST_BYTES
  readonly #client: Etcd3
  readonly #where: string
  readonly #prefix: string
  readonly #ended = endOfMany()

  /** Number of the cluster, once it is known. */
  #cluster: string | undefined

  constructor(options: EtcdOptions) {
    this.#client = new Etcd3(clientOptions(options))
    this.#where = options.endpoints.join(', ')
    this.#prefix = `${options.prefix}/`
  }

  async identity(): Promise<string> {
    this.#cluster ??= await this.#readCluster()
    return `etcd ${this.#cluster} ${this.#prefix}`
  }

  async #readCluster(): Promise<string> {
    const request = { key: this.#path(''), count_only: true }
    const { header } = await this.#ask(() => this.#client.kv.range(request, deadline()))
    return String(header.cluster_id)
  }

  async get(key: string): Promise<StoreEntry | undefined> {
    const { kvs } = await this.#ask(() => this.#client.kv.range({ key: this.#path(key) }, deadline()))
    const [kv] = kvs
    return kv === undefined ? undefined : this.#entry(kv)
  }

  async getMany(keys: readonly string[]): Promise<StoreEntry[]> {
    const success = keys.map((key): IRequestOp => ({ request_range: { key: this.#path(key) } }))
    const request = { compare: [], success, failure: [] }
    const { responses } = await this.#ask(() => this.#client.kv.txn(request, deadline()))
    return responses.flatMap(({ response_range: range }) => range?.kvs.map((kv) => this.#entry(kv)) ?? [])
  }

  list(prefix: string): Promise<StoreListing> {
    return listingOf(this.scan(prefix))
  }

  async *scan(prefix: string): AsyncGenerator<StoreListing, void> {
    const end = endOf(this.#path(prefix))
    let key = this.#path(prefix)
    let revision = 0
    for (let more = true; more;) {
      const request = { key, range_end: end, limit: PAGE, revision }
      const page = await this.#ask(() => this.#client.kv.range(request, deadline()))
      // All pages are of the state that the first has seen.
      if (revision === 0) revision = Number(page.header.revision)
      yield { entries: page.kvs.map((kv) => this.#entry(kv)), revision }
      const last = page.kvs.at(-1)
      more = page.more && last !== undefined
      if (last !== undefined) key = Buffer.concat([last.key, Buffer.of(0)])
    }
  }

  async put(key: string, value: string): Promise<number> {
    checkLength([{ type: 'put', key, value }])
    const request = { key: this.#path(key), value: Buffer.from(value) }
    const { header } = await this.#ask(() => this.#client.kv.put(request, deadline()))
    return Number(header.revision)
  }

  async delete(key: string): Promise<boolean> {
    const { deleted } = await this.#ask(() =>
      this.#client.kv.deleteRange({ key: this.#path(key) }, deadline()),
    )
    return Number(deleted) > 0
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
    const size = Math.max(operations.length, conditions.length)
    if (size > MOST_OPERATIONS) {
      const message = `${size} operations are more than the ${MOST_OPERATIONS} that etcd takes at once; split them`
      throw new AgentError('AGENT_STORE_TOO_MANY', message)
    }
    checkLength(operations)
    const compare = conditions.map(({ key, revision = 0 }) => ({
      key: this.#path(key),
      target: 'Mod' as const,
      result: 'Equal' as const,
      mod_revision: revision,
    }))
    const success = operations.map((operation) => this.#operation(operation))
    const request = { compare, success, failure: [] }
    const { succeeded, header } = await this.#ask(() => this.#client.kv.txn(request, deadline()))
    return succeeded ? Number(header.revision) : undefined
  }

  async *watch(
    prefix: string,
    { signal, after }: WatchOptions,
  ): AsyncGenerator<readonly StoreChange[], void> {
    const ended = AbortSignal.any([signal, this.#ended.signal])
    const start = after ?? (await this.list(`${prefix}\0`)).revision
    const bell = new Bell()
    let changes: StoreChange[] = []
    const tell = (change: StoreChange): void => {
      changes.push(change)
      bell.ring()
    }
    const builder = this.#client.watch().prefix(this.#path(prefix))
    const watcher = builder.startRevision(String(start + 1)).watcher()
    watcher.on('data', ({ events }: IWatchResponse) => {
      for (const { type, kv } of events) tell(this.#change(type === 'Put', kv))
    })
    watcher.on('error', () => {
      tell({ type: 'reset' })
    })
    try {
      while (!ended.aborted) {
        if (changes.length === 0) await bell.wait(Infinity, ended)
        const some = changes
        changes = []
        if (some.length > 0) yield some
      }
    } finally {
      // It may have ended already, or never begun.
      await watcher.cancel().catch(() => undefined)
    }
  }

  async campaign(name: string, candidate: string, options: CampaignOptions): Promise<Leadership> {
    this.#check()
    const key = this.#leaderKey(name)
    return await EtcdLeadership.win(this.#client, { key, candidate, ended: this.#ended.signal, ...options })
  }

  async leader(name: string): Promise<string | undefined> {
    const key = this.#leaderKey(name)
    const { kvs } = await this.#ask(() => this.#client.kv.range({ key }, deadline()))
    return kvs[0]?.value.toString('utf8')
  }

  async close(): Promise<void> {
    if (this.#ended.signal.aborted) return
    this.#ended.abort()
    // Those who watch or lead let go before the connections end.
    await new Promise((resolve) => setImmediate(resolve))
    this.#client.close()
  }

  async #ask<T>(request: () => Promise<T>): Promise<T> {
    this.#check()
    try {
      return await request()
    } catch (error) {
      const message = `etcd at ${this.#where}: ${(error as Error).message}`
      throw new AgentError('AGENT_STORE', message, { cause: error })
    }
  }

  #check(): void {
    if (this.#ended.signal.aborted) throw new AgentError('AGENT_CLOSED', 'the store is closed')
  }

  #path(key: string): Buffer {
    return Buffer.from(this.#prefix + key)
  }

  /** Beside the entries, so that no listing or watch sees it. */
  #leaderKey(name: string): Buffer {
    return Buffer.from(`${this.#prefix.slice(0, -1)}-leaders/${name}`)
  }

  #entry({ key, value, mod_revision: revision }: IKeyValue): StoreEntry {
    return {
      key: key.toString('utf8').slice(this.#prefix.length),
      value: value.toString('utf8'),
      revision: Number(revision),
    }
  }

  #change(isPut: boolean, kv: IKeyValue): StoreChange {
    const entry = this.#entry(kv)
    if (isPut) return { type: 'put', entry }
    return { type: 'delete', key: entry.key, revision: entry.revision }
  }

  #operation(operation: StoreOperation): IRequestOp {
    const key = this.#path(operation.key)
    return operation.type === 'put'
      ? { request_put: { key, value: Buffer.from(operation.value) } }
      : { request_delete_range: { key } }
  }
}

/** etcd refuses it too, but only after all of it has been sent. */
function checkLength(operations: readonly StoreOperation[]): void {
  const length = operations.reduce((sum, operation) => {
    const value = operation.type === 'put' ? Buffer.byteLength(operation.value) : 0
    return sum + Buffer.byteLength(operation.key) + value
  }, 0)
  if (length <= MOST_BYTES) return
  const message = `${length} bytes are more than the ${MOST_BYTES} that etcd takes at once; divide them`
  throw new AgentError('AGENT_STORE_TOO_LARGE', message)
}

function deadline(): { deadline: number } {
  return { deadline: Date.now() + TIMEOUT }
}

/** The first key behind all that begin with `prefix`; its last byte is never 0xff, since keys are UTF-8. */
function endOf(prefix: Buffer): Buffer {
  const end = Buffer.from(prefix)
  end[end.length - 1] = (end.at(-1) ?? 0) + 1
  return end
}

function clientOptions({ endpoints, login, tls }: EtcdOptions): IOptions {
  const { ca, cert, key } = tls ?? {}
  const client = cert === undefined || key === undefined ? {} : { certChain: cert, privateKey: key }
  return {
    hosts: [...endpoints],
    dialTimeout: TIMEOUT,
    // A breaker that opens after failed requests would keep a leader from its lease, which is still in time.
    faultHandling: { host: () => noop, global: noop },
    grpcOptions: { 'grpc.max_receive_message_length': LONGEST_ANSWER },
    ...(login === undefined ? {} : { auth: { ...login } }),
    ...(ca === undefined ? {} : { credentials: { rootCertificate: ca, ...client } }),
  }
}
