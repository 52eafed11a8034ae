import { AclClient } from '@vpp-ts/binapi-acl'
import { AclAction, type AclRule as WireRule } from '@vpp-ts/binapi-acl-types'
import { canonicalPrefix, familyOf, type Family } from '../../model/ip.ts'
import { accessLists } from '../access-lists.ts'
import { ifAvailable } from '../available.ts'
import { NONE, type ObjectDescriptor, type Vpp } from '../descriptor.ts'
import { aclTag } from '../mark.ts'
import { familyOfProtocol, type AclRule } from './schema.ts'
import { ACL_MESSAGES } from './messages.ts'

/** A rule of an access list as VPP has it: of one family. */
export interface AclRuleValue {
  readonly action: AclRule['action']
  readonly protocol: number
  readonly sourcePorts: { readonly first: number; readonly last: number }
  readonly destinationPorts: { readonly first: number; readonly last: number }
  readonly tcpFlags: { readonly mask: number; readonly value: number }
  readonly source: string
  readonly destination: string
}

/** An access list without where it applies. */
export interface AclValue {
  readonly name: string
  readonly rules: readonly AclRuleValue[]
}

const ACTIONS = {
  deny: AclAction.ACL_ACTION_API_DENY,
  permit: AclAction.ACL_ACTION_API_PERMIT,
  reflect: AclAction.ACL_ACTION_API_PERMIT_REFLECT,
} as const

const ANY = { 4: '0.0.0.0/0', 6: '::/0' } as const

/** Rules of VPP that one rule of an item stands for: VPP takes the family of a rule from its prefixes. */
export function* rulesOf(rule: AclRule): Iterable<AclRuleValue> {
  const { source, destination } = rule
  const given = source ?? destination
  const implied = familyOfProtocol(rule.protocol)
  const families: Family[] = given === undefined ? [4, 6] : [familyOf(given)]
  for (const family of given === undefined && implied !== undefined ? [implied] : families) {
    yield {
      action: rule.action,
      protocol: rule.protocol,
      sourcePorts: { first: rule.sourcePorts.first, last: rule.sourcePorts.last },
      destinationPorts: { first: rule.destinationPorts.first, last: rule.destinationPorts.last },
      tcpFlags: { mask: rule.tcpFlags.mask, value: rule.tcpFlags.value },
      source: source ?? ANY[family],
      destination: destination ?? ANY[family],
    }
  }
}

/** Access lists, marked by their tag. */
export const aclObject: ObjectDescriptor<AclValue> = {
  kind: 'acl',
  messages: ACL_MESSAGES,
  plugin: () => 'acl',
  adoptable: true,
  itemsOf: ({ value }) => [{ kind: 'acl', key: value.name }],
  dependsOn: () => [],

  async look(vpp, wanted) {
    const details = await ifAvailable(() => vpp.client(AclClient).aclDump({ aclIndex: NONE }).toArray())
    return accessLists('acl', details, wanted, readRule)
  },

  create: (vpp, { value }) => replace(vpp, value, NONE),

  async update(vpp, { value, key }) {
    await replace(vpp, value, vpp.indexOf('acl', key))
  },

  async remove(vpp, { key }) {
    await vpp.client(AclClient).aclDel({ aclIndex: vpp.indexOf('acl', key) })
  },
}

async function replace(vpp: Vpp, value: AclValue, aclIndex: number): Promise<number> {
  const request = { aclIndex, tag: aclTag(value.name), r: value.rules.map(writeRule) }
  const reply = await vpp.client(AclClient).aclAddReplace(request)
  return reply.aclIndex
}

function writeRule(rule: AclRuleValue): object {
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

/** A rule with its fields in the order of `rulesOf`. */
function readRule(rule: WireRule): AclRuleValue {
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
