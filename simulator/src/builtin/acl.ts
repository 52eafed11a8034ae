import { RetvalError } from '../errors.ts'
import type { Acl, Acls } from '../model/acls.ts'
import { parsePrefix } from '../model/prefix.ts'
import type { BuiltIns } from './built-in.ts'
import { DONE, NONE, orRefuse } from './built-in.ts'

interface AddReplace<R = object> {
  readonly aclIndex: number
  readonly tag: string
  readonly r: readonly R[]
}

/** A rule of an access list, by the names of the API. */
export interface AclRule {
  readonly isPermit: number
  readonly srcPrefix: string
  readonly dstPrefix: string
  readonly srcportOrIcmptypeFirst: number
  readonly srcportOrIcmptypeLast: number
  readonly dstportOrIcmpcodeFirst: number
  readonly dstportOrIcmpcodeLast: number
  readonly proto: number
  readonly tcpFlagsMask: number
  readonly tcpFlagsValue: number
}

function familyFor(prefix: string, refusal: 'INVALID_SRC_ADDRESS' | 'INVALID_DST_ADDRESS'): number {
  try {
    return parsePrefix(prefix).family
  } catch (error) {
    throw error instanceof RetvalError ? new RetvalError(refusal) : error
  }
}

/** @throws RetvalError -57 or -58 for a bad prefix, -57 for two families, -8 for ports in the wrong order */
function checkRule(rule: AclRule): void {
  const source = familyFor(rule.srcPrefix, 'INVALID_SRC_ADDRESS')
  const destination = familyFor(rule.dstPrefix, 'INVALID_DST_ADDRESS')
  if (source !== destination) throw new RetvalError('INVALID_SRC_ADDRESS')
  const inOrder =
    rule.srcportOrIcmptypeFirst <= rule.srcportOrIcmptypeLast &&
    rule.dstportOrIcmpcodeFirst <= rule.dstportOrIcmpcodeLast
  if (!inOrder) throw new RetvalError('INVALID_VALUE_2')
}

/**
 * Adds an access list, or replaces that of an index.
 * @returns its index
 * @throws RetvalError as the rules are bad, -6 when there is none to replace
 */
export function addAcl(acls: Acls, { aclIndex, tag, r }: AddReplace<AclRule>): number {
  for (const rule of r) checkRule(rule)
  const set = aclIndex === NONE ? acls.add(tag, r) : acls.replace(aclIndex, tag, r)
  return set.aclIndex
}

function detailsOf({ aclIndex, tag, rules }: Acl): object {
  return { aclIndex, tag, r: rules }
}

/** Access lists. */
export const acl: BuiltIns = {
  acl_plugin_get_version: () => ({ major: 1, minor: 4 }),

  acl_plugin_control_ping: (_request, { pid }, { clientIndex }) => ({ clientIndex, vpePid: pid }),

  acl_add_replace: (request: AddReplace<AclRule>, { model: { acls } }) =>
    orRefuse({ aclIndex: request.aclIndex }, () => ({ aclIndex: addAcl(acls, request) })),

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
    const side = isInput ? 'input' : 'output'
    if (isAdd) acls.bindOne(swIfIndex, side, aclIndex)
    else acls.unbindOne(swIfIndex, side, aclIndex)
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
    return {
      acls: Array.from({ length: macipAcls.length }, (_, swIfIndex) => bindings.get(swIfIndex) ?? NONE),
    }
  },

  macip_acl_interface_list_dump: (request: { swIfIndex: number }, { model: { macipAcls } }) =>
    macipAcls
      .bindings()
      .filter(([swIfIndex]) => request.swIfIndex === NONE || swIfIndex === request.swIfIndex)
      .map(([swIfIndex, aclIndex]) => ({ swIfIndex, acls: [aclIndex] })),
}
