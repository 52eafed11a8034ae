import { RetvalError } from '../errors.ts'
import { FibSources, SOURCE } from './fib-sources.ts'
import { FibTable } from './fib-table.ts'
import type { TableOwner } from './fib-table.ts'
import { familyOf, formatAddress, networkOf, parsePrefix, shownPrefix } from './prefix.ts'
import type { Family, Prefix } from './prefix.ts'
import { FreeNumbers } from './pool.ts'
import { PathLists } from './path-lists.ts'
import { PATH_TYPE, makePath, samePath } from './route.ts'
import type { Path, Route } from './route.ts'

const NONE = 0xffff_ffff
const FAMILIES: readonly Family[] = [4, 6]

/** Routing tables. Table 0 of both families is always there. */
export class Fib {
  readonly sources = new FibSources()
  /** Whether something outside of the routing tables uses one, such as an interface. */
  usedElsewhere: (family: Family, tableId: number) => boolean = () => false
  readonly #tables: Record<Family, Map<number, FibTable>> = { 4: new Map(), 6: new Map() }
  readonly #indexes = new FreeNumbers(1)
  readonly #lists = new PathLists((family, tableId) => this.sweep(family, tableId))
  /** Uses of tables by features. */
  readonly #held = new Map<string, number>()
  /** Next hops of recursive routes, with how often they are used. */
  readonly #tracked = new Map<string, number>()

  constructor() {
    for (const family of FAMILIES) this.addTable(family, 0)
  }

  /** All tables, those of IPv4 first. */
  tables(): FibTable[] {
    return FAMILIES.flatMap((family) => [...this.#tables[family].values()])
  }

  find(family: Family, tableId: number): FibTable | undefined {
    return this.#tables[family].get(tableId)
  }

  /** @throws RetvalError -3 when there is no such table */
  table(family: Family, tableId: number): FibTable {
    const table = this.find(family, tableId)
    if (table === undefined) throw new RetvalError('NO_SUCH_FIB')
    return table
  }

  /** Adds a table; one that is there already stays as it is. */
  addTable(family: Family, tableId: number, options: TableOptions = {}): FibTable {
    const { name = `ipv${family}-VRF:${tableId}`, owner = 'api' } = options
    const table = this.find(family, tableId) ?? this.#makeTable(family, tableId, name)
    table.owners.add(owner)
    return table
  }

  #makeTable(family: Family, tableId: number, name: string): FibTable {
    const parts = { sources: this.sources, indexes: this.#indexes }
    const added = new FibTable(family, tableId, name, parts)
    this.#tables[family].set(tableId, added)
    return added
  }

  /** A feature uses a table: it is made when there is none, and stays for as long. */
  hold(family: Family, tableId: number): void {
    const key = `${family} ${tableId}`
    this.#held.set(key, (this.#held.get(key) ?? 0) + 1)
    if (this.find(family, tableId) === undefined)
      this.#makeTable(family, tableId, `ipv${family}-VRF:${tableId}`)
  }

  /** A feature has done with a table. */
  letGo(family: Family, tableId: number): void {
    const key = `${family} ${tableId}`
    const left = (this.#held.get(key) ?? 0) - 1
    if (left > 0) this.#held.set(key, left)
    else this.#held.delete(key)
    this.sweep(family, tableId)
  }

  /** Gives a table up; it goes when no interface uses it. Table 0 stays. */
  deleteTable(family: Family, tableId: number, owner: TableOwner = 'api'): void {
    const table = this.find(family, tableId)
    if (table === undefined || tableId === 0) return
    if (!table.owners.delete(owner)) return
    this.flush(table)
    this.sweep(family, tableId)
  }

  /** Removes what clients and the command line have set. */
  flush(table: FibTable): void {
    for (const { prefix, contributions } of table) {
      for (const { source } of contributions) {
        if (source === SOURCE.API || source === SOURCE.CLI) this.remove(table.tableId, prefix, [], { source })
      }
    }
  }

  /** Removes the routes of clients that were not set again since `beginReplace`. */
  endReplace(table: FibTable): void {
    for (const prefix of table.endReplace()) this.remove(table.tableId, prefix, [])
  }

  /** Removes a table that was given up and that nothing uses any more. */
  sweep(family: Family, tableId: number): void {
    const table = this.find(family, tableId)
    const inUse =
      this.#held.has(`${family} ${tableId}`) ||
      this.#lists.useTable(family, tableId) ||
      this.usedElsewhere(family, tableId)
    if (table !== undefined && tableId !== 0 && table.owners.size === 0 && !inUse)
      this.#tables[family].delete(tableId)
  }

  /**
   * Adds a route, or to a route when `multipath`.
   * @throws RetvalError -3 without the table, -52 without paths, -171 for a bad prefix length
   */
  add(tableId: number, prefix: string, paths: readonly Path[], options: RouteOptions = {}): Route {
    const parsed = parsePrefix(prefix)
    const network = networkOf(parsed)
    const table = this.table(familyOf(network), tableId)
    if (paths.length === 0) throw new RetvalError('NO_PATHS_IN_ROUTE')
    const { multipath = false, source = SOURCE.API } = options
    const before = table.pathsOf(network, source)
    const kept = multipath ? before : []
    const added = paths
      .map((path) => asVppHasIt(path, parsed))
      .filter((path) => !kept.some((it) => samePath(it, path)))
    this.#track(table.family, added, 1)
    if (!multipath) this.#track(table.family, before, -1)
    const list = this.#lists.acquire([...kept, ...added])
    if (before.length > 0) this.#lists.release(before)
    return table.set(network, source, list.paths, shownPrefix(parsed))
  }

  /**
   * Removes a route, or some paths of it when `multipath`. What is not there need not be removed.
   * @throws RetvalError -3 without the table, -52 without paths when `multipath`, -171 for a bad prefix length
   */
  remove(tableId: number, prefix: string, paths: readonly Path[], options: RouteOptions = {}): void {
    const parsed = parsePrefix(prefix)
    const network = networkOf(parsed)
    const table = this.table(familyOf(network), tableId)
    const { multipath = false, source = SOURCE.API } = options
    if (multipath && paths.length === 0) throw new RetvalError('NO_PATHS_IN_ROUTE')
    const before = table.pathsOf(network, source)
    if (before.length === 0) return
    const doomed = paths.map((path) => asVppHasIt(path, parsed))
    const left = multipath ? before.filter((path) => !doomed.some((it) => samePath(it, path))) : []
    this.#track(
      table.family,
      before.filter((path) => !left.includes(path)),
      -1,
    )
    if (left.length > 0) table.set(network, source, this.#lists.acquire(left).paths)
    else table.remove(network, source)
    this.#lists.release(before)
  }

  /** Routes of clients through an interface that is deleted stay, and lead nowhere. */
  interfaceDeleted(swIfIndex: number): void {
    this.#lists.interfaceDeleted(swIfIndex)
  }

  /** The paths in force of a route; those of a tracked next hop are those of the route that holds it. */
  pathsInForce(family: Family, route: Route): readonly Path[] {
    const [best] = route.contributions
    if (best === undefined) return []
    if (best.source !== SOURCE.RECURSIVE_RESOLUTION) return best.paths
    const address = route.prefix.slice(0, route.prefix.indexOf('/'))
    const length = Number(route.prefix.slice(address.length + 1))
    const cover = this.table(family, route.tableId).cover(address, length - 1)
    const paths = cover?.contributions[0]?.paths ?? []
    // A route that leads to a next hop below itself goes round in circles, and VPP drops.
    if (paths.some((path) => path.swIfIndex === NONE && path.nextHop === address))
      return [makePath({ type: PATH_TYPE.DROP, proto: family === 4 ? 0 : 1 })]
    return paths.map((path) => (isAttached(path) ? { ...path, nextHop: address } : path))
  }

  /**
   * Index of a route's counters; 0xffffffff for a neighbour's route while no address of its interface covers it, since
   * VPP forwards nothing by it.
   */
  statsIndexOf(family: Family, route: Route): number {
    const [best] = route.contributions
    if (best?.source !== SOURCE.ADJACENCY) return route.statsIndex
    const address = route.prefix.slice(0, route.prefix.indexOf('/'))
    const cover = this.find(family, route.tableId)?.cover(address, family === 4 ? 31 : 127)
    const via = cover?.contributions.find((it) => it.source === SOURCE.INTERFACE)?.paths[0]?.swIfIndex
    return via !== undefined && via === best.paths[0]?.swIfIndex ? route.statsIndex : NONE
  }

  /** VPP keeps its own route for every end of a tunnel. */
  track(tableId: number, address: string, change: 1 | -1): void {
    const family = familyOf(address)
    this.#track(family, [makePath({ tableId, nextHop: address, proto: family === 4 ? 0 : 1 })], change)
  }

  /** VPP keeps its own route for every next hop of a recursive path. */
  #track(family: Family, paths: readonly Path[], change: 1 | -1): void {
    for (const path of paths) {
      if (path.swIfIndex !== NONE || path.nextHop === undefined || path.type !== PATH_TYPE.NORMAL) continue
      if (familyOf(path.nextHop) !== family) continue
      const table = this.find(family, path.tableId)
      const key = `${path.tableId} ${path.nextHop}`
      const uses = (this.#tracked.get(key) ?? 0) + change
      const prefix = `${path.nextHop}/${family === 4 ? 32 : 128}`
      if (uses > 0) this.#tracked.set(key, uses)
      else this.#tracked.delete(key)
      if (uses === 1 && change === 1) table?.set(prefix, SOURCE.RECURSIVE_RESOLUTION, [makePath({})])
      if (uses === 0) table?.remove(prefix, SOURCE.RECURSIVE_RESOLUTION)
    }
  }
}

/**
 * What VPP makes of a path: one to a host that names an interface only has the host for its next hop, and one that leads
 * to its own prefix drops.
 */
function asVppHasIt(path: Path, prefix: Prefix): Path {
  const { type, swIfIndex, nextHop } = path
  const own = formatAddress(prefix.address)
  const isHost = prefix.length === (prefix.family === 4 ? 32 : 128)
  if (type !== PATH_TYPE.LOCAL && isHost && nextHop === undefined && swIfIndex !== NONE) {
    return { ...path, nextHop: own }
  }
  if (swIfIndex === NONE && nextHop === own) return { ...path, nextHop: undefined, type: PATH_TYPE.DROP }
  return path
}

/** How a table is made. */
export interface TableOptions {
  readonly name?: string | undefined
  /** Who makes it; default `api`. */
  readonly owner?: TableOwner
}

/** How a route is changed. */
export interface RouteOptions {
  /** Leaves the other paths of the route alone. */
  readonly multipath?: boolean
  /** Id of the source; the API's when left out. */
  readonly source?: number
}

function isAttached(path: Path): boolean {
  return path.swIfIndex !== NONE && path.nextHop === undefined && path.type === PATH_TYPE.NORMAL
}
