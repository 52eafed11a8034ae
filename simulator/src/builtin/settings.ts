import { RetvalError } from '../errors.ts'
import type { IpfixExporter } from '../model/ipfix.ts'
import type { AdvertisementRequest, PrefixRequest } from '../model/router-advertisements.ts'
import type { Interfaces, TagRewrite } from '../model/interfaces.ts'
import type { BuiltIns } from './built-in.ts'
import { DONE, NONE } from './built-in.ts'

/** VLAN tags that an operation of `l2_interface_vlan_tag_rewrite` takes away. */
const TAGS_TAKEN = [0, 0, 0, 1, 2, 1, 1, 2, 2]

/** Settings of interfaces that have no packets to show for here. */
export const settings: BuiltIns = {
  sw_interface_set_ip_directed_broadcast: (
    { swIfIndex, enable }: { swIfIndex: number; enable: boolean },
    { model: { interfaces } },
  ) => {
    interfaces.setDirectedBroadcast(swIfIndex, enable)
    return DONE
  },

  l2_interface_vlan_tag_rewrite: (
    request: { swIfIndex: number; vtrOp: number; pushDot1q: number; tag1: number; tag2: number },
    { model: { interfaces } },
  ) => {
    const { swIfIndex, vtrOp, pushDot1q, tag1, tag2 } = request
    rewriteTags(interfaces, swIfIndex, { op: vtrOp, pushDot1q, tag1, tag2 })
    return DONE
  },

  collect_detailed_interface_stats: ({ swIfIndex }: { swIfIndex: number }, { model: { interfaces } }) => {
    if (interfaces.find(swIfIndex) === undefined) throw new RetvalError('FEATURE_DISABLED')
    return DONE
  },

  sw_interface_ip6nd_ra_dump: (request: { swIfIndex: number }, { model }) =>
    [...model.advertisements]
      .filter(([swIfIndex]) => request.swIfIndex === NONE || swIfIndex === request.swIfIndex)
      .map(([swIfIndex, advertisement, prefixes]) => ({ swIfIndex, ...advertisement, prefixes })),

  sw_interface_ip6nd_ra_config: (
    { swIfIndex, ...request }: AdvertisementRequest & { readonly swIfIndex: number },
    { model },
  ) => {
    model.advertisements.configure(swIfIndex, request)
    return DONE
  },

  sw_interface_ip6nd_ra_prefix: (
    request: PrefixRequest & { readonly swIfIndex: number; readonly prefix: string },
    { model },
  ) => {
    model.advertisements.changePrefix(request.swIfIndex, request.prefix, request)
    return DONE
  },

  ipfix_exporter_dump: (_request, { model: { ipfix } }) => [ipfix.exporter],

  set_ipfix_exporter: (request: IpfixExporter, { model: { ipfix } }) => {
    ipfix.set(request)
    return DONE
  },
}

/** Tags that an operation puts on. */
const TAGS_PUT = [0, 1, 2, 0, 0, 1, 2, 1, 2]

/**
 * Sets a rewrite of tags; one that is refused has put the tags of the one before to zero.
 * @throws RetvalError -2 for an unknown interface, -71 without Ethernet, -72 when it has fewer tags than are taken away
 */
export function rewriteTags(interfaces: Interfaces, swIfIndex: number, asked: TagRewrite): void {
  const { mac, supSwIfIndex, sub, tagRewrite } = interfaces.get(swIfIndex)
  if (mac === '' && interfaces.get(supSwIfIndex).mac === '') throw new RetvalError('INVALID_INTERFACE')
  if ((sub?.tags ?? 0) < (TAGS_TAKEN[asked.op] ?? 0)) {
    interfaces.setTagRewrite(swIfIndex, { ...tagRewrite, pushDot1q: 0, tag1: 0, tag2: 0 })
    throw new RetvalError('INVALID_VLAN_TAG_COUNT')
  }
  const put = TAGS_PUT[asked.op] ?? 0
  interfaces.setTagRewrite(swIfIndex, {
    op: asked.op,
    pushDot1q: put > 0 && asked.pushDot1q !== 0 ? 1 : 0,
    tag1: put > 0 ? asked.tag1 : 0,
    tag2: put > 1 ? asked.tag2 : 0,
  })
}
