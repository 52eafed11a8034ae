import type { Item } from '@vpp-ts/agent'
import { items } from './managed.ts'

/**
 * Something of every kind, and of every type of interface.
 * @param tapName of the device in Linux; undefined leaves the tap out, where VPP may not make one
 */
export function topology(socketPath: string, tapName: string | undefined): Item[] {
  return items(
    { kind: 'memif-socket', id: 7, path: socketPath },
    { kind: 'vrf', id: 10, name: 'blue', flowHash: ['source', 'destination', 'symmetric'] },
    { kind: 'vrf', id: 11 },
    {
      kind: 'interface',
      type: 'loopback',
      name: 'lan',
      mtu: 1400,
      mac: '02:00:00:00:00:0a',
      addresses: ['192.0.2.1/24', '2001:DB8::1/64'],
    },
    { kind: 'interface', type: 'loopback', name: 'seven', instance: 7, enabled: false },
    { kind: 'interface', type: 'loopback', name: 'bvi' },
    { kind: 'interface', type: 'loopback', name: 'blue', table: 10, addresses: ['198.51.100.1/24'] },
    { kind: 'interface', type: 'memif', name: 'peer', role: 'master', socket: 7, id: 3, secret: 'hush' },
    { kind: 'interface', type: 'memif', name: 'bridged', role: 'master', socket: 7, id: 4 },
    {
      kind: 'interface',
      type: 'vlan',
      name: 'peer.100',
      parent: 'peer',
      vlan: 100,
      addresses: ['203.0.113.1/30'],
    },
    { kind: 'interface', type: 'memif', name: 'leg1', role: 'master', socket: 7, id: 11 },
    { kind: 'interface', type: 'memif', name: 'leg2', role: 'master', socket: 7, id: 12 },
    {
      kind: 'interface',
      type: 'bond',
      name: 'lag',
      id: 3,
      loadBalance: 'l34',
      linkMtu: 9000,
      members: [{ interface: 'leg1' }, { interface: 'leg2', longTimeout: true, passive: true }],
    },
    {
      kind: 'interface',
      type: 'vlan',
      name: 'qinq',
      parent: 'lag',
      number: 1234,
      vlan: 200,
      inner: 30,
      ethertype: 'dot1ad',
      addresses: ['203.0.113.5/30'],
    },
    { kind: 'interface', type: 'vlan', name: 'any', parent: 'lag', number: 5, vlan: 300, inner: 'any' },
    {
      kind: 'interface',
      type: 'vlan',
      name: 'rewritten',
      parent: 'lag',
      vlan: 400,
      exactMatch: false,
      tagRewrite: { pop: 1, push: [500, 600], ethertype: 'dot1ad' },
    },
    { kind: 'interface', type: 'loopback', name: 'borrows', unnumbered: 'lan' },
    {
      kind: 'interface',
      type: 'loopback',
      name: 'hosts',
      addresses: ['2001:db8:77::1/64'],
      routerAdvertisements: { managed: true, maximumInterval: 60 },
    },
    ...(tapName === undefined
      ? []
      : [{ kind: 'interface', type: 'tap', name: 'host', id: 42, hostName: tapName } as const]),
    {
      kind: 'bridge-domain',
      id: 5,
      macAge: 3,
      learn: false,
      members: [
        { interface: 'bvi', bvi: true },
        { interface: 'bridged', splitHorizonGroup: 2 },
        { interface: 'rewritten' },
      ],
    },
    {
      kind: 'acl',
      name: 'web',
      rules: [
        {
          action: 'permit',
          destination: '192.0.2.0/24',
          protocol: 'tcp',
          destinationPorts: { first: 80, last: 80 },
        },
        { action: 'deny' },
      ],
      ingress: ['lan', 'peer'],
    },
    {
      kind: 'acl',
      name: 'all6',
      rules: [{ action: 'reflect', source: '2001:db8::/32' }],
      ingress: ['lan'],
      egress: ['lan'],
    },
    { kind: 'neighbour', interface: 'lan', address: '192.0.2.9', mac: '02:00:00:00:00:09' },
    { kind: 'neighbour', interface: 'lan', address: '2001:db8::9', mac: '02:00:00:00:00:09' },
    { kind: 'route', prefix: '10.1.0.0/16', paths: [{ nextHop: '192.0.2.9' }] },
    {
      kind: 'route',
      prefix: '10.2.0.0/16',
      paths: [
        { nextHop: '192.0.2.9', interface: 'lan', weight: 3 },
        { nextHop: '203.0.113.2', interface: 'peer.100', weight: 1 },
      ],
    },
    { kind: 'route', prefix: '10.3.0.0/16', drop: true },
    { kind: 'route', prefix: '10.5.0.0/16', reject: 'unreachable' },
    { kind: 'route', prefix: '2001:db8:6::/48', reject: 'prohibit' },
    { kind: 'route', prefix: '10.6.0.1/32', local: true },
    { kind: 'route', prefix: '10.7.0.0/16', paths: [{ table: 10 }] },
    { kind: 'route', prefix: '10.8.0.0/16', paths: [{ nextHop: '198.51.100.7', table: 10 }] },
    {
      kind: 'route',
      prefix: '10.9.0.0/16',
      paths: [
        { nextHop: '192.0.2.9', interface: 'lan', labels: [100, { label: 200, ttl: 64, exp: 3 }] },
        { nextHop: '192.0.2.10', interface: 'lan', weight: 2 },
      ],
    },
    {
      kind: 'route',
      prefix: '10.4.0.1/32',
      table: 10,
      paths: [{ nextHop: '198.51.100.7', interface: 'blue' }],
    },
    { kind: 'route', prefix: '2001:db8:5::/48', paths: [{ nextHop: '2001:db8::9', interface: 'lan' }] },
    {
      kind: 'nat44-static',
      protocol: 'tcp',
      localAddress: '10.1.0.5',
      localPort: 80,
      externalAddress: '203.0.113.80',
      externalPort: 8080,
    },
    { kind: 'nat44-static', localAddress: '10.1.0.6', externalAddress: '203.0.113.81' },
    { kind: 'dhcp-client', interface: 'seven', hostname: 'edge', clientId: 'edge-7', dscp: 46 },
    { kind: 'mss-clamp', interface: 'lan', ip4: { mss: 1360 }, ip6: { mss: 1340, direction: 'rx' } },
    {
      kind: 'urpf',
      interface: 'peer',
      ip4: { input: 'strict' },
      ip6: { input: { mode: 'loose', table: 12 } },
    },
    { kind: 'proxy-arp', low: '192.0.2.50', high: '192.0.2.60', interfaces: ['lan', 'peer'] },
    { kind: 'proxy-arp', table: 10, low: '192.0.2.50', high: '192.0.2.60', interfaces: ['lan'] },
    { kind: 'proxy-nd', interface: 'peer', address: '2001:db8:9::9' },
    {
      kind: 'macip-acl',
      name: 'hosts',
      rules: [
        { action: 'permit', mac: '02:00:00:00:00:09' },
        { action: 'deny', source: '192.0.2.0/24' },
      ],
      interfaces: ['leg1'],
    },
  )
}
