import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { CHAPTERS } from './chapters.ts'

/** Models that no chapter of the transcript holds to VPP, with the reason. A message that is covered may not be here. */
const WITHOUT_CHAPTER: Readonly<Record<string, readonly string[]>> = {
  'sessions: simulator/src/protocol.test.ts and the contract suite': [
    'api_versions',
    'control_ping',
    'get_api_json',
    'get_first_msg_id',
    'memclnt_create',
    'memclnt_create_v2',
    'memclnt_delete',
    'memclnt_keepalive',
    'rpc_call',
    'sock_init_shm',
    'sockclnt_create',
    'sockclnt_delete',
    'trace_plugin_msg_ids',
  ],
  'different in every VPP: its times, threads, nodes, version': [
    'acl_plugin_control_ping',
    'cli',
    'get_f64_endian_value',
    'get_f64_increment_by_one',
    'get_node_index',
    'show_threads',
    'show_version',
    'show_vpe_system_time',
  ],
  'packets, which no chapter has: test/vpp/agent-diagnosis.test.ts': [
    'pcap_trace_off',
    'pcap_trace_on',
    'trace_capture_packets',
    'trace_clear_cache',
    'trace_clear_capture',
    'trace_v2_dump',
  ],
  'events: test/contract/order.ts': ['want_ip_neighbor_events', 'want_ip_neighbor_events_v2'],
  'a VPP without /dev/vhost-net or the plugin refuses them': [
    'lcp_default_ns_get',
    'lcp_default_ns_set',
    'lcp_itf_pair_add_del',
    'lcp_itf_pair_add_del_v2',
    'lcp_itf_pair_add_del_v3',
    'lcp_itf_pair_get',
    'lcp_itf_pair_get_v2',
    'sw_interface_tap_v2_dump',
    'tap_create_v2',
    'tap_create_v3',
    'tap_delete_v2',
  ],
  'the definitions do not say how the answer ends': ['gre_tunnel_dump_v2', 'mactime_dump'],
}

/** The list of models that the guide has, which is made from the code. */
function modelled(): string[] {
  const guide = readFileSync(fileURLToPath(new URL('../../docs/simulator.md', import.meta.url)), 'utf8')
  const [, table = ''] = /<!-- models -->([^]*)<!-- \/models -->/.exec(guide) ?? []
  return [...table.matchAll(/`(\w+)`/g)].map(([, name = '']) => name)
}

it('every model is held to VPP by a chapter of the transcript, or is listed with the reason', () => {
  const covered = new Set(Object.values(CHAPTERS).flatMap((steps) => steps.map(([message]) => message)))
  const missing = modelled().filter((name) => !covered.has(name))
  expect(missing.sort()).toEqual(Object.values(WITHOUT_CHAPTER).flat().sort())
})
