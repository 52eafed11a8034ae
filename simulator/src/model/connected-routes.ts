import { SOURCE } from './fib-sources.ts'
import type { Fib } from './fib.ts'
import type { Interface } from './interfaces.ts'
import { broadcastOf, familyOf, formatAddress, masked, networkOf, parsePrefix } from './prefix.ts'
import type { Family } from './prefix.ts'
import { PATH_TYPE, makePath } from './route.ts'
import type { Path } from './route.ts'

interface Installed {
  readonly family: Family
  readonly tableId: number
  readonly prefix: string
}

/** The routes that an interface's addresses bring: there while the interface is up. */
export class ConnectedRoutes {
  readonly #fib: Fib
  readonly #installed = new Map<number, Installed[]>()

  constructor(fib: Fib) {
    this.#fib = fib
  }

  /** Brings the routes in step with an interface. */
  update(it: Interface): void {
    for (const { family, tableId, prefix } of this.#installed.get(it.swIfIndex) ?? []) {
      this.#fib.find(family, tableId)?.remove(prefix, SOURCE.INTERFACE)
    }
    this.#installed.delete(it.swIfIndex)
    if (!it.adminUp) return
    const installed: Installed[] = []
    for (const address of it.addresses) {
      const family = familyOf(address)
      const tableId = it.tableId[family]
      for (const [prefix, path] of routesOf(it.swIfIndex, address)) {
        this.#fib.find(family, tableId)?.set(prefix, SOURCE.INTERFACE, [path])
        installed.push({ family, tableId, prefix })
      }
    }
    this.#installed.set(it.swIfIndex, installed)
  }
}

/** The network, the address itself, and in IPv4 its first and last address or the other one of a pair. */
function* routesOf(swIfIndex: number, text: string): Iterable<[string, Path]> {
  const prefix = parsePrefix(text)
  const bits = prefix.family === 4 ? 32 : 128
  const proto = prefix.family === 4 ? 0 : 1
  const own = formatAddress(prefix.address)
  if (prefix.length < bits) yield [networkOf(prefix), makePath({ swIfIndex, proto })]
  if (prefix.family === 4 && prefix.length < 32) {
    const ends = [masked(prefix.address, prefix.length), broadcastOf(prefix)].map(formatAddress)
    for (const end of ends) {
      if (prefix.length < 31) yield [`${end}/32`, makePath({ type: PATH_TYPE.DROP })]
      else if (end !== own) yield [`${end}/32`, makePath({ swIfIndex, nextHop: end })]
    }
  }
  yield [`${own}/${bits}`, makePath({ swIfIndex, proto, type: PATH_TYPE.LOCAL, nextHop: own })]
}
