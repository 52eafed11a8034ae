import { RetvalError } from '../errors.ts'
import type { Fib } from './fib.ts'
import type { Interfaces } from './interfaces.ts'
import { Pool } from './pool.ts'
import { PATH_TYPE, makePath } from './route.ts'

/** What an interface is for NAT44. */
export interface NatSide {
  readonly swIfIndex: number
  readonly inside: boolean
  readonly outside: boolean
}

/** Interfaces that NAT44 is on, on one side or both, or behind the routing of packets. */
export class NatSides {
  readonly #interfaces: Interfaces
  /** What an interface announces when it becomes an outside one, or withdraws. */
  readonly #announce: (swIfIndex: number, isAdd: boolean) => void
  #features = new Pool<NatSide>()
  #outputs = new Pool<NatSide>()

  constructor(interfaces: Interfaces, announce: (swIfIndex: number, isAdd: boolean) => void) {
    this.#interfaces = interfaces
    this.#announce = announce
  }

  get features(): Iterable<NatSide> {
    return this.#features
  }

  /** Interfaces with the output feature. */
  get outputs(): Iterable<NatSide> {
    return this.#outputs
  }

  /** Interfaces whose packets come from outside. */
  *outsides(): Iterable<number> {
    for (const { swIfIndex, outside } of this.#features) if (outside) yield swIfIndex
    for (const { swIfIndex } of this.#outputs) yield swIfIndex
  }

  /** @throws RetvalError -2 for an unknown interface, -81 when it has the output feature */
  add(swIfIndex: number, isInside: boolean): void {
    this.#interfaces.get(swIfIndex)
    if (indexOf(this.#outputs, swIfIndex) !== undefined) throw new RetvalError('VALUE_EXIST')
    const index = indexOf(this.#features, swIfIndex)
    const before = index === undefined ? undefined : this.#features.get(index)
    if (before !== undefined && (isInside ? before.inside : before.outside)) return
    const after = {
      swIfIndex,
      inside: isInside || before?.inside === true,
      outside: !isInside || before?.outside === true,
    }
    if (index === undefined) this.#features.add(() => after)
    else this.#features.set(index, after)
    if (!isInside) this.#announce(swIfIndex, true)
  }

  /** Of an interface with one side, the side that is named does not matter. @throws RetvalError -2, -6 without a side */
  remove(swIfIndex: number, isInside: boolean): void {
    this.#interfaces.get(swIfIndex)
    this.#remove(swIfIndex, isInside)
  }

  /** @throws RetvalError -2 for an unknown interface, -81 when it has a feature */
  addOutput(swIfIndex: number): void {
    this.#interfaces.get(swIfIndex)
    const known = [this.#features, this.#outputs].some((it) => indexOf(it, swIfIndex) !== undefined)
    if (known) throw new RetvalError('VALUE_EXIST')
    this.#outputs.add(() => ({ swIfIndex, inside: true, outside: true }))
    this.#announce(swIfIndex, true)
  }

  /** @throws RetvalError -2 for an unknown interface, -6 when it has not */
  removeOutput(swIfIndex: number): void {
    this.#interfaces.get(swIfIndex)
    const index = indexOf(this.#outputs, swIfIndex)
    if (index === undefined) throw new RetvalError('NO_SUCH_ENTRY')
    this.#outputs.delete(index)
    this.#announce(swIfIndex, false)
  }

  /** Forgets an interface that is being deleted. */
  forget(swIfIndex: number): void {
    for (const side of this.#features) {
      if (side.swIfIndex !== swIfIndex) continue
      if (side.inside) this.#remove(swIfIndex, true)
      if (side.outside) this.#remove(swIfIndex, false)
    }
    const output = indexOf(this.#outputs, swIfIndex)
    if (output === undefined) return
    this.#outputs.delete(output)
    this.#announce(swIfIndex, false)
  }

  /** Forgets them all. */
  clear(): void {
    for (const { swIfIndex } of [...this.#features, ...this.#outputs]) this.forget(swIfIndex)
    this.#features = new Pool()
    this.#outputs = new Pool()
  }

  #remove(swIfIndex: number, isInside: boolean): void {
    const index = indexOf(this.#features, swIfIndex)
    const before = index === undefined ? undefined : this.#features.get(index)
    if (index === undefined || before === undefined) throw new RetvalError('NO_SUCH_ENTRY')
    if (before.inside && before.outside)
      this.#features.set(index, { swIfIndex, inside: !isInside, outside: isInside })
    else this.#features.delete(index)
    if (!isInside) this.#announce(swIfIndex, false)
  }
}

function indexOf(pool: Pool<NatSide>, swIfIndex: number): number | undefined {
  return pool.indexOf((it) => it.swIfIndex === swIfIndex)
}

/** Routes by which VPP takes packets for outside addresses, and answers ARP for them. */
export class NatRoutes {
  readonly #interfaces: Interfaces
  readonly #fib: Fib
  readonly #source: number

  constructor(interfaces: Interfaces, fib: Fib, source: number) {
    this.#interfaces = interfaces
    this.#fib = fib
    this.#source = source
  }

  /** Adds or removes the route of an address in the table of an outside interface. */
  set(swIfIndex: number, address: string, isAdd: boolean): void {
    const table = this.#interfaces.find(swIfIndex)?.tableId[4] ?? 0
    const options = { source: this.#source }
    const path = makePath({ swIfIndex, type: PATH_TYPE.LOCAL, nextHop: address })
    if (isAdd) this.#fib.add(table, `${address}/32`, [path], options)
    else this.#fib.remove(table, `${address}/32`, [], options)
  }
}
