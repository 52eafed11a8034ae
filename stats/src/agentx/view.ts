import type { Variable } from './messages.ts'
import type { SearchRange } from './messages.ts'
import { compareOids, type Oid } from './oid.ts'

/** Variables in the order of a walk. */
export class MibView {
  readonly #variables: readonly Variable[]

  /** @param variables by ascending OID */
  constructor(variables: readonly Variable[]) {
    this.#variables = variables
  }

  /** The variable itself, or that there is none. */
  get(oid: Oid): Variable {
    const found = this.#variables[this.#first(oid, true)]
    return found !== undefined && compareOids(found.oid, oid) === 0 ? found : { type: 'noSuchInstance', oid }
  }

  /** The first variable of a range, or its end. */
  next({ start, end }: SearchRange): Variable {
    const found = this.#variables[this.#first(start.oid, start.include)]
    const inside = found !== undefined && (end.length === 0 || compareOids(found.oid, end) < 0)
    return inside ? found : { type: 'endOfMibView', oid: start.oid }
  }

  /** The first `repetitions` variables of a range one after the other, at most up to its end. */
  walk({ start, end }: SearchRange, repetitions: number): Variable[] {
    const variables: Variable[] = []
    let from = start
    while (variables.length < repetitions) {
      const variable = this.next({ start: from, end })
      variables.push(variable)
      if (variable.type === 'endOfMibView') break
      from = { oid: variable.oid, include: false }
    }
    return variables
  }

  /** Index of the first variable after `oid`, or at it. */
  #first(oid: Oid, include: boolean): number {
    let low = 0
    let high = this.#variables.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const order = compareOids(this.#variables[middle]?.oid ?? [], oid)
      if (order < 0 || (order === 0 && !include)) low = middle + 1
      else high = middle
    }
    return low
  }
}
