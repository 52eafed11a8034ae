import { RetvalError } from '../errors.ts'
import type { Interfaces } from './interfaces.ts'
import { Pool } from './pool.ts'

/** VPP answers this for a list that names one ACL twice. */
const DUPLICATE_ACL = 1

/** An access list; `Rule` is a rule as the API has it. */
export interface Acl<Rule = unknown> {
  readonly aclIndex: number
  readonly tag: string
  readonly rules: readonly Rule[]
}

/** The access lists of an interface. */
export interface AclBinding {
  /** Those for packets that come in. */
  readonly input: readonly number[]
  /** Those for packets that go out. */
  readonly output: readonly number[]
}

const UNBOUND: AclBinding = { input: [], output: [] }

/** Access lists and where they apply. */
export class Acls implements Iterable<Acl> {
  readonly #acls = new Pool<{ current: Acl }>()
  readonly #bindings = new Map<number, AclBinding>()
  readonly #interfaces: Interfaces

  constructor(interfaces: Interfaces) {
    this.#interfaces = interfaces
  }

  *[Symbol.iterator](): Iterator<Acl> {
    for (const { current } of this.#acls) yield current
  }

  find(aclIndex: number): Acl | undefined {
    return this.#acls.get(aclIndex)?.current
  }

  /** Adds an access list. */
  add(tag: string, rules: readonly unknown[]): Acl {
    return this.#acls.add((aclIndex) => ({ current: { aclIndex, tag, rules } })).current
  }

  /** @throws RetvalError -6 when there is none */
  replace(aclIndex: number, tag: string, rules: readonly unknown[]): Acl {
    const slot = this.#get(aclIndex)
    slot.current = { aclIndex, tag, rules }
    return slot.current
  }

  /** @throws RetvalError -6 when there is none, -142 or -143 while an interface uses it for input or output */
  delete(aclIndex: number): void {
    this.#get(aclIndex)
    for (const { input, output } of this.#bindings.values()) {
      if (input.includes(aclIndex)) throw new RetvalError('ACL_IN_USE_INBOUND')
      if (output.includes(aclIndex)) throw new RetvalError('ACL_IN_USE_OUTBOUND')
    }
    this.#acls.delete(aclIndex)
  }

  /** The access lists of an interface. */
  bindingOf(swIfIndex: number): AclBinding {
    return this.#bindings.get(swIfIndex) ?? UNBOUND
  }

  /** @throws RetvalError -2 for an unknown interface, -6 for an unknown access list, 1 for one named twice */
  bind(swIfIndex: number, binding: AclBinding): void {
    this.#interfaces.get(swIfIndex)
    for (const aclIndex of [...binding.input, ...binding.output]) this.#get(aclIndex)
    for (const list of [binding.input, binding.output]) {
      if (new Set(list).size < list.length) throw new RetvalError(DUPLICATE_ACL)
    }
    this.#bindings.set(swIfIndex, binding)
  }

  /** Forgets an interface. */
  unbind(swIfIndex: number): void {
    this.#bindings.delete(swIfIndex)
  }

  #get(aclIndex: number): { current: Acl } {
    const acl = this.#acls.get(aclIndex)
    if (acl === undefined) throw new RetvalError('NO_SUCH_ENTRY')
    return acl
  }
}
