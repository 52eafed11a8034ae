import type { BuiltIns } from './built-in.ts'
import { DONE } from './built-in.ts'
import type { WirePath } from './path.ts'
import { readPath, writePath } from './path.ts'

interface Policy {
  readonly policyId: number
  readonly aclIndex: number
  readonly paths: readonly WirePath[]
}

interface Attach {
  readonly policyId: number
  readonly swIfIndex: number
  readonly priority: number
  readonly isIpv6: boolean
}

/** Forwarding by access list. */
export const abf: BuiltIns = {
  abf_policy_add_del: ({ isAdd, policy }: { isAdd: boolean; policy: Policy }, { model }) => {
    const { policyId, aclIndex } = policy
    const paths = policy.paths.map((path) => readPath(path, model))
    if (isAdd) model.abf.add(policyId, aclIndex, paths)
    else model.abf.remove(policyId, paths)
    return DONE
  },

  abf_policy_dump: (_request, { model }) =>
    model.abf.policies().map(({ policyId, aclIndex, paths }) => ({
      policy: { policyId, aclIndex, nPaths: paths.length, paths: paths.map(writePath) },
    })),

  abf_itf_attach_add_del: ({ isAdd, attach }: { isAdd: boolean; attach: Attach }, { model }) => {
    const { policyId, swIfIndex, priority, isIpv6 } = attach
    if (isAdd) model.abf.attach({ policyId, swIfIndex, priority, family: isIpv6 ? 6 : 4 })
    else model.abf.detach(policyId, swIfIndex)
    return DONE
  },

  abf_itf_attach_dump: (_request, { model }) =>
    model.abf.attachments().map(({ policyId, swIfIndex, priority, family }) => ({
      attach: { policyId, swIfIndex, priority, isIpv6: family === 6 },
    })),
}
