import { RetvalError } from '../errors.ts'
import type { Interfaces } from './interfaces.ts'
import { makePath, samePath } from './route.ts'
import type { Path } from './route.ts'

/** A route by label. */
export interface MplsRoute {
  readonly tableId: number
  readonly label: number
  /** True for the last label of a stack. */
  readonly endOfStack: boolean
  /** What is behind the last label: 0 IPv4, 1 IPv6; 2 MPLS. */
  readonly payload: number
  readonly statsIndex: number
  readonly paths: readonly Path[]
}

/** What a route is changed by. */
export interface MplsChange extends Pick<MplsRoute, 'label' | 'endOfStack' | 'payload' | 'paths'> {
  readonly multipath: boolean
}

/** A table of labels. */
export interface MplsTable {
  readonly tableId: number
  readonly name: string
  readonly routes: ReadonlyMap<string, MplsRoute>
}

const MPLS = 2
const LOOK_UP = makePath({ proto: MPLS })
/** Labels that every table has: explicit null of IPv4, router alert, explicit null of IPv6. */
const RESERVED: readonly (readonly [label: number, endOfStack: boolean, payload: number])[] = [
  [0, false, MPLS],
  [0, true, 0],
  [1, false, MPLS],
  [1, true, MPLS],
  [2, false, MPLS],
  [2, true, 1],
]

interface Table extends MplsTable {
  readonly routes: Map<string, MplsRoute>
  /** False once a client has given it up. */
  isApi: boolean
}

/** The last label that no client has to set. */
const LAST_RESERVED = 2

/** MPLS: tables, routes, interfaces. There is no table 0 until a client makes it. */
export class Mpls {
  readonly #tables = new Map<number, Table>()
  /** How often MPLS was switched on, by index of interface. */
  readonly #enabled = new Map<number, number>()
  readonly #interfaces: Interfaces
  /** Interfaces that hold table 0. */
  #users = 0
  #nextStats = 1

  constructor(interfaces: Interfaces) {
    this.#interfaces = interfaces
  }

  tables(): MplsTable[] {
    return [...this.#tables.values()]
  }

  find(tableId: number): MplsTable | undefined {
    return this.#tables.get(tableId)
  }

  /** Interfaces with MPLS. A new interface has it from the deleted one with its index, as in VPP. */
  enabled(): number[] {
    return [...this.#enabled.keys()]
      .filter((it) => this.isEnabled(it) && this.#interfaces.find(it))
      .sort((a, b) => a - b)
  }

  isEnabled(swIfIndex: number): boolean {
    return (this.#enabled.get(swIfIndex) ?? 0) !== 0
  }

  addTable(tableId: number, name: string): void {
    const known = this.#tables.get(tableId)
    if (known !== undefined) {
      known.isApi = true
      return
    }
    const routes = new Map<string, MplsRoute>()
    for (const [label, endOfStack, payload] of RESERVED) {
      const route = { tableId, label, endOfStack, payload, statsIndex: this.#nextStats++, paths: [LOOK_UP] }
      routes.set(keyOf(route), route)
    }
    const shown = name === '' ? `MPLS-VRF:${tableId}` : name
    this.#tables.set(tableId, { tableId, name: shown, routes, isApi: true })
  }

  /** Gives a table up, with its routes; table 0 goes when no interface has MPLS. What is not there need not be removed. */
  deleteTable(tableId: number): void {
    const table = this.#tables.get(tableId)
    if (table?.isApi !== true) return
    table.isApi = false
    for (const [key, { label }] of table.routes) if (label > LAST_RESERVED) table.routes.delete(key)
    this.#sweep(tableId)
  }

  /**
   * Switches MPLS on or off once more. VPP counts in a byte: an interface that is switched off too often has it.
   * @throws RetvalError -2 for an unknown interface, -3 without table 0
   */
  enable(swIfIndex: number, on: boolean): void {
    this.#interfaces.get(swIfIndex)
    this.check(0)
    const before = this.#enabled.get(swIfIndex) ?? 0
    const times = (before + (on ? 1 : -1)) & 0xff
    this.#enabled.set(swIfIndex, times)
    if (on && times === 1) this.#users++
    if (!on && times === 0) {
      this.#users--
      this.#sweep(0)
    }
  }

  /** @throws RetvalError -3 for an unknown table */
  check(tableId: number): void {
    this.#table(tableId)
  }

  /** @throws RetvalError -3 for an unknown table, -52 without paths */
  addRoute(tableId: number, change: MplsChange): MplsRoute {
    const table = this.#table(tableId)
    if (change.paths.length === 0) throw new RetvalError('NO_PATHS_IN_ROUTE')
    const { label, endOfStack, payload, multipath } = change
    const key = keyOf(change)
    const before = table.routes.get(key)
    const kept = multipath ? (before?.paths ?? []) : []
    const added = change.paths.filter((path) => !kept.some((it) => samePath(it, path)))
    const statsIndex = before?.statsIndex ?? this.#nextStats++
    const route = { tableId, label, endOfStack, payload, statsIndex, paths: [...kept, ...added] }
    table.routes.set(key, route)
    return route
  }

  /** @throws RetvalError -3 for an unknown table, -52 without paths to remove from several */
  removeRoute(tableId: number, change: MplsChange): void {
    const table = this.#table(tableId)
    if (change.multipath && change.paths.length === 0) throw new RetvalError('NO_PATHS_IN_ROUTE')
    const key = keyOf(change)
    const before = table.routes.get(key)
    if (before === undefined) return
    const left = change.multipath
      ? before.paths.filter((path) => !change.paths.some((it) => samePath(it, path)))
      : []
    if (left.length === 0) table.routes.delete(key)
    else table.routes.set(key, { ...before, paths: left })
  }

  #sweep(tableId: number): void {
    const inUse = tableId === 0 && this.#users > 0
    if (this.#tables.get(tableId)?.isApi === false && !inUse) this.#tables.delete(tableId)
  }

  #table(tableId: number): { routes: Map<string, MplsRoute> } {
    const table = this.#tables.get(tableId)
    if (table === undefined) throw new RetvalError('NO_SUCH_FIB')
    return table
  }
}

function keyOf({ label, endOfStack }: Pick<MplsRoute, 'label' | 'endOfStack'>): string {
  return `${label} ${endOfStack}`
}
