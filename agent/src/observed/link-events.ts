import { InterfaceClient, type SwInterfaceEvent } from '@vpp-ts/binapi-interface'
import { IfStatusFlags } from '@vpp-ts/binapi-interface-types'
import type { RpcConnection } from '@vpp-ts/runtime'
import { setTimeout as delay } from 'node:timers/promises'

/** Milliseconds until VPP is asked again for events that it refused. */
const RETRY_INTERVAL = 5000

const { IF_STATUS_API_FLAG_ADMIN_UP: ADMIN_UP, IF_STATUS_API_FLAG_LINK_UP: LINK_UP } = IfStatusFlags

/** Something that happened to an interface. */
export interface InterfaceNews {
  readonly swIfIndex: number
  readonly adminUp: boolean
  readonly linkUp: boolean
  readonly deleted: boolean
}

/** Whose interfaces are followed, and who is told. */
export interface LinkEventsOptions {
  readonly connection: RpcConnection
  /** Ends it. */
  readonly signal: AbortSignal
  /** Takes what happened. @returns the name that the interface is, or was, known by */
  take(news: InterfaceNews): string | undefined
  /** Tells people of it. */
  tell(name: string, news: InterfaceNews): void
  /** Events may have been missed, or were refused. */
  missed(error: unknown): void
}

/** Tells of interfaces that go up or down or are deleted, until the signal. */
export async function followLinks(options: LinkEventsOptions): Promise<void> {
  const { connection, signal } = options
  const client = new InterfaceClient(connection)
  while (!signal.aborted) {
    try {
      for await (const event of client.swInterfaceEvents({ signal })) await report(options, client, event)
    } catch (error) {
      if (signal.aborted) return
      options.missed(error)
      await delay(RETRY_INTERVAL, undefined, { signal }).catch(() => undefined)
    }
  }
}

async function report(
  options: LinkEventsOptions,
  client: InterfaceClient,
  { swIfIndex, flags, deleted }: SwInterfaceEvent,
): Promise<void> {
  const news = { swIfIndex, adminUp: (flags & ADMIN_UP) !== 0, linkUp: (flags & LINK_UP) !== 0, deleted }
  const name = options.take(news)
  options.tell(name ?? (await askName(client, news)), news)
}

/** VPP's own name of an interface that is new. */
async function askName(client: InterfaceClient, { swIfIndex, deleted }: InterfaceNews): Promise<string> {
  const unknown = `interface ${swIfIndex}`
  if (deleted) return unknown
  try {
    const [details] = await client.swInterfaceDump({ swIfIndex }).toArray()
    return details?.interfaceName ?? unknown
  } catch {
    // The connection is lost, or the interface is gone again.
    return unknown
  }
}
