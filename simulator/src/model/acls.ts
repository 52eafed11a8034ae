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

/** Which packets an access list is for. */
export type AclSide = keyof AclBinding

const SIDES = ['input', 'output'] as const
const IN_USE = { input: 'ACL_IN_USE_INBOUND', output: 'ACL_IN_USE_OUTBOUND' } as const
const UNBOUND: AclBinding = { input: [], output: [] }

/** Access lists and where they apply. */
export class Acls implements Iterable<Acl> {
  /** Whether something other than an interface uses an access list, such as forwarding by it. */
  usedElsewhere: (aclIndex: number) => boolean = () => false
  readonly #acls = new Pool<{ current: Acl }>()
  readonly #bindings = new Map<number, AclBinding>()
  /** Interfaces by access list. */
  readonly #users: Record<AclSide, Map<number, Set<number>>> = { input: new Map(), output: new Map() }
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
    for (const side of SIDES) {
      if (this.#users[side].has(aclIndex)) throw new RetvalError(IN_USE[side])
    }
    if (this.usedElsewhere(aclIndex)) throw new RetvalError('ACL_IN_USE_BY_LOOKUP_CONTEXT')
    this.#acls.delete(aclIndex)
  }

  /** The access lists of an interface. */
  bindingOf(swIfIndex: number): AclBinding {
    return this.#bindings.get(swIfIndex) ?? UNBOUND
  }

  /**
   * Sets both lists of an interface. As in VPP the output list is set first, and stays when the input list is refused.
   * @throws RetvalError -2 for an unknown interface, -6 for an unknown access list, 1 for one named twice
   */
  bind(swIfIndex: number, binding: AclBinding): void {
    this.#interfaces.get(swIfIndex)
    for (const aclIndex of [...binding.input, ...binding.output]) this.#get(aclIndex)
    for (const side of ['output', 'input'] as const) {
      if (new Set(binding[side]).size < binding[side].length) throw new RetvalError(DUPLICATE_ACL)
      this.#setSide(swIfIndex, side, binding[side])
    }
  }

  /** @throws RetvalError -2 for an unknown interface, -6 for an unknown access list, -142 or -143 when it is bound already */
  bindOne(swIfIndex: number, side: AclSide, aclIndex: number): void {
    this.#interfaces.get(swIfIndex)
    const before = this.bindingOf(swIfIndex)[side]
    if (before.includes(aclIndex)) throw new RetvalError(IN_USE[side])
    this.#get(aclIndex)
    this.#setSide(swIfIndex, side, [...before, aclIndex])
  }

  /** @throws RetvalError -2 for an unknown interface, -6 when it is not bound; the last of the list takes its place */
  unbindOne(swIfIndex: number, side: AclSide, aclIndex: number): void {
    this.#interfaces.get(swIfIndex)
    const list = [...this.bindingOf(swIfIndex)[side]]
    const at = list.indexOf(aclIndex)
    if (at < 0) throw new RetvalError('NO_SUCH_ENTRY')
    const last = list.pop() as number
    if (at < list.length) list[at] = last
    this.#setSide(swIfIndex, side, list)
  }

  /** Forgets an interface. */
  unbind(swIfIndex: number): void {
    for (const side of SIDES) this.#setSide(swIfIndex, side, [])
    this.#bindings.delete(swIfIndex)
  }

  #setSide(swIfIndex: number, side: AclSide, list: readonly number[]): void {
    const users = this.#users[side]
    const before = this.bindingOf(swIfIndex)
    for (const aclIndex of before[side]) {
      const left = users.get(aclIndex)
      left?.delete(swIfIndex)
      if (left?.size === 0) users.delete(aclIndex)
    }
    for (const aclIndex of list) {
      const known = users.get(aclIndex)
      if (known === undefined) users.set(aclIndex, new Set([swIfIndex]))
      else known.add(swIfIndex)
    }
    this.#bindings.set(swIfIndex, { ...before, [side]: list })
  }

  #get(aclIndex: number): { current: Acl } {
    const acl = this.#acls.get(aclIndex)
    if (acl === undefined) throw new RetvalError('NO_SUCH_ENTRY')
    return acl
  }
}
