import { RETVAL, RetvalError } from '../errors.ts'
import type { Acl } from '../model/acls.ts'
import type { BuiltIns } from './built-in.ts'
import { DONE, NONE, orRefuse } from './built-in.ts'

interface AddReplace {
  readonly aclIndex: number
  readonly tag: string
  readonly r: readonly object[]
}

function detailsOf({ aclIndex, tag, rules }: Acl): object {
  return { aclIndex, tag, r: rules }
}

/** Access lists. */
export const acl: BuiltIns = {
  acl_plugin_get_version: () => ({ major: 1, minor: 4 }),

  acl_plugin_control_ping: (_request, { pid }, { clientIndex }) => ({ clientIndex, vpePid: pid }),

  acl_add_replace: ({ aclIndex, tag, r }: AddReplace, { model: { acls } }) =>
    orRefuse({ aclIndex }, () => {
      const set = aclIndex === NONE ? acls.add(tag, r) : acls.replace(aclIndex, tag, r)
      return { aclIndex: set.aclIndex }
    }),

  acl_del: ({ aclIndex }: { aclIndex: number }, { model: { acls } }) => {
    acls.delete(aclIndex)
    return DONE
  },

  acl_dump: (request: { aclIndex: number }, { model: { acls } }) =>
    [...acls]
      .filter(({ aclIndex }) => request.aclIndex === NONE || aclIndex === request.aclIndex)
      .map(detailsOf),

  acl_interface_set_acl_list: (
    request: { swIfIndex: number; nInput: number; acls: readonly number[] },
    { model: { acls } },
  ) => {
    const { swIfIndex, nInput, acls: list } = request
    acls.bind(swIfIndex, { input: list.slice(0, nInput), output: list.slice(nInput) })
    return DONE
  },

  acl_interface_add_del: (
    request: { isAdd: boolean; isInput: boolean; swIfIndex: number; aclIndex: number },
    { model: { acls } },
  ) => {
    const { isAdd, isInput, swIfIndex, aclIndex } = request
    const before = acls.bindingOf(swIfIndex)
    const side = isInput ? 'input' : 'output'
    const list = before[side]
    acls.bind(swIfIndex, { ...before, [side]: list.filter((it) => it !== aclIndex) })
    if (!isAdd && !list.includes(aclIndex)) throw new RetvalError('NO_SUCH_ENTRY')
    if (!isAdd) return DONE
    const after = { ...before, [side]: [...list.filter((it) => it !== aclIndex), aclIndex] }
    acls.bind(swIfIndex, after)
    if (list.includes(aclIndex))
      return { retval: isInput ? RETVAL.ACL_IN_USE_INBOUND : RETVAL.ACL_IN_USE_OUTBOUND }
    return DONE
  },

  *acl_interface_list_dump(request: { swIfIndex: number }, { model: { acls, interfaces } }) {
    for (const { swIfIndex } of interfaces) {
      if (request.swIfIndex !== NONE && request.swIfIndex !== swIfIndex) continue
      const { input, output } = acls.bindingOf(swIfIndex)
      yield { swIfIndex, nInput: input.length, acls: [...input, ...output] }
    }
  },

  macip_acl_add: ({ tag, r }: AddReplace, { model: { macipAcls } }) => ({
    aclIndex: macipAcls.add(tag, r).aclIndex,
  }),

  macip_acl_add_replace: ({ aclIndex, tag, r }: AddReplace, { model: { macipAcls } }) =>
    orRefuse({ aclIndex }, () => {
      if (aclIndex === NONE) return { aclIndex: macipAcls.add(tag, r).aclIndex }
      macipAcls.replace(aclIndex, tag, r)
      return { aclIndex }
    }),

  macip_acl_del: ({ aclIndex }: { aclIndex: number }, { model: { macipAcls } }) => {
    macipAcls.delete(aclIndex)
    return DONE
  },

  macip_acl_dump: (request: { aclIndex: number }, { model: { macipAcls } }) =>
    [...macipAcls]
      .filter(({ aclIndex }) => request.aclIndex === NONE || aclIndex === request.aclIndex)
      .map(detailsOf),

  macip_acl_interface_add_del: (
    request: { isAdd: boolean; swIfIndex: number; aclIndex: number },
    { model: { macipAcls } },
  ) => {
    const { isAdd, swIfIndex, aclIndex } = request
    if (isAdd) macipAcls.bind(swIfIndex, aclIndex)
    else macipAcls.unbind(swIfIndex)
    return DONE
  },

  macip_acl_interface_get: (_request, { model: { macipAcls } }) => {
    const bindings = new Map(macipAcls.bindings())
    const length = Math.max(0, ...[...bindings.keys()].map((swIfIndex) => swIfIndex + 1))
    return { acls: Array.from({ length }, (_, swIfIndex) => bindings.get(swIfIndex) ?? NONE) }
  },

  macip_acl_interface_list_dump: (request: { swIfIndex: number }, { model: { macipAcls } }) =>
    macipAcls
      .bindings()
      .filter(([swIfIndex]) => request.swIfIndex === NONE || swIfIndex === request.swIfIndex)
      .map(([swIfIndex, aclIndex]) => ({ swIfIndex, acls: [aclIndex] })),
}
