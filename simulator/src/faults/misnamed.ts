/**
 * Requests that a real VPP answers under the name of another reply: it carries them out, and the `retval` is in the reply
 * that comes. From VPP 26.06 and 26.10.
 */
export const MISNAMED_REPLIES: Readonly<Record<string, string>> = {
  policer_input_v2: 'policer_input_reply',
  policer_output_v2: 'policer_output_reply',
  acl_stats_intf_counters_enable: 'acl_del_reply',
  det44_close_session_in: 'det44_close_session_out_reply',
  nat_det_close_session_in: 'nat_det_close_session_out_reply',
  ipfix_classify_table_add_del: 'set_ipfix_classify_stream_reply',
  lisp_rloc_probe_enable_disable: 'lisp_enable_disable_reply',
  lisp_map_register_enable_disable: 'lisp_enable_disable_reply',
  one_rloc_probe_enable_disable: 'one_enable_disable_reply',
  one_map_register_enable_disable: 'one_enable_disable_reply',
  one_stats_enable_disable: 'one_enable_disable_reply',
  one_nsh_set_locator_set: 'one_pitr_set_locator_set_reply',
}

/** Requests that a real VPP carries out and never answers. */
export const UNANSWERED: readonly string[] = [
  'vxlan_gpe_ioam_vni_enable',
  'vxlan_gpe_ioam_vni_disable',
  'sr_mobile_localsid_add_del',
  'sr_mobile_policy_add',
]
