import { RetvalError } from '../errors.ts'
import { SOURCE } from './fib-sources.ts'
import type { Fib } from './fib.ts'
import type { Interfaces } from './interfaces.ts'
import { familyOf } from './prefix.ts'
import type { Family } from './prefix.ts'
import { makePath } from './route.ts'

/** `IP_API_NEIGHBOR_FLAG_…` */
export const NEIGHBOR_FLAG = { STATIC: 1, NO_FIB_ENTRY: 2 } as const

/** A neighbour on a link. */
export interface Neighbor {
  readonly swIfIndex: number
  readonly ipAddress: string
  readonly macAddress: string
  /** `IP_API_NEIGHBOR_FLAG_…` */
  readonly flags: number
}

/** A neighbour with the time it was last set. */
export interface NeighborEntry extends Neighbor {
  /** Milliseconds on the clock of `performance.now()`. */
  readonly since: number
  readonly statsIndex: number
}

/** Limits on the neighbours of a family; the model keeps them and does nothing with them. */
export interface NeighborConfig {
  readonly maxNumber: number
  readonly maxAge: number
  readonly recycle: boolean
}

/** Told of neighbours that came and went. */
export type NeighborListener = (change: 'added' | 'removed', neighbor: Neighbor) => void

/** Kinds of interfaces with one neighbour only. */
const POINT_TO_POINT: ReadonlySet<string> = new Set(['MPLS tunnel device', 'GRE tunnel device'])

/** The ARP and ND tables. */
export class Neighbors implements Iterable<NeighborEntry> {
  readonly config: Record<Family, NeighborConfig> = {
    4: { maxNumber: 50_000, maxAge: 0, recycle: false },
    6: { maxNumber: 50_000, maxAge: 0, recycle: false },
  }
  readonly #entries = new Map<string, NeighborEntry>()
  readonly #byInterface = new Map<number, Map<string, NeighborEntry>>()
  readonly #interfaces: Interfaces
  readonly #fib: Fib
  readonly #listener: NeighborListener
  #next = 1

  constructor(interfaces: Interfaces, fib: Fib, listener: NeighborListener) {
    this.#interfaces = interfaces
    this.#fib = fib
    this.#listener = listener
  }

  [Symbol.iterator](): Iterator<NeighborEntry> {
    return this.#entries.values()
  }

  find(neighbor: Pick<Neighbor, 'swIfIndex' | 'ipAddress'>): NeighborEntry | undefined {
    return this.#entries.get(keyOf(neighbor))
  }

  /** @throws RetvalError -2 for an unknown interface, and for a learned one that differs from a static one */
  add(given: Neighbor): NeighborEntry {
    const { swIfIndex, ipAddress, flags } = given
    const { mac, devType } = this.#interfaces.get(swIfIndex)
    const key = keyOf(given)
    const known = this.#entries.get(key)
    const isFixed = (known?.flags ?? 0) & NEIGHBOR_FLAG.STATIC
    if (known !== undefined && isFixed !== 0 && (flags & NEIGHBOR_FLAG.STATIC) === 0) {
      if (known.macAddress !== given.macAddress) throw new RetvalError('INVALID_SW_IF_INDEX')
      return known
    }
    // What was learned can become static, and not the other way round.
    const kept = (known?.flags ?? flags) | (flags & NEIGHBOR_FLAG.STATIC)
    const neighbor = { ...given, flags: kept }
    const inFib = (flags & NEIGHBOR_FLAG.NO_FIB_ENTRY) === 0
    // Of the two ends of a tunnel packets need no address, and VPP counts none by it.
    const counted = inFib && !(POINT_TO_POINT.has(devType) && mac === '')
    const statsIndex = known?.statsIndex ?? (counted ? this.#next++ : 0xffff_ffff)
    const entry = { ...neighbor, statsIndex, since: performance.now() }
    this.#entries.set(key, entry)
    const ofInterface = this.#byInterface.get(swIfIndex)
    if (ofInterface === undefined) this.#byInterface.set(swIfIndex, new Map([[key, entry]]))
    else ofInterface.set(key, entry)
    if (inFib)
      this.#route(neighbor, (table, prefix) =>
        table?.set(prefix, SOURCE.ADJACENCY, [pathTo(swIfIndex, ipAddress)]),
      )
    if (known === undefined) this.#listener('added', neighbor)
    return entry
  }

  /** @throws RetvalError -2 for an unknown interface, -6 when there is no such neighbour */
  remove(neighbor: Pick<Neighbor, 'swIfIndex' | 'ipAddress'>): void {
    this.#interfaces.get(neighbor.swIfIndex)
    const known = this.#entries.get(keyOf(neighbor))
    if (known === undefined) throw new RetvalError('NO_SUCH_ENTRY')
    this.#drop(known)
  }

  /** Forgets all neighbours that `doomed` picks, of one interface or of all. */
  flush(doomed: (neighbor: NeighborEntry) => boolean, swIfIndex?: number): void {
    for (const entry of swIfIndex === undefined ? this : this.of(swIfIndex))
      if (doomed(entry)) this.#drop(entry)
  }

  /** Neighbours of one interface. */
  of(swIfIndex: number): Iterable<NeighborEntry> {
    return this.#byInterface.get(swIfIndex)?.values() ?? []
  }

  /** The interface is bound to another table: the routes to its neighbours move there. */
  rebind(swIfIndex: number, family: Family, from: number, to: number): void {
    for (const { ipAddress, flags } of this.of(swIfIndex)) {
      if (familyOf(ipAddress) !== family || (flags & NEIGHBOR_FLAG.NO_FIB_ENTRY) !== 0) continue
      const prefix = `${ipAddress}/${family === 4 ? 32 : 128}`
      this.#fib.find(family, from)?.remove(prefix, SOURCE.ADJACENCY)
      this.#fib.find(family, to)?.set(prefix, SOURCE.ADJACENCY, [pathTo(swIfIndex, ipAddress)])
    }
  }

  #drop(entry: NeighborEntry): void {
    this.#entries.delete(keyOf(entry))
    this.#byInterface.get(entry.swIfIndex)?.delete(keyOf(entry))
    this.#route(entry, (table, prefix) => table?.remove(prefix, SOURCE.ADJACENCY))
    const { swIfIndex, ipAddress, macAddress, flags } = entry
    this.#listener('removed', { swIfIndex, ipAddress, macAddress, flags })
  }

  #route(neighbor: Neighbor, act: (table: ReturnType<Fib['find']>, prefix: string) => void): void {
    const family = familyOf(neighbor.ipAddress)
    const tableId = this.#interfaces.find(neighbor.swIfIndex)?.tableId[family] ?? 0
    act(this.#fib.find(family, tableId), `${neighbor.ipAddress}/${family === 4 ? 32 : 128}`)
  }
}

function keyOf({ swIfIndex, ipAddress }: Pick<Neighbor, 'swIfIndex' | 'ipAddress'>): string {
  return `${swIfIndex} ${ipAddress}`
}

function pathTo(swIfIndex: number, nextHop: string): ReturnType<typeof makePath> {
  return makePath({ swIfIndex, nextHop, proto: familyOf(nextHop) === 4 ? 0 : 1 })
}
