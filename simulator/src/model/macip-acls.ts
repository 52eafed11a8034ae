import { RetvalError } from '../errors.ts'
import type { Acl } from './acls.ts'
import type { Interfaces } from './interfaces.ts'
import { Pool } from './pool.ts'

/** Access lists that look at MAC and IP addresses; an interface has at most one. */
export class MacipAcls implements Iterable<Acl> {
  readonly #acls = new Pool<{ current: Acl }>()
  readonly #bindings = new Map<number, number>()
  #length = 0
  readonly #interfaces: Interfaces

  constructor(interfaces: Interfaces) {
    this.#interfaces = interfaces
  }

  *[Symbol.iterator](): Iterator<Acl> {
    for (const { current } of this.#acls) yield current
  }

  add(tag: string, rules: readonly unknown[]): Acl {
    return this.#acls.add((aclIndex) => ({ current: { aclIndex, tag, rules } })).current
  }

  /** @throws RetvalError -6 when there is none */
  replace(aclIndex: number, tag: string, rules: readonly unknown[]): void {
    this.#get(aclIndex).current = { aclIndex, tag, rules }
  }

  /** Removes an access list, from its interfaces too. @throws RetvalError -6 when there is none */
  delete(aclIndex: number): void {
    this.#get(aclIndex)
    this.#acls.delete(aclIndex)
    for (const [swIfIndex, bound] of this.#bindings) if (bound === aclIndex) this.#bindings.delete(swIfIndex)
  }

  /** @throws RetvalError -2 for an unknown interface, -6 for an unknown access list */
  bind(swIfIndex: number, aclIndex: number): void {
    this.#interfaces.get(swIfIndex)
    this.#get(aclIndex)
    this.#bindings.set(swIfIndex, aclIndex)
    this.#length = Math.max(this.#length, swIfIndex + 1)
  }

  /** @throws RetvalError -2 for an unknown interface, -6 for one without an access list */
  unbind(swIfIndex: number): void {
    this.#interfaces.get(swIfIndex)
    if (!this.#bindings.delete(swIfIndex)) throw new RetvalError('NO_SUCH_ENTRY')
  }

  /** Forgets an interface that is deleted. */
  forget(swIfIndex: number): void {
    this.#bindings.delete(swIfIndex)
  }

  /** Length of VPP's list, which has a place for every index up to the greatest that was ever bound. */
  get length(): number {
    return this.#length
  }

  /** Interfaces that have one, with its index. */
  bindings(): [swIfIndex: number, aclIndex: number][] {
    return [...this.#bindings].sort(([a], [b]) => a - b)
  }

  #get(aclIndex: number): { current: Acl } {
    const acl = this.#acls.get(aclIndex)
    if (acl === undefined) throw new RetvalError('NO_SUCH_ENTRY')
    return acl
  }
}
