import { RetvalError } from '../errors.ts'
import { Pool } from './pool.ts'
import type { Family } from './prefix.ts'
import { comparePaths, samePath } from './route.ts'
import type { Path } from './route.ts'

/** Where packets of an access list go. */
export interface AbfPolicy {
  readonly policyId: number
  readonly aclIndex: number
  readonly paths: readonly Path[]
}

/** A policy on an interface. */
export interface AbfAttachment {
  readonly policyId: number
  readonly swIfIndex: number
  readonly priority: number
  readonly family: Family
}

/** Forwarding by access list. */
export class Abf {
  readonly #policies = new Pool<AbfPolicy>()
  readonly #byId = new Map<number, number>()
  readonly #attachments = new Pool<AbfAttachment>()

  /** In VPP's order. */
  policies(): AbfPolicy[] {
    return [...this.#policies]
  }

  /** In VPP's order. */
  attachments(): AbfAttachment[] {
    return [...this.#attachments]
  }

  find(policyId: number): AbfPolicy | undefined {
    const index = this.#byId.get(policyId)
    return index === undefined ? undefined : this.#policies.get(index)
  }

  /** True while a policy of an access list is on an interface. */
  usesAcl(aclIndex: number): boolean {
    return this.attachments().some(({ policyId }) => this.find(policyId)?.aclIndex === aclIndex)
  }

  /** Makes a policy, or adds paths to one. @throws RetvalError -7 without paths, or when it has another access list */
  add(policyId: number, aclIndex: number, paths: readonly Path[]): void {
    if (paths.length === 0) throw new RetvalError('INVALID_VALUE')
    const known = this.find(policyId)
    if (known === undefined) {
      this.#policies.add((index) => {
        this.#byId.set(policyId, index)
        return { policyId, aclIndex, paths: paths.toSorted(comparePaths) }
      })
      return
    }
    if (known.aclIndex !== aclIndex) throw new RetvalError('INVALID_VALUE')
    const kept = known.paths.filter((it) => !paths.some((path) => samePath(path, it)))
    this.#set({ ...known, paths: [...kept, ...paths].sort(comparePaths) })
  }

  /** Takes paths from a policy, which goes with its last one. @throws RetvalError -7 without paths or policy */
  remove(policyId: number, paths: readonly Path[]): void {
    const known = this.find(policyId)
    if (paths.length === 0 || known === undefined) throw new RetvalError('INVALID_VALUE')
    const left = known.paths.filter((it) => !paths.some((path) => samePath(path, it)))
    if (left.length > 0) this.#set({ ...known, paths: left })
    else this.#delete(policyId)
  }

  /** @throws RetvalError -7 without the policy, -116 when it is there already */
  attach(attachment: AbfAttachment): void {
    const { policyId, swIfIndex } = attachment
    if (this.find(policyId) === undefined) throw new RetvalError('INVALID_VALUE')
    if (this.#find(policyId, swIfIndex) !== undefined) throw new RetvalError('ENTRY_ALREADY_EXISTS')
    this.#attachments.add(() => attachment)
  }

  /** @throws RetvalError -6 when it is not there */
  detach(policyId: number, swIfIndex: number): void {
    const index = this.#find(policyId, swIfIndex)
    if (index === undefined) throw new RetvalError('NO_SUCH_ENTRY')
    this.#attachments.delete(index)
  }

  #set(policy: AbfPolicy): void {
    const index = this.#byId.get(policy.policyId)
    if (index !== undefined) this.#policies.set(index, policy)
  }

  #delete(policyId: number): void {
    const index = this.#byId.get(policyId)
    this.#byId.delete(policyId)
    if (index !== undefined) this.#policies.delete(index)
  }

  /** Place of an attachment; a policy is on an interface once, whatever the family. */
  #find(policyId: number, swIfIndex: number): number | undefined {
    return this.#attachments.indexOf((it) => it.policyId === policyId && it.swIfIndex === swIfIndex)
  }
}
