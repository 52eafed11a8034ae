import fc from 'fast-check'
import { parseItem, refOf, type Item } from '../../kinds/item.ts'

const name = fc.constantFrom('a', 'b', 'c', 'd')
const table = fc.constantFrom(0, 0, 10, 11)
const host = fc.constantFrom('192.0.2.1', '192.0.2.2', '2001:db8::1')
const networks = ['10.0.0.0/8', '10.1.0.0/16', '2001:db8:1::/48']

const common = {
  kind: fc.constant('interface'),
  name,
  enabled: fc.boolean(),
  table,
  addresses: fc.uniqueArray(host.map((address) => `${address}/${address.includes(':') ? 64 : 24}`)),
}
const loopback = fc.record({
  ...common,
  type: fc.constant('loopback'),
  mac: fc.constantFrom('02:00:00:00:00:01', '02:00:00:00:00:02'),
})
const memif = fc.record({
  ...common,
  type: fc.constant('memif'),
  role: fc.constantFrom('master', 'slave'),
  socket: fc.constantFrom(1, 2),
})
const vlan = fc.record({
  ...common,
  name: name.map((it) => `${it}.1`),
  type: fc.constant('vlan'),
  parent: name,
  vlan: fc.constantFrom(1, 2),
})
const bond = fc.record({
  kind: fc.constant('interface'),
  name,
  type: fc.constant('bond'),
  mode: fc.constantFrom('lacp', 'xor'),
  members: fc
    .uniqueArray(fc.oneof(name, fc.constant('a.1')), { maxLength: 2 })
    .map((names) => names.map((it) => ({ interface: it }))),
})
const borrower = fc.record({
  kind: fc.constant('interface'),
  name: fc.constantFrom('e', 'f'),
  type: fc.constant('loopback'),
  unnumbered: name,
  linuxCp: fc.constantFrom({ hostName: 'one' }, { hostName: 'two', namespace: 'plane' }),
})
const anyInterface = fc.oneof(
  name,
  name.map((it) => `${it}.1`),
)
const vrf = fc.record({
  kind: fc.constant('vrf'),
  id: fc.constantFrom(10, 12),
  flowHash: fc.constantFrom(['source'], ['destination', 'source']),
})
const socket = fc.record({
  kind: fc.constant('memif-socket'),
  id: fc.constantFrom(1, 2),
  path: fc.constantFrom('/run/vpp/1.sock', '/run/vpp/2.sock'),
})
const route = fc
  .record({
    prefix: fc.constantFrom(...networks),
    table,
    names: fc.uniqueArray(anyInterface, { maxLength: 2 }),
  })
  .map(({ names, ...rest }) => {
    const paths = names.map((it) => ({ interface: it }))
    return { kind: 'route', ...rest, ...(paths.length === 0 ? { drop: true } : { paths }) }
  })
const special = fc
  .record({
    prefix: fc.constantFrom('10.2.0.0/16', '2001:db8:2::/48'),
    table: fc.constantFrom(0, 10),
    how: fc.constantFrom<object>({ reject: 'unreachable' }, { local: true }, { paths: [{ table: 11 }] }),
  })
  .map(({ how, ...rest }) => ({ kind: 'route', ...rest, ...how }))
const neighbour = fc.record({
  kind: fc.constant('neighbour'),
  interface: anyInterface,
  address: fc.constantFrom('192.0.2.9', '2001:db8::9'),
  mac: fc.constantFrom('02:00:00:00:00:08', '02:00:00:00:00:09'),
})
const bridge = fc.record({
  kind: fc.constant('bridge-domain'),
  id: fc.constantFrom(1, 2),
  learn: fc.boolean(),
  members: fc
    .uniqueArray(anyInterface, { maxLength: 2 })
    .map((names) => names.map((it) => ({ interface: it }))),
})
const acl = fc.record({
  kind: fc.constant('acl'),
  name: fc.constantFrom('x', 'y'),
  rules: fc.constantFrom([{ action: 'permit' }], [{ action: 'deny' }]),
  ingress: fc.uniqueArray(anyInterface, { maxLength: 2 }),
  egress: fc.uniqueArray(anyInterface, { maxLength: 2 }),
})
const nat = fc.record({
  kind: fc.constant('nat44-static'),
  localAddress: fc.constantFrom('10.0.0.5', '10.0.0.6'),
  externalAddress: fc.constant('203.0.113.5'),
  table,
})

const dhcp = fc.record({
  kind: fc.constant('dhcp-client'),
  interface: anyInterface,
  hostname: fc.constantFrom('one', 'two'),
})

const mss = fc.record({
  kind: fc.constant('mss-clamp'),
  interface: anyInterface,
  ip4: fc.record({ mss: fc.constantFrom(1300, 1400) }),
})
const urpf = fc.record({
  kind: fc.constant('urpf'),
  interface: anyInterface,
  ip4: fc.constantFrom<object>({ input: 'strict' }, { output: { mode: 'loose', table: 10 } }),
})
const proxyArp = fc.record({
  kind: fc.constant('proxy-arp'),
  table,
  low: fc.constant('10.0.0.5'),
  high: fc.constantFrom('10.0.0.8', '10.0.0.9'),
  interfaces: fc.uniqueArray(anyInterface, { maxLength: 2 }),
})
const proxyNd = fc.record({
  kind: fc.constant('proxy-nd'),
  interface: anyInterface,
  address: fc.constantFrom('2001:db8::9', '2001:db8::a'),
})
const macip = fc.record({
  kind: fc.constant('macip-acl'),
  name: fc.constantFrom('x', 'y'),
  rules: fc.constantFrom([{ action: 'permit' }], [{ action: 'deny' }]),
  interfaces: fc.uniqueArray(anyInterface, { maxLength: 2 }),
})

const policer = fc.record({
  kind: fc.constant('policer'),
  name: fc.constantFrom('x', 'y'),
  rate: fc.constantFrom(1000, 2000),
  burst: fc.constant(10_000),
  input: fc.uniqueArray(anyInterface, { maxLength: 2 }),
  output: fc.uniqueArray(anyInterface, { maxLength: 2 }),
})

const abf = fc.record({
  kind: fc.constant('abf'),
  id: fc.constantFrom(1, 2),
  acl: fc.constantFrom('x', 'y'),
  paths: fc
    .uniqueArray(anyInterface, { minLength: 1, maxLength: 2 })
    .map((names) => names.map((it) => ({ interface: it }))),
  interfaces: fc.uniqueArray(anyInterface, { maxLength: 2 }),
})

const qosMap = fc.record({
  kind: fc.constant('qos-map'),
  id: fc.constantFrom(1, 2),
  ip: fc.constantFrom({ 184: 5 }, { 184: 6 }),
})
const qos = fc.record({
  kind: fc.constant('qos'),
  interface: anyInterface,
  record: fc.constantFrom(['ip'], ['ip', 'vlan']),
  mark: fc.constantFrom({}, { ip: 1 }, { vlan: 2 }),
})
const natMode = fc.constantFrom('ed', 'ei')
const natSettings = fc
  .record({
    mode: natMode,
    forwarding: fc.boolean(),
    inside: fc.uniqueArray(name, { maxLength: 1 }),
    output: fc.constantFrom<string[]>([], ['a.1']),
    last: fc.constantFrom('203.0.113.5', '203.0.113.6'),
    table: fc.constantFrom(undefined, 10),
  })
  .map(({ last, table: id, ...rest }) => ({
    kind: 'nat44',
    ...rest,
    pools: [{ first: '203.0.113.5', last, ...(id === undefined ? {} : { table: id }) }],
  }))
const natIdentity = fc.record({
  kind: fc.constant('nat44-identity'),
  mode: natMode,
  address: fc.constantFrom('203.0.113.5', '203.0.113.7'),
  tables: fc.constantFrom([0], [0, 11]),
})
const natBalancer = fc.record({
  kind: fc.constant('nat44-load-balancer'),
  externalAddress: fc.constant('203.0.113.5'),
  externalPort: fc.constantFrom(80, 443),
  outToInOnly: fc.boolean(),
  backends: fc
    .uniqueArray(fc.constantFrom('10.0.0.5', '10.0.0.6', '10.0.0.7'), { minLength: 2 })
    .map((list) => list.map((address) => ({ address, port: 80 }))),
})

const relay = fc.record({
  kind: fc.constant('dhcp-proxy'),
  table,
  source: fc.constantFrom('192.0.2.1', '192.0.2.2'),
  servers: fc.constantFrom(['10.0.0.1'], ['10.0.0.1', { address: '10.0.0.2', table: 11 }]),
})
const relay6 = fc.record({
  kind: fc.constant('dhcp6-proxy'),
  table,
  source: fc.constantFrom('2001:db8::1', '2001:db8::2'),
  servers: fc.constantFrom(['fd00::1'], ['fd00::1', { address: 'fd00::2', table: 11 }]),
})
const dns = fc.record({
  kind: fc.constant('dns'),
  servers: fc.constantFrom(['192.0.2.53'], ['2001:db8::53'], ['192.0.2.53', '2001:db8::53']),
})
const pppoe = fc.record({ kind: fc.constant('pppoe'), interface: anyInterface })
const session = fc.record({
  kind: fc.constant('pppoe-session'),
  mac: fc.constantFrom('02:00:00:00:00:31', '02:00:00:00:00:32'),
  session: fc.constant(7),
  address: fc.constantFrom('198.51.100.7', '198.51.100.8'),
  table,
})
const otherNat = fc.constantFrom<object>(
  { kind: 'nat64', inside: ['a'], outside: ['b'], pools: [{ first: '192.0.2.50', table: 10 }] },
  { kind: 'nat64', inside: ['a', 'b'], prefixes: [{ prefix: '64:ff9b::/96' }], timeouts: { udp: 7 } },
  {
    kind: 'nat64-static',
    insideAddress: '2001:db8::5',
    insidePort: 80,
    outsideAddress: '192.0.2.50',
    outsidePort: 80,
  },
  { kind: 'nat66', inside: ['a'] },
  { kind: 'nat66', outside: ['a', 'c'] },
  { kind: 'nat66-static', localAddress: 'fd00::5', externalAddress: '2001:db8::5' },
  { kind: 'det44', inside: ['a'], outside: ['c'] },
  { kind: 'det44', outside: ['a'], timeouts: { icmp: 7 } },
  { kind: 'det44-mapping', inside: '10.9.0.0/24', outside: '192.0.2.64/30' },
)

/**
 * Items of all kinds, few names among them, so that two lists have much in common. Some depend on what nobody
 * declares, and some claim the same.
 */
export const anyItems: fc.Arbitrary<Item[]> = fc.uniqueArray(
  fc
    .oneof(
      loopback,
      loopback,
      memif,
      vlan,
      bond,
      borrower,
      vrf,
      socket,
      route,
      special,
      neighbour,
      bridge,
      acl,
      nat,
      natSettings,
      natIdentity,
      natBalancer,
      otherNat,
      dhcp,
      mss,
      urpf,
      proxyArp,
      proxyNd,
      macip,
      policer,
      abf,
      qosMap,
      qos,
      relay,
      relay6,
      dns,
      pppoe,
      session,
    )
    .map((it) => parseItem(it)),
  { selector: (item) => JSON.stringify(refOf(item)), maxLength: 24 },
)
