import { RetvalError } from '../errors.ts'
import type { IpfixExporter } from '../model/ipfix.ts'
import type { AdvertisementRequest, PrefixRequest } from '../model/router-advertisements.ts'
import type { TagRewrite } from '../model/interfaces.ts'
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

/** @throws RetvalError -2 for an unknown interface, -72 when it has fewer tags than are taken away */
export function rewriteTags(
  interfaces: {
    get(swIfIndex: number): { readonly sub: { readonly tags: number } | undefined }
    setTagRewrite(swIfIndex: number, rewrite: TagRewrite): void
  },
  swIfIndex: number,
  rewrite: TagRewrite,
): void {
  const tags = interfaces.get(swIfIndex).sub?.tags ?? 0
  if (tags < (TAGS_TAKEN[rewrite.op] ?? 0)) throw new RetvalError('INVALID_VLAN_TAG_COUNT')
  interfaces.setTagRewrite(swIfIndex, rewrite)
}
