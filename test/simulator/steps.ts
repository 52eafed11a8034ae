/** One request of the script, with its fields as a generated client takes them. */
export type Step = readonly [message: string, fields?: Readonly<Record<string, unknown>>]

const NONE = 0xffff_ffff
const MAC = '02:00:00:00:00:02'

const drop = { type: 'FIB_API_PATH_TYPE_DROP', swIfIndex: NONE, weight: 1 }

export function via(address: string, swIfIndex = NONE, more: object = {}): object {
  const family = address.includes(':') ? 'ip6' : 'ip4'
  const proto = family === 'ip6' ? 1 : 0
  return { swIfIndex, proto, weight: 1, nh: { address: { [family]: address } }, ...more }
}

export function route(isAdd: boolean, prefix: string, paths: object[], more: object = {}, tableId = 0): Step {
  return ['ip_route_add_del', { isAdd, route: { tableId, prefix, paths }, ...more }]
}

export function address(isAdd: boolean, swIfIndex: number, prefix: string): Step {
  return ['sw_interface_add_del_address', { isAdd, swIfIndex, prefix }]
}

export function up(swIfIndex: number, flags = 1): Step {
  return ['sw_interface_set_flags', { swIfIndex, flags }]
}

export function lookup(prefix: string, exact = 1): Step {
  return ['ip_route_lookup_v2', { tableId: 0, exact, prefix }]
}

export const routes4: Step = ['ip_route_v2_dump', { table: { tableId: 0, isIp6: false } }]
export const routes6: Step = ['ip_route_v2_dump', { table: { tableId: 0, isIp6: true } }]
export const list: Step = ['sw_interface_dump']

const INTERFACES: readonly Step[] = [
  list,
  ['create_loopback'],
  ['create_loopback_instance', { isSpecified: true, userInstance: 5 }],
  ['create_loopback_instance', { isSpecified: true, userInstance: 5 }],
  ['create_loopback_instance', { isSpecified: true, userInstance: 99_999 }],
  ['create_loopback', { macAddress: '02:00:00:00:00:77' }],
  up(1),
  up(999),
  up(0),
  ['sw_interface_set_mtu', { swIfIndex: 1, mtu: [1400, 1300, 0, 0] }],
  ['sw_interface_set_mtu', { swIfIndex: 999, mtu: [1, 2, 3, 4] }],
  ['hw_interface_set_mtu', { swIfIndex: 1, mtu: 1500 }],
  ['sw_interface_set_mac_address', { swIfIndex: 1, macAddress: '02:00:00:00:00:99' }],
  ['sw_interface_set_mac_address', { swIfIndex: 0, macAddress: '02:00:00:00:00:99' }],
  ['sw_interface_get_mac_address', { swIfIndex: 1 }],
  ['sw_interface_get_mac_address', { swIfIndex: 0 }],
  ['sw_interface_tag_add_del', { isAdd: true, swIfIndex: 1, tag: 'hello' }],
  ['sw_interface_tag_add_del', { isAdd: true, swIfIndex: 999, tag: 'hello' }],
  ['sw_interface_set_interface_name', { swIfIndex: 3, name: 'other' }],
  ['sw_interface_set_interface_name', { swIfIndex: 3, name: 'loop1' }],
  ['sw_interface_set_interface_name', { swIfIndex: 999, name: 'x' }],
  ['sw_interface_set_promisc', { swIfIndex: 1, promiscOn: true }],
  ['sw_interface_set_promisc', { swIfIndex: 999, promiscOn: true }],
  ['sw_interface_set_rx_mode', { swIfIndex: 1, mode: 1 }],
  ['sw_interface_set_rx_mode', { swIfIndex: 999, mode: 1 }],
  ['sw_interface_clear_stats', { swIfIndex: NONE }],
  ['sw_interface_clear_stats', { swIfIndex: 999 }],
  ['create_vlan_subif', { swIfIndex: 1, vlanId: 100 }],
  ['create_vlan_subif', { swIfIndex: 1, vlanId: 100 }],
  ['create_vlan_subif', { swIfIndex: 1, vlanId: 5000 }],
  ['create_vlan_subif', { swIfIndex: 1, vlanId: 0 }],
  ['create_vlan_subif', { swIfIndex: 999, vlanId: 5 }],
  ['create_subif', { swIfIndex: 1, subId: 200, subIfFlags: 18, outerVlanId: 200 }],
  ['create_subif', { swIfIndex: 1, subId: 200, subIfFlags: 18, outerVlanId: 200 }],
  ['create_subif', { swIfIndex: 999, subId: 200, subIfFlags: 18, outerVlanId: 200 }],
  ['sw_interface_get_mac_address', { swIfIndex: 4 }],
  ['sw_interface_set_mac_address', { swIfIndex: 4, macAddress: '02:00:00:00:00:98' }],
  up(4),
  list,
  ['sw_interface_dump', { swIfIndex: 1 }],
  ['sw_interface_dump', { swIfIndex: 0 }],
  ['sw_interface_dump', { swIfIndex: 999 }],
  ['sw_interface_dump', { nameFilterValid: true, nameFilter: 'LOOP0' }],
  ['sw_interface_dump', { nameFilterValid: true, nameFilter: 'nomatch' }],
  ['sw_interface_dump', { nameFilterValid: false, nameFilter: 'nomatch' }],
  up(1, 0),
  up(4),
  list,
  ['delete_subif', { swIfIndex: 2 }],
  ['delete_subif', { swIfIndex: 999 }],
  ['delete_loopback', { swIfIndex: 0 }],
  ['delete_loopback', { swIfIndex: 999 }],
  ['delete_loopback', { swIfIndex: 1 }],
  list,
  ['create_loopback'],
  ['delete_loopback', { swIfIndex: 1 }],
  ['delete_loopback', { swIfIndex: 2 }],
  ['delete_loopback', { swIfIndex: 3 }],
]

const ADDRESSES: readonly Step[] = [
  ['create_loopback'],
  ['create_loopback'],
  ['create_loopback'],
  address(true, 1, '10.0.0.1/24'),
  routes4,
  up(1),
  up(2),
  up(3),
  address(true, 1, '10.0.0.1/24'),
  address(true, 1, '10.0.0.2/24'),
  address(true, 1, '10.0.0.3/25'),
  address(true, 2, '10.0.0.9/24'),
  address(true, 2, '10.0.0.9/32'),
  address(true, 2, '11.0.0.0/31'),
  address(true, 3, '12.0.0.1/32'),
  address(true, 3, '12.0.0.2/30'),
  address(true, 1, '2001:db8::1/64'),
  address(true, 1, '2001:db8::1/64'),
  address(true, 1, '2001:db8::2/64'),
  address(true, 2, '2001:db8::3/64'),
  address(true, 2, '2001:db8:1::1/128'),
  address(true, 1, 'fe80::5/64'),
  address(true, 0, '9.9.9.9/24'),
  address(true, 999, '9.9.9.9/24'),
  address(false, 1, '10.0.9.1/24'),
  routes4,
  routes6,
  ['ip_address_dump', { swIfIndex: 1 }],
  ['ip_address_dump', { swIfIndex: 1, isIpv6: true }],
  ['ip_address_dump', { swIfIndex: 999 }],
  address(false, 1, '10.0.0.1/24'),
  routes4,
  ['sw_interface_set_unnumbered', { swIfIndex: 999, unnumberedSwIfIndex: 3, isAdd: true }],
  ['sw_interface_set_unnumbered', { swIfIndex: 1, unnumberedSwIfIndex: 999, isAdd: true }],
  ['sw_interface_add_del_address', { isAdd: false, swIfIndex: 3, delAll: true }],
  ['sw_interface_set_unnumbered', { swIfIndex: 1, unnumberedSwIfIndex: 3, isAdd: true }],
  ['ip_unnumbered_dump'],
  ['ip_unnumbered_dump', { swIfIndex: 1 }],
  ['sw_interface_set_unnumbered', { swIfIndex: 1, unnumberedSwIfIndex: 3, isAdd: false }],
  ['ip_table_add_del', { isAdd: true, table: { tableId: 5 } }],
  ['ip_table_add_del', { isAdd: true, table: { tableId: 5, isIp6: true, name: 'six' } }],
  ['ip_table_add_del', { isAdd: false, table: { tableId: 970 } }],
  ['ip_table_add_del', { isAdd: false, table: { tableId: 0 } }],
  ['ip_table_dump'],
  ['ip_route_v2_dump', { table: { tableId: 5 } }],
  ['ip_route_v2_dump', { table: { tableId: 970 } }],
  ['sw_interface_set_table', { swIfIndex: 3, vrfId: 77 }],
  ['sw_interface_set_table', { swIfIndex: 999, vrfId: 5 }],
  ['sw_interface_set_table', { swIfIndex: 1, vrfId: 5 }],
  ['sw_interface_set_table', { swIfIndex: 3, vrfId: 5 }],
  ['sw_interface_get_table', { swIfIndex: 3 }],
  ['sw_interface_get_table', { swIfIndex: 3, isIpv6: true }],
  ['sw_interface_get_table', { swIfIndex: 999 }],
  address(true, 3, '10.0.0.1/24'),
  ['ip_route_v2_dump', { table: { tableId: 5 } }],
  ['ip_table_add_del', { isAdd: false, table: { tableId: 5 } }],
  ['ip_table_dump'],
  address(false, 3, '10.0.0.1/24'),
  ['sw_interface_set_table', { swIfIndex: 3, vrfId: 0 }],
  ['ip_table_dump'],
  up(1, 0),
  routes4,
  ...[1, 2, 3].map((swIfIndex): Step => ['delete_loopback', { swIfIndex }]),
  routes4,
  routes6,
]

const ROUTES: readonly Step[] = [
  ['create_loopback'],
  ['create_loopback'],
  up(1),
  address(true, 1, '192.0.2.1/24'),
  address(true, 1, '2001:db8:77::1/64'),
  route(true, '198.51.100.0/24', [via('192.0.2.2', 1)]),
  route(true, '198.51.100.0/24', [via('192.0.2.2', 1)]),
  route(true, '198.51.101.0/24', [via('192.0.2.2')]),
  route(true, '198.51.102.0/24', [via('198.51.100.9')]),
  route(true, '198.51.103.77/24', [via('192.0.2.2', 1)]),
  route(true, '198.51.104.0/24', [via('192.0.2.2', 1)], { isMultipath: true }),
  route(true, '198.51.104.0/24', [via('192.0.2.3', 1, { weight: 3 })], { isMultipath: true }),
  route(true, '198.51.104.0/24', [via('192.0.2.2', 1, { weight: 7 })], { isMultipath: true }),
  route(true, '198.51.105.0/24', [via('192.0.2.9', 1), via('192.0.2.3', 1, { preference: 1 })]),
  route(true, '198.51.106.0/24', [drop]),
  route(true, '198.51.107.1/32', [{ ...drop, type: 'FIB_API_PATH_TYPE_LOCAL' }]),
  route(true, '198.51.108.0/24', [{ swIfIndex: 1, weight: 1 }]),
  route(true, '198.51.109.0/24', [{ swIfIndex: 2, weight: 1 }]),
  route(true, '198.51.110.0/24', [via('192.0.2.2', 99)]),
  route(true, '198.51.111.0/24', [via('192.0.2.2', 1)], {}, 970),
  route(true, '198.51.112.0/24', [via('192.0.2.2', NONE, { tableId: 970 })]),
  route(true, '198.51.113.0/24', []),
  route(true, 'af:0:01020304000000000000000000000000/33', [via('192.0.2.2', 1)]),
  route(false, '198.51.200.0/24', []),
  route(false, '198.51.200.0/24', [via('192.0.2.2', 1)]),
  route(false, '198.51.104.0/24', [via('192.0.2.77', 1)], { isMultipath: true }),
  route(true, '198.51.114.0/24', [via('192.0.2.2', 1, { weight: 0 })]),
  route(true, '198.51.115.0/24', [{ ...drop, type: 'FIB_API_PATH_TYPE_ICMP_UNREACH' }]),
  route(true, '2001:db8:5::/48', [via('2001:db8:77::2', 1)]),
  route(true, '198.51.117.0/24', [via('2001:db8:77::2', 1)]),
  route(true, '0.0.0.0/0', [via('192.0.2.2', 1)]),
  routes4,
  ['ip_route_dump', { table: { tableId: 0 } }],
  ['ip_route_v2_dump', { src: 4, table: { tableId: 0 } }],
  routes6,
  lookup('198.51.100.7/32', 0),
  lookup('198.51.100.7/32'),
  lookup('198.51.100.0/24'),
  ['ip_route_lookup', { tableId: 970, exact: 1, prefix: '198.51.100.0/24' }],
  route(false, '198.51.104.0/24', [via('192.0.2.2', 1)], { isMultipath: true }),
  lookup('198.51.104.0/24'),
  route(false, '198.51.104.0/24', [via('192.0.2.3', 1)], { isMultipath: true }),
  lookup('198.51.104.0/24'),
  route(false, '0.0.0.0/0', [via('192.0.2.2', 1)]),
  lookup('0.0.0.0/0'),
  route(true, '192.0.2.0/24', [drop]),
  lookup('192.0.2.0/24'),
  route(false, '192.0.2.0/24', []),
  lookup('192.0.2.0/24'),
  route(true, '78.0.0.0/24', [via('200.1.1.1')]),
  lookup('200.1.1.1/32'),
  route(true, '200.0.0.0/8', [via('192.0.2.9', 1)]),
  lookup('200.1.1.1/32'),
  route(false, '78.0.0.0/24', [via('200.1.1.1')]),
  lookup('200.1.1.1/32'),
  ['ip_table_replace_begin', { table: { tableId: 970 } }],
  ['ip_table_replace_begin', { table: { tableId: 0 } }],
  route(true, '198.51.100.0/24', [via('192.0.2.4', 1)]),
  ['ip_table_replace_end', { table: { tableId: 0 } }],
  routes4,
  ['ip_table_flush', { table: { tableId: 970 } }],
  ['ip_table_flush', { table: { tableId: 0 } }],
  routes4,
  list,
  ['fib_source_dump'],
  route(false, '2001:db8:5::/48', []),
  ['delete_loopback', { swIfIndex: 1 }],
  ['delete_loopback', { swIfIndex: 2 }],
]

function neighbor(isAdd: boolean, ipAddress: string, more: object = {}): Step {
  return [
    'ip_neighbor_add_del',
    { isAdd, neighbor: { swIfIndex: 1, flags: 1, macAddress: MAC, ipAddress, ...more } },
  ]
}

const NEIGHBORS: readonly Step[] = [
  ['create_loopback'],
  up(1),
  address(true, 1, '192.0.2.1/24'),
  neighbor(true, '192.0.2.9'),
  neighbor(true, '192.0.2.9'),
  neighbor(true, '192.0.2.9', { macAddress: '02:00:00:00:00:03' }),
  neighbor(true, '192.0.2.10', { flags: 0 }),
  neighbor(true, '192.0.2.11', { flags: 2 }),
  neighbor(true, '2001:db8::9'),
  neighbor(true, '192.0.2.9', { swIfIndex: 99 }),
  neighbor(true, '10.9.9.9'),
  neighbor(false, '192.0.2.200'),
  ['ip_neighbor_dump', { swIfIndex: 1 }],
  ['ip_neighbor_dump', { af: 1 }],
  ['ip_neighbor_dump', { swIfIndex: 99 }],
  ['ip_route_v2_dump', { src: 15, table: { tableId: 0 } }],
  neighbor(false, '192.0.2.9'),
  up(1, 0),
  ['ip_neighbor_dump'],
  ['ip_route_v2_dump', { src: 15, table: { tableId: 0 } }],
  ['ip_neighbor_flush', { swIfIndex: 99 }],
  ['ip_neighbor_flush'],
  ['ip_neighbor_dump'],
  ['ip_neighbor_config', { af: 0, maxNumber: 1000, maxAge: 5, recycle: true }],
  ['ip_neighbor_config_get', { af: 0 }],
  ['delete_loopback', { swIfIndex: 1 }],
]

const on = { flood: true, uuFlood: true, forward: true, learn: true }

function bridge(bdId: number, more: object = {}): Step {
  return ['bridge_domain_add_del_v2', { bdId, ...on, ...more }]
}

export function join(rxSwIfIndex: number, bdId: number, more: object = {}): Step {
  return ['sw_interface_set_l2_bridge', { rxSwIfIndex, bdId, enable: true, ...more }]
}

const bridges: Step = ['bridge_domain_dump', { bdId: NONE }]

const BRIDGES: readonly Step[] = [
  ['create_loopback'],
  ['create_loopback'],
  ['create_loopback'],
  bridges,
  bridge(10, { macAge: 5, bdTag: 'ten' }),
  bridge(10),
  bridge(0),
  bridge(1 << 24),
  bridge(55, { isAdd: false }),
  ['bridge_domain_add_del', { bdId: 11, ...on, isAdd: true }],
  join(2, 10),
  join(3, 10, { portType: 1 }),
  join(99, 10),
  join(1, 10, { portType: 1 }),
  join(1, 77, { shg: 3 }),
  bridges,
  ['bridge_domain_dump', { bdId: 10 }],
  ['bridge_domain_dump', { bdId: 1234 }],
  ['bridge_domain_dump', { bdId: NONE, swIfIndex: 2 }],
  bridge(10, { isAdd: false }),
  join(2, 10, { enable: false }),
  join(2, 10, { enable: false }),
  join(3, 10, { enable: false }),
  join(1, 77, { enable: false }),
  ['bridge_flags', { bdId: 1234, isSet: true, flags: 8 }],
  ['bridge_domain_set_mac_age', { bdId: 10, macAge: 9 }],
  ['bridge_domain_set_mac_age', { bdId: 1234, macAge: 9 }],
  ['l2fib_add_del', { mac: MAC, bdId: 1234, swIfIndex: 1, isAdd: true, staticMac: true }],
  ['l2fib_add_del', { mac: MAC, bdId: 10, swIfIndex: 1, isAdd: true, staticMac: true }],
  join(2, 10),
  ['l2fib_add_del', { mac: MAC, bdId: 10, swIfIndex: 2, isAdd: true, staticMac: true }],
  ['l2_fib_table_dump', { bdId: 10 }],
  ['l2fib_add_del', { mac: MAC, bdId: 10, swIfIndex: 2, isAdd: false }],
  ['l2_fib_table_dump', { bdId: 10 }],
  join(2, 10, { enable: false }),
  ['sw_interface_set_l2_xconnect', { rxSwIfIndex: 1, txSwIfIndex: 2, enable: true }],
  ['l2_xconnect_dump'],
  ['sw_interface_set_l2_xconnect', { rxSwIfIndex: 1, txSwIfIndex: 2, enable: false }],
  ['l2_xconnect_dump'],
  ...[10, 11, 77].map((bdId) => bridge(bdId, { isAdd: false })),
  bridges,
  ...[1, 2, 3].map((swIfIndex): Step => ['delete_loopback', { swIfIndex }]),
]

const rule = {
  isPermit: 1,
  srcPrefix: '10.0.0.0/8',
  dstPrefix: '0.0.0.0/0',
  proto: 6,
  srcportOrIcmptypeLast: 65_535,
  dstportOrIcmpcodeFirst: 80,
  dstportOrIcmpcodeLast: 80,
}

function acl(aclIndex: number, tag: string, r: object[]): Step {
  return ['acl_add_replace', { aclIndex, tag, r }]
}

function acls(swIfIndex: number, nInput: number, list: number[]): Step {
  return ['acl_interface_set_acl_list', { swIfIndex, nInput, acls: list }]
}

function bind(isAdd: boolean, isInput: boolean, swIfIndex: number, aclIndex: number): Step {
  return ['acl_interface_add_del', { isAdd, isInput, swIfIndex, aclIndex }]
}

const ACLS: readonly Step[] = [
  ['create_loopback'],
  ['create_loopback'],
  ['acl_plugin_get_version'],
  acl(NONE, 'a', [rule, rule]),
  acl(NONE, 'b', [rule]),
  acl(0, 'c', [rule]),
  acl(17, 'c', [rule]),
  acl(NONE, 'e', []),
  ['acl_dump', { aclIndex: NONE }],
  ['acl_dump', { aclIndex: 1 }],
  ['acl_dump', { aclIndex: 55 }],
  acls(1, 1, [0, 1]),
  acls(1, 1, [0, 55]),
  acls(99, 1, [0, 1]),
  acls(2, 2, [0, 0]),
  ['acl_interface_list_dump', { swIfIndex: 1 }],
  ['acl_interface_list_dump', { swIfIndex: NONE }],
  ['acl_interface_list_dump', { swIfIndex: 99 }],
  bind(true, true, 2, 0),
  bind(true, true, 2, 0),
  bind(true, true, 2, 55),
  bind(true, true, 99, 0),
  bind(false, false, 2, 0),
  ['acl_interface_list_dump', { swIfIndex: NONE }],
  ['acl_del', { aclIndex: 0 }],
  ['acl_del', { aclIndex: 1 }],
  ['acl_del', { aclIndex: 55 }],
  acls(1, 0, []),
  bind(false, true, 2, 0),
  ['acl_del', { aclIndex: 0 }],
  ['acl_del', { aclIndex: 0 }],
  acl(NONE, 'f', [rule]),
  ['macip_acl_add', { tag: 'm', r: [{ isPermit: 1, srcMac: MAC, srcMacMask: 'ff:ff:ff:ff:ff:ff' }] }],
  ['macip_acl_dump', { aclIndex: NONE }],
  ['macip_acl_interface_add_del', { isAdd: true, swIfIndex: 1, aclIndex: 0 }],
  ['macip_acl_interface_get'],
  ['macip_acl_interface_list_dump', { swIfIndex: NONE }],
  ['macip_acl_del', { aclIndex: 0 }],
  ['macip_acl_del', { aclIndex: 0 }],
  ...[0, 1, 2].map((aclIndex): Step => ['acl_del', { aclIndex }]),
  ...[1, 2].map((swIfIndex): Step => ['delete_loopback', { swIfIndex }]),
]

function socket(isAdd: boolean, socketId: number, socketFilename = ''): Step {
  return ['memif_socket_filename_add_del_v2', { isAdd, socketId, socketFilename }]
}

function memif(id: number, socketId: number, more: object = {}): Step {
  return ['memif_create', { id, socketId, role: 0, mode: 0, ringSize: 1024, ...more }]
}

const MEMIFS: readonly Step[] = [
  ['memif_socket_filename_dump'],
  socket(true, 1, '/tmp/vpp-ts-1.sock'),
  socket(true, 1, '/tmp/vpp-ts-2.sock'),
  socket(true, 0, '/tmp/vpp-ts-3.sock'),
  socket(false, 70),
  socket(true, 71),
  memif(0, 1),
  memif(0, 1),
  memif(5, 0, { role: 1 }),
  memif(6, 1, { role: 1 }),
  memif(9, 99),
  memif(11, 1, { ringSize: 1000 }),
  memif(12, 1, { hwAddr: '02:00:00:00:0c:0c' }),
  ['memif_dump'],
  ['sw_interface_dump', { nameFilterValid: true, nameFilter: 'memif' }],
  socket(false, 1),
  ['memif_delete', { swIfIndex: 99 }],
  ...[1, 2, 3].map((swIfIndex): Step => ['memif_delete', { swIfIndex }]),
  ['memif_dump'],
  socket(false, 1),
]

const mapping = {
  localIpAddress: '10.0.0.5',
  externalIpAddress: '192.0.2.77',
  protocol: 6,
  localPort: 80,
  externalPort: 8080,
  externalSwIfIndex: NONE,
  tag: 't',
}

const NAT: readonly Step[] = [
  ['create_loopback'],
  ['nat44_add_del_static_mapping', { isAdd: true, ...mapping }],
  ['nat44_ed_plugin_enable_disable', { enable: true }],
  ['nat44_ed_plugin_enable_disable', { enable: true }],
  ['nat44_add_del_static_mapping', { isAdd: true, ...mapping }],
  ['nat44_add_del_static_mapping', { isAdd: true, ...mapping }],
  ['nat44_static_mapping_dump'],
  [
    'nat44_add_del_address_range',
    { isAdd: true, firstIpAddress: '192.0.2.80', lastIpAddress: '192.0.2.82', vrfId: NONE },
  ],
  ['nat44_address_dump'],
  ['nat44_interface_add_del_feature', { isAdd: true, flags: 0x20, swIfIndex: 1 }],
  ['nat44_interface_add_del_feature', { isAdd: true, flags: 0x10, swIfIndex: 99 }],
  ['nat44_interface_dump'],
  ['nat44_interface_add_del_feature', { isAdd: false, flags: 0x20, swIfIndex: 1 }],
  ['nat44_add_del_static_mapping', { isAdd: false, ...mapping }],
  ['nat44_add_del_static_mapping', { isAdd: false, ...mapping }],
  ['nat44_static_mapping_dump'],
  ['nat44_ed_plugin_enable_disable', { enable: false }],
  ['nat44_ed_plugin_enable_disable', { enable: false }],
  ['delete_loopback', { swIfIndex: 1 }],
]

export function cli(cmd: string): Step {
  return ['cli_inband', { cmd }]
}

const CLI: readonly Step[] = [
  cli('create loopback interface'),
  cli('create loopback interface instance 3'),
  cli('create loopback interface instance 3'),
  cli('set interface state loop0 up'),
  cli('set interface state nope up'),
  cli('set interface state loop0 sideways'),
  cli('set interface ip address loop0 192.0.2.1/24'),
  cli('set interface ip address loop0 300.1.1.1/24'),
  cli('create sub-interfaces loop0 7'),
  cli('show interface'),
  cli('sh int'),
  cli('show interface loop9'),
  cli('show interface address'),
  cli('show int addr loop0'),
  cli('show hardware-interfaces loop0'),
  cli('show ip table'),
  cli('show bridge-domain'),
  cli('show errors'),
  cli('show acl-plugin acl'),
  cli('show trace'),
  cli('show'),
  cli('show nonsense'),
  cli('nonsense'),
  cli(''),
  cli('comment this'),
  cli('clear interfaces'),
  cli('ip route add 10.77.0.0/16 via 192.0.2.2 loop0'),
  cli('ip route add 10.77.0.0/16 via 192.0.2.2 nope'),
  lookup('10.77.0.0/16'),
  cli('ip route del 10.77.0.0/16'),
  lookup('10.77.0.0/16'),
  cli('delete loopback interface intfc nope'),
  cli('delete loopback interface intfc loop3'),
  cli('delete loopback interface intfc loop0'),
]

/** Chapters about what works as one expects. Each leaves an empty VPP behind. */
export const BASICS: Readonly<Record<string, readonly Step[]>> = {
  interfaces: INTERFACES,
  addresses: ADDRESSES,
  routes: ROUTES,
  neighbors: NEIGHBORS,
  bridges: BRIDGES,
  acls: ACLS,
  memifs: MEMIFS,
  nat: NAT,
  cli: CLI,
}
