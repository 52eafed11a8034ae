import { RetvalError } from '../errors.ts'
import type { Fib } from './fib.ts'
import type { Interfaces } from './interfaces.ts'
import { familyOf } from './prefix.ts'
import type { Family } from './prefix.ts'

/** A path of a multicast route, by the names of the API. */
export interface MroutePath {
  readonly itfFlags: number
  readonly path: { readonly swIfIndex: number } & Readonly<Record<string, unknown>>
}

/** A multicast route. */
export interface Mroute {
  readonly tableId: number
  readonly family: Family
  readonly group: string
  readonly groupLength: number
  readonly source: string
  readonly entryFlags: number
  readonly rpfId: number
  readonly paths: readonly MroutePath[]
}

/** Groups that VPP itself listens to on every interface with an address. */
const OWN_GROUPS: Readonly<Record<Family, readonly (readonly [group: string, length: number])[]>> = {
  4: [
    ['224.0.0.1', 32],
    ['224.0.0.2', 32],
  ],
  6: [
    ['ff02::1', 128],
    ['ff02::2', 128],
    ['ff02::16', 128],
    ['ff02::1:ff00:0', 104],
  ],
}
const NO_ADDRESS = { 4: '0.0.0.0', 6: '::' } as const
const NONE = 0xffff_ffff
const LOCAL = 1
const ACCEPT = 2

/** Multicast routes: those that VPP has of itself, and those of clients. */
export class Mroutes {
  readonly #routes = new Map<string, Mroute>()
  readonly #interfaces: Interfaces
  readonly #fib: Fib

  constructor(interfaces: Interfaces, fib: Fib) {
    this.#interfaces = interfaces
    this.#fib = fib
  }

  /** Routes of a table; none when there is no such table. */
  *of(family: Family, tableId: number): Iterable<Mroute> {
    if (this.#fib.find(family, tableId) === undefined) return
    const empty = { tableId, family, source: NO_ADDRESS[family], entryFlags: 0, rpfId: 0 }
    yield { ...empty, group: NO_ADDRESS[family], groupLength: 0, paths: [] }
    for (const [group, groupLength] of OWN_GROUPS[family]) {
      yield { ...empty, group, groupLength, paths: this.#ownPaths(family, tableId) }
    }
    for (const route of this.#routes.values()) {
      if (route.family === family && route.tableId === tableId) yield route
    }
  }

  /**
   * Adds paths to a route, in place of those through the same interfaces; a route that is not there is made. Without
   * paths, its flags are set.
   * @returns whether the route is there now
   * @throws RetvalError -3 without the table
   */
  add(route: Mroute): boolean {
    if (route.paths.length === 0) return this.#setFlags(route)
    this.#checkTable(route)
    const before = this.#routes.get(keyOf(route))
    const changed = new Map(route.paths.map((it) => [it.path.swIfIndex, it]))
    const kept = (before?.paths ?? []).filter(({ path }) => !changed.has(path.swIfIndex))
    const paths = [...kept, ...changed.values()].sort((a, b) => a.path.swIfIndex - b.path.swIfIndex)
    this.#routes.set(keyOf(route), { ...(before ?? route), paths })
    return true
  }

  /**
   * Removes paths of a route; one without paths and flags goes. Without paths, its flags are set. What is not there need
   * not be removed.
   * @returns whether VPP tells the route's counters
   * @throws RetvalError -3 without the table
   */
  remove(route: Mroute): boolean {
    if (route.paths.length === 0) return this.#setFlags(route)
    this.#checkTable(route)
    const before = this.#routes.get(keyOf(route))
    if (before === undefined) return false
    const doomed = new Set(route.paths.map(({ path }) => path.swIfIndex))
    this.#put({ ...before, paths: before.paths.filter(({ path }) => !doomed.has(path.swIfIndex)) })
    return false
  }

  #setFlags(route: Mroute): boolean {
    this.#checkTable(route)
    const before = this.#routes.get(keyOf(route))
    if (before === undefined && route.entryFlags === 0) return false
    const { entryFlags, rpfId } = route
    this.#put({ ...(before ?? route), entryFlags, rpfId })
    return true
  }

  #put(route: Mroute): void {
    if (route.paths.length === 0 && route.entryFlags === 0) this.#routes.delete(keyOf(route))
    else this.#routes.set(keyOf(route), route)
  }

  #checkTable({ family, tableId }: Mroute): void {
    if (this.#fib.find(family, tableId) === undefined) throw new RetvalError('NO_SUCH_FIB')
  }

  #ownPaths(family: Family, tableId: number): MroutePath[] {
    const proto = family === 4 ? 0 : 1
    const own = { itfFlags: 0, path: { swIfIndex: NONE, weight: 1, type: LOCAL, proto } }
    const accepting = [...this.#interfaces]
      .filter((it) => it.tableId[family] === tableId)
      .filter((it) =>
        family === 6 ? it.ip6 !== undefined : it.addresses.some((address) => familyOf(address) === 4),
      )
      .map(({ swIfIndex }) => ({ itfFlags: ACCEPT, path: { swIfIndex, weight: 1, type: 0, proto } }))
    return [own, ...accepting]
  }
}

function keyOf({ family, tableId, group, groupLength, source }: Mroute): string {
  return `${family} ${tableId} ${group}/${groupLength} ${source}`
}
