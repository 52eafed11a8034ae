import type { Step } from './steps.ts'
import { address, routes4 } from './steps.ts'

const NONE = 0xffff_ffff
/** `NAT_IS_…` */
const TWICE_NAT = 1
const SELF_TWICE_NAT = 2
const OUT_TO_IN_ONLY = 4
const ADDRESS_ONLY = 8
const OUTSIDE = 0x10
const INSIDE = 0x20

function pool(isAdd: boolean, firstIpAddress: string, lastIpAddress: string, more: object = {}): Step {
  return ['nat44_add_del_address_range', { isAdd, firstIpAddress, lastIpAddress, vrfId: NONE, ...more }]
}

function side(isAdd: boolean, swIfIndex: number, flags: number): Step {
  return ['nat44_interface_add_del_feature', { isAdd, swIfIndex, flags }]
}

function output(isAdd: boolean, swIfIndex: number): Step {
  return ['nat44_ed_add_del_output_interface', { isAdd, swIfIndex }]
}

const mapping = {
  flags: 0,
  localIpAddress: '10.0.0.5',
  localPort: 80,
  externalIpAddress: '192.0.2.10',
  externalPort: 8080,
  externalSwIfIndex: NONE,
  protocol: 6,
  vrfId: 0,
  tag: 'one',
}

function map(isAdd: boolean, more: object = {}): Step {
  return ['nat44_add_del_static_mapping_v2', { isAdd, ...mapping, ...more }]
}

function identity(isAdd: boolean, more: object = {}): Step {
  const wire = { ipAddress: '192.0.2.50', protocol: 6, port: 22, swIfIndex: NONE, vrfId: 0, tag: 'same' }
  return ['nat44_add_del_identity_mapping', { isAdd, flags: 0, ...wire, ...more }]
}

const servers = [
  { addr: '10.0.0.21', port: 80, probability: 30, vrfId: 0 },
  { addr: '10.0.0.22', port: 80, probability: 70, vrfId: 12 },
]
const balanced = { externalAddr: '192.0.2.10', externalPort: 443, protocol: 6, flags: 0, tag: 'farm' }

function balance(isAdd: boolean, more: object = {}): Step {
  return ['nat44_add_del_lb_static_mapping', { isAdd, ...balanced, affinity: 0, locals: servers, ...more }]
}

function server(isAdd: boolean, addr: string, more: object = {}): Step {
  const { externalAddr, externalPort, protocol } = balanced
  const local = { addr, port: 80, probability: 10, vrfId: 0 }
  return [
    'nat44_lb_static_mapping_add_del_local',
    { isAdd, externalAddr, externalPort, protocol, local, ...more },
  ]
}

function interfaceAddress(isAdd: boolean, swIfIndex: number, flags = 0): Step {
  return ['nat44_add_del_interface_addr', { isAdd, swIfIndex, flags }]
}

/** Settings of the endpoint-dependent mode, off and on. */
const SETTINGS: readonly Step[] = [
  ['nat44_show_running_config'],
  ['nat44_ed_show_fq_options'],
  ['nat44_ed_set_fq_options', { frameQueueNelts: 128 }],
  ['nat44_forwarding_enable_disable', { enable: true }],
  ['nat44_set_session_limit', { sessionLimit: 5, vrfId: 0 }],
  ['nat44_ed_plugin_enable_disable', { enable: true, flags: 2 }],
  ['nat44_ed_plugin_enable_disable', { enable: true, flags: 4 }],
  ['nat44_ed_plugin_enable_disable', { enable: false }],
  ['nat44_ed_plugin_enable_disable', { enable: true, sessions: 1000, insideVrf: 7, outsideVrf: 8 }],
  ['nat44_ed_plugin_enable_disable', { enable: true, sessions: 1000 }],
  ['nat44_show_running_config'],
  ['ip_table_dump'],
  ['nat44_forwarding_enable_disable', { enable: true }],
  ['nat_set_timeouts', { udp: 5, tcpEstablished: 6, tcpTransitory: 7, icmp: 8 }],
  ['nat_ipfix_enable_disable', { enable: true, domainId: 1, srcPort: 4739 }],
  ['nat44_show_running_config'],
  ['nat_ipfix_enable_disable', { enable: false, domainId: 1, srcPort: 4739 }],
  ['nat_get_mss_clamping'],
  ['nat_set_mss_clamping', { mssValue: 1400, enable: true }],
  ['nat_get_mss_clamping'],
  ['nat_set_mss_clamping', { mssValue: 1400, enable: false }],
  ['nat_get_mss_clamping'],
  ['nat44_set_session_limit', { sessionLimit: 5, vrfId: 0 }],
  ['nat44_set_session_limit', { sessionLimit: 5, vrfId: 77 }],
  ['nat44_set_session_limit', { sessionLimit: 6, vrfId: 8 }],
  ['cli_inband', { cmd: 'show nat44 summary' }],
  ['nat_set_workers', { workerMask: 1n }],
  ['nat_worker_dump'],
  ['nat44_ed_set_fq_options', { frameQueueNelts: 256 }],
  ['nat44_ed_show_fq_options'],
  ['nat44_ed_add_del_vrf_table', { isAdd: true, tableVrfId: 20 }],
  ['nat44_ed_add_del_vrf_table', { isAdd: true, tableVrfId: 20 }],
  ['nat44_ed_add_del_vrf_route', { isAdd: true, tableVrfId: 20, vrfId: 21 }],
  ['nat44_ed_add_del_vrf_route', { isAdd: true, tableVrfId: 20, vrfId: 21 }],
  ['nat44_ed_add_del_vrf_route', { isAdd: true, tableVrfId: 22, vrfId: 21 }],
  ['nat44_ed_add_del_vrf_route', { isAdd: false, tableVrfId: 20, vrfId: 23 }],
  ['nat44_ed_vrf_tables_dump'],
  ['cli_inband', { cmd: 'show nat44 vrf tables' }],
  ['ip_table_dump'],
  ['nat44_ed_add_del_vrf_route', { isAdd: false, tableVrfId: 20, vrfId: 21 }],
  ['nat44_ed_add_del_vrf_table', { isAdd: false, tableVrfId: 22 }],
  ['nat44_ed_add_del_vrf_table', { isAdd: false, tableVrfId: 20 }],
  ['nat44_ed_vrf_tables_dump'],
  ['nat44_ed_vrf_tables_v2_dump'],
  ['nat44_user_dump'],
  ['nat44_user_session_dump', { ipAddress: '10.0.0.1', vrfId: 0 }],
  ['nat44_user_session_v2_dump', { ipAddress: '10.0.0.1', vrfId: 0 }],
  ['nat44_user_session_v3_dump', { ipAddress: '10.0.0.1', vrfId: 0 }],
  ['nat44_del_session', { address: '10.0.0.1', protocol: 6, port: 1, vrfId: 0, flags: INSIDE }],
  ['nat44_ed_plugin_enable_disable', { enable: false }],
  ['nat44_show_running_config'],
  ['nat44_del_session', { address: '10.0.0.1', protocol: 6, port: 1, vrfId: 0, flags: INSIDE }],
  ['ip_table_dump'],
]

/** Interfaces, pools and the routes that come of them. */
const INTERFACES: readonly Step[] = [
  ['create_loopback'],
  ['create_loopback'],
  ['create_loopback'],
  pool(true, '192.0.2.10', '192.0.2.11'),
  pool(false, '192.0.2.10', '192.0.2.11'),
  side(true, 1, INSIDE),
  output(true, 1),
  interfaceAddress(true, 1),
  map(true),
  identity(true),
  balance(true),
  ['nat44_ed_plugin_enable_disable', { enable: true }],
  pool(true, '192.0.2.10', '192.0.2.11'),
  pool(true, '198.51.100.1', '198.51.100.1', { flags: TWICE_NAT, vrfId: 5 }),
  side(true, 1, INSIDE),
  side(true, 2, OUTSIDE),
  side(true, 99, OUTSIDE),
  output(true, 2),
  output(true, 3),
  output(true, 3),
  output(true, 99),
  side(true, 3, INSIDE),
  ['nat44_interface_dump'],
  ['nat44_ed_output_interface_get', { cursor: 0 }],
  routes4,
  map(true),
  map(true, { externalIpAddress: '192.0.2.77', localIpAddress: '10.0.0.6', flags: ADDRESS_ONLY }),
  routes4,
  pool(true, '192.0.2.12', '192.0.2.12', { vrfId: 6 }),
  pool(false, '192.0.2.10', '192.0.2.10'),
  routes4,
  map(false),
  output(false, 3),
  output(false, 3),
  ['nat44_ed_output_interface_get', { cursor: 0 }],
  routes4,
  interfaceAddress(true, 3),
  interfaceAddress(true, 3),
  interfaceAddress(true, 3, TWICE_NAT),
  interfaceAddress(true, 99),
  ['nat44_interface_addr_dump'],
  address(true, 3, '203.0.113.1/24'),
  ['nat44_address_dump'],
  address(true, 3, '203.0.113.2/24'),
  ['nat44_address_dump'],
  address(false, 3, '203.0.113.1/24'),
  ['nat44_address_dump'],
  interfaceAddress(false, 3),
  interfaceAddress(false, 3),
  ['nat44_interface_addr_dump'],
  ['nat44_address_dump'],
  interfaceAddress(true, 3),
  ['nat44_address_dump'],
  interfaceAddress(false, 3),
  ['delete_loopback', { swIfIndex: 2 }],
  ['nat44_interface_dump'],
  routes4,
  ['ip_table_dump'],
  ['nat44_ed_plugin_enable_disable', { enable: false }],
  ['nat44_address_dump'],
  ['nat44_interface_dump'],
  ['nat44_interface_addr_dump'],
  ['ip_table_dump'],
  routes4,
]

/** Static, identity and balanced mappings. */
const MAPPINGS: readonly Step[] = [
  ['create_loopback'],
  ['nat44_ed_plugin_enable_disable', { enable: true, insideVrf: 9 }],
  pool(true, '192.0.2.10', '192.0.2.10'),
  map(true, { flags: SELF_TWICE_NAT | OUT_TO_IN_ONLY, tag: 'self' }),
  map(true, { flags: TWICE_NAT, externalPort: 81, poolIpAddress: '192.0.2.10', matchPool: true }),
  map(true, { flags: TWICE_NAT | ADDRESS_ONLY, externalIpAddress: '192.0.2.20' }),
  map(true, { localPort: 82, externalPort: 82, vrfId: NONE }),
  ['nat44_static_mapping_dump'],
  map(false, { localPort: 82, externalPort: 82, vrfId: NONE }),
  identity(true),
  identity(true),
  identity(true, { vrfId: 11 }),
  identity(true, { ipAddress: '192.0.2.51', flags: ADDRESS_ONLY, vrfId: NONE, tag: 'whole' }),
  identity(true, { ipAddress: '192.0.2.10', port: 8080 }),
  ['nat44_identity_mapping_dump'],
  ['ip_table_dump'],
  identity(false, { vrfId: 12 }),
  identity(false),
  ['nat44_identity_mapping_dump'],
  identity(false, { vrfId: 11 }),
  identity(false, { vrfId: 11 }),
  identity(false, { ipAddress: '192.0.2.51', flags: ADDRESS_ONLY, vrfId: NONE }),
  ['nat44_identity_mapping_dump'],
  identity(true, { swIfIndex: 1 }),
  identity(true, { swIfIndex: 1 }),
  map(true, { externalSwIfIndex: 1, localIpAddress: '10.0.0.8', flags: ADDRESS_ONLY, tag: 'moves' }),
  ['nat44_identity_mapping_dump'],
  ['nat44_static_mapping_dump'],
  address(true, 1, '203.0.113.1/24'),
  ['nat44_identity_mapping_dump'],
  ['nat44_static_mapping_dump'],
  address(true, 1, '203.0.113.2/24'),
  address(false, 1, '203.0.113.1/24'),
  ['nat44_static_mapping_dump'],
  identity(false, { swIfIndex: 1 }),
  map(false, { externalSwIfIndex: 1, localIpAddress: '10.0.0.8', flags: ADDRESS_ONLY }),
  ['nat44_static_mapping_dump'],
  ['nat44_identity_mapping_dump'],
  balance(true, { locals: servers.slice(0, 1) }),
  balance(true, { externalAddr: '192.0.2.99' }),
  balance(true, { externalAddr: '192.0.2.99', flags: OUT_TO_IN_ONLY | TWICE_NAT | SELF_TWICE_NAT }),
  balance(true, { affinity: 60 }),
  balance(true),
  map(true, { externalPort: 443, localPort: 99 }),
  ['nat44_lb_static_mapping_dump'],
  ['nat44_static_mapping_dump'],
  ['ip_table_dump'],
  server(true, '10.0.0.23'),
  server(true, '10.0.0.23'),
  server(true, '10.0.0.24', { externalPort: 1 }),
  server(true, '10.0.0.24', { externalPort: 8080 }),
  ['nat44_lb_static_mapping_dump'],
  server(false, '10.0.0.99'),
  server(false, '10.0.0.21'),
  server(false, '10.0.0.23'),
  ['nat44_lb_static_mapping_dump'],
  balance(false, { externalPort: 1 }),
  balance(false, { externalPort: 8080 }),
  balance(false),
  balance(false, { externalAddr: '192.0.2.99', flags: OUT_TO_IN_ONLY }),
  ['nat44_lb_static_mapping_dump'],
  ['ip_table_dump'],
  ['nat44_ed_plugin_enable_disable', { enable: false }],
  ['nat44_static_mapping_dump'],
]

/** `NAT44_EI_…` */
const EI = { addressOnly: 8, inside: 0x10, outside: 0x20 } as const

function eiPool(isAdd: boolean, firstIpAddress: string, lastIpAddress: string, vrfId = NONE): Step {
  return ['nat44_ei_add_del_address_range', { isAdd, firstIpAddress, lastIpAddress, vrfId }]
}

function eiSide(isAdd: boolean, swIfIndex: number, flags: number): Step {
  return ['nat44_ei_interface_add_del_feature', { isAdd, swIfIndex, flags }]
}

function eiOutput(isAdd: boolean, swIfIndex: number): Step {
  return ['nat44_ei_add_del_output_interface', { isAdd, swIfIndex }]
}

function eiMap(isAdd: boolean, more: object = {}): Step {
  return ['nat44_ei_add_del_static_mapping', { isAdd, ...mapping, ...more }]
}

function eiIdentity(isAdd: boolean, more: object = {}): Step {
  const wire = { ipAddress: '192.0.2.11', protocol: 6, port: 22, swIfIndex: NONE, vrfId: 0, tag: 'same' }
  return ['nat44_ei_add_del_identity_mapping', { isAdd, flags: 0, ...wire, ...more }]
}

function eiAddress(isAdd: boolean, swIfIndex: number): Step {
  return ['nat44_ei_add_del_interface_addr', { isAdd, swIfIndex }]
}

function ports(alg: number, more: object = {}): Step {
  return ['nat44_ei_set_addr_and_port_alloc_alg', { alg, ...more }]
}

/** Settings of the endpoint-independent mode. */
const EI_SETTINGS: readonly Step[] = [
  ['nat44_ei_show_running_config'],
  ['nat44_ei_plugin_enable_disable', { enable: false }],
  ['nat44_ei_forwarding_enable_disable', { enable: true }],
  ['nat44_ei_plugin_enable_disable', { enable: true, sessions: 1000, users: 100, insideVrf: 3 }],
  ['nat44_ei_plugin_enable_disable', { enable: true }],
  ['nat44_ei_show_running_config'],
  ['nat44_ei_forwarding_enable_disable', { enable: true }],
  ['nat44_ei_set_timeouts', { udp: 5, tcpEstablished: 6, tcpTransitory: 7, icmp: 8 }],
  ['nat44_ei_ipfix_enable_disable', { enable: true, domainId: 1, srcPort: 4739 }],
  ['nat44_ei_show_running_config'],
  ['nat44_show_running_config'],
  ['nat44_ei_ipfix_enable_disable', { enable: false, domainId: 1, srcPort: 4739 }],
  ['nat44_ei_set_mss_clamping', { mssValue: 1400, enable: true }],
  ['nat44_ei_get_mss_clamping'],
  ['nat44_ei_get_addr_and_port_alloc_alg'],
  ports(1, { psid: 10, psidOffset: 6, psidLength: 6 }),
  ['nat44_ei_get_addr_and_port_alloc_alg'],
  ports(2, { startPort: 100, endPort: 100 }),
  ports(2, { startPort: 100, endPort: 200 }),
  ports(3),
  ['nat44_ei_get_addr_and_port_alloc_alg'],
  ports(0),
  ['nat44_ei_get_addr_and_port_alloc_alg'],
  ['nat44_ei_set_workers', { workerMask: 1n }],
  ['nat44_ei_worker_dump'],
  ['nat44_ei_set_fq_options', { frameQueueNelts: 256 }],
  ['nat44_ei_show_fq_options'],
  ['nat44_ei_user_dump'],
  ['nat44_ei_user_session_dump', { ipAddress: '10.0.0.1', vrfId: 0 }],
  ['nat44_ei_user_session_v2_dump', { ipAddress: '10.0.0.1', vrfId: 0 }],
  ['nat44_ei_del_session', { address: '10.0.0.1', protocol: 6, port: 1, vrfId: 0, flags: EI.inside }],
  ['nat44_ei_plugin_enable_disable', { enable: false }],
  ['nat44_ei_show_running_config'],
  ['ip_table_dump'],
  ['nat44_ei_plugin_enable_disable', { enable: true, flags: 3 }],
  ['nat44_ei_show_running_config'],
  eiPool(true, '192.0.2.10', '192.0.2.10'),
  eiMap(true),
  ['nat44_ei_static_mapping_dump'],
  ['nat44_ei_plugin_enable_disable', { enable: false }],
  ['nat44_ei_plugin_enable_disable', { enable: true, flags: 4 }],
  ['create_loopback'],
  eiSide(true, 1, EI.outside),
  eiSide(true, 1, EI.inside),
  eiSide(false, 1, EI.inside),
  ['nat44_ei_plugin_enable_disable', { enable: false }],
]

/** Interfaces, pools and mappings of the endpoint-independent mode. */
const EI_OBJECTS: readonly Step[] = [
  ['create_loopback'],
  ['create_loopback'],
  ['create_loopback'],
  eiPool(true, '192.0.2.10', '192.0.2.11'),
  eiSide(true, 1, EI.inside),
  eiOutput(true, 1),
  eiMap(true),
  eiIdentity(true),
  ['nat44_ei_plugin_enable_disable', { enable: true }],
  eiMap(true),
  eiPool(true, '192.0.2.10', '192.0.2.11'),
  eiPool(true, '192.0.2.12', '192.0.2.12', 5),
  eiPool(true, '192.0.2.12', '192.0.2.12', 5),
  ['nat44_ei_address_dump'],
  eiSide(true, 1, EI.inside),
  eiSide(true, 1, EI.inside),
  eiSide(true, 2, EI.outside),
  eiSide(true, 99, EI.outside),
  eiOutput(true, 2),
  eiOutput(true, 3),
  eiSide(true, 3, EI.outside),
  ['nat44_ei_interface_dump'],
  ['nat44_ei_output_interface_get', { cursor: 0 }],
  routes4,
  eiMap(true),
  eiMap(true, { localIpAddress: '10.0.0.6' }),
  eiMap(true, { externalPort: 81 }),
  eiMap(true, { externalPort: 82, localPort: 82, protocol: 17, vrfId: NONE }),
  eiMap(true, { externalPort: 83, localPort: 83, protocol: 47 }),
  eiMap(true, { externalIpAddress: '192.0.2.77', localIpAddress: '10.0.0.7', flags: EI.addressOnly }),
  ['nat44_ei_static_mapping_dump'],
  routes4,
  eiPool(false, '192.0.2.10', '192.0.2.10'),
  eiIdentity(true),
  eiIdentity(true, { vrfId: 6 }),
  eiIdentity(true, { ipAddress: '192.0.2.90', flags: EI.addressOnly }),
  ['nat44_ei_identity_mapping_dump'],
  eiIdentity(false, { vrfId: 6 }),
  eiIdentity(false),
  ['nat44_ei_identity_mapping_dump'],
  eiMap(false),
  eiMap(false),
  ['nat44_ei_static_mapping_dump'],
  eiAddress(true, 3),
  eiAddress(true, 3),
  ['nat44_ei_interface_addr_dump'],
  eiMap(true, { externalSwIfIndex: 3, localIpAddress: '10.0.0.8', tag: 'moves' }),
  ['nat44_ei_static_mapping_dump'],
  address(true, 3, '203.0.113.1/24'),
  ['nat44_ei_static_mapping_dump'],
  ['nat44_ei_address_dump'],
  address(false, 3, '203.0.113.1/24'),
  ['nat44_ei_static_mapping_dump'],
  ['nat44_ei_address_dump'],
  eiAddress(false, 3),
  ['nat44_ei_static_mapping_dump'],
  ['nat44_ei_interface_addr_dump'],
  eiOutput(false, 3),
  eiOutput(false, 3),
  ['nat44_ei_interface_add_del_output_feature', { isAdd: true, swIfIndex: 3, flags: EI.outside }],
  ['nat44_ei_interface_output_feature_dump'],
  ['nat44_ei_output_interface_get', { cursor: 0 }],
  ['nat44_ei_interface_add_del_output_feature', { isAdd: false, swIfIndex: 3, flags: EI.outside }],
  ['nat44_ei_interface_output_feature_dump'],
  ['delete_loopback', { swIfIndex: 2 }],
  ['nat44_ei_interface_dump'],
  routes4,
  ['nat44_ei_plugin_enable_disable', { enable: false }],
  ['nat44_ei_address_dump'],
  ['nat44_ei_static_mapping_dump'],
  ['nat44_ei_interface_dump'],
  ['ip_table_dump'],
]

/** Both modes of NAT44. */
export const NAT: Readonly<Record<string, readonly Step[]>> = {
  'settings of nat44': SETTINGS,
  'interfaces and pools of nat44': INTERFACES,
  'mappings of nat44': MAPPINGS,
  'settings of nat44-ei': EI_SETTINGS,
  'interfaces and mappings of nat44-ei': EI_OBJECTS,
}
