import { randomUUID } from 'node:crypto'
import type { Database } from 'lmdb'
import { Bell } from '../model/bell.ts'
import { AgentError } from '../model/errors.ts'
import { hasEnded, hostClock, thisProcess, type ProcessIdentity } from './process-identity.ts'
import type { CampaignOptions, Leadership } from './store.ts'

/** Who leads, and until when. */
interface Lease {
  readonly candidate: string
  readonly token: string
  readonly holder: ProcessIdentity
  /** Milliseconds on the host's clock. */
  readonly expires: number
}

/** Does work on the database that is kept as a whole, or not at all. */
export type Transaction = <T>(work: () => T) => Promise<T>

/** Leases by name. */
export type LeaseTable = Database<Lease, string>

interface Campaign extends CampaignOptions {
  readonly name: string
  readonly candidate: string
  /** Aborts when the store is closed. */
  readonly ended: AbortSignal
}

const DEFAULT_TTL = 5000
/** Milliseconds between attempts to take a lease that another holds. */
const RETRY_INTERVAL = 200

/** A lease in the database. A leader that has died is succeeded at once, one that hangs when its lease is over. */
export class LmdbLeadership implements Leadership {
  readonly lost: Promise<void>
  readonly #transaction: Transaction
  readonly #leases: LeaseTable
  readonly #campaign: Campaign
  readonly #ttl: number
  readonly #token = randomUUID()
  readonly #self = thisProcess()
  readonly #timer: NodeJS.Timeout
  #end: () => void = () => undefined
  #expires = 0
  #phase: 'waiting' | 'leading' | 'over' = 'waiting'
  readonly #finish = (): void => {
    clearInterval(this.#timer)
    // A store outlives many leaderships.
    this.#campaign.ended.removeEventListener('abort', this.#finish)
    this.#expires = 0
    this.#phase = 'over'
    this.#end()
  }

  private constructor(transaction: Transaction, leases: LeaseTable, campaign: Campaign) {
    this.#transaction = transaction
    this.#leases = leases
    this.#campaign = campaign
    this.#ttl = campaign.ttl ?? DEFAULT_TTL
    this.lost = new Promise((resolve) => {
      this.#end = resolve
    })
    this.#timer = setInterval(() => void this.#renew(), this.#ttl / 3)
    campaign.ended.addEventListener('abort', this.#finish, { once: true })
  }

  /** Waits to lead. */
  static async win(
    transaction: Transaction,
    leases: LeaseTable,
    campaign: Campaign,
  ): Promise<LmdbLeadership> {
    const { signal, ended } = campaign
    const over = AbortSignal.any([signal, ended])
    over.throwIfAborted()
    const leadership = new LmdbLeadership(transaction, leases, campaign)
    const pause = new Bell()
    try {
      const isFree = (lease: Lease | undefined): boolean =>
        lease === undefined || isOver(lease, thisProcess())
      while (!(await leadership.#take(isFree))) {
        await pause.wait(RETRY_INTERVAL, over)
        signal.throwIfAborted()
        if (ended.aborted) throw new AgentError('AGENT_CLOSED', 'the store is closed')
      }
    } catch (error) {
      leadership.#finish()
      throw error
    }
    return leadership
  }

  static leaderOf(leases: LeaseTable, name: string): string | undefined {
    const lease = leases.get(name)
    return lease === undefined || isOver(lease, thisProcess()) ? undefined : lease.candidate
  }

  get held(): boolean {
    return hostClock() < this.#expires
  }

  async resign(): Promise<void> {
    const held = this.held
    this.#finish()
    if (!held) return
    const { name } = this.#campaign
    await this.#transaction(() => {
      if (this.#leases.get(name)?.token === this.#token) this.#leases.removeSync(name)
    })
  }

  async #renew(): Promise<void> {
    if (this.#phase !== 'leading') return
    // One that is over may be another's by now, or have been held meanwhile; each taker leaves its own token.
    const renewed = await this.#take((lease) => lease?.token === this.#token).catch(() => false)
    if (!renewed && !this.held) this.#finish()
  }

  async #take(mayHave: (lease: Lease | undefined) => boolean): Promise<boolean> {
    const { name, candidate } = this.#campaign
    const expires = hostClock() + this.#ttl
    const taken = await this.#transaction(() => {
      const free = mayHave(this.#leases.get(name))
      if (free) this.#leases.putSync(name, { candidate, token: this.#token, holder: this.#self, expires })
      return free
    })
    // It may have been given up meanwhile. Successors go by what is in the database, so a leader stops a little before.
    if (taken && this.#phase !== 'over') {
      this.#phase = 'leading'
      this.#expires = expires - this.#ttl / 10
    }
    return taken
  }
}

function isOver({ holder, expires }: Lease, self: ProcessIdentity): boolean {
  return hasEnded(holder, self) || expires <= hostClock()
}
