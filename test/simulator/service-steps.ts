import type { Step } from './steps.ts'
import { address, routes4, routes6, up, via } from './steps.ts'

const NONE = 0xffff_ffff

const transmit = { type: 1 }
const rates = { cir: 1000, cb: 20_000n, conformAction: transmit, exceedAction: transmit }

function police(message: string, fields: object): Step {
  return [message, { ...fields }]
}

const POLICERS: readonly Step[] = [
  ['create_loopback'],
  ['policer_add', { name: 'one', infos: { ...rates, violateAction: { type: 2, dscp: 10 } } }],
  ['policer_add', { name: 'one', infos: rates }],
  ['policer_add', { name: 'nothing', infos: {} }],
  ['policer_add', { name: 'burst', infos: { ...rates, eb: 5n } }],
  ['policer_add', { name: 'rfc2697', infos: { ...rates, type: 1, eb: 5000n, colorAware: true } }],
  ['policer_add', { name: 'rfc2698', infos: { ...rates, type: 2, eir: 500, eb: 5000n } }],
  ['policer_add', { name: 'rfc2698', infos: { ...rates, type: 2, eir: 5000, eb: 5000n, roundType: 1 } }],
  ['policer_add', { name: 'mef', infos: { ...rates, type: 4, eir: 5000, eb: 5000n } }],
  ['policer_add', { name: 'packets', infos: { ...rates, rateType: 1, cir: 100, cb: 100n } }],
  ['policer_add', { name: 'invalid', infos: { ...rates, rateType: 2 } }],
  ['policer_add_del', { isAdd: true, name: 'old', ...rates }],
  ['policer_add_del', { isAdd: true, name: 'old', ...rates }],
  ['policer_dump'],
  ['policer_dump', { matchNameValid: true, matchName: 'one' }],
  ['policer_dump', { matchNameValid: true, matchName: 'nope' }],
  ['policer_dump_v2', { policerIndex: 1 }],
  ['policer_dump_v2', { policerIndex: 99 }],
  ['policer_update', { policerIndex: 0, infos: { ...rates, cir: 2000 } }],
  ['policer_update', { policerIndex: 0, infos: { ...rates, eir: 2000 } }],
  ['policer_update', { policerIndex: 99, infos: rates }],
  ['policer_dump_v2', { policerIndex: 0 }],
  ['policer_reset', { policerIndex: 0 }],
  ['policer_reset', { policerIndex: 99 }],
  ['policer_bind', { name: 'one', workerIndex: 0, bindEnable: true }],
  ['policer_bind', { name: 'one', bindEnable: false }],
  ['policer_bind', { name: 'nope', bindEnable: false }],
  ['policer_bind_v2', { policerIndex: 0, workerIndex: 7, bindEnable: true }],
  ['policer_bind_v2', { policerIndex: 99, bindEnable: false }],
  police('policer_input', { name: 'one', swIfIndex: 1, apply: true }),
  police('policer_input', { name: 'nope', swIfIndex: 1, apply: true }),
  police('policer_input', { name: 'nope', swIfIndex: 99, apply: true }),
  police('policer_input_v2', { policerIndex: 1, swIfIndex: 1, apply: true }),
  police('policer_input_v2', { policerIndex: 99, swIfIndex: 1, apply: true }),
  police('policer_input_v2', { policerIndex: 1, swIfIndex: 99, apply: true }),
  police('policer_output', { name: 'one', swIfIndex: 1, apply: true }),
  police('policer_output_v2', { policerIndex: 0, swIfIndex: 1, apply: true }),
  police('policer_output_v2', { policerIndex: 0, swIfIndex: 99, apply: true }),
  ['policer_del', { policerIndex: 1 }],
  ['policer_del', { policerIndex: 1 }],
  police('policer_input_v2', { policerIndex: 1, swIfIndex: 1, apply: false }),
  police('policer_input_v2', { policerIndex: 0, swIfIndex: 1, apply: false }),
  police('policer_output', { name: 'one', swIfIndex: 1, apply: false }),
  ['policer_add_del', { isAdd: false, name: 'old' }],
  ['policer_add_del', { isAdd: false, name: 'old' }],
  ['policer_add', { name: 'again', infos: rates }],
  ['policer_dump_v2', { policerIndex: NONE }],
]

function policy(isAdd: boolean, policyId: number, aclIndex: number, paths: object[]): Step {
  return ['abf_policy_add_del', { isAdd, policy: { policyId, aclIndex, nPaths: paths.length, paths } }]
}

function attach(isAdd: boolean, policyId: number, swIfIndex: number, more: object = {}): Step {
  return ['abf_itf_attach_add_del', { isAdd, attach: { policyId, swIfIndex, ...more } }]
}

const rule = { isPermit: 1, srcPrefix: '10.0.0.0/8', dstPrefix: '0.0.0.0/0' }

const ABF: readonly Step[] = [
  ['create_loopback'],
  ['create_loopback'],
  up(1),
  address(true, 1, '192.0.2.1/24'),
  ['acl_add_replace', { aclIndex: NONE, tag: 'a', r: [rule] }],
  ['acl_add_replace', { aclIndex: NONE, tag: 'b', r: [rule] }],
  policy(true, 7, 0, []),
  policy(true, 7, 0, [via('192.0.2.2', 1)]),
  policy(true, 7, 1, [via('192.0.2.3', 1)]),
  policy(true, 7, 0, [via('192.0.2.9', 1, { weight: 3 })]),
  policy(true, 7, 0, [via('192.0.2.5', 1, { preference: 1 })]),
  policy(true, 8, 1, [via('192.0.2.2')]),
  policy(true, 9, 1, [via('192.0.2.2', 99)]),
  policy(true, 10, 55, [via('192.0.2.3', 1)]),
  ['abf_policy_dump'],
  attach(true, 7, 2, { priority: 20 }),
  attach(true, 7, 2, { priority: 30 }),
  attach(true, 7, 2, { priority: 30, isIpv6: true }),
  attach(true, 8, 2, { priority: 10 }),
  attach(true, 8, 1, { priority: 10, isIpv6: true }),
  ['abf_itf_attach_dump'],
  attach(false, 8, 2),
  attach(false, 8, 2),
  attach(false, 99, 2),
  ['abf_itf_attach_dump'],
  ['acl_del', { aclIndex: 0 }],
  attach(false, 7, 2),
  attach(false, 8, 1, { isIpv6: true }),
  ['acl_del', { aclIndex: 0 }],
  policy(false, 7, 0, [via('192.0.2.9', 1, { weight: 3 })]),
  policy(false, 7, 0, [via('192.0.2.77', 1)]),
  ['abf_policy_dump'],
  policy(false, 7, 0, []),
  policy(false, 7, 0, [via('192.0.2.2', 1), via('192.0.2.5', 1, { preference: 1 })]),
  policy(false, 7, 0, [via('192.0.2.2', 1)]),
  policy(false, 8, 0, [via('192.0.2.2')]),
  policy(false, 10, 0, [via('192.0.2.3', 1)]),
  ['abf_policy_dump'],
  ['acl_del', { aclIndex: 1 }],
]

function clamp(swIfIndex: number, ipv4: [number, number], ipv6: [number, number]): Step {
  const [ipv4Mss, ipv4Direction] = ipv4
  const [ipv6Mss, ipv6Direction] = ipv6
  return ['mss_clamp_enable_disable', { swIfIndex, ipv4Mss, ipv4Direction, ipv6Mss, ipv6Direction }]
}

const MSS_CLAMPS: readonly Step[] = [
  ['create_loopback'],
  ['create_loopback'],
  ['mss_clamp_get', { swIfIndex: NONE }],
  clamp(1, [1400, 3], [1380, 1]),
  clamp(2, [1300, 2], [1200, 0]),
  clamp(99, [1400, 3], [1380, 3]),
  ['mss_clamp_get', { swIfIndex: NONE }],
  ['mss_clamp_get', { swIfIndex: 2 }],
  ['mss_clamp_get', { swIfIndex: 99 }],
  clamp(1, [1410, 1], [1380, 0]),
  ['mss_clamp_get', { swIfIndex: 1 }],
  ['delete_loopback', { swIfIndex: 1 }],
  ['mss_clamp_get', { swIfIndex: NONE }],
  ['create_loopback'],
  ['mss_clamp_get', { swIfIndex: 1 }],
  clamp(1, [1400, 0], [1380, 0]),
  clamp(2, [0, 0], [0, 0]),
  ['mss_clamp_get', { swIfIndex: NONE }],
]

function check(swIfIndex: number, mode: number, more: object = {}): Step {
  return ['urpf_update', { swIfIndex, mode, isInput: true, ...more }]
}

function checkIn(swIfIndex: number, mode: number, tableId: number, more: object = {}): Step {
  return ['urpf_update_v2', { swIfIndex, mode, tableId, isInput: true, ...more }]
}

const URPF: readonly Step[] = [
  ['create_loopback'],
  ['create_loopback'],
  ['ip_table_add_del', { isAdd: true, table: { tableId: 5 } }],
  ['urpf_interface_dump', { swIfIndex: NONE }],
  check(1, 2),
  check(1, 1, { af: 1, isInput: false }),
  check(99, 1),
  check(1, 3),
  checkIn(2, 1, NONE),
  checkIn(2, 2, 5, { isInput: false }),
  checkIn(2, 2, 6),
  checkIn(2, 2, 5, { af: 1 }),
  ['urpf_interface_dump', { swIfIndex: NONE }],
  ['urpf_interface_dump', { swIfIndex: 2 }],
  ['urpf_interface_dump', { swIfIndex: 99 }],
  ['sw_interface_set_table', { swIfIndex: 2, vrfId: 5 }],
  ['urpf_interface_dump', { swIfIndex: 2 }],
  check(1, 0),
  checkIn(2, 0, NONE),
  ['urpf_interface_dump', { swIfIndex: NONE }],
  ['delete_loopback', { swIfIndex: 1 }],
  ['create_loopback'],
  ['urpf_interface_dump', { swIfIndex: 1 }],
  checkIn(1, 0, NONE),
  checkIn(1, 0, NONE, { af: 1, isInput: false }),
  checkIn(2, 0, NONE, { isInput: false }),
  ['urpf_interface_dump', { swIfIndex: NONE }],
]

function range(isAdd: boolean, low: string, hi: string, tableId = 0): Step {
  return ['proxy_arp_add_del', { isAdd, proxy: { tableId, low, hi } }]
}

function answer(isAdd: boolean, swIfIndex: number, ip: string): Step {
  return ['ip6nd_proxy_add_del', { isAdd, swIfIndex, ip }]
}

const PROXIES: readonly Step[] = [
  ['create_loopback'],
  ['create_loopback'],
  range(true, '10.0.0.5', '10.0.0.9'),
  range(true, '10.0.0.5', '10.0.0.9'),
  range(true, '10.0.0.9', '10.0.0.5'),
  range(true, '10.0.0.5', '10.0.0.9', 77),
  range(false, '10.0.0.5', '10.0.0.8'),
  range(false, '10.0.0.5', '10.0.0.8', 77),
  ['proxy_arp_dump'],
  range(false, '10.0.0.5', '10.0.0.9'),
  ['proxy_arp_dump'],
  ['proxy_arp_intfc_enable_disable', { swIfIndex: 1, enable: true }],
  ['proxy_arp_intfc_enable_disable', { swIfIndex: 1, enable: true }],
  ['proxy_arp_intfc_enable_disable', { swIfIndex: 99, enable: true }],
  ['proxy_arp_intfc_enable_disable', { swIfIndex: 2, enable: false }],
  ['proxy_arp_intfc_dump'],
  ['delete_loopback', { swIfIndex: 1 }],
  ['proxy_arp_intfc_dump'],
  ['create_loopback'],
  ['proxy_arp_intfc_enable_disable', { swIfIndex: 1, enable: false }],
  ['proxy_arp_intfc_dump'],
  range(false, '10.0.0.9', '10.0.0.5'),
  up(1),
  address(true, 1, '2001:db8::1/64'),
  ['ip6nd_proxy_enable_disable', { swIfIndex: 2, isEnable: true }],
  ['ip6nd_proxy_enable_disable', { swIfIndex: 99, isEnable: true }],
  answer(true, 1, '2001:db8::77'),
  answer(true, 1, '2001:db8::78'),
  answer(true, 99, '2001:db8::79'),
  routes6,
  answer(false, 1, '2001:db8::77'),
  answer(false, 1, '2001:db8::77'),
  answer(false, 99, '2001:db8::78'),
  answer(false, 1, '2001:db8::78'),
  routes6,
  ['ip6nd_proxy_enable_disable', { swIfIndex: 2, isEnable: false }],
]

function group(isAdd: boolean, prefix: object, paths: object[], more: object = {}): Step {
  const { isMultipath = false, ...route } = more as { isMultipath?: boolean }
  return [
    'ip_mroute_add_del',
    { isAdd, isMultipath, route: { prefix, nPaths: paths.length, paths, ...route } },
  ]
}

function leg(swIfIndex: number, itfFlags: number, proto = 0): object {
  return { itfFlags, path: { swIfIndex, proto, weight: 1 } }
}

const star = { af: 0, grpAddressLength: 32, grpAddress: { ip4: '232.1.1.1' } }
const source = { ...star, grpAddressLength: 64, srcAddress: { ip4: '10.0.0.7' } }
const star6 = { af: 1, grpAddressLength: 128, grpAddress: { ip6: 'ff0e::1' } }
const mroutes: Step = ['ip_mroute_dump', { table: { tableId: 0 } }]
const mroutes6: Step = ['ip_mroute_dump', { table: { tableId: 0, isIp6: true } }]

const MROUTES: readonly Step[] = [
  ['create_loopback'],
  ['create_loopback'],
  up(1),
  up(2),
  group(true, star, [leg(1, 2), leg(2, 4)]),
  mroutes,
  group(true, star, [leg(2, 2)], { isMultipath: true }),
  group(true, source, [leg(1, 2)], { entryFlags: 4, rpfId: 9 }),
  group(true, star6, [leg(1, 2, 1)]),
  mroutes,
  mroutes6,
  group(true, star, [leg(1, 2)], { tableId: 77 }),
  group(true, star, [leg(99, 2)]),
  group(true, star, []),
  mroutes,
  group(true, star, [leg(1, 4)]),
  mroutes,
  group(false, star, [leg(1, 4)], { isMultipath: true }),
  group(false, star, []),
  mroutes,
  group(false, source, [leg(1, 2)]),
  group(false, star, [leg(1, 2)]),
  group(false, star6, [leg(1, 2, 1)]),
  mroutes,
  mroutes6,
  ['delete_loopback', { swIfIndex: 1 }],
  ['delete_loopback', { swIfIndex: 2 }],
]

function exporter(more: object): Step {
  return [
    'set_ipfix_exporter',
    {
      collectorAddress: '192.0.2.9',
      collectorPort: 4739,
      srcAddress: '192.0.2.1',
      vrfId: NONE,
      pathMtu: 1400,
      templateInterval: 20,
      ...more,
    },
  ]
}

const EXPORTS: readonly Step[] = [
  ['create_loopback'],
  ['ipfix_exporter_dump'],
  exporter({}),
  ['ipfix_exporter_dump'],
  exporter({ udpChecksum: true, vrfId: 0, collectorPort: 0 }),
  ['ipfix_exporter_dump'],
  exporter({ pathMtu: NONE, templateInterval: NONE }),
  ['ipfix_exporter_dump'],
  exporter({ pathMtu: 67 }),
  exporter({ pathMtu: 1451 }),
  exporter({ vrfId: 77 }),
  exporter({ collectorAddress: '2001:db8::9' }),
  exporter({ collectorAddress: '2001:db8::9', srcAddress: '2001:db8::1' }),
  exporter({ srcAddress: '0.0.0.0' }),
  exporter({ collectorAddress: '0.0.0.0', srcAddress: '0.0.0.0' }),
  ['ipfix_exporter_dump'],
  ['sflow_direction_set', { samplingD: 2 }],
  ['sflow_direction_get'],
  ['sflow_direction_set', { samplingD: 0 }],
  ['sflow_direction_set', { samplingD: 4 }],
  ['sflow_direction_get'],
  ['sflow_drop_monitoring_set', { dropM: 1 }],
  ['sflow_drop_monitoring_get'],
  ['sflow_drop_monitoring_set', { dropM: 2 }],
  ['sflow_drop_monitoring_get'],
  ['sflow_drop_monitoring_set', { dropM: 0 }],
]

function place(swIfIndex: number, queueId: number, more: object = {}): Step {
  return ['sw_interface_set_rx_placement', { swIfIndex, queueId, ...more }]
}

const PLACEMENT: readonly Step[] = [
  ['create_loopback'],
  ['create_vlan_subif', { swIfIndex: 1, vlanId: 5 }],
  place(1, 0),
  place(2, 0),
  place(99, 0),
  ['sw_interface_rx_placement_dump', { swIfIndex: NONE }],
  ['sw_interface_rx_placement_dump', { swIfIndex: 1 }],
  ['sw_interface_rx_placement_dump', { swIfIndex: 2 }],
  ['sw_interface_rx_placement_dump', { swIfIndex: 99 }],
]

function dhcp(isAdd: boolean, swIfIndex: number, more: object = {}): Step {
  return ['dhcp_client_config', { isAdd, client: { swIfIndex, hostname: 'router', ...more } }]
}

/** Text as VPP takes it, with something behind its end. */
const IDENTIFIER = Uint8Array.from({ length: 64 }, (_, index) => [0x61, 0x62, 0, 0x63][index] ?? 0)

const DHCP: readonly Step[] = [
  ['create_loopback', { macAddress: '02:00:00:00:00:21' }],
  ['create_loopback', { macAddress: '02:00:00:00:00:22' }],
  up(1),
  dhcp(true, 1, { pid: 7, id: IDENTIFIER, dscp: 46, setBroadcastFlag: true }),
  dhcp(true, 1),
  dhcp(true, 2, { wantDhcpEvent: true, hostname: 'other' }),
  dhcp(true, 99),
  ['dhcp_client_dump'],
  dhcp(false, 1),
  dhcp(false, 1),
  dhcp(false, 99),
  ['dhcp_client_dump'],
  dhcp(false, 2),
  ['create_vlan_subif', { swIfIndex: 1, vlanId: 5 }],
  dhcp(true, 3, { hostname: 'sub' }),
  ['dhcp_client_dump'],
  dhcp(false, 3),
  up(3),
  dhcp(true, 3, { hostname: 'sub' }),
  ['dhcp_client_dump'],
]

function side(isAdd: boolean, swIfIndex: number, flags: number): Step {
  return ['nat66_add_del_interface', { isAdd, swIfIndex, flags }]
}

function translate(isAdd: boolean, localIpAddress: string, externalIpAddress: string, vrfId = 0): Step {
  return ['nat66_add_del_static_mapping', { isAdd, localIpAddress, externalIpAddress, vrfId }]
}

const NAT66: readonly Step[] = [
  ['create_loopback'],
  ['create_loopback'],
  side(true, 1, 0x20),
  translate(true, 'fd00::5', '2001:db8::5'),
  ['nat66_interface_dump'],
  ['nat66_plugin_enable_disable', { enable: true, outsideVrf: 9 }],
  ['nat66_plugin_enable_disable', { enable: true }],
  ['ip_table_dump'],
  side(true, 1, 0x20),
  side(true, 1, 0x10),
  side(true, 2, 0x10),
  side(true, 99, 0x10),
  ['nat66_interface_dump'],
  translate(true, 'fd00::5', '2001:db8::5'),
  translate(true, 'fd00::5', '2001:db8::6'),
  translate(true, 'fd00::5', '2001:db8::5', 4),
  translate(true, 'fd00::6', '2001:db8::5'),
  translate(false, 'fd00::7', '2001:db8::7'),
  ['nat66_static_mapping_dump'],
  ['ip_table_dump'],
  translate(false, 'fd00::5', '2001:db8::77', 4),
  translate(false, 'fd00::6', '2001:db8::5'),
  translate(false, 'fd00::6', '2001:db8::5'),
  side(false, 2, 0x10),
  side(false, 2, 0x10),
  ['nat66_static_mapping_dump'],
  ['ip_table_dump'],
  ['delete_loopback', { swIfIndex: 1 }],
  ['nat66_interface_dump'],
  ['nat66_plugin_enable_disable', { enable: false }],
  ['nat66_plugin_enable_disable', { enable: false }],
  ['nat66_static_mapping_dump'],
  ['ip_table_dump'],
]

function pool64(isAdd: boolean, startAddr: string, endAddr: string, vrfId = NONE): Step {
  return ['nat64_add_del_pool_addr_range', { isAdd, startAddr, endAddr, vrfId }]
}

function side64(isAdd: boolean, swIfIndex: number, flags: number): Step {
  return ['nat64_add_del_interface', { isAdd, swIfIndex, flags }]
}

function prefix64(isAdd: boolean, prefix: string, vrfId = 0): Step {
  return ['nat64_add_del_prefix', { isAdd, prefix, vrfId }]
}

function binding64(isAdd: boolean, iAddr: string, oAddr: string, more: object = {}): Step {
  return [
    'nat64_add_del_static_bib',
    { isAdd, iAddr, oAddr, iPort: 80, oPort: 8080, proto: 6, vrfId: 0, ...more },
  ]
}

function pooled64(isAdd: boolean, swIfIndex: number): Step {
  return ['nat64_add_del_interface_addr', { isAdd, swIfIndex }]
}

function address64(isAdd: boolean, swIfIndex: number, prefix: string): Step {
  return ['sw_interface_add_del_address', { isAdd, swIfIndex, prefix }]
}

const NAT64: readonly Step[] = [
  ['create_loopback'],
  ['create_loopback'],
  ['nat64_get_timeouts'],
  ['nat64_plugin_enable_disable', { enable: false }],
  ['nat64_plugin_enable_disable', { enable: true }],
  ['nat64_plugin_enable_disable', { enable: true }],
  ['nat64_set_timeouts', { udp: 5, tcpEstablished: 6, tcpTransitory: 7, icmp: 8 }],
  ['nat64_get_timeouts'],
  pool64(true, '192.0.2.10', '192.0.2.12'),
  pool64(true, '192.0.2.9', '192.0.2.10', 5),
  pool64(true, '192.0.2.30', '192.0.2.29'),
  ['nat64_pool_addr_dump'],
  ['ip_table_dump'],
  side64(true, 1, 0x20),
  side64(true, 2, 0x10),
  side64(true, 2, 0x10),
  side64(true, 1, 0x10),
  side64(true, 99, 0x10),
  ['nat64_interface_dump'],
  routes4,
  side64(false, 1, 0x10),
  side64(false, 1, 0x10),
  side64(false, 1, 0x20),
  ['nat64_interface_dump'],
  routes4,
  pool64(true, '192.0.2.20', '192.0.2.20'),
  pool64(false, '192.0.2.10', '192.0.2.10'),
  pool64(false, '192.0.2.10', '192.0.2.10'),
  ['nat64_pool_addr_dump'],
  routes4,
  prefix64(true, '64:ff9b::/96'),
  prefix64(true, '2001:db8::/32'),
  prefix64(true, '2001:db8::/33'),
  prefix64(true, '2001:db8:5::/48', 7),
  ['nat64_prefix_dump'],
  ['ip_table_dump'],
  prefix64(false, '2001:db8::/96', 9),
  prefix64(false, '2001:db8::/64', 7),
  ['nat64_prefix_dump'],
  ['ip_table_dump'],
  binding64(true, '2001:db8::1', '192.0.2.11'),
  binding64(true, '2001:db8::1', '192.0.2.12'),
  binding64(true, '2001:db8::2', '192.0.2.11'),
  binding64(true, '2001:db8::2', '203.0.113.1', { proto: 17, vrfId: 11 }),
  ['nat64_bib_dump', { proto: 255 }],
  ['nat64_bib_dump', { proto: 17 }],
  binding64(false, '2001:db8::9', '192.0.2.11'),
  binding64(false, '2001:db8::1', '192.0.2.77'),
  ['nat64_bib_dump', { proto: 255 }],
  ['nat64_st_dump', { proto: 255 }],
  ['ip_table_dump'],
  pooled64(false, 1),
  address64(true, 1, '198.51.100.1/24'),
  address64(true, 1, '198.51.101.1/24'),
  pooled64(true, 1),
  pooled64(true, 1),
  pooled64(true, 99),
  ['nat64_pool_addr_dump'],
  address64(true, 1, '198.51.102.1/24'),
  address64(true, 1, '2001:db8::1/64'),
  address64(false, 1, '198.51.100.1/24'),
  ['nat64_pool_addr_dump'],
  pooled64(false, 1),
  ['nat64_pool_addr_dump'],
  pooled64(true, 2),
  address64(true, 2, '203.0.113.1/24'),
  address64(true, 2, '203.0.114.1/24'),
  ['nat64_pool_addr_dump'],
  ['delete_loopback', { swIfIndex: 2 }],
  ['nat64_pool_addr_dump'],
  ['create_loopback'],
  address64(true, 2, '203.0.115.1/24'),
  ['nat64_pool_addr_dump'],
  routes4,
  ['nat64_plugin_enable_disable', { enable: false }],
  address64(true, 2, '203.0.116.1/24'),
  ['nat64_pool_addr_dump'],
  pooled64(true, 1),
  ['nat64_pool_addr_dump'],
  pooled64(false, 1),
  pooled64(false, 2),
  ['nat64_pool_addr_dump'],
  ['nat64_interface_dump'],
  ['nat64_prefix_dump'],
  ['nat64_get_timeouts'],
  routes4,
  ['ip_table_dump'],
]

function map44(isAdd: boolean, inAddr: string, inPlen: number, outAddr: string, outPlen: number): Step {
  return ['det44_add_del_map', { isAdd, inAddr, inPlen, outAddr, outPlen }]
}

function side44(isAdd: boolean, swIfIndex: number, isInside: boolean): Step {
  return ['det44_interface_add_del_feature', { isAdd, swIfIndex, isInside }]
}

const DET44: readonly Step[] = [
  ['create_loopback'],
  ['create_loopback'],
  ['det44_get_timeouts'],
  ['det44_plugin_enable_disable', { enable: false }],
  ['det44_plugin_enable_disable', { enable: true, insideVrf: 0, outsideVrf: 9 }],
  ['det44_plugin_enable_disable', { enable: true }],
  ['ip_table_dump'],
  ['det44_set_timeouts', { udp: 5, icmp: 8 }],
  ['det44_get_timeouts'],
  map44(true, '10.0.0.7', 24, '192.0.2.64', 30),
  map44(true, '10.0.0.0', 24, '192.0.2.65', 30),
  map44(true, '10.1.0.0', 28, '198.51.100.0', 28),
  map44(false, '10.2.0.0', 24, '192.0.2.64', 30),
  ['det44_map_dump'],
  side44(true, 1, true),
  side44(true, 1, false),
  side44(true, 2, false),
  side44(true, 99, false),
  ['det44_interface_dump'],
  routes4,
  ['det44_forward', { inAddr: '10.0.0.70' }],
  ['det44_forward', { inAddr: '10.1.0.3' }],
  ['det44_forward', { inAddr: '10.9.0.3' }],
  ['det44_reverse', { outAddr: '192.0.2.65', outPort: 5000 }],
  ['det44_reverse', { outAddr: '203.0.113.1', outPort: 5000 }],
  ['det44_session_dump', { userAddr: '10.0.0.70' }],
  ['det44_close_session_out', { outAddr: '192.0.2.65', outPort: 5000, extAddr: '198.51.100.9', extPort: 53 }],
  [
    'det44_close_session_out',
    { outAddr: '203.0.113.1', outPort: 5000, extAddr: '198.51.100.9', extPort: 53 },
  ],
  ['det44_close_session_in', { inAddr: '10.0.0.70', inPort: 5000, extAddr: '198.51.100.9', extPort: 53 }],
  map44(false, '10.0.0.0', 24, '192.0.2.64', 30),
  map44(true, '10.3.0.0', 28, '198.51.100.64', 29),
  ['det44_map_dump'],
  routes4,
  side44(false, 1, true),
  side44(false, 1, true),
  ['det44_interface_dump'],
  side44(true, 1, true),
  ['det44_plugin_enable_disable', { enable: false }],
  ['det44_map_dump'],
  ['det44_interface_dump'],
  ['det44_get_timeouts'],
  routes4,
  ['ip_table_dump'],
]

/** A row of a map: every number becomes itself, but for one. */
function row(from: number, to: number): object {
  return { outputs: Uint8Array.from({ length: 256 }, (_, at) => (at === from ? to : at)) }
}

const ROWS = [row(1, 2), row(3, 4), row(5, 6), row(46, 7)]

function record(enable: boolean, swIfIndex: number, inputSource: number): Step {
  return ['qos_record_enable_disable', { enable, record: { swIfIndex, inputSource } }]
}

function store(enable: boolean, swIfIndex: number, inputSource: number, value = 0): Step {
  return ['qos_store_enable_disable', { enable, store: { swIfIndex, inputSource, value } }]
}

function mark(enable: boolean, swIfIndex: number, outputSource: number, mapId: number): Step {
  return ['qos_mark_enable_disable', { enable, mark: { swIfIndex, outputSource, mapId } }]
}

const QOS: readonly Step[] = [
  ['create_loopback'],
  ['create_loopback'],
  record(false, 1, 3),
  record(true, 1, 3),
  record(true, 1, 3),
  record(true, 2, 1),
  record(true, 99, 3),
  record(true, 1, 4),
  ['qos_record_dump'],
  record(false, 1, 3),
  ['qos_record_dump'],
  record(false, 1, 3),
  record(false, 1, 3),
  record(false, 2, 3),
  store(true, 1, 3, 46),
  store(true, 1, 3, 10),
  store(true, 2, 1, 5),
  store(true, 99, 3, 46),
  ['qos_store_dump'],
  store(false, 1, 3),
  ['qos_store_dump'],
  store(false, 1, 3),
  store(false, 1, 3),
  ['qos_egress_map_update', { map: { id: 7, rows: ROWS } }],
  ['qos_egress_map_dump'],
  ['qos_egress_map_update', { map: { id: 7, rows: [...ROWS.slice(0, 3), row(46, 5)] } }],
  ['qos_egress_map_dump'],
  mark(true, 1, 3, 8),
  mark(true, 1, 3, 7),
  mark(true, 1, 3, 7),
  mark(true, 2, 1, 7),
  mark(true, 2, 4, 7),
  ['qos_mark_dump', { swIfIndex: 1 }],
  mark(false, 1, 3, 7),
  mark(false, 1, 3, 7),
  mark(false, 2, 2, 7),
  ['qos_mark_dump', { swIfIndex: NONE }],
  record(true, 2, 3),
  store(true, 2, 3, 1),
  ['delete_loopback', { swIfIndex: 2 }],
  ['qos_record_dump'],
  ['qos_store_dump'],
  ['qos_mark_dump', { swIfIndex: NONE }],
  ['create_loopback'],
  ['qos_mark_dump', { swIfIndex: NONE }],
  mark(false, 2, 1, 7),
  ['qos_egress_map_delete', { id: 7 }],
  ['qos_egress_map_delete', { id: 7 }],
  ['qos_egress_map_dump'],
]

function relay(isAdd: boolean, rxVrfId: number, dhcpServer: string, more: object = {}): Step {
  return ['dhcp_proxy_config', { isAdd, rxVrfId, dhcpServer, dhcpSrcAddress: '192.0.2.1', ...more }]
}

const IP6 = { dhcpSrcAddress: '2001:db8::1' }

const RELAYS: readonly Step[] = [
  ['dhcp_proxy_dump', { isIp6: false }],
  relay(false, 0, '198.51.100.1'),
  relay(true, 0, '0.0.0.0'),
  relay(true, 0, '198.51.100.1', { dhcpSrcAddress: '0.0.0.0' }),
  relay(true, 0, '198.51.100.1', IP6),
  relay(true, 0, '198.51.100.1'),
  relay(true, 0, '198.51.100.1'),
  relay(true, 0, '198.51.100.2', { dhcpSrcAddress: '192.0.2.9' }),
  relay(true, 0, '198.51.100.3', { serverVrfId: 6 }),
  relay(true, 5, '198.51.100.1', { serverVrfId: 6 }),
  ['dhcp_proxy_dump', { isIp6: false }],
  ['ip_table_dump'],
  relay(false, 0, '198.51.100.1'),
  ['dhcp_proxy_dump', { isIp6: false }],
  relay(false, 0, '198.51.100.2'),
  relay(false, 0, '198.51.100.3'),
  relay(false, 0, '198.51.100.3', { serverVrfId: 6 }),
  ['dhcp_proxy_dump', { isIp6: false }],
  relay(false, 5, '198.51.100.1', { serverVrfId: 6 }),
  ['dhcp_proxy_dump', { isIp6: false }],
  ['ip_table_dump'],
  relay(true, 0, '2001:db8:5::1', IP6),
  ['dhcp_proxy_dump', { isIp6: true }],
  relay(true, 7, '2001:db8:5::2', { ...IP6, serverVrfId: 8 }),
  ['dhcp_proxy_dump', { isIp6: true }],
  ['ip_table_dump'],
  relay(false, 7, '2001:db8:5::2', { ...IP6, serverVrfId: 8 }),
  ['ip_table_dump'],
  relay(false, 0, '2001:db8:5::1', IP6),
  ['dhcp_proxy_dump', { isIp6: true }],
]

function nameServer(isAdd: number, ...bytes: number[]): Step {
  const serverAddress = Uint8Array.from({ length: 16 }, (_, index) => bytes[index] ?? 0)
  return ['dns_name_server_add_del', { isIp6: Number(bytes.length > 4), isAdd, serverAddress }]
}

const DNS_CACHE: Step = ['cli_inband', { cmd: 'show dns cache' }]
const SERVER6 = [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9]

const DNS: readonly Step[] = [
  DNS_CACHE,
  ['cli_inband', { cmd: 'show dns servers' }],
  ['dns_enable_disable', { enable: 1 }],
  nameServer(0, 192, 0, 2, 9),
  nameServer(0, ...SERVER6),
  ['dns_enable_disable', { enable: 0 }],
  nameServer(1, 192, 0, 2, 9),
  nameServer(1, 192, 0, 2, 9),
  ['dns_enable_disable', { enable: 1 }],
  DNS_CACHE,
  // With servers of IPv6 this command reads what is not there.
  ['cli_inband', { cmd: 'show dns servers' }],
  ['dns_enable_disable', { enable: 1 }],
  nameServer(1, ...SERVER6),
  nameServer(0, 192, 0, 2, 9),
  nameServer(0, 192, 0, 2, 9),
  DNS_CACHE,
  ['dns_enable_disable', { enable: 0 }],
  DNS_CACHE,
  ['dns_enable_disable', { enable: 1 }],
  ['dns_enable_disable', { enable: 0 }],
  nameServer(0, ...SERVER6),
  nameServer(0, ...SERVER6),
  ['dns_enable_disable', { enable: 1 }],
  DNS_CACHE,
]

function session(isAdd: boolean, sessionId: number, decapVrfId = 0): Step {
  const clientMac = '02:00:00:00:00:31'
  return ['pppoe_add_del_session', { isAdd, sessionId, clientIp: '198.51.100.7', decapVrfId, clientMac }]
}

/** No client speaks, so that there is no session: test/vpp/agent-pppoe.test.ts has one. */
const PPPOE: readonly Step[] = [
  ['create_loopback'],
  ['cli_inband', { cmd: 'show pppoe session' }],
  session(true, 7),
  session(true, 7, 9),
  session(false, 7),
  ['pppoe_add_del_cp', { swIfIndex: 0, isAdd: 1 }],
  ['pppoe_add_del_cp', { swIfIndex: 1, isAdd: 1 }],
  ['pppoe_add_del_cp', { swIfIndex: 1, isAdd: 0 }],
  ['cli_inband', { cmd: 'show pppoe session' }],
]

/** Chapters about services for packets. */
export const SERVICES: Readonly<Record<string, readonly Step[]>> = {
  policers: POLICERS,
  'quality of service': QOS,
  'forwarding by access list': ABF,
  'segment sizes': MSS_CLAMPS,
  'checks of sources': URPF,
  proxies: PROXIES,
  'dhcp clients': DHCP,
  'dhcp relays': RELAYS,
  'name resolution': DNS,
  pppoe: PPPOE,
  nat64: NAT64,
  nat66: NAT66,
  det44: DET44,
  'multicast routes': MROUTES,
  'exports of flows': EXPORTS,
  'placement of queues': PLACEMENT,
}
