import { RetvalError } from '../errors.ts'
import type { Fib } from './fib.ts'
import type { Interfaces } from './interfaces.ts'
import type { Family } from './prefix.ts'

/** A check of sources on an interface. */
export interface UrpfCheck {
  readonly swIfIndex: number
  readonly isInput: boolean
  readonly family: Family
  /** `URPF_API_MODE_…` */
  readonly mode: number
  /** Undefined: the interface's. */
  readonly tableId: number | undefined
}

const OFF = 0
const STRICT = 2

/** Checks of sources; those of a deleted interface are on the next one with its index, as in VPP. */
export class Urpf {
  readonly #checks = new Map<string, UrpfCheck>()
  readonly #interfaces: Interfaces
  readonly #fib: Fib

  constructor(interfaces: Interfaces, fib: Fib) {
    this.#interfaces = interfaces
    this.#fib = fib
  }

  /** @throws RetvalError -2 for an unknown interface, -7 for an unknown mode or table */
  update(check: UrpfCheck): void {
    const { swIfIndex, isInput, family, mode, tableId } = check
    this.#interfaces.get(swIfIndex)
    if (mode > STRICT) throw new RetvalError('INVALID_VALUE')
    if (tableId !== undefined && this.#fib.find(family, tableId) === undefined) {
      throw new RetvalError('INVALID_VALUE')
    }
    this.#checks.set(`${swIfIndex} ${family} ${isInput}`, check)
  }

  /** What VPP lists of an interface: checks that are on, or were given a table. */
  of(swIfIndex: number): UrpfCheck[] {
    return ([4, 6] as const)
      .flatMap((family) =>
        [true, false].map((isInput) => this.#checks.get(`${swIfIndex} ${family} ${isInput}`)),
      )
      .filter((it) => it !== undefined)
      .filter(({ mode, tableId }) => mode !== OFF || tableId !== undefined)
  }
}
