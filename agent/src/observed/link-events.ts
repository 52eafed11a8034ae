import { InterfaceClient, type SwInterfaceEvent } from '@vpp-ts/binapi-interface'
import { IfStatusFlags } from '@vpp-ts/binapi-interface-types'
import type { RpcConnection } from '@vpp-ts/runtime'
import { setTimeout as delay } from 'node:timers/promises'
import type { EventLog } from '../status/event-log.ts'

/** Milliseconds until VPP is asked again for events that it refused. */
const RETRY_INTERVAL = 5000

const { IF_STATUS_API_FLAG_ADMIN_UP: ADMIN_UP, IF_STATUS_API_FLAG_LINK_UP: LINK_UP } = IfStatusFlags

/** Whose links are followed, and who is told. */
export interface LinkEventsOptions {
  readonly connection: RpcConnection
  /** Ends it. */
  readonly signal: AbortSignal
  readonly events: EventLog
  /** Names of interfaces by index, as of now. */
  names(): ReadonlyMap<number, string>
  /** VPP refuses to tell of events. */
  failed(error: unknown): void
}

/** Tells an event log whenever an interface goes up or down, until the signal. */
export async function followLinks(options: LinkEventsOptions): Promise<void> {
  const { connection, signal } = options
  const client = new InterfaceClient(connection)
  while (!signal.aborted) {
    try {
      for await (const event of client.swInterfaceEvents({ signal })) report(options, event)
    } catch (error) {
      if (signal.aborted) return
      options.failed(error)
      await delay(RETRY_INTERVAL, undefined, { signal }).catch(() => undefined)
    }
  }
}

function report({ events, names }: LinkEventsOptions, event: SwInterfaceEvent): void {
  const { swIfIndex, flags, deleted } = event
  const name = names().get(swIfIndex) ?? `sw_if_index ${swIfIndex}`
  const adminUp = (flags & ADMIN_UP) !== 0
  const linkUp = (flags & LINK_UP) !== 0
  events.add({ type: 'link', interface: name, swIfIndex, adminUp, linkUp, deleted })
}
