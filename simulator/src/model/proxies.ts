import { RetvalError } from '../errors.ts'
import type { Fib } from './fib.ts'
import { SOURCE } from './fib-sources.ts'
import type { Interfaces } from './interfaces.ts'
import type { Neighbors } from './neighbors.ts'
import { makePath } from './route.ts'

/** Addresses that VPP answers ARP for. */
export interface ProxyRange {
  readonly tableId: number
  readonly low: string
  readonly hi: string
}

/** `FIB_API_PATH_NH_PROTO_IP6` */
const IP6 = 1

/** Answers in place of others: ARP by ranges and interfaces, IPv6 neighbour discovery by addresses. */
export class Proxies {
  readonly #interfaces: Interfaces
  readonly #fib: Fib
  readonly #neighbors: Neighbors
  readonly #ranges: ProxyRange[] = []
  /** A deleted interface's setting is that of the next one with its index, as in VPP. */
  readonly #arpOn = new Set<number>()
  readonly #ndOn = new Set<number>()

  constructor(interfaces: Interfaces, fib: Fib, neighbors: Neighbors) {
    this.#interfaces = interfaces
    this.#fib = fib
    this.#neighbors = neighbors
  }

  /** In the order in which they were made. */
  get ranges(): readonly ProxyRange[] {
    return this.#ranges
  }

  /** Interfaces on which ARP is answered. */
  get arpInterfaces(): number[] {
    return [...this.#arpOn].sort((a, b) => a - b)
  }

  /** @throws RetvalError -3 without the table */
  addRange(range: ProxyRange): void {
    this.#fib.table(4, range.tableId)
    if (this.#indexOf(range) < 0) this.#ranges.push(range)
  }

  /** @throws RetvalError -3 without the table, -6 without the range */
  removeRange(range: ProxyRange): void {
    this.#fib.table(4, range.tableId)
    const index = this.#indexOf(range)
    if (index < 0) throw new RetvalError('NO_SUCH_ENTRY')
    this.#ranges.splice(index, 1)
  }

  /** @throws RetvalError -2 for an unknown interface */
  setArp(swIfIndex: number, on: boolean): void {
    this.#interfaces.get(swIfIndex)
    if (on) this.#arpOn.add(swIfIndex)
    else this.#arpOn.delete(swIfIndex)
  }

  /** @throws RetvalError -2 for an unknown interface */
  setNd(swIfIndex: number, on: boolean): void {
    this.#interfaces.get(swIfIndex)
    if (on) this.#ndOn.add(swIfIndex)
    else this.#ndOn.delete(swIfIndex)
  }

  /** True while neighbour discovery is answered on an interface, which VPP tells nowhere. */
  answersNd(swIfIndex: number): boolean {
    return this.#ndOn.has(swIfIndex)
  }

  /** Answers for an address of IPv6, which is a route. @throws RetvalError -2 for an unknown interface */
  addNd(swIfIndex: number, address: string): void {
    const { tableId } = this.#interfaces.get(swIfIndex)
    const path = makePath({ swIfIndex, nextHop: address, proto: IP6 })
    this.#fib.add(tableId[6], `${address}/128`, [path], { multipath: true, source: SOURCE.ND_PROXY })
  }

  /** @throws RetvalError -2 for an unknown interface */
  removeNd(swIfIndex: number, address: string): void {
    const { tableId } = this.#interfaces.get(swIfIndex)
    const path = makePath({ swIfIndex, nextHop: address, proto: IP6 })
    this.#fib.remove(tableId[6], `${address}/128`, [path], { multipath: true, source: SOURCE.ND_PROXY })
    this.#neighbors.flush((it) => it.ipAddress === address, swIfIndex)
  }

  #indexOf({ tableId, low, hi }: ProxyRange): number {
    return this.#ranges.findIndex((it) => it.tableId === tableId && it.low === low && it.hi === hi)
  }
}
