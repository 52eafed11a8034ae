import * as fc from 'fast-check'
import type { CallingClient } from '../../simulator/src/testing/calling-client.ts'
import type { Step } from '../simulator/steps.ts'

const NONE = 0xffff_ffff

type Fields = Readonly<Record<string, fc.Arbitrary<unknown>>>

// Few values of each kind, so that requests meet.
const swIfIndex = fc.integer({ min: 1, max: 5 })
const flag = fc.boolean()
const tableId = fc.constantFrom(0, 5)
const all = { swIfIndex: fc.constant(NONE) }

function step(message: string, fields: Fields = {}): fc.Arbitrary<Step> {
  return fc.record(fields).map((values): Step => [message, values])
}

function command(...lines: string[]): fc.Arbitrary<Step> {
  return fc.constantFrom(...lines).map((cmd): Step => ['cli_inband', { cmd }])
}

const path = fc.record({
  swIfIndex,
  weight: fc.constantFrom(1, 3),
  proto: fc.constant(0),
  nh: fc.constantFrom('10.0.0.2', '10.0.0.3').map((ip4) => ({ address: { ip4 } })),
})

const subInterfaces: readonly fc.Arbitrary<Step>[] = [
  // One for each interface: VPP frees the indexes of several in the order of a hash table.
  step('create_subif', {
    swIfIndex,
    subId: fc.constant(5),
    // One tag, two tags (dot1q and dot1ad, exact or not), the default.
    subIfFlags: fc.constantFrom(2, 18, 20, 28, 32),
    outerVlanId: fc.constantFrom(5, 6),
    innerVlanId: fc.constantFrom(0, 7),
  }),
  step('l2_interface_vlan_tag_rewrite', {
    swIfIndex,
    vtrOp: fc.integer({ min: 0, max: 8 }),
    pushDot1q: fc.constantFrom(0, 1),
    tag1: fc.constant(100),
    tag2: fc.constant(200),
  }),
]

const bondSteps: readonly fc.Arbitrary<Step>[] = [
  step('bond_create2', {
    id: fc.constantFrom(NONE, 4),
    mode: fc.constantFrom(1, 2, 3, 4, 5, 6),
    lb: fc.constantFrom(0, 1, 2, 5),
    useCustomMac: fc.constant(true),
    macAddress: fc.constant('02:00:00:00:00:b0'),
  }),
  step('bond_add_member', {
    swIfIndex,
    bondSwIfIndex: swIfIndex,
    isPassive: flag,
    isLongTimeout: flag,
  }),
  step('bond_detach_member', { swIfIndex }),
  step('bond_delete', { swIfIndex }),
  step('sw_interface_set_bond_weight', { swIfIndex, weight: fc.constantFrom(0, 7) }),
  step('sw_bond_interface_dump', all),
  step('sw_member_interface_dump', { swIfIndex }),
]

const layer3: readonly fc.Arbitrary<Step>[] = [
  step('sw_interface_set_unnumbered', { swIfIndex, unnumberedSwIfIndex: swIfIndex, isAdd: flag }),
  step('ip_unnumbered_dump', all),
  step('set_ip_flow_hash_v2', {
    tableId,
    af: fc.constantFrom(0, 1),
    flowHashConfig: fc.constantFrom(1, 3, 0x1f),
  }),
  step('sw_interface_ip6nd_ra_config', {
    swIfIndex,
    suppress: fc.constantFrom(0, 1),
    managed: fc.constantFrom(0, 1),
    isNo: flag,
    maxInterval: fc.constantFrom(0, 100),
    minInterval: fc.constantFrom(0, 50),
    lifetime: fc.constantFrom(0, 400),
  }),
  step('sw_interface_ip6nd_ra_prefix', {
    swIfIndex,
    prefix: fc.constantFrom('2001:db8::/64', '2001:db8:5::/64'),
    isNo: flag,
    useDefault: flag,
    noAdvertise: flag,
    valLifetime: fc.constantFrom(0, 1000),
    prefLifetime: fc.constantFrom(0, 500),
  }),
  step('sw_interface_ip6nd_ra_dump', all),
]

const mpls: readonly fc.Arbitrary<Step>[] = [
  step('mpls_table_add_del', {
    mtIsAdd: flag,
    mtTable: tableId.map((mtTableId) => ({ mtTableId })),
  }),
  step('sw_interface_set_mpls_enable', { swIfIndex, enable: flag }),
  step('mpls_route_add_del', {
    mrIsAdd: flag,
    mrIsMultipath: flag,
    mrRoute: fc.record({
      mrTableId: tableId,
      mrLabel: fc.constantFrom(100, 3),
      mrEos: fc.constantFrom(0, 1),
      mrPaths: fc.array(path, { minLength: 1, maxLength: 2 }),
    }),
  }),
  step('mpls_tunnel_add_del', {
    mtIsAdd: flag,
    mtTunnel: fc.record({
      mtSwIfIndex: fc.oneof(fc.constant(NONE), swIfIndex),
      mtTag: fc.constantFrom('', 'a'),
      mtPaths: fc.array(path, { minLength: 1, maxLength: 2 }),
    }),
  }),
  step('mpls_table_dump'),
  step('mpls_interface_dump', all),
  step('mpls_route_dump', { table: tableId.map((mtTableId) => ({ mtTableId })) }),
  step('mpls_tunnel_dump', all),
]

const tunnels: readonly fc.Arbitrary<Step>[] = [
  step('gre_tunnel_add_del', {
    isAdd: flag,
    tunnel: fc.record({
      instance: fc.constantFrom(NONE, 2),
      type: fc.constantFrom(0, 1),
      outerTableId: tableId,
      src: fc.constant('10.0.0.1'),
      dst: fc.constantFrom('10.0.0.2', '10.0.0.3'),
    }),
  }),
  step('vxlan_add_del_tunnel_v3', {
    isAdd: flag,
    instance: fc.constantFrom(NONE, 2),
    srcAddress: fc.constant('10.0.0.1'),
    dstAddress: fc.constantFrom('10.0.0.2', '10.0.0.3'),
    mcastSwIfIndex: fc.constant(NONE),
    encapVrfId: tableId,
    decapNextIndex: fc.constant(NONE),
    vni: fc.constantFrom(10, 11),
    isL3: flag,
  }),
  step('gre_tunnel_dump', all),
  step('vxlan_tunnel_v2_dump', all),
]

const exports: readonly fc.Arbitrary<Step>[] = [
  step('sflow_enable_disable', { hwIfIndex: swIfIndex, enableDisable: flag }),
  step('sflow_sampling_rate_set', { samplingN: fc.constantFrom(100, 5000) }),
  step('sflow_header_bytes_set', { headerB: fc.constantFrom(1, 100, 128, 999) }),
  step('sflow_interface_dump', { hwIfIndex: fc.constant(NONE) }),
  step('set_ipfix_exporter', {
    collectorAddress: fc.constantFrom('0.0.0.0', '192.0.2.9'),
    collectorPort: fc.constantFrom(4739, 0xffff),
    srcAddress: fc.constantFrom('0.0.0.0', '192.0.2.1', '2001:db8::1'),
    vrfId: fc.constantFrom(0, 5, NONE),
    pathMtu: fc.constantFrom(67, 512, 1450, 1451, NONE),
    templateInterval: fc.constantFrom(10, NONE),
    udpChecksum: flag,
  }),
  step('ipfix_exporter_dump'),
]

const policers: readonly fc.Arbitrary<Step>[] = [
  step('policer_add', {
    name: fc.constantFrom('a', 'b'),
    infos: fc.record({
      cir: fc.constantFrom(0, 1000),
      eir: fc.constantFrom(0, 500, 2000),
      cb: fc.constantFrom(0n, 5000n),
      eb: fc.constantFrom(0n, 5000n),
      type: fc.integer({ min: 0, max: 4 }),
      rateType: fc.constantFrom(0, 1, 2),
      colorAware: flag,
    }),
  }),
  step('policer_del', { policerIndex: fc.constantFrom(0, 1) }),
  step('policer_dump_v2', { policerIndex: fc.constant(NONE) }),
]

const commands: readonly fc.Arbitrary<Step>[] = [
  command(
    'create sub-interfaces loop0 5 dot1q 5 exact-match',
    'create sub-interfaces loop1 5 dot1ad 5 inner-dot1q 7 exact-match',
    'set interface state loop1 up',
    'set interface mtu 1400 loop1',
    'set interface l2 bridge loop0 10',
    'set interface l2 bridge loop1 10 bvi',
    'set interface l2 xconnect loop0 loop1',
    'set interface l3 loop1',
    'set interface l2 tag-rewrite loop0.5 pop 1',
    'set interface unnumbered loop0 use loop1',
    'set interface unnumbered del loop0',
    'set interface ip table loop1 5',
  ),
  command(
    'set interface ip address loop1 10.0.0.2/24',
    'set interface ip address del loop1 10.0.0.2/24',
    'set interface ip address loop1 2001:db8::2/64',
    'set interface tag loop0 red',
    'clear interface tag loop0',
    'create bridge-domain 10 learn 1 forward 1 uu-flood 0 flood 1 arp-term 0',
    'create bridge-domain 10 del',
    // Not through an interface: VPP crashes when such a route is added again after the interface was deleted.
    'ip route add 10.9.0.1/32 via drop',
    'ip route del 10.9.0.1/32',
    'set ip neighbor loop0 10.0.0.9 02:00:00:00:00:01',
    'set interface mpls loop0 enable',
    'set interface mpls loop0 disable',
    'ip table del 5',
  ),
]

/** Requests about what is stacked on interfaces, and commands. */
export const stackedSteps: readonly fc.Arbitrary<Step>[] = [
  ...subInterfaces,
  ...bondSteps,
  ...layer3,
  ...mpls,
  ...tunnels,
  ...exports,
  ...policers,
  ...commands,
]

/** What is looked at of them when everything is gone. */
export const STACKED_LEFT: readonly Step[] = [
  ['mpls_table_dump'],
  ['mpls_route_dump', { table: { mtTableId: 0 } }],
  ['sw_interface_ip6nd_ra_dump', { swIfIndex: NONE }],
  ['policer_dump_v2', { policerIndex: NONE }],
]

/** Index of the interface that details are about; both sides take them away in the same order. */
function indexOf(details: Readonly<Record<string, unknown>>): number {
  const { swIfIndex: index, tunnel, mtTunnel } = details
  const { swIfIndex: inner = 0 } = (tunnel ?? {}) as { swIfIndex?: unknown }
  const { mtSwIfIndex = inner } = (mtTunnel ?? {}) as { mtSwIfIndex?: unknown }
  return Number(index ?? mtSwIfIndex)
}

type Act = (details: Readonly<Record<string, unknown>>) => Promise<unknown>

/** Does something to everything that a dump finds, in the order of the interfaces. */
function forEach(client: CallingClient): (dump: string, field: string, act: Act) => Promise<void> {
  return async (dump, field, act) => {
    const found = await client.dump(dump, { [field]: NONE })
    found.sort((a, b) => indexOf(a) - indexOf(b))
    for (const details of found) await act(details)
  }
}

/** Takes away what depends on other interfaces. */
export async function resetStacked(client: CallingClient): Promise<void> {
  const each = forEach(client)
  await each('policer_dump_v2', 'policerIndex', ({ name }) =>
    client.call('policer_add_del', { isAdd: false, name }),
  )
  await each('sflow_interface_dump', 'hwIfIndex', ({ hwIfIndex }) =>
    client.call('sflow_enable_disable', { hwIfIndex, enableDisable: false }),
  )
  for (const mtTableId of [0, 5]) {
    for (const mrEos of [0, 1]) {
      for (const mrLabel of [3, 100]) {
        const mrRoute = { mrTableId: mtTableId, mrLabel, mrEos, mrPaths: [] }
        await client.call('mpls_route_add_del', { mrIsAdd: false, mrIsMultipath: false, mrRoute })
      }
    }
  }
  await each('ip_unnumbered_dump', 'swIfIndex', ({ swIfIndex: index, ipSwIfIndex }) =>
    client.call('sw_interface_set_unnumbered', {
      swIfIndex: ipSwIfIndex,
      unnumberedSwIfIndex: index,
      isAdd: false,
    }),
  )
  await each('mpls_interface_dump', 'swIfIndex', ({ swIfIndex: index }) =>
    client.call('sw_interface_set_mpls_enable', { swIfIndex: index, enable: false }),
  )
}

/** Takes tunnels and bonds away, when nothing depends on them any more. */
export async function resetTunnels(client: CallingClient): Promise<void> {
  const each = forEach(client)
  await each('mpls_tunnel_dump', 'swIfIndex', ({ mtTunnel }) =>
    client.call('mpls_tunnel_add_del', { mtIsAdd: false, mtTunnel: mtTunnel as object }),
  )
  await each('vxlan_tunnel_v2_dump', 'swIfIndex', (details) => {
    const { instance, srcAddress, dstAddress, mcastSwIfIndex, encapVrfId, decapNextIndex, vni } = details
    const tunnel = { instance, srcAddress, dstAddress, mcastSwIfIndex, encapVrfId, decapNextIndex, vni }
    return client.call('vxlan_add_del_tunnel_v3', { ...tunnel, isAdd: false })
  })
  await each('gre_tunnel_dump', 'swIfIndex', ({ tunnel }) =>
    client.call('gre_tunnel_add_del', { isAdd: false, tunnel: tunnel as object }),
  )
  const bonds = await client.dump('sw_bond_interface_dump', { swIfIndex: NONE })
  for (const { swIfIndex: index } of bonds.sort((a, b) => indexOf(a) - indexOf(b))) {
    await client.call('bond_delete', { swIfIndex: index })
  }
}

/** Takes tables of MPLS away. */
export async function resetMplsTables(client: CallingClient): Promise<void> {
  for (const mtTableId of [5, 0]) {
    await client.call('mpls_table_add_del', { mtIsAdd: false, mtTable: { mtTableId } })
  }
}
