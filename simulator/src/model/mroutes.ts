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

  /** @throws RetvalError -3 without the table, -52 without paths */
  add(route: Mroute, multipath: boolean): void {
    if (this.#fib.find(route.family, route.tableId) === undefined) throw new RetvalError('NO_SUCH_FIB')
    const key = keyOf(route)
    const before = this.#routes.get(key)
    const added = new Set(route.paths.map(({ path }) => path.swIfIndex))
    const kept = multipath ? (before?.paths ?? []).filter(({ path }) => !added.has(path.swIfIndex)) : []
    this.#routes.set(key, { ...route, paths: [...kept, ...route.paths] })
  }

  /** Removes a route, or some paths of it. What is not there need not be removed. @throws RetvalError -3 without the table */
  remove(route: Mroute, multipath: boolean): void {
    if (this.#fib.find(route.family, route.tableId) === undefined) throw new RetvalError('NO_SUCH_FIB')
    const key = keyOf(route)
    const before = this.#routes.get(key)
    if (before === undefined) return
    const doomed = new Set(route.paths.map(({ path }) => path.swIfIndex))
    const left = multipath ? before.paths.filter(({ path }) => !doomed.has(path.swIfIndex)) : []
    if (left.length === 0) this.#routes.delete(key)
    else this.#routes.set(key, { ...before, paths: left })
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
