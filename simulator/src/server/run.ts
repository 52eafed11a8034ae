import type { Model } from '../model/model.ts'
import { MessageTable } from '../release/message-table.ts'
import type { Release } from '../release/release.ts'
import type { Fields } from './call.ts'
import { Clients } from './clients.ts'
import { EventQueue } from './event-queue.ts'
import { InterfaceEvents } from './interface-events.ts'
import type { Subscription } from './subscriptions.ts'
import { Subscriptions } from './subscriptions.ts'
import type { WireOptions } from './wire.ts'

/** The command line of a run. */
export interface CommandLine {
  /** Carries a line out: what `cli_inband` answers. */
  run(line: string, run: Run): { readonly retval: number; readonly reply: string }
}

/** What a run is made from. */
export interface RunParts {
  readonly release: Release
  readonly model: Model
  readonly pid: number
  /** Another number gives other message ids. */
  readonly turn: number
  readonly cli: CommandLine
  readonly wire: () => WireOptions
}

/** One life of the simulated VPP, from its start to its end or restart. */
export class Run {
  readonly release: Release
  readonly model: Model
  readonly pid: number
  readonly table: MessageTable
  readonly cli: CommandLine
  readonly clients = new Clients()
  readonly subscriptions = new Subscriptions()
  readonly interfaceEvents = new InterfaceEvents((fields) => this.sendEvent('sw_interface_event', fields))
  readonly events = new EventQueue(this.interfaceEvents)
  readonly startedAt = performance.now()
  readonly #wire: () => WireOptions
  readonly #end = new AbortController()

  constructor(parts: RunParts) {
    this.release = parts.release
    this.model = parts.model
    this.pid = parts.pid
    this.cli = parts.cli
    this.#wire = parts.wire
    this.table = new MessageTable(parts.release.schema, parts.turn)
  }

  get wire(): WireOptions {
    return this.#wire()
  }

  /** Aborts when this life ends. */
  get signal(): AbortSignal {
    return this.#end.signal
  }

  /** Seconds since the start. */
  get uptime(): number {
    return (performance.now() - this.startedAt) / 1000
  }

  end(): void {
    this.#end.abort()
  }

  /**
   * Sends an event to those who want it.
   * @returns how many there were
   */
  sendEvent(
    name: string,
    fields: Fields,
    wanted: (subscription: Subscription) => boolean = () => true,
  ): number {
    if (this.table.idOf(name) === undefined) return 0
    const entry = this.table.byName(name)
    const hasPid = entry.codec.descriptor.fields.some(([, property]) => property === 'pid')
    let sent = 0
    for (const subscription of this.subscriptions.of(name)) {
      const session = this.clients.get(subscription.clientIndex)
      if (session === undefined || !session.alive || !wanted(subscription)) continue
      const value = hasPid ? { ...fields, pid: subscription.pid } : fields
      session.output.message(entry, value, subscription.clientIndex, 0)
      sent++
    }
    return sent
  }
}
