import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { parseItem, refOf } from '../kinds/item.ts'
import { translateVppcfg } from './translate.ts'

/** Folder with configurations of vppcfg that are right, such as those of its repository. */
const examples = process.env['VPPCFG_EXAMPLES']
if (examples === undefined) console.info('VPPCFG_EXAMPLES is not set: the examples of vppcfg are not read')

/** Every key that vppcfg 1.2.4 has. */
const EVERY_KEY = `
interfaces:
  GigabitEthernet1/0/0:
    description: uplink
    device-type: rdma
    mac: 02:00:00:00:00:01
    lcp: e0
    mtu: 9000
    addresses: [192.0.2.1/24]
    mpls: true
    sflow: true
    sub-interfaces:
      100:
        description: customers
        mtu: 1500
        lcp: e0.100
        addresses: [198.51.100.1/24]
        mpls: true
        state: up
      200:
        encapsulation: { dot1ad: 200, inner-dot1q: 30, exact-match: true }
        unnumbered: loop0
      300:
        encapsulation: { dot1q: 300 }
      400: { l2xc: GigabitEthernet1/0/0.300 }
  GigabitEthernet1/0/1: { state: down, l2xc: GigabitEthernet1/0/0, unnumbered: loop0 }
  BondEthernet3: { mtu: 3000, lcp: b3 }
  tap7: { mtu: 1400 }
  vxlan_tunnel1: { mtu: 2000 }
bondethernets:
  BondEthernet3:
    description: both
    mac: 02:00:00:00:00:03
    interfaces: [GigabitEthernet2/0/0, GigabitEthernet2/0/1]
    mode: xor
    load-balance: l2
  BondEthernet4: { mode: active-backup }
loopbacks:
  loop0: { description: l, mac: 02:00:00:00:00:0a, lcp: l0, mtu: 1600, addresses: [10.0.0.1/32], mpls: true }
  loop1: { unnumbered: loop0 }
bridgedomains:
  bd5:
    description: d
    mtu: 1500
    bvi: loop1
    interfaces: [GigabitEthernet1/0/0.300, vxlan_tunnel1]
    settings:
      learn: false
      unicast-flood: false
      unknown-unicast-flood: false
      unicast-forward: false
      arp-termination: true
      arp-unicast-forward: true
      mac-age-minutes: 7
vxlan_tunnels:
  vxlan_tunnel1: { description: v, local: 192.0.2.1, remote: 192.0.2.2, vni: 101 }
taps:
  tap7:
    description: t
    host:
      { name: vpp7, mac: 02:00:00:00:00:07, mtu: 1400, bridge: br0, bridge-create: true, namespace: ns, namespace-create: true }
    rx-ring-size: 512
    tx-ring-size: 512
  tap8: { host: { name: vpp8 }, rx-ring-size: 64, tx-ring-size: 128 }
prefixlists:
  trusted: { description: p, members: [192.0.2.1, 198.51.100.0/24, 2001:db8::1] }
acls:
  acl01:
    description: a
    terms:
      - { description: t, action: permit, family: ipv4, source: trusted, protocol: tcp, destination-port: www, source-port: 1024- }
      - { action: permit+reflect, source: 2001:db8::/64, destination: trusted, protocol: udp, destination-port: -53 }
      - { action: permit, protocol: icmp, icmp-type: 3, icmp-code: any }
      - { action: deny }
sflow: { header-bytes: 128, polling-interval: 30, sampling-rate: 1000 }
`

const LAG = [{ interface: 'GigabitEthernet2/0/0' }, { interface: 'GigabitEthernet2/0/1' }]

describe('a configuration of vppcfg', () => {
  it('becomes items', () => {
    const { items } = translateVppcfg(parse(EVERY_KEY))
    const byKey = Object.fromEntries(
      items.map((item) => [`${item.kind} ${refOf(parseItem(item)).key}`, item]),
    )
    expect(byKey).toEqual({
      'interface loop0': {
        kind: 'interface',
        type: 'loopback',
        name: 'loop0',
        instance: 0,
        mac: '02:00:00:00:00:0a',
        mtu: 1600,
        addresses: ['10.0.0.1/32'],
        linuxCp: { hostName: 'l0' },
      },
      'interface loop1': {
        kind: 'interface',
        type: 'loopback',
        name: 'loop1',
        instance: 1,
        mtu: 1500,
        unnumbered: 'loop0',
      },
      'interface GigabitEthernet1/0/0': {
        kind: 'interface',
        type: 'existing',
        name: 'GigabitEthernet1/0/0',
        mac: '02:00:00:00:00:01',
        mtu: 9000,
        linkMtu: 9000,
        addresses: ['192.0.2.1/24'],
        linuxCp: { hostName: 'e0' },
      },
      'interface GigabitEthernet1/0/0.100': {
        kind: 'interface',
        type: 'vlan',
        name: 'GigabitEthernet1/0/0.100',
        parent: 'GigabitEthernet1/0/0',
        vlan: 100,
        number: 100,
        exactMatch: true,
        mtu: 1500,
        addresses: ['198.51.100.1/24'],
        linuxCp: { hostName: 'e0.100' },
      },
      'interface GigabitEthernet1/0/0.200': {
        kind: 'interface',
        type: 'vlan',
        name: 'GigabitEthernet1/0/0.200',
        parent: 'GigabitEthernet1/0/0',
        vlan: 200,
        inner: 30,
        ethertype: 'dot1ad',
        number: 200,
        exactMatch: true,
        mtu: 9000,
        unnumbered: 'loop0',
      },
      'interface GigabitEthernet1/0/0.300': {
        kind: 'interface',
        type: 'vlan',
        name: 'GigabitEthernet1/0/0.300',
        parent: 'GigabitEthernet1/0/0',
        vlan: 300,
        number: 300,
        exactMatch: false,
        mtu: 9000,
        tagRewrite: { pop: 1 },
      },
      'interface GigabitEthernet1/0/0.400': {
        kind: 'interface',
        type: 'vlan',
        name: 'GigabitEthernet1/0/0.400',
        parent: 'GigabitEthernet1/0/0',
        vlan: 400,
        number: 400,
        exactMatch: true,
        mtu: 9000,
      },
      'interface GigabitEthernet1/0/1': {
        kind: 'interface',
        type: 'existing',
        name: 'GigabitEthernet1/0/1',
        mtu: 1500,
        linkMtu: 1500,
        enabled: false,
        unnumbered: 'loop0',
      },
      'interface BondEthernet3': {
        kind: 'interface',
        type: 'bond',
        name: 'BondEthernet3',
        id: 3,
        mode: 'xor',
        loadBalance: 'l2',
        mac: '02:00:00:00:00:03',
        members: LAG,
        mtu: 3000,
        linuxCp: { hostName: 'b3' },
      },
      'interface BondEthernet4': {
        kind: 'interface',
        type: 'bond',
        name: 'BondEthernet4',
        id: 4,
        mode: 'active-backup',
        members: [],
        mtu: 1500,
      },
      'interface tap7': {
        kind: 'interface',
        type: 'tap',
        name: 'tap7',
        id: 7,
        mtu: 1400,
        hostName: 'vpp7',
        hostMac: '02:00:00:00:00:07',
        hostMtu: 1400,
        hostBridge: 'br0',
        hostNamespace: 'ns',
        ringSize: 512,
      },
      'interface tap8': { kind: 'interface', type: 'tap', name: 'tap8', id: 8, mtu: 1500, hostName: 'vpp8' },
      'bridge-domain 5': {
        kind: 'bridge-domain',
        id: 5,
        learn: false,
        flood: false,
        unknownUnicastFlood: false,
        forward: false,
        arpTermination: true,
        arpUnicastForward: true,
        macAge: 7,
        members: [{ interface: 'loop1', bvi: true }, { interface: 'GigabitEthernet1/0/0.300' }],
      },
      'acl acl01': {
        kind: 'acl',
        name: 'acl01',
        rules: [
          ...['192.0.2.1/32', '198.51.100.0/24'].map((source) => ({
            action: 'permit',
            protocol: 6,
            source,
            destination: '0.0.0.0/0',
            sourcePorts: { first: 1024, last: 65_535 },
            destinationPorts: { first: 80, last: 80 },
          })),
          {
            action: 'reflect',
            protocol: 17,
            source: '2001:db8::/64',
            destination: '2001:db8::1/128',
            destinationPorts: { first: 0, last: 53 },
          },
          {
            action: 'permit',
            protocol: 1,
            source: '0.0.0.0/0',
            destination: '0.0.0.0/0',
            sourcePorts: { first: 3, last: 3 },
          },
          { action: 'deny', protocol: 0, source: '0.0.0.0/0', destination: '0.0.0.0/0' },
          { action: 'deny', protocol: 0, source: '::/0', destination: '::/0' },
        ],
      },
    })
  })

  it('tells every key that no item says', () => {
    const { leftOut } = translateVppcfg(parse(EVERY_KEY))
    expect(leftOut.map(({ key }) => key).sort()).toEqual([
      'acls.acl01.description',
      'acls.acl01.terms.0.description',
      'bondethernets.BondEthernet3.description',
      'bridgedomains.bd5.description',
      'bridgedomains.bd5.interfaces.vxlan_tunnel1',
      'bridgedomains.bd5.mtu',
      'interfaces.GigabitEthernet1/0/0.description',
      'interfaces.GigabitEthernet1/0/0.device-type',
      'interfaces.GigabitEthernet1/0/0.mpls',
      'interfaces.GigabitEthernet1/0/0.sflow',
      'interfaces.GigabitEthernet1/0/0.sub-interfaces.100.description',
      'interfaces.GigabitEthernet1/0/0.sub-interfaces.100.mpls',
      'interfaces.GigabitEthernet1/0/0.sub-interfaces.400.l2xc',
      'interfaces.GigabitEthernet1/0/1.l2xc',
      'interfaces.vxlan_tunnel1',
      'loopbacks.loop0.description',
      'loopbacks.loop0.mpls',
      'prefixlists.trusted.description',
      'sflow',
      'taps.tap7.description',
      'taps.tap7.host.bridge-create',
      'taps.tap7.host.namespace-create',
      'taps.tap8.rx-ring-size',
      'vxlan_tunnels.vxlan_tunnel1',
    ])
    const odd = translateVppcfg({ loopbacks: { loop0: { adresses: ['10.0.0.1/32'] } }, vrfs: {} })
    expect(odd.leftOut).toEqual([
      { key: 'loopbacks.loop0.adresses', reason: 'not a key of vppcfg 1.2.4' },
      { key: 'vrfs', reason: 'not a key of vppcfg 1.2.4' },
    ])
    expect(translateVppcfg(undefined)).toEqual({ items: [], leftOut: [] })
  })

  it.each([
    ['interfaces: [a]', 'interfaces: expected a mapping'],
    ['loopbacks: { loop0: { mtu: much } }', 'loopbacks.loop0.mtu: expected a number'],
    [
      'acls: { a: { terms: [{ action: permit, protocol: tcp, source-port: gopher }] } }',
      'acls.a.terms.0.source-port: unknown name "gopher"; write the number',
    ],
    [
      'acls: { a: { terms: [{ action: deny, protocol: smoke-signals }] } }',
      'acls.a.terms.0.protocol: unknown name smoke-signals; write the number',
    ],
    [
      'acls: { a: { terms: [{ action: deny, source: 10.0.0.0/8, destination: "2001:db8::/32" }] } }',
      'acls.a.terms.0: expected source and destination of one family',
    ],
    [
      'acls: { a: { terms: [{ action: deny, source: friends }] } }',
      'acls.a.terms.0.source: expected an address, a prefix or a prefix list; received friends',
    ],
  ])('is refused where something would change its meaning: %s', (text, message) => {
    expect(() => translateVppcfg(parse(text))).toThrow(message)
  })
})

describe.runIf(examples !== undefined)('examples of vppcfg', () => {
  const folder = examples ?? ''
  const files = examples === undefined ? [] : readdirSync(folder).filter((name) => name.endsWith('.yaml'))

  it.each(files)('%s becomes items, and every key is known', (name) => {
    // Those of its tests have a document in front that says what is expected.
    const config: unknown = parseAllDocuments(readFileSync(join(folder, name), 'utf8'))
      .at(-1)
      ?.toJS()
    const { items, leftOut } = translateVppcfg(config)
    for (const item of items) expect(parseItem(item)).toBeDefined()
    expect(leftOut.filter(({ reason }) => reason.startsWith('not a key'))).toEqual([])
  })
})
