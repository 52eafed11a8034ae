import type { ModelField, ModelMessage } from './model.ts'

/** What a dump that takes an index must be told to find all there is. */
export type FindsAll =
  /** `~0` in the field. */
  | { readonly by: 'none'; readonly field: string }
  /** 0 or `~0` in the field. */
  | { readonly by: 'zero'; readonly field: string }
  /** VPP does not look at the field. */
  | { readonly by: 'anything'; readonly field: string }
  /** A value of another field. */
  | { readonly by: 'other'; readonly field: string; readonly value: string }
  /** Nothing: it must be asked for one after the other. */
  | { readonly by: 'nothing'; readonly one: string }

const none = (field: string): FindsAll => ({ by: 'none', field })
const nothing = (one: string): FindsAll => ({ by: 'nothing', one })

/** Dumps by interface that take `~0` for all. */
const BY_INTERFACE = [
  'acl_interface_etype_whitelist_dump',
  'acl_interface_list_dump',
  'flowprobe_interface_dump',
  'geneve_tunnel_dump',
  'gre_tunnel_dump',
  'gre_tunnel_dump_v2',
  'gre_tunnel_v2_dump',
  'gtpu_tunnel_dump',
  'gtpu_tunnel_v2_dump',
  'igmp_dump',
  'ip_neighbor_dump',
  'ip_punt_redirect_dump',
  'ip_punt_redirect_v2_dump',
  'ip_unnumbered_dump',
  'ipip_tunnel_dump',
  'ipsec_itf_dump',
  'ipsec_tunnel_protect_dump',
  'l3xc_dump',
  'lcp_itf_pair_get_v2',
  'macip_acl_interface_list_dump',
  'mpls_interface_dump',
  'mpls_tunnel_dump',
  'mss_clamp_get',
  'pppoe_session_dump',
  'pvti_interface_dump',
  'snort_interface_v2_get',
  'sw_bond_interface_dump',
  'sw_interface_dump',
  'sw_interface_ip6nd_ra_dump',
  'sw_interface_rx_placement_dump',
  'sw_interface_tap_v2_dump',
  'sw_interface_tx_placement_get',
  'sw_interface_vhost_user_dump',
  'sw_vmxnet3_interface_dump',
  'urpf_interface_dump',
  'vxlan_gpe_tunnel_dump',
  'vxlan_gpe_tunnel_v2_dump',
  'vxlan_tunnel_dump',
  'vxlan_tunnel_v2_dump',
  'wireguard_interface_dump',
]

/**
 * Every dump that takes an index, read in VPP's sources (26.06). A test demands that none is missing: what finds all is
 * said nowhere in the API.
 */
const DUMPS: ReadonlyMap<string, FindsAll> = new Map([
  ...BY_INTERFACE.map((dump) => [dump, none('sw_if_index')] as const),
  ['acl_dump', none('acl_index')],
  ['bd_ip_mac_dump', none('bd_id')],
  ['bridge_domain_dump', none('bd_id')],
  ['flow_classify_dump', nothing('interface')],
  ['gpe_fwd_entry_path_dump', nothing('forwarding entry')],
  // VPP 26.06 crashes when it is asked for all.
  ['graph_node_get', nothing('node')],
  ['ikev2_child_sa_dump', nothing('SA')],
  ['ikev2_child_sa_v2_dump', nothing('SA')],
  ['ikev2_traffic_selector_dump', nothing('child SA')],
  ['ip_address_dump', nothing('interface')],
  ['ip_session_redirect_dump', none('table_index')],
  ['ipsec_sa_dump', { by: 'anything', field: 'sa_id' }],
  ['ipsec_sa_v2_dump', { by: 'anything', field: 'sa_id' }],
  ['ipsec_sa_v3_dump', { by: 'anything', field: 'sa_id' }],
  ['ipsec_sa_v4_dump', { by: 'anything', field: 'sa_id' }],
  ['ipsec_sa_v5_dump', { by: 'anything', field: 'sa_id' }],
  ['ipsec_spd_dump', nothing('security policy database')],
  ['ipsec_spd_interface_dump', { by: 'other', field: 'spd_index_valid', value: '0' }],
  ['l2_fib_table_dump', none('bd_id')],
  ['lisp_locator_dump', nothing('locator set')],
  ['macip_acl_dump', none('acl_index')],
  ['map_rule_dump', nothing('domain')],
  ['nsh_entry_dump', none('entry_index')],
  ['nsh_map_dump', none('map_index')],
  ['one_locator_dump', nothing('locator set')],
  ['policer_classify_dump', nothing('interface')],
  ['policer_dump_v2', none('policer_index')],
  ['qos_mark_dump', { by: 'anything', field: 'sw_if_index' }],
  ['selog_event_type_string_dump', nothing('event type')],
  ['sflow_interface_dump', none('hw_if_index')],
  ['snort_client_get', none('snort_client_index')],
  ['snort_client_v2_get', none('snort_client_index')],
  ['snort_instance_get', none('instance_index')],
  ['snort_instance_v2_get', none('instance_index')],
  // VPP 26.06 answers it without looking for anything.
  ['snort_interface_get', nothing('interface, with snort_interface_v2_get')],
  ['sw_interface_slave_dump', nothing('bond')],
  ['sw_member_interface_dump', nothing('bond')],
  ['vrrp_vr_dump', { by: 'zero', field: 'sw_if_index' }],
  ['vrrp_vr_peer_dump', nothing('virtual router')],
  ['vrrp_vr_track_if_dump', { by: 'other', field: 'dump_all', value: '1' }],
  ['wireguard_peers_dump', none('peer_index')],
  ['wireguard_peers_v2_dump', none('peer_index')],
])

/** What finds all, for a dump that is known and has that field; undefined for any other message. */
export function findsAll({
  wireName,
  fields,
}: Pick<ModelMessage, 'wireName' | 'fields'>): FindsAll | undefined {
  const known = DUMPS.get(wireName)
  if (known === undefined || known.by === 'nothing') return known
  return fields.some((field) => field.wireName === known.field) ? known : undefined
}

/** The field that must be `~0` to find all though the API does not say so: 0 finds what has index 0, or nothing. */
export function fieldForAll(message: ModelMessage): ModelField | undefined {
  const known = findsAll(message)
  if (known?.by !== 'none') return undefined
  const field = message.fields.find(({ wireName }) => wireName === known.field)
  return field?.default === undefined ? field : undefined
}

/** A sentence about what finds all, for a doc comment; nothing for other messages. */
export function findsAllLines(message: ModelMessage): string[] {
  const known = findsAll(message)
  if (known === undefined) return []
  if (known.by === 'nothing') return [`Nothing finds all: ask for one ${known.one} after the other.`]
  const field = message.fields.find(({ wireName }) => wireName === known.field)
  const name = `\`${field?.name ?? known.field}\``
  switch (known.by) {
    case 'none':
      return [
        `\`NONE\` (0xffffffff) in ${name}${field?.default === undefined ? '' : ', the default,'} finds all.`,
      ]
    case 'zero':
      return [`0 or \`NONE\` (0xffffffff) in ${name} finds all.`]
    case 'anything':
      return [`VPP does not look at ${name}: it finds all, whatever it says.`]
    case 'other':
      return [`${known.value} in ${name} finds all.`]
  }
}
