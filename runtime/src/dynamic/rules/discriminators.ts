// Copied from generator/src/rules by `npm run generate`. Do not edit.

/** What VPP before 26.06 did not write down: which field chooses the arm of a union, and by which member. */
interface KnownUnion {
  /** Prefix of the enum's members; the arm's name in capitals follows. */
  readonly prefix: string
  readonly suffix?: string
  /** Members that do not follow the rule, by arm. */
  readonly members?: Readonly<Record<string, string>>
}

/** By struct and field: the sibling that chooses. */
const DISCRIMINATORS: Readonly<Record<string, string>> = {
  'address.un': 'af',
  'eid.address': 'type',
  'flow_rule.flow': 'type',
  'flow_rule_v2.flow': 'type',
  'npol_rule_entry.data': 'type',
  'punt.punt': 'type',
}

const CASES: Readonly<Record<string, KnownUnion>> = {
  address_union: { prefix: 'ADDRESS_' },
  eid_address: { prefix: 'EID_TYPE_API_' },
  flow: { prefix: 'FLOW_TYPE_' },
  flow_v2: { prefix: 'FLOW_TYPE_', suffix: '_V2' },
  npol_entry_data: { prefix: 'NPOL_', members: { set_id: 'NPOL_PORT_IP_SET' } },
  npol_ipset_member_val: {
    prefix: 'NPOL_',
    members: { address: 'NPOL_IP', prefix: 'NPOL_NET', tuple: 'NPOL_IP_AND_PORT' },
  },
  punt_union: { prefix: 'PUNT_API_TYPE_' },
}

/** Wire name of the field that chooses the arm of a struct's union field; it must be an enum before that field. */
export function knownDiscriminator(struct: string, field: string): string | undefined {
  const key = `${struct}.${field}`
  return Object.hasOwn(DISCRIMINATORS, key) ? DISCRIMINATORS[key] : undefined
}

/** The enum member that stands for an arm; there need not be one of that name. */
export function knownCase(union: string, arm: string): string | undefined {
  const known = Object.hasOwn(CASES, union) ? CASES[union] : undefined
  return known && (memberOf(known, arm) ?? `${known.prefix}${arm.toUpperCase()}${known.suffix ?? ''}`)
}

function memberOf({ members = {} }: KnownUnion, arm: string): string | undefined {
  return Object.hasOwn(members, arm) ? members[arm] : undefined
}
