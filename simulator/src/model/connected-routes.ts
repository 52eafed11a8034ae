import { SOURCE } from './fib-sources.ts'
import { normalPrefix } from './fib-table.ts'
import type { Fib } from './fib.ts'
import type { Interface } from './interfaces.ts'
import {
  broadcastOf,
  familyOf,
  formatAddress,
  masked,
  networkOf,
  parsePrefix,
  shownPrefix,
} from './prefix.ts'
import type { Family, Prefix } from './prefix.ts'
import { PATH_TYPE, makePath } from './route.ts'
import type { Path } from './route.ts'

/**
 * The routes that an interface's addresses bring: there while the interface is up. As in VPP, addresses of one network
 * count how many they are, and the last one takes the network's routes away.
 */
export class ConnectedRoutes {
  readonly #fib: Fib
  /** Tables of the interfaces that are up. */
  readonly #up = new Map<number, Readonly<Record<Family, number>>>()
  /** Addresses by interface and network. */
  readonly #networks = new Map<string, number>()

  constructor(fib: Fib) {
    this.#fib = fib
  }

  /** The interface went up or down, or is bound to another table. */
  update(it: Interface): void {
    const before = this.#up.get(it.swIfIndex)
    if (before !== undefined) {
      for (const address of it.addresses) {
        const family = familyOf(address)
        if (!it.adminUp || before[family] !== it.tableId[family]) this.#withdraw(it, before, address)
      }
    }
    if (it.adminUp) {
      for (const address of it.addresses) {
        const family = familyOf(address)
        if (before?.[family] !== it.tableId[family]) this.#install(it, it.tableId, address)
      }
      this.#up.set(it.swIfIndex, it.tableId)
    } else this.#up.delete(it.swIfIndex)
  }

  /** The interface has got an address. */
  added(it: Interface, address: string): void {
    const tables = this.#up.get(it.swIfIndex)
    if (tables !== undefined) this.#install(it, tables, address)
  }

  /** The interface has lost an address, which was taken away with this length: routes of another length stay. */
  removed(it: Interface, address: string): void {
    const tables = this.#up.get(it.swIfIndex)
    if (tables !== undefined) this.#withdraw(it, tables, address)
  }

  /** Packets to the broadcast addresses of its networks are dropped, or sent on. */
  broadcastChanged(it: Interface): void {
    if (!this.#up.has(it.swIfIndex)) return
    for (const address of it.addresses) {
      const prefix = parsePrefix(address)
      if (prefix.family === 6 || prefix.length > 30) continue
      const broadcast = `${formatAddress(broadcastOf(prefix))}/32`
      this.#fib.find(4, it.tableId[4])?.set(broadcast, SOURCE.INTERFACE, [broadcastPath(it)])
    }
  }

  #install(it: Interface, tables: Readonly<Record<Family, number>>, address: string): void {
    const { swIfIndex } = it
    const prefix = parsePrefix(address)
    const table = this.#fib.find(prefix.family, tables[prefix.family])
    const [own, path] = ownRoute(swIfIndex, prefix)
    table?.set(own, SOURCE.INTERFACE, [path])
    if (!hasNetwork(prefix)) return
    const key = `${swIfIndex} ${networkOf(prefix)}`
    const count = this.#networks.get(key) ?? 0
    this.#networks.set(key, count + 1)
    if (count > 0) return
    for (const [shown, path] of networkRoutes(it, prefix)) {
      table?.set(normalPrefix(shown), SOURCE.INTERFACE, [path], shown)
    }
  }

  #withdraw(it: Interface, tables: Readonly<Record<Family, number>>, address: string): void {
    const prefix = parsePrefix(address)
    const { swIfIndex } = it
    const table = this.#fib.find(prefix.family, tables[prefix.family])
    const key = `${swIfIndex} ${networkOf(prefix)}`
    const count = this.#networks.get(key)
    if (hasNetwork(prefix) && count !== undefined) {
      if (count > 1) this.#networks.set(key, count - 1)
      else {
        this.#networks.delete(key)
        for (const [shown] of networkRoutes(it, prefix)) {
          table?.remove(normalPrefix(shown), SOURCE.INTERFACE)
        }
      }
    }
    table?.remove(ownRoute(swIfIndex, prefix)[0], SOURCE.INTERFACE)
  }
}

function hasNetwork({ family, length }: Prefix): boolean {
  return length < (family === 4 ? 32 : 128)
}

/** The route of the address itself. */
function ownRoute(swIfIndex: number, { family, address }: Prefix): [string, Path] {
  const own = formatAddress(address)
  const proto = family === 4 ? 0 : 1
  const path = makePath({ swIfIndex, proto, type: PATH_TYPE.LOCAL, nextHop: own })
  return [`${own}/${family === 4 ? 32 : 128}`, path]
}

function broadcastPath({ swIfIndex, directedBroadcast }: Interface): Path {
  return directedBroadcast
    ? makePath({ swIfIndex, nextHop: '255.255.255.255' })
    : makePath({ type: PATH_TYPE.DROP })
}

/** The network, and in IPv4 its first and last address, or the other one of a pair. */
function* networkRoutes(it: Interface, prefix: Prefix): Iterable<[string, Path]> {
  const { family, address, length } = prefix
  const { swIfIndex } = it
  yield [shownPrefix(prefix), makePath({ swIfIndex, proto: family === 4 ? 0 : 1 })]
  if (family === 6) return
  const own = formatAddress(address)
  const [first, last] = [formatAddress(masked(address, length)), formatAddress(broadcastOf(prefix))]
  for (const end of [first, last]) {
    if (end === own) continue
    if (length === 31) yield [`${end}/32`, makePath({ swIfIndex, nextHop: end })]
    else yield [`${end}/32`, end === last ? broadcastPath(it) : makePath({ type: PATH_TYPE.DROP })]
  }
}
