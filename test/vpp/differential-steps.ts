import * as fc from 'fast-check'
import type { CallingClient } from '../../simulator/src/testing/calling-client.ts'
import type { Step } from '../simulator/steps.ts'
import { SERVICES_LEFT, resetServices, serviceSteps } from './differential-services.ts'
import {
  STACKED_LEFT,
  resetTunnels,
  resetMplsTables,
  resetStacked,
  stackedSteps,
} from './differential-stacked.ts'

const NONE = 0xffff_ffff

// Few values of each kind, so that requests meet.
const swIfIndex = fc.integer({ min: 1, max: 4 })
const isAdd = fc.boolean()
const tableId = fc.constantFrom(0, 5)
const bdId = fc.constantFrom(10, 11)
const aclIndex = fc.constantFrom(0, 1, 2)
const address4 = fc.constantFrom('10.0.0.1/24', '10.0.0.2/24', '10.0.0.1/25', '10.1.0.0/31', '10.2.0.1/32')
const address6 = fc.constantFrom('2001:db8::1/64', '2001:db8::2/64', '2001:db8:1::1/128')
const linkLocal = fc.constantFrom('fe80::5/128', 'fe80::5/64')
const prefix4 = fc.constantFrom('0.0.0.0/0', '10.0.0.0/24', '10.9.0.0/16', '10.9.0.1/32', '10.9.0.1/16')
const nextHop = fc.constantFrom('0.0.0.0', '10.0.0.2', '10.0.0.3', '10.9.0.1')
const mac = fc.constantFrom('02:00:00:00:00:01', '02:00:00:00:00:02')

const localPath = { swIfIndex: NONE, weight: 1, type: 1, proto: 0 }

// A local path with an unknown interface crashes VPP.
const path = fc.record({
  swIfIndex: fc.constantFrom(1, 2, 3, NONE),
  tableId,
  weight: fc.constantFrom(0, 1, 3),
  preference: fc.constantFrom(0, 1),
  type: fc.constantFrom(0, 0, 0, 2, 5),
  flags: fc.constant(0),
  proto: fc.constant(0),
  nh: nextHop.map((ip4) => ({ address: { ip4 } })),
})

function step(
  message: string,
  fields: Readonly<Record<string, fc.Arbitrary<unknown>>> = {},
): fc.Arbitrary<Step> {
  return fc.record(fields).map((values): Step => [message, values])
}

const steps: readonly fc.Arbitrary<Step>[] = [
  step('create_loopback'),
  step('create_loopback'),
  step('delete_loopback', { swIfIndex }),
  // One only: VPP frees the indexes of several sub-interfaces in the order of a hash table.
  step('create_vlan_subif', { swIfIndex, vlanId: fc.constant(5) }),
  step('delete_subif', { swIfIndex }),
  step('sw_interface_set_flags', { swIfIndex, flags: fc.constantFrom(0, 1, 1) }),
  step('sw_interface_set_mtu', { swIfIndex, mtu: fc.constantFrom([1400, 0, 0, 0], [9000, 0, 0, 0]) }),
  step('sw_interface_set_mac_address', { swIfIndex, macAddress: mac }),
  step('sw_interface_tag_add_del', { isAdd, swIfIndex, tag: fc.constantFrom('', 'a') }),
  step('sw_interface_add_del_address', {
    isAdd: fc.constant(true),
    swIfIndex,
    prefix: fc.oneof(address4, address4, address6, linkLocal),
  }),
  // Deleting a link-local address while IPv6 is off crashes VPP.
  step('sw_interface_add_del_address', {
    isAdd: fc.constant(false),
    swIfIndex,
    prefix: fc.oneof(address4, address6),
  }),
  step('ip_table_add_del', { isAdd, table: fc.record({ tableId, isIp6: fc.boolean() }) }),
  step('sw_interface_set_table', { swIfIndex, vrfId: tableId, isIpv6: fc.boolean() }),
  step('ip_route_add_del', {
    isAdd,
    isMultipath: fc.boolean(),
    route: fc.record({
      tableId,
      prefix: prefix4,
      paths: fc.array(fc.oneof({ weight: 5, arbitrary: path }, fc.constant(localPath)), { maxLength: 2 }),
    }),
  }),
  step('ip_neighbor_add_del', {
    isAdd,
    neighbor: fc.record({
      swIfIndex,
      flags: fc.constantFrom(0, 1),
      macAddress: mac,
      ipAddress: fc.constantFrom('10.0.0.9', '10.9.0.1'),
    }),
  }),
  step('bridge_domain_add_del_v2', {
    isAdd,
    bdId,
    learn: fc.boolean(),
    flood: fc.boolean(),
    macAge: fc.nat(9),
  }),
  step('sw_interface_set_l2_bridge', {
    rxSwIfIndex: swIfIndex,
    bdId,
    portType: fc.constantFrom(0, 0, 1),
    shg: fc.nat(2),
    enable: fc.boolean(),
  }),
  step('sw_interface_set_l2_xconnect', {
    rxSwIfIndex: swIfIndex,
    txSwIfIndex: swIfIndex,
    enable: fc.boolean(),
  }),
  step('l2fib_add_del', { isAdd, mac, bdId, swIfIndex, staticMac: fc.constant(true) }),
  step('acl_add_replace', { aclIndex: fc.constantFrom(0, NONE), tag: fc.constantFrom('a', 'b') }),
  step('acl_del', { aclIndex }),
  step('acl_interface_add_del', { isAdd, isInput: fc.boolean(), swIfIndex, aclIndex }),
  step('sw_interface_ip6_enable_disable', { swIfIndex, enable: fc.boolean() }),
  step('sw_interface_dump'),
  step('ip_address_dump', { swIfIndex, isIpv6: fc.boolean() }),
  step('ip_route_v2_dump', { table: fc.record({ tableId, isIp6: fc.boolean() }) }),
  step('ip_table_dump'),
  step('ip_neighbor_dump', { swIfIndex: fc.constant(NONE), af: fc.constant(0) }),
  step('bridge_domain_dump', { bdId: fc.constant(NONE), swIfIndex: fc.constant(NONE) }),
  step('l2_fib_table_dump', { bdId: fc.constant(NONE) }),
  step('acl_dump', { aclIndex: fc.constant(NONE) }),
  step('acl_interface_list_dump', { swIfIndex }),
  step('cli_inband', {
    cmd: fc.constantFrom(
      'create loopback interface',
      'set interface state loop0 up',
      'set interface l3 loop0',
      'set interface ip address loop0 10.0.0.1/24',
      'ip table add 5',
    ),
  }),
]

/** Sequences of requests that begin with two loopbacks. */
export const sequences: fc.Arbitrary<readonly Step[]> = fc
  .oneof(
    { weight: 2, arbitrary: fc.array(fc.oneof(...steps, ...stackedSteps), { minLength: 1, maxLength: 25 }) },
    { weight: 1, arbitrary: serviceSteps },
  )
  .map((more) => [
    ['create_loopback'],
    ['create_loopback'],
    ...withoutOrphans(withoutSecondSubs(withoutBareBvis(more))),
  ])

/** No BVI beside tunnels: VPP crashes when an interface without a MAC address becomes one. */
function withoutBareBvis(steps: readonly Step[]): Step[] {
  const hasTunnel = steps.some(([message]) => /^(gre|mpls)_tunnel_add_del/.test(message))
  return steps.filter(([message, { portType } = {}]) => {
    return !(hasTunnel && message === 'sw_interface_set_l2_bridge' && portType === 1)
  })
}

/** Requests and commands that make a sub-interface. */
function makesSub([message, { cmd = '' } = {}]: Step): boolean {
  return /^create_(vlan_)?subif$/.test(message) || String(cmd).startsWith('create sub-interfaces')
}

/** One sub-interface for each interface: `create_subif` on one makes another beside it, and VPP frees both by hash. */
function withoutSecondSubs(steps: readonly Step[]): Step[] {
  const first = steps.findIndex(makesSub)
  return steps.filter(([message], index) => message !== 'create_subif' || index === first)
}

/**
 * Leaves out what makes an interface unnumbered that may have an address, and what gives an address to one that may be
 * unnumbered: VPP forgets whose address it is and keeps it for good, also in the sequences that follow.
 */
function withoutOrphans(steps: readonly Step[]): Step[] {
  const addressed = new Set<unknown>()
  const borrowers = new Set<unknown>()
  // Commands name interfaces by what indexes do not tell.
  let mayHaveAddress = false
  let mayBorrow = false
  return steps.filter(([message, { swIfIndex: index, unnumberedSwIfIndex, isAdd: add, cmd = '' } = {}]) => {
    const line = String(cmd)
    if (message === 'sw_interface_add_del_address' && add === true) {
      if (mayBorrow || borrowers.has(index)) return false
      addressed.add(index)
    } else if (line.startsWith('set interface ip address')) {
      if (mayBorrow || borrowers.size > 0) return false
      mayHaveAddress = true
    } else if (message === 'sw_interface_set_unnumbered' && add === true) {
      if (mayHaveAddress || addressed.has(unnumberedSwIfIndex)) return false
      borrowers.add(unnumberedSwIfIndex)
    } else if (line.startsWith('set interface unnumbered loop')) {
      if (mayHaveAddress || addressed.size > 0) return false
      mayBorrow = true
    }
    return true
  })
}

async function each(
  client: CallingClient,
  dump: string,
  fields: Readonly<Record<string, unknown>>,
  act: (details: Record<string, unknown>) => Promise<unknown>,
): Promise<void> {
  const found = await client.dump(dump, fields)
  for (const details of found) await act(details)
}

/** What is looked at when everything is gone. */
export const LEFT: readonly Step[] = [
  ['sw_interface_dump'],
  ['ip_table_dump'],
  ['ip_route_v2_dump', { table: { tableId: 0 } }],
  ['bridge_domain_dump', { bdId: NONE, swIfIndex: NONE }],
  ['acl_dump', { aclIndex: NONE }],
  ...STACKED_LEFT,
  ...SERVICES_LEFT,
]

/** Takes everything away that sequences make. */
export async function RESET(client: CallingClient): Promise<void> {
  await client.retval('want_interface_events', { enableDisable: 0, pid: 1 })
  await each(client, 'acl_interface_list_dump', { swIfIndex: NONE }, ({ swIfIndex }) =>
    client.call('acl_interface_set_acl_list', { swIfIndex, nInput: 0, acls: [] }),
  )
  await resetServices(client)
  await each(client, 'acl_dump', { aclIndex: NONE }, ({ aclIndex }) => client.call('acl_del', { aclIndex }))
  await client.call('cli_inband', { cmd: 'ip route del 10.9.0.1/32' })
  await resetStacked(client)
  for (const id of [0, 5]) {
    await each(client, 'ip_route_v2_dump', { table: { tableId: id } }, ({ route }) => {
      const { prefix } = route as { prefix: string }
      return client.call('ip_route_add_del', { isAdd: false, route: { tableId: id, prefix, paths: [] } })
    })
  }
  const byIndex = (a: Record<string, unknown>, b: Record<string, unknown>): number =>
    Number(a['swIfIndex']) - Number(b['swIfIndex'])
  const interfaces = (await client.dump('sw_interface_dump')).sort(byIndex)
  for (const { swIfIndex, supSwIfIndex } of interfaces) {
    if (swIfIndex === 0) continue
    await client.call('sw_interface_add_del_address', { isAdd: false, swIfIndex, delAll: true })
    await client.call('sw_interface_set_l2_bridge', { rxSwIfIndex: swIfIndex, enable: false })
    if (swIfIndex !== supSwIfIndex) await client.call('delete_subif', { swIfIndex })
  }
  await resetTunnels(client)
  for (const { swIfIndex, supSwIfIndex } of interfaces) {
    if (swIfIndex !== 0 && swIfIndex === supSwIfIndex) await client.call('delete_loopback', { swIfIndex })
  }
  for (const bdId of [10, 11]) await client.call('bridge_domain_add_del_v2', { bdId, isAdd: false })
  for (const isIp6 of [false, true]) {
    await client.call('ip_table_add_del', { isAdd: false, table: { tableId: 5, isIp6 } })
  }
  await client.call('cli_inband', { cmd: 'ip table del 5' })
  await resetMplsTables(client)
  await client.retval('want_interface_events', { enableDisable: 1, pid: 1 })
}
