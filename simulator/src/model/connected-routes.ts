import { SOURCE } from './fib-sources.ts'
import { normalPrefix } from './fib-table.ts'
import type { Fib } from './fib.ts'
import type { Interface } from './interfaces.ts'
import { broadcastOf, familyOf, formatAddress, masked, parsePrefix, shownPrefix } from './prefix.ts'
import type { Family } from './prefix.ts'
import { PATH_TYPE, makePath } from './route.ts'
import type { Path } from './route.ts'

/** A route that an interface has brought. */
interface Installed {
  readonly family: Family
  readonly tableId: number
  readonly prefix: string
}

/** The routes that an interface's addresses bring: there while the interface is up. */
export class ConnectedRoutes {
  readonly #fib: Fib
  /** By interface, and then by table and prefix. */
  readonly #installed = new Map<number, ReadonlyMap<string, Installed>>()

  constructor(fib: Fib) {
    this.#fib = fib
  }

  /** Brings the routes in step with an interface. What stays is not touched. */
  update(it: Interface): void {
    const before = this.#installed.get(it.swIfIndex)
    const after = new Map<string, Installed>()
    for (const address of it.adminUp ? it.addresses : []) {
      const family = familyOf(address)
      const tableId = it.tableId[family]
      for (const [shown, path] of routesOf(it.swIfIndex, address)) {
        const prefix = normalPrefix(shown)
        const key = `${tableId} ${prefix}`
        if (before?.has(key) !== true && !after.has(key)) {
          this.#fib.find(family, tableId)?.set(prefix, SOURCE.INTERFACE, [path], shown)
        }
        after.set(key, { family, tableId, prefix })
      }
    }
    for (const [key, { family, tableId, prefix }] of before ?? []) {
      if (!after.has(key)) this.#fib.find(family, tableId)?.remove(prefix, SOURCE.INTERFACE)
    }
    if (after.size === 0) this.#installed.delete(it.swIfIndex)
    else this.#installed.set(it.swIfIndex, after)
  }
}

/** The network, the address itself, and in IPv4 its first and last address or the other one of a pair. */
function* routesOf(swIfIndex: number, text: string): Iterable<[string, Path]> {
  const prefix = parsePrefix(text)
  const bits = prefix.family === 4 ? 32 : 128
  const proto = prefix.family === 4 ? 0 : 1
  const own = formatAddress(prefix.address)
  if (prefix.length < bits) yield [shownPrefix(prefix), makePath({ swIfIndex, proto })]
  if (prefix.family === 4 && prefix.length < 32) {
    const ends = [masked(prefix.address, prefix.length), broadcastOf(prefix)].map(formatAddress)
    for (const end of ends) {
      if (prefix.length < 31) yield [`${end}/32`, makePath({ type: PATH_TYPE.DROP })]
      else if (end !== own) yield [`${end}/32`, makePath({ swIfIndex, nextHop: end })]
    }
  }
  yield [`${own}/${bits}`, makePath({ swIfIndex, proto, type: PATH_TYPE.LOCAL, nextHop: own })]
}
