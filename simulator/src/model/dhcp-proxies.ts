import type { Fib } from './fib.ts'
import type { Family } from './prefix.ts'

/** A server that requests of clients are sent on to. */
export interface DhcpServer {
  readonly address: string
  readonly tableId: number
}

/** Where requests of clients in a table go. */
export interface DhcpProxy {
  readonly family: Family
  readonly tableId: number
  /** Sender of what goes to the servers: that of the first one. */
  readonly source: string
  readonly servers: readonly DhcpServer[]
}

/**
 * Relays of DHCP, as far as they are configuration. The route by which VPP hears clients is not modelled, and so, of IPv6,
 * the table of multicast that it is in.
 */
export class DhcpProxies {
  readonly #proxies = new Map<string, DhcpProxy>()
  readonly #fib: Fib

  constructor(fib: Fib) {
    this.#fib = fib
  }

  /** Those of a family, in the order of their tables. */
  of(family: Family): DhcpProxy[] {
    return [...this.#proxies.values()]
      .filter((it) => it.family === family)
      .sort((a, b) => a.tableId - b.tableId)
  }

  /** Adds a server; tables that are not there are made. One that is known stays as it is. */
  add(family: Family, tableId: number, server: DhcpServer, source: string): void {
    const key = `${family} ${tableId}`
    const known = this.#proxies.get(key)
    if (known?.servers.some((it) => isSame(it, server)) === true) return
    if (known === undefined && family === 4) this.#fib.hold(family, tableId)
    this.#fib.hold(family, server.tableId)
    const servers = [...(known?.servers ?? []), server]
    this.#proxies.set(key, { family, tableId, source: known?.source ?? source, servers })
  }

  /** Removes a server; the last one takes the relay with it. One that is not there is no error. */
  remove(family: Family, tableId: number, server: DhcpServer): void {
    const key = `${family} ${tableId}`
    const known = this.#proxies.get(key)
    const at = known?.servers.findIndex((it) => isSame(it, server)) ?? -1
    if (known === undefined || at < 0) return
    this.#fib.letGo(family, server.tableId)
    // VPP puts the last one in its place.
    const servers = [...known.servers]
    const last = servers.pop()
    if (last !== undefined && at < servers.length) servers[at] = last
    if (servers.length > 0) {
      this.#proxies.set(key, { ...known, servers })
      return
    }
    this.#proxies.delete(key)
    if (family === 4) this.#fib.letGo(family, tableId)
  }
}

function isSame(a: DhcpServer, b: DhcpServer): boolean {
  return a.address === b.address && a.tableId === b.tableId
}
