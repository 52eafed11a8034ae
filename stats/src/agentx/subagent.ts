import { EventEmitter } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { InterfaceFactsSource } from '../api/interface-facts.ts'
import type { StatsClient } from '../client.ts'
import { StatsError } from '../errors.ts'
import { IF_MIB_SUBTREES, interfacesMib } from './if-mib.ts'
import { AgentXSession, type SessionOptions } from './session.ts'
import { MibView } from './view.ts'

/** Where Debian's snmpd listens with `master agentx`. */
export const DEFAULT_AGENTX_SOCKET = '/var/agentx/master'

/** How a {@link SnmpSubagent} answers. */
export interface SnmpSubagentOptions {
  /** The master's Unix socket, or `tcp:HOST:PORT`. Default `/var/agentx/master`. */
  readonly address: string
  /** What only VPP's API tells: type, MTU, speed, MAC address, state and alias. Default: those columns are left out. */
  readonly facts: Pick<InterfaceFactsSource, 'read'> | undefined
  /**
   * ifIndex is sw_if_index and this, from 1. Default 1000: interfaces of VPP and of Linux do not meet where both are
   * collected.
   */
  readonly indexOffset: number
  /** Of two subagents of the same table the smaller wins, 1 to 255. Default 100: before snmpd's own tables of Linux. */
  readonly priority: number
  /** Milliseconds for which what was read is answered again: a walk asks for one value after the other. Default 1000. */
  readonly maximumAge: number
  /** Shortest and longest pause in milliseconds before the master is tried again. Default 100 and 5000. */
  readonly retryInterval: { readonly min: number; readonly max: number }
}

/** Events of a {@link SnmpSubagent}. */
export interface SnmpSubagentEvents {
  /** The master has taken the subagent, at first or again. */
  registered: []
  /** The master has gone, and is tried again. */
  lost: []
}

const DEFAULTS: SnmpSubagentOptions = {
  address: DEFAULT_AGENTX_SOCKET,
  facts: undefined,
  indexOffset: 1000,
  priority: 100,
  maximumAge: 1000,
  retryInterval: { min: 100, max: 5000 },
}

const EMPTY = new MibView([])

/**
 * IF-MIB of VPP's interfaces (ifNumber, ifTable, ifXTable) as a subagent of an SNMP daemon, by AgentX (RFC 2741).
 * While VPP is away or its heartbeat has stopped the tables are empty, so that no old number looks new.
 */
export class SnmpSubagent extends EventEmitter<SnmpSubagentEvents> implements AsyncDisposable {
  readonly #client: StatsClient
  readonly #options: SnmpSubagentOptions
  readonly #abort = new AbortController()
  #session: AgentXSession | undefined
  #running: Promise<void> = Promise.resolve()
  #view: { readonly at: number; readonly view: Promise<MibView> } | undefined

  private constructor(client: StatsClient, options: SnmpSubagentOptions) {
    super()
    this.#client = client
    this.#options = options
  }

  /**
   * Registers with the master, once; afterwards a master that went is followed until `close`.
   *
   * @throws StatsError `STATS_AGENTX` when there is no master or it refuses, `STATS_ARGUMENT`
   */
  static async start(
    client: StatsClient,
    options: Partial<SnmpSubagentOptions> & { readonly signal?: AbortSignal } = {},
  ): Promise<SnmpSubagent> {
    const { signal, ...given } = options
    const subagent = new SnmpSubagent(client, checked({ ...DEFAULTS, ...given }))
    const either = AbortSignal.any([subagent.#abort.signal, ...(signal === undefined ? [] : [signal])])
    subagent.#session = await AgentXSession.open(subagent.#sessionOptions, either)
    subagent.#running = subagent.#follow(subagent.#session)
    return subagent
  }

  /** Tells the master, and ends. */
  async close(): Promise<void> {
    this.#abort.abort()
    await this.#session?.close()
    await this.#running
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  get #sessionOptions(): SessionOptions {
    const { address, priority } = this.#options
    const view = () => this.#read()
    return { address, description: 'FD.io VPP', subtrees: IF_MIB_SUBTREES, priority, view }
  }

  async #follow(first: AgentXSession): Promise<void> {
    const { signal } = this.#abort
    let session: AgentXSession | undefined = first
    while (session !== undefined) {
      await session.closed
      if (signal.aborted) return
      this.emit('lost')
      session = this.#session = await this.#again()
      if (session !== undefined) this.emit('registered')
    }
  }

  async #again(): Promise<AgentXSession | undefined> {
    const { signal } = this.#abort
    const { min, max } = this.#options.retryInterval
    for (let pause = min; !signal.aborted; pause = Math.min(pause * 2, max)) {
      await sleep(pause, undefined, { signal }).catch(() => {})
      const session = await AgentXSession.open(this.#sessionOptions, signal).catch(() => undefined)
      if (session !== undefined) return session
    }
    return undefined
  }

  #read(): Promise<MibView> {
    const now = performance.now()
    if (this.#view === undefined || now - this.#view.at > this.#options.maximumAge) {
      this.#view = { at: now, view: this.#make() }
    }
    return this.#view.view
  }

  async #make(): Promise<MibView> {
    if (this.#client.connection === undefined || this.#client.stalled) return EMPTY
    try {
      const facts = (await this.#options.facts?.read()) ?? new Map()
      return interfacesMib(await this.#client.interfaces(), facts, this.#options.indexOffset)
    } catch {
      // VPP went away meanwhile.
      return EMPTY
    }
  }
}

function checked(options: SnmpSubagentOptions): SnmpSubagentOptions {
  const limits = { indexOffset: 0x7fff_0000, priority: 255 }
  for (const key of ['indexOffset', 'priority'] as const) {
    const value = options[key]
    if (Number.isInteger(value) && value >= 1 && value <= limits[key]) continue
    throw new StatsError(
      'STATS_ARGUMENT',
      `${key} must be a whole number from 1 to ${limits[key]}, not ${value}`,
    )
  }
  return options
}
