import fc from 'fast-check'
import { keyOf, type Item, type ItemInput } from '@vpp-ts/agent'
import { items } from './managed.ts'

/** What strangers make begins at this number of loopbacks. */
export const THEIRS = 500
/** The foreign interface that items adopt. */
const ADOPTED = `loop${THEIRS}`

const name = fc.constantFrom('a', 'b', 'c')
const table = fc.constantFrom(0, 0, 10)
const loopback = fc
  .record({ name, table, enabled: fc.boolean(), address: fc.constantFrom('192.0.2.1/24', '198.51.100.1/24') })
  .map(({ address, ...rest }): ItemInput => ({
    kind: 'interface',
    type: 'loopback',
    addresses: [address],
    ...rest,
  }))
const vlan = fc
  .record({ parent: name, vlan: fc.constantFrom(5, 6) })
  .map((it): ItemInput => ({ kind: 'interface', type: 'vlan', name: `${it.parent}.x`, ...it }))
const bond = fc
  .record({ name: fc.constantFrom('bond0', 'bond1'), members: fc.uniqueArray(name, { maxLength: 2 }) })
  .map(({ name: of, members }): ItemInput => ({
    kind: 'interface',
    type: 'bond',
    name: of,
    members: members.map((it) => ({ interface: it })),
  }))
const qinq = fc
  .record({
    parent: fc.constantFrom('a', 'bond0'),
    inner: fc.constantFrom(7, 'any' as const),
    pop: fc.nat(1),
  })
  .map(({ parent, inner, pop }): ItemInput => ({
    kind: 'interface',
    type: 'vlan',
    name: `${parent}.q`,
    parent,
    vlan: 9,
    number: 900,
    inner,
    ...(pop === 0 ? {} : { tagRewrite: { pop } }),
  }))
const borrower = fc.record({ of: name, shown: fc.boolean() }).map(({ of, shown }): ItemInput => ({
  kind: 'interface',
  type: 'loopback',
  name: 'borrower',
  unnumbered: of,
  ...(shown ? { linuxCp: { hostName: 'borrower' } } : {}),
}))
const anyName = fc.oneof(name, fc.constantFrom('a.x', 'b.x', ADOPTED))
const route = fc
  .record({ prefix: fc.constantFrom('10.1.0.0/16', '10.2.0.0/16', '10.3.0.1/32'), table, via: anyName })
  .map(({ via, ...rest }): ItemInput => ({ kind: 'route', paths: [{ interface: via }], ...rest }))
const neighbour = anyName.map((it): ItemInput => ({
  kind: 'neighbour',
  interface: it,
  address: '192.0.2.9',
  mac: '02:00:00:00:00:09',
}))
const bridge = fc
  .record({ id: fc.constantFrom(5, 6), member: name })
  .map(({ id, member }): ItemInput => ({ kind: 'bridge-domain', id, members: [{ interface: member }] }))
const acl = fc
  .record({
    name: fc.constantFrom('x', 'y'),
    action: fc.constantFrom('permit' as const, 'deny' as const),
    on: name,
  })
  .map(({ on, action, name: of }): ItemInput => ({
    kind: 'acl',
    name: of,
    rules: [{ action }],
    ingress: [on],
  }))
const nat = fc.constantFrom('10.0.0.5', '10.0.0.6').map((localAddress): ItemInput => ({
  kind: 'nat44-static',
  localAddress,
  externalAddress: '203.0.113.5',
}))
const natSettings = fc
  .record({
    inside: fc.uniqueArray(name, { maxLength: 1 }),
    outside: fc.constantFrom<string[]>([], ['a.x'], ['b']),
    last: fc.constantFrom('203.0.113.5', '203.0.113.6'),
    mode: fc.constantFrom('ed' as const, 'ei' as const),
  })
  .map(({ last, ...rest }): ItemInput => ({
    kind: 'nat44',
    ...rest,
    pools: [{ first: '203.0.113.5', last }],
  }))
const natIdentity = fc
  .constantFrom<number[]>([0], [0, 10])
  .map((tables): ItemInput => ({ kind: 'nat44-identity', address: '203.0.113.6', tables }))
const natBalancer = fc.constantFrom('10.0.0.7', '10.0.0.8').map((address): ItemInput => ({
  kind: 'nat44-load-balancer',
  externalAddress: '203.0.113.5',
  externalPort: 80,
  outToInOnly: true,
  backends: ['10.0.0.9', address].map((it) => ({ address: it, port: 80 })),
}))
const socket = fc.constantFrom('/run/vpp/a.sock', '/run/vpp/b.sock').map((path): ItemInput => ({
  kind: 'memif-socket',
  id: 7,
  path,
}))
const memif = fc
  .record({ id: fc.nat(1), role: fc.constantFrom('master' as const, 'slave' as const) })
  .map(({ id, role }): ItemInput => ({
    kind: 'interface',
    type: 'memif',
    name: `memif${id}`,
    role,
    socket: 7,
    id,
    secret: 'hush',
  }))
const tap = fc.record({ table, hostName: fc.constantFrom('vppa', 'vppb') }).map((it): ItemInput => ({
  kind: 'interface',
  type: 'tap',
  name: 'tap',
  id: 42,
  ...it,
}))
const adopted = fc
  .record({
    addresses: fc.subarray(['172.20.0.7/24', '203.0.113.7/24']),
    enabled: fc.boolean(),
    onRemove: fc.constantFrom('leave' as const, 'reset' as const),
  })
  .map((it): ItemInput => ({ kind: 'interface', type: 'existing', name: ADOPTED, ...it }))
const shown = fc.record({ name, on: fc.boolean() }).map(({ name: of, on }): ItemInput => ({
  kind: 'interface',
  type: 'loopback',
  name: of,
  ...(on ? { linuxCp: { hostName: `l${of}` } } : {}),
}))

const dhcp = fc
  .record({ interface: anyName, hostname: fc.constantFrom('one', 'two') })
  .map((it): ItemInput => ({ kind: 'dhcp-client', ...it }))

const mss = fc
  .record({ interface: anyName, mss: fc.constantFrom(1300, 1400) })
  .map(({ interface: on, mss: bytes }): ItemInput => ({
    kind: 'mss-clamp',
    interface: on,
    ip4: { mss: bytes },
  }))
const urpf = fc
  .record({
    interface: anyName,
    input: fc.constantFrom('strict' as const, { mode: 'loose' as const, table: 10 }),
  })
  .map(({ interface: on, input }): ItemInput => ({ kind: 'urpf', interface: on, ip4: { input } }))
const proxyArp = fc
  .record({ table, high: fc.constantFrom('10.0.0.8', '10.0.0.9'), on: anyName })
  .map(({ on, ...it }): ItemInput => ({ kind: 'proxy-arp', low: '10.0.0.5', interfaces: [on], ...it }))
const macip = fc.record({ name: fc.constantFrom('x', 'y'), on: name }).map(({ name: of, on }): ItemInput => ({
  kind: 'macip-acl',
  name: of,
  rules: [{ action: 'permit' }],
  interfaces: [on],
}))

const policer = fc
  .record({ name: fc.constantFrom('x', 'y'), rate: fc.constantFrom(1000, 2000), on: anyName, out: anyName })
  .map(({ name: of, rate, on, out }): ItemInput => ({
    kind: 'policer',
    name: of,
    rate,
    burst: 10_000,
    input: [on],
    output: [out],
  }))

const abf = fc
  .record({
    acl: fc.constantFrom('x', 'y'),
    family: fc.constantFrom(4 as const, 6 as const),
    via: fc.uniqueArray(name, { minLength: 1, maxLength: 2 }),
    weight: fc.constantFrom(1, 2),
    on: name,
  })
  .map(({ acl: of, family, via, weight, on }): ItemInput => ({
    kind: 'abf',
    id: 7,
    acl: of,
    family,
    paths: via.map((it) => ({ interface: it, weight })),
    interfaces: [on],
  }))

const qosMap = fc.constantFrom(5, 6).map((to): ItemInput => ({ kind: 'qos-map', id: 7, ip: { 184: to } }))
const qos = fc
  .record({ interface: anyName, store: fc.constantFrom(10, 46), marks: fc.boolean() })
  .map(({ interface: on, store, marks }): ItemInput => ({
    kind: 'qos',
    interface: on,
    record: ['ip'],
    store,
    ...(marks ? { mark: { ip: 7 } } : {}),
  }))

const relay = fc
  .record({ table, source: fc.constantFrom('192.0.2.1', '192.0.2.2'), last: fc.constantFrom(1, 2) })
  .map(({ last, ...it }): ItemInput => ({ kind: 'dhcp-proxy', ...it, servers: [`10.0.0.${last}`] }))

const relay6 = fc
  .record({ table, source: fc.constantFrom('2001:db8::1', '2001:db8::2'), last: fc.constantFrom(1, 2) })
  .map(({ last, ...it }): ItemInput => ({ kind: 'dhcp6-proxy', ...it, servers: [`fd00::${last}`] }))

const dns = fc
  .subarray(['192.0.2.53', '192.0.2.54', '2001:db8::53'], { minLength: 1 })
  .map((servers): ItemInput => ({ kind: 'dns', servers }))

const pppoe = anyName.map((on): ItemInput => ({ kind: 'pppoe', interface: on }))

/** A list of items, no two of one key. */
export const declared = fc
  .uniqueArray(
    fc.oneof(
      loopback,
      loopback,
      vlan,
      route,
      route,
      neighbour,
      bridge,
      acl,
      nat,
      natSettings,
      natIdentity,
      natBalancer,
      bond,
      qinq,
      borrower,
      socket,
      memif,
      tap,
      adopted,
      shown,
      dhcp,
      mss,
      urpf,
      proxyArp,
      macip,
      policer,
      abf,
      qosMap,
      qos,
      relay,
      relay6,
      dns,
      pppoe,
    ),
    { maxLength: 9 },
  )
  .map((inputs) => {
    const byKey = new Map<string, Item>()
    for (const item of items(...inputs)) byKey.set(`${item.kind} ${keyOf(item)}`, item)
    return [...byKey.values()]
  })

const MESSAGES = [
  'create_loopback_instance',
  'ip_route_add_del_v2',
  'sw_interface_set_flags',
  'acl_add_replace',
  'memif_create_v2',
  'tap_create_v3',
  'ip_neighbor_add_del',
  'sw_interface_add_del_address',
  'lcp_itf_pair_add_del_v2',
  'dhcp_client_config',
  'mss_clamp_enable_disable',
  'urpf_update_v2',
  'proxy_arp_intfc_enable_disable',
  'macip_acl_interface_add_del',
  'policer_add_del',
  'policer_input',
  'abf_policy_add_del',
  'abf_itf_attach_add_del',
  'qos_mark_enable_disable',
  'dhcp_proxy_config',
  'dns_enable_disable',
  'dns_name_server_add_del',
]
/** Files of the watched folder. */
const file = fc.constantFrom('x.yaml', 'y.yaml', 'z.yaml')

/** Something that happens to a VPP, its agent, or what they work with. */
export type Event =
  | { readonly type: 'declare'; readonly items: readonly Item[] }
  | { readonly type: 'write'; readonly file: string; readonly items: readonly Item[] }
  | { readonly type: 'move' | 'split'; readonly file: string; readonly to: string }
  | { readonly type: 'truncate'; readonly file: string; readonly at: number }
  | { readonly type: 'refuse' | 'lose'; readonly message: string }
  | { readonly type: 'delete' | 'down' | 'strip'; readonly at: number }
  | {
      readonly type:
        'stranger' | 'restart-vpp' | 'restart-agent' | 'settle' | 'store-full' | 'store-away' | 'store-up'
    }

export const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 6, arbitrary: declared.map((it): Event => ({ type: 'declare', items: it })) },
  {
    weight: 3,
    arbitrary: fc
      .record({ file, items: fc.oneof(declared, fc.constant([])) })
      .map((it): Event => ({ type: 'write', ...it })),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constantFrom('move' as const, 'split' as const),
      file,
      to: file,
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('truncate' as const), file, at: fc.nat(100) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constantFrom('refuse' as const, 'lose' as const),
      message: fc.constantFrom(...MESSAGES),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constantFrom('delete' as const, 'down' as const, 'strip' as const),
      at: fc.nat(20),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constantFrom(
        'stranger' as const,
        'restart-vpp' as const,
        'restart-agent' as const,
        'settle' as const,
        'settle' as const,
        'store-full' as const,
        'store-away' as const,
        'store-up' as const,
      ),
    }),
  },
)
