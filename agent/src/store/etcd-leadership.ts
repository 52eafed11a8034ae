import { randomInt } from 'node:crypto'
import type { Etcd3 } from 'etcd3'
import { Bell } from '../model/bell.ts'
import { AgentError } from '../model/errors.ts'
import { hostClock } from './process-identity.ts'
import type { CampaignOptions, Leadership } from './store.ts'

interface Campaign extends CampaignOptions {
  readonly key: Buffer
  readonly candidate: string
  /** Aborts when the store is closed. */
  readonly ended: AbortSignal
}

const DEFAULT_TTL = 5000
/** Milliseconds between attempts to take a key that another holds. */
const RETRY_INTERVAL = 500
/** Share of its time after which a leader that could not renew steps down: etcd's clock may run a little faster. */
const SAFE_PART = 0.8

/** A key with a lease: etcd removes it when the leader does not renew it. */
export class EtcdLeadership implements Leadership {
  readonly lost: Promise<void>
  readonly #client: Etcd3
  readonly #ended: AbortSignal
  readonly #lease: number
  readonly #ttl: number
  readonly #timer: NodeJS.Timeout
  #end: () => void = () => undefined
  #safeUntil: number
  readonly #finish = (): void => {
    clearInterval(this.#timer)
    // A store outlives many leaderships.
    this.#ended.removeEventListener('abort', this.#finish)
    this.#safeUntil = 0
    this.#end()
  }

  private constructor(client: Etcd3, ended: AbortSignal, { lease, ttl, asked }: Won) {
    this.#client = client
    this.#ended = ended
    this.#lease = lease
    this.#ttl = ttl
    this.#safeUntil = asked + ttl * SAFE_PART
    this.lost = new Promise((resolve) => {
      this.#end = resolve
    })
    this.#timer = setInterval(() => void this.#renew(), ttl / 4)
    ended.addEventListener('abort', this.#finish, { once: true })
  }

  /** Waits to lead. */
  static async win(client: Etcd3, campaign: Campaign): Promise<EtcdLeadership> {
    const { signal, ended, key, candidate, ttl = DEFAULT_TTL } = campaign
    const over = AbortSignal.any([signal, ended])
    const pause = new Bell()
    for (;;) {
      signal.throwIfAborted()
      if (ended.aborted) throw new AgentError('AGENT_CLOSED', 'the store is closed')
      const won = await attempt(client, key, candidate, ttl).catch(() => undefined)
      if (won !== undefined) return new EtcdLeadership(client, ended, won)
      await pause.wait(RETRY_INTERVAL, over)
    }
  }

  get held(): boolean {
    return hostClock() < this.#safeUntil
  }

  async resign(): Promise<void> {
    const held = this.held
    this.#finish()
    if (!held) return
    // Without an answer it ends with its time.
    await this.#client.leaseClient.leaseRevoke({ ID: this.#lease }).catch(() => undefined)
  }

  async #renew(): Promise<void> {
    const asked = hostClock()
    const alive = await renewed(this.#client, this.#lease, this.#ttl).catch(() => undefined)
    if (this.#safeUntil === 0) return
    if (alive === true) this.#safeUntil = asked + this.#ttl * SAFE_PART
    if (alive === false || !this.held) this.#finish()
  }
}

/** Ids of leases are below this: exact as a number, and two hardly meet. */
const LARGEST_ID = 2 ** 48 - 1

interface Won {
  readonly lease: number
  readonly ttl: number
  /** When the lease was asked for, on the host's clock. */
  readonly asked: number
}

/** Puts the key if it does not exist. */
async function attempt(client: Etcd3, key: Buffer, candidate: string, ttl: number): Promise<Won | undefined> {
  const options = { deadline: Date.now() + ttl }
  const { kvs } = await client.kv.range({ key }, options)
  if (kvs.length > 0) return undefined
  const asked = hostClock()
  // An id that etcd makes up takes 63 bits, which not every decoder of the client keeps.
  const lease = randomInt(1, LARGEST_ID)
  const granted = await client.leaseClient.leaseGrant({ TTL: Math.ceil(ttl / 1000), ID: lease }, options)
  const { succeeded } = await client.kv.txn(
    {
      compare: [{ key, target: 'Create', result: 'Equal', create_revision: 0 }],
      success: [{ request_put: { key, value: Buffer.from(candidate), lease } }],
      failure: [],
    },
    options,
  )
  if (succeeded) return { lease, ttl: Number(granted.TTL) * 1000, asked }
  await client.leaseClient.leaseRevoke({ ID: lease }, options)
  return undefined
}

/** @returns whether the lease is alive; rejects when that is unknown */
async function renewed(client: Etcd3, lease: number, ttl: number): Promise<boolean> {
  const stream = await client.leaseClient.leaseKeepAlive({ deadline: Date.now() + ttl / 2 })
  try {
    return await new Promise<boolean>((resolve, reject) => {
      stream.on('data', ({ TTL }) => resolve(Number(TTL) > 0))
      stream.on('error', reject)
      stream.on('end', () => reject(new Error('etcd ended the stream')))
      stream.write({ ID: lease })
    })
  } finally {
    // The stream reports its end as an error.
    stream.on('error', () => undefined)
    stream.cancel()
  }
}
