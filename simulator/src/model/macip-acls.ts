import { RetvalError } from '../errors.ts'
import type { Acl } from './acls.ts'
import type { Interfaces } from './interfaces.ts'
import { Pool } from './pool.ts'

/** Access lists that look at MAC and IP addresses; an interface has at most one. */
export class MacipAcls implements Iterable<Acl> {
  readonly #acls = new Pool<{ current: Acl }>()
  readonly #bindings = new Map<number, number>()
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
  }

  unbind(swIfIndex: number): void {
    this.#bindings.delete(swIfIndex)
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
