import { AclAction, type AclRule as WireRule } from '@vpp-ts/binapi-acl-types'
import type { AclRule } from './schema.ts'
import { canonicalPrefix } from '../../model/ip.ts'
import { ifAvailable } from '../available.ts'
import { NONE, type Handler, type Vpp } from '../handler.ts'
import { aclTag, readAclTag } from '../mark.ts'
import type { AclValue } from '../object.ts'

const ACTIONS = {
  deny: AclAction.ACL_ACTION_API_DENY,
  permit: AclAction.ACL_ACTION_API_PERMIT,
  reflect: AclAction.ACL_ACTION_API_PERMIT_REFLECT,
} as const

/** Access lists, marked by their tag. */
export const acl: Handler<'acl'> = {
  async look({ clients }) {
    const details = await ifAvailable(() => clients.acl.aclDump({ aclIndex: NONE }).toArray())
    const taken = new Set<string>()
    return details.map(({ aclIndex, tag, r }) => {
      const name = readAclTag(tag)
      const first = name !== undefined && !taken.has(name)
      if (first) taken.add(name)
      return {
        kind: 'acl',
        // A second one of the name is one too many; others have their number.
        key: first ? name : `${name ?? ''}~${aclIndex}`,
        owned: name !== undefined,
        value: { name: name ?? tag, rules: r.map(readRule) },
        refs: [],
        index: aclIndex,
      }
    })
  },

  create: (vpp, { value }) => replace(vpp, value, NONE),

  async update(vpp, { value }, { index = NONE }) {
    await replace(vpp, value, index)
  },

  async remove({ clients }, { index = NONE }) {
    await clients.acl.aclDel({ aclIndex: index })
  },
}

async function replace({ clients }: Vpp, value: AclValue, aclIndex: number): Promise<number> {
  const r = value.rules.map(writeRule)
  const reply = await clients.acl.aclAddReplace({ aclIndex, tag: aclTag(value.name), r })
  return reply.aclIndex
}

function writeRule(rule: AclRule): object {
  return {
    isPermit: ACTIONS[rule.action],
    srcPrefix: rule.source,
    dstPrefix: rule.destination,
    proto: rule.protocol,
    srcportOrIcmptypeFirst: rule.sourcePorts.first,
    srcportOrIcmptypeLast: rule.sourcePorts.last,
    dstportOrIcmpcodeFirst: rule.destinationPorts.first,
    dstportOrIcmpcodeLast: rule.destinationPorts.last,
    tcpFlagsMask: rule.tcpFlags.mask,
    tcpFlagsValue: rule.tcpFlags.value,
  }
}

/** A rule with its fields in the order of the schema. */
function readRule(rule: WireRule): AclRule {
  const names = Object.keys(ACTIONS) as AclRule['action'][]
  return {
    action: names.find((name) => ACTIONS[name] === rule.isPermit) ?? 'deny',
    protocol: rule.proto,
    sourcePorts: { first: rule.srcportOrIcmptypeFirst, last: rule.srcportOrIcmptypeLast },
    destinationPorts: { first: rule.dstportOrIcmpcodeFirst, last: rule.dstportOrIcmpcodeLast },
    tcpFlags: { mask: rule.tcpFlagsMask, value: rule.tcpFlagsValue },
    source: canonicalPrefix(String(rule.srcPrefix)) ?? String(rule.srcPrefix),
    destination: canonicalPrefix(String(rule.dstPrefix)) ?? String(rule.dstPrefix),
  }
}
