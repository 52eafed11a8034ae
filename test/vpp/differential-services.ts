import * as fc from 'fast-check'
import type { Model } from '@vpp-ts/simulator'
import type { CallingClient } from '../../simulator/src/testing/calling-client.ts'
import type { Step } from '../simulator/steps.ts'

const NONE = 0xffff_ffff

// Few values of each kind, so that requests meet.
const swIfIndex = fc.integer({ min: 1, max: 3 })
const isAdd = fc.boolean()
const flag = fc.boolean()
const tableId = fc.constantFrom(0, 5)
const table = fc.constantFrom(0, 0, 5, NONE)
const aclIndex = fc.constantFrom(0, 1)
const protocol = fc.constantFrom(6, 17)
const all = { swIfIndex: fc.constant(NONE) }

function step(
  message: string,
  fields: Readonly<Record<string, fc.Arbitrary<unknown>>> = {},
): fc.Arbitrary<Step> {
  return fc.record(fields).map((values): Step => [message, values])
}

const basics: readonly fc.Arbitrary<Step>[] = [
  step('create_loopback'),
  step('create_vlan_subif', { swIfIndex, vlanId: fc.constant(5) }),
  step('delete_loopback', { swIfIndex }),
  step('delete_subif', { swIfIndex }),
  step('sw_interface_set_flags', { swIfIndex, flags: fc.constantFrom(0, 1, 1) }),
  step('sw_interface_add_del_address', {
    isAdd,
    swIfIndex,
    prefix: fc.constantFrom('10.0.0.1/24', '10.1.0.1/24', '192.0.2.10/32', '2001:db8::1/64'),
  }),
  step('ip_table_add_del', { isAdd, table: fc.record({ tableId: fc.constant(5), isIp6: flag }) }),
  step('sw_interface_set_table', { swIfIndex, vrfId: tableId, isIpv6: flag }),
  step('acl_add_replace', { aclIndex: fc.constant(NONE), tag: fc.constant('a') }),
  step('acl_del', { aclIndex }),
  step('ip_route_v2_dump', { table: fc.record({ tableId, isIp6: flag }) }),
  step('ip_table_dump'),
]

const abf: readonly fc.Arbitrary<Step>[] = [
  step('abf_policy_add_del', {
    isAdd: fc.constantFrom(true, true, false),
    policy: fc.record({
      policyId: fc.constantFrom(7, 8),
      aclIndex,
      nPaths: fc.constant(1),
      paths: fc
        .record({ swIfIndex, nextHop: fc.constantFrom('10.0.0.2', '10.0.0.3') })
        .map(({ nextHop, ...rest }) => [{ ...rest, proto: 0, weight: 1, nh: { address: { ip4: nextHop } } }]),
    }),
  }),
  step('abf_itf_attach_add_del', {
    isAdd,
    attach: fc.record({
      policyId: fc.constantFrom(7, 8),
      swIfIndex,
      priority: fc.constantFrom(1, 2),
      isIpv6: flag,
    }),
  }),
  step('abf_policy_dump'),
  step('abf_itf_attach_dump'),
]

const checks: readonly fc.Arbitrary<Step>[] = [
  step('mss_clamp_enable_disable', {
    swIfIndex,
    ipv4Mss: fc.constantFrom(1400, 1300),
    ipv4Direction: fc.nat(3),
    ipv6Mss: fc.constantFrom(1400, 1300),
    ipv6Direction: fc.nat(3),
  }),
  step('mss_clamp_get', { swIfIndex: fc.oneof(swIfIndex, fc.constant(NONE)) }),
  step('urpf_update', { swIfIndex, isInput: flag, af: fc.nat(1), mode: fc.nat(2) }),
  step('urpf_update_v2', { swIfIndex, isInput: flag, af: fc.nat(1), mode: fc.nat(2), tableId: table }),
  step('urpf_interface_dump', all),
]

const proxies: readonly fc.Arbitrary<Step>[] = [
  step('proxy_arp_add_del', {
    isAdd,
    proxy: fc.record({
      tableId,
      low: fc.constantFrom('10.0.0.5', '10.0.0.6'),
      hi: fc.constantFrom('10.0.0.6', '10.0.0.9'),
    }),
  }),
  step('proxy_arp_intfc_enable_disable', { swIfIndex, enable: flag }),
  step('proxy_arp_dump'),
  step('proxy_arp_intfc_dump'),
  step('dhcp_client_config', {
    isAdd,
    client: fc.record({ swIfIndex, hostname: fc.constantFrom('a', 'b'), setBroadcastFlag: flag }),
  }),
]

const nat64: readonly fc.Arbitrary<Step>[] = [
  step('nat64_plugin_enable_disable', { enable: fc.constantFrom(true, true, true, false) }),
  step('nat64_add_del_interface', { isAdd, flags: fc.constantFrom(0x10, 0x20), swIfIndex }),
  step('nat64_add_del_pool_addr_range', {
    isAdd,
    startAddr: fc.constantFrom('192.0.2.9', '192.0.2.10'),
    endAddr: fc.constantFrom('192.0.2.10', '192.0.2.11'),
    vrfId: table,
  }),
  step('nat64_add_del_interface_addr', { isAdd, swIfIndex }),
  step('nat64_add_del_prefix', {
    isAdd,
    prefix: fc.constantFrom('64:ff9b::/96', '2001:db8::/32', '2001:db8::/33'),
    vrfId: tableId,
  }),
  step('nat64_add_del_static_bib', {
    isAdd,
    iAddr: fc.constantFrom('2001:db8::5', '2001:db8::6'),
    oAddr: fc.constantFrom('192.0.2.9', '192.0.2.10'),
    iPort: fc.constantFrom(80, 81),
    oPort: fc.constant(8080),
    vrfId: tableId,
    proto: protocol,
  }),
  step('nat64_pool_addr_dump'),
  step('nat64_interface_dump'),
  step('nat64_prefix_dump'),
  step('nat64_bib_dump', { proto: fc.constantFrom(6, 255) }),
]

const nat66: readonly fc.Arbitrary<Step>[] = [
  step('nat66_plugin_enable_disable', {
    enable: fc.constantFrom(true, true, true, false),
    outsideVrf: tableId,
  }),
  step('nat66_add_del_interface', { isAdd, flags: fc.constantFrom(0x10, 0x20), swIfIndex }),
  step('nat66_add_del_static_mapping', {
    isAdd,
    localIpAddress: fc.constantFrom('fd00::5', 'fd00::6'),
    externalIpAddress: fc.constantFrom('2001:db8::5', '2001:db8::6'),
    vrfId: tableId,
  }),
  step('nat66_interface_dump'),
  step('nat66_static_mapping_dump'),
]

const map = {
  inAddr: fc.constantFrom('10.0.0.0', '10.0.0.7', '10.1.0.0'),
  inPlen: fc.constantFrom(24, 28),
  outAddr: fc.constantFrom('192.0.2.64', '192.0.2.10'),
  outPlen: fc.constantFrom(30, 32),
}
const address44 = fc.constantFrom('10.0.0.7', '10.1.0.3', '192.0.2.65', '198.51.100.8')

const det44: readonly fc.Arbitrary<Step>[] = [
  step('det44_plugin_enable_disable', {
    enable: fc.constantFrom(true, true, true, false),
    insideVrf: tableId,
    outsideVrf: tableId,
  }),
  // None is taken away: VPP would crash when DET44 is switched off.
  step('det44_interface_add_del_feature', { isAdd: fc.constant(true), isInside: flag, swIfIndex }),
  step('det44_add_del_map', { isAdd: fc.constantFrom(true, true, false), ...map }),
  step('det44_forward', { inAddr: address44 }),
  step('det44_reverse', { outAddr: address44, outPort: fc.constantFrom(1024, 5000) }),
  step('det44_close_session_out', {
    outAddr: address44,
    outPort: fc.constant(5000),
    extAddr: address44,
    extPort: fc.constant(53),
  }),
  step('det44_interface_dump'),
  step('det44_map_dump'),
]

const macip: readonly fc.Arbitrary<Step>[] = [
  step('macip_acl_add_replace', {
    aclIndex: fc.constantFrom(0, NONE, NONE),
    tag: fc.constantFrom('a', 'b'),
    r: fc.constantFrom([], [{ isPermit: 1, srcPrefix: '10.0.0.0/8' }]),
  }),
  step('macip_acl_del', { aclIndex }),
  step('macip_acl_interface_add_del', { isAdd, swIfIndex, aclIndex }),
  step('macip_acl_dump', { aclIndex: fc.constant(NONE) }),
  step('macip_acl_interface_get'),
  step('macip_acl_interface_list_dump', all),
]

/** Requests about services, a few kinds of them at a time, so that they meet. */
export const serviceSteps: fc.Arbitrary<readonly Step[]> = fc
  .subarray([abf, checks, proxies, nat64, nat66, det44, macip], { minLength: 1, maxLength: 2 })
  .chain((chosen) =>
    fc.array(fc.oneof({ weight: 1, arbitrary: fc.oneof(...basics) }, ...chosen.map(weighted)), {
      minLength: 1,
      maxLength: 30,
    }),
  )

function weighted(steps: readonly fc.Arbitrary<Step>[]): { weight: number; arbitrary: fc.Arbitrary<Step> } {
  return { weight: 2, arbitrary: fc.oneof(...steps) }
}

/** What is looked at of services when everything is gone. */
export const SERVICES_LEFT: readonly Step[] = [
  ['abf_policy_dump'],
  ['mss_clamp_get', { swIfIndex: NONE }],
  ['urpf_interface_dump', { swIfIndex: NONE }],
  ['proxy_arp_intfc_dump'],
  ['nat64_bib_dump', { proto: 255 }],
  ['nat66_interface_dump'],
  ['det44_map_dump'],
  ['macip_acl_dump', { aclIndex: NONE }],
]

/** True for the end of an interface that a service still knows: VPP does not forget it, and stumbles over it later. */
export function leavesService(
  [message]: Step,
  { abf: policies, dhcp, det44: ports, nat64: nat }: Model,
): boolean {
  if (!message.startsWith('delete_')) return false
  return (
    policies.attachments().length > 0 ||
    [...dhcp].length > 0 ||
    ports.sides.length > 0 ||
    [...nat.sides].length > 0
  )
}

/** Takes services away. */
export async function resetServices(client: CallingClient): Promise<void> {
  const each = async (
    dump: string,
    fields: object,
    request: (details: Readonly<Record<string, unknown>>) => Step,
  ): Promise<void> => {
    for (const details of await client.dump(dump, { ...fields })) {
      const [message, body] = request(details)
      await client.call(message, { ...body })
    }
  }
  await each('abf_itf_attach_dump', {}, ({ attach }) => ['abf_itf_attach_add_del', { isAdd: false, attach }])
  await each('abf_policy_dump', {}, ({ policy }) => ['abf_policy_add_del', { isAdd: false, policy }])
  await each('urpf_interface_dump', { swIfIndex: NONE }, ({ swIfIndex: index, af, isInput }) => [
    'urpf_update_v2',
    { swIfIndex: index, af, isInput, mode: 0, tableId: NONE },
  ])
  await each('proxy_arp_dump', {}, ({ proxy }) => ['proxy_arp_add_del', { isAdd: false, proxy }])
  await each('proxy_arp_intfc_dump', {}, ({ swIfIndex: index }) => [
    'proxy_arp_intfc_enable_disable',
    { swIfIndex: index, enable: false },
  ])
  await each('dhcp_client_dump', {}, ({ client: it }) => [
    'dhcp_client_config',
    { isAdd: false, client: { swIfIndex: (it as { swIfIndex: unknown }).swIfIndex } },
  ])
  for (const index of [1, 2, 3]) {
    await client.call('nat64_add_del_interface_addr', { isAdd: false, swIfIndex: index })
  }
  await each('nat64_pool_addr_dump', {}, ({ address, vrfId }) => [
    'nat64_add_del_pool_addr_range',
    { isAdd: false, startAddr: address, endAddr: address, vrfId },
  ])
  for (const plugin of ['nat64', 'nat66']) {
    for (const flags of [0x10, 0x20]) {
      await each(`${plugin}_interface_dump`, {}, ({ swIfIndex: index }) => [
        `${plugin}_add_del_interface`,
        { isAdd: false, flags, swIfIndex: index },
      ])
    }
  }
  await each('det44_map_dump', {}, ({ inAddr, inPlen, outAddr, outPlen }) => [
    'det44_add_del_map',
    { isAdd: false, inAddr, inPlen, outAddr, outPlen },
  ])
  for (const plugin of ['nat64', 'nat66', 'det44']) {
    for (const enable of [true, false]) await client.call(`${plugin}_plugin_enable_disable`, { enable })
  }
  await each('macip_acl_dump', { aclIndex: NONE }, ({ aclIndex: index }) => [
    'macip_acl_del',
    { aclIndex: index },
  ])
}
