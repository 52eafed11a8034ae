import { RetvalError } from '../errors.ts'
import type { Fib } from './fib.ts'
import type { Interfaces } from './interfaces.ts'
import { Pool } from './pool.ts'

/** An address that is another outside. */
export interface Nat66Mapping {
  readonly local: string
  readonly external: string
  readonly vrfId: number
}

/** A side of the translation. */
export interface Nat66Interface {
  readonly swIfIndex: number
  readonly isInside: boolean
}

/** VPP gives this when the plugin is on, or off, at the wrong time. */
const WRONG_STATE = 1

/** Translation of IPv6 addresses. As in VPP, tables stay in use when it is switched off, and deleted interfaces in its list. */
export class Nat66 {
  readonly #interfaces: Interfaces
  readonly #fib: Fib
  #enabled = false
  #sides = new Pool<Nat66Interface>()
  #mappings = new Pool<Nat66Mapping>()

  constructor(interfaces: Interfaces, fib: Fib) {
    this.#interfaces = interfaces
    this.#fib = fib
  }

  /** Interfaces that translate. */
  get sides(): Iterable<Nat66Interface> {
    return this.#sides
  }

  get mappings(): Iterable<Nat66Mapping> {
    return this.#mappings
  }

  /** @throws RetvalError 1 when it is on already */
  enable(outsideVrf: number): void {
    if (this.#enabled) throw new RetvalError(WRONG_STATE)
    this.#fib.hold(6, outsideVrf)
    this.#enabled = true
  }

  /** Forgets everything; it need not be on. */
  disable(): void {
    this.#enabled = false
    this.#sides = new Pool()
    this.#mappings = new Pool()
  }

  /** @throws RetvalError -2 for an unknown interface, 1 while it is off, -81 when the interface is a side already */
  addSide(swIfIndex: number, isInside: boolean): void {
    this.#checkSide(swIfIndex)
    if (this.#sideOf(swIfIndex) !== undefined) throw new RetvalError('VALUE_EXIST')
    this.#sides.add(() => ({ swIfIndex, isInside }))
  }

  /** @throws RetvalError -2 for an unknown interface, 1 while it is off, -6 when the interface has no NAT66 role */
  removeSide(swIfIndex: number): void {
    this.#checkSide(swIfIndex)
    const index = this.#sideOf(swIfIndex)
    if (index === undefined) throw new RetvalError('NO_SUCH_ENTRY')
    this.#sides.delete(index)
  }

  /** The table is made where there is none. @throws RetvalError 1 while it is off, -81 for a local address that has one */
  addMapping(mapping: Nat66Mapping): void {
    this.#checkOn()
    if (this.#mappingOf(mapping) !== undefined) throw new RetvalError('VALUE_EXIST')
    this.#fib.hold(6, mapping.vrfId)
    this.#mappings.add(() => mapping)
  }

  /** @throws RetvalError 1 while it is off, -6 without the local address */
  removeMapping(mapping: Nat66Mapping): void {
    this.#checkOn()
    const index = this.#mappingOf(mapping)
    if (index === undefined) throw new RetvalError('NO_SUCH_ENTRY')
    this.#mappings.delete(index)
    this.#fib.letGo(6, mapping.vrfId)
  }

  #checkSide(swIfIndex: number): void {
    this.#interfaces.get(swIfIndex)
    this.#checkOn()
  }

  #checkOn(): void {
    if (!this.#enabled) throw new RetvalError(WRONG_STATE)
  }

  #sideOf(swIfIndex: number): number | undefined {
    return this.#sides.indexOf((it) => it.swIfIndex === swIfIndex)
  }

  #mappingOf({ local, vrfId }: Nat66Mapping): number | undefined {
    return this.#mappings.indexOf((it) => it.local === local && it.vrfId === vrfId)
  }
}
