/**
 * What definitions before VPP 26.06 do not say: which field chooses the arm of a union, and by which member of its
 * enum. Later definitions say the same themselves.
 */
interface KnownUnion {
  /** What stands in front of the arm's name in capitals. */
  readonly prefix: string
  /** What stands behind it. */
  readonly suffix?: string
  /** Members that are spelled otherwise, by arm. */
  readonly members?: Readonly<Record<string, string>>
}

/** By struct and field: the field in front of it that chooses. */
const FIELDS: Readonly<Record<string, string>> = {
  'address.un': 'af',
  'eid.address': 'type',
  'flow_rule.flow': 'type',
  'flow_rule_v2.flow': 'type',
  'npol_rule_entry.data': 'type',
  'punt.punt': 'type',
}

const UNIONS: Readonly<Record<string, KnownUnion>> = {
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

/** Wire name of the field that chooses the arm of a struct's union field. */
export function knownDiscriminator(struct: string, field: string): string | undefined {
  const key = `${struct}.${field}`
  return Object.hasOwn(FIELDS, key) ? FIELDS[key] : undefined
}

/** The enum member that stands for an arm. */
export function knownCase(union: string, arm: string): string | undefined {
  if (!Object.hasOwn(UNIONS, union)) return undefined
  const { prefix, suffix = '', members } = UNIONS[union] as KnownUnion
  return members?.[arm] ?? `${prefix}${arm.toUpperCase()}${suffix}`
}
