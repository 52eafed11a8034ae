import type { Fault, FaultEffect, FaultRule } from './effect.ts'

class ActiveFault implements Fault {
  readonly rule: FaultRule
  hits = 0
  #seen = 0
  readonly #remove: (fault: ActiveFault) => void

  constructor(rule: FaultRule, remove: (fault: ActiveFault) => void) {
    this.rule = rule
    this.#remove = remove
  }

  strikes(message: string, connection: number): boolean {
    const { rule } = this
    if (rule.message !== undefined && rule.message !== message) return false
    if (rule.connection !== undefined && rule.connection !== connection) return false
    if (this.#seen++ < (rule.after ?? 0)) return false
    if (this.hits >= (rule.times ?? Infinity)) return false
    this.hits++
    return true
  }

  remove(): void {
    this.#remove(this)
  }

  [Symbol.dispose](): void {
    this.remove()
  }
}

/** Scripted faults of one simulator. */
export class Faults {
  readonly #active = new Set<ActiveFault>()

  /** Puts a rule in force. Of several that fit a request, the oldest that still strikes has its way. */
  add(rule: FaultRule): Fault {
    const fault = new ActiveFault(rule, (it) => this.#active.delete(it))
    this.#active.add(fault)
    return fault
  }

  /** Ends all faults. */
  clear(): void {
    this.#active.clear()
  }

  /** The fault that hits a request, if one does. */
  strike(message: string, connection: number): FaultEffect | undefined {
    if (this.#active.size === 0) return undefined
    for (const fault of this.#active) if (fault.strikes(message, connection)) return fault.rule.effect
    return undefined
  }
}
