import type { SwInterfaceDetails } from '@vpp-ts/binapi-interface'
import { SubIfFlags } from '@vpp-ts/binapi-interface-types'
import { matchesExactly, type InterfaceItem } from './schema.ts'

type Vlan = Extract<InterfaceItem, { readonly type: 'vlan' }>

/** What `create_subif` says of the packets that a sub-interface takes. */
export interface SubRequest {
  readonly subIfFlags: number
  readonly outerVlanId: number
  readonly innerVlanId: number
}

const FLAGS = {
  untagged: SubIfFlags.SUB_IF_API_FLAG_NO_TAGS,
  one: SubIfFlags.SUB_IF_API_FLAG_ONE_TAG,
  two: SubIfFlags.SUB_IF_API_FLAG_TWO_TAGS,
  dot1ad: SubIfFlags.SUB_IF_API_FLAG_DOT1AD,
  exact: SubIfFlags.SUB_IF_API_FLAG_EXACT_MATCH,
  default: SubIfFlags.SUB_IF_API_FLAG_DEFAULT,
  anyOuter: SubIfFlags.SUB_IF_API_FLAG_OUTER_VLAN_ID_ANY,
  anyInner: SubIfFlags.SUB_IF_API_FLAG_INNER_VLAN_ID_ANY,
} as const

/** Number behind the dot in VPP's name of a sub-interface. */
export function numberOf({ number, vlan }: Vlan): number {
  return number ?? (typeof vlan === 'number' ? vlan : 0)
}

/** What VPP is asked for to make a sub-interface. */
export function subRequestOf(item: Vlan): SubRequest {
  const { vlan, inner, ethertype } = item
  return {
    subIfFlags:
      outerFlags(item) |
      (inner === 'any' ? FLAGS.anyInner : 0) |
      (ethertype === 'dot1ad' ? FLAGS.dot1ad : 0) |
      (matchesExactly(item) ? FLAGS.exact : 0),
    outerVlanId: typeof vlan === 'number' ? vlan : 0,
    innerVlanId: typeof inner === 'number' ? inner : 0,
  }
}

/** Flags that say how many tags packets have, and that the outer one may be any. */
function outerFlags({ vlan, inner }: Vlan): number {
  if (vlan === 'untagged' || vlan === 'default') return FLAGS[vlan]
  const tags = inner === undefined ? FLAGS.one : FLAGS.two
  return vlan === 'any' ? tags | FLAGS.anyOuter : tags
}

/** The packets that a sub-interface accepts, in words, to distinguish two of one parent. */
export function tagsOf(item: Vlan): string {
  return textOf(subRequestOf(item))
}

/** The same for a sub-interface as reported by VPP. */
export function tagsOfSeen({ subIfFlags, subOuterVlanId, subInnerVlanId }: SwInterfaceDetails): string {
  return textOf({ subIfFlags, outerVlanId: subOuterVlanId, innerVlanId: subInnerVlanId })
}

/** The same as fields of an item. */
export function rawTagsOf({ subIfFlags: flags, subOuterVlanId, subInnerVlanId }: SwInterfaceDetails): {
  readonly vlan: Vlan['vlan']
  readonly inner: Vlan['inner']
  readonly ethertype: Vlan['ethertype']
  readonly exactMatch: boolean
} {
  const has = (flag: number): boolean => (flags & flag) !== 0
  const outer = has(FLAGS.anyOuter) ? 'any' : subOuterVlanId
  const inner = has(FLAGS.anyInner) ? 'any' : subInnerVlanId
  const special = has(FLAGS.untagged) ? 'untagged' : has(FLAGS.default) ? 'default' : undefined
  return {
    vlan: special ?? outer,
    inner: special === undefined && has(FLAGS.two) ? inner : undefined,
    ethertype: has(FLAGS.dot1ad) ? 'dot1ad' : 'dot1q',
    exactMatch: has(FLAGS.exact),
  }
}

function textOf({ subIfFlags: flags, outerVlanId, innerVlanId }: SubRequest): string {
  const has = (flag: number): boolean => (flags & flag) !== 0
  if (has(FLAGS.untagged)) return 'packets without a tag'
  if (has(FLAGS.default)) return 'all other packets'
  const outer = `${has(FLAGS.dot1ad) ? 'dot1ad' : 'dot1q'} ${has(FLAGS.anyOuter) ? 'any' : outerVlanId}`
  const inner = has(FLAGS.two) ? ` inner ${has(FLAGS.anyInner) ? 'any' : innerVlanId}` : ''
  return `${outer}${inner}${has(FLAGS.exact) ? '' : ' and more'}`
}
