import { describe, expect, it } from 'vitest'
import { InvalidItemError, keyOf, parseItem } from './item.ts'

function problemsOf(value: unknown): string[] {
  try {
    parseItem(value)
  } catch (error) {
    if (!(error instanceof InvalidItemError)) throw error
    return error.problems.map(({ field }) => field)
  }
  return []
}

describe('items', () => {
  it('have defaults and one spelling', () => {
    const route = parseItem({ kind: 'route', prefix: '10.1.1.1/8', paths: [{ nextHop: '192.0.2.9' }] })
    expect(route).toEqual({
      kind: 'route',
      table: 0,
      prefix: '10.0.0.0/8',
      paths: [{ nextHop: '192.0.2.9', weight: 1, preference: 0 }],
      drop: false,
    })
  })

  it.each([
    [{ kind: 'interface', type: 'loopback', name: 'lan' }, 'lan'],
    [{ kind: 'route', prefix: '10.1.1.1/8', table: 3, drop: true }, '3/10.0.0.0/8'],
    [
      { kind: 'neighbour', interface: 'lan', address: '2001:DB8::1', mac: '02:00:00:00:00:0A' },
      'lan/2001:db8::1',
    ],
    [{ kind: 'bridge-domain', id: 5 }, '5'],
    [{ kind: 'vrf', id: 7, flowHash: ['destination', 'source'] }, '7'],
    [{ kind: 'memif-socket', id: 5, path: 'abstract:one' }, '5'],
    [{ kind: 'acl', name: 'web', rules: [{ action: 'deny' }] }, 'web'],
    [{ kind: 'nat44-static', localAddress: '10.0.0.1', externalAddress: '192.0.2.1' }, 'any/192.0.2.1/0/0'],
  ])('%j has the key %s', (value, key) => {
    const item = parseItem(value)
    expect(keyOf(item)).toBe(key)
    expect(parseItem(JSON.parse(JSON.stringify(item)))).toEqual(item)
  })

  it.each([
    [undefined, ['kind']],
    [{ kind: 'tunnel' }, ['kind']],
    [{ kind: 'route', prefix: '10.0.0.0/8' }, ['paths']],
    [{ kind: 'route', prefix: '10.0.0.0/8', drop: true, paths: [{ nextHop: '1.2.3.4' }] }, ['paths']],
    [{ kind: 'route', prefix: 'x', drop: true }, ['prefix']],
    [{ kind: 'route', prefix: '10.0.0.0/8', paths: [{}] }, ['paths.0']],
    [{ kind: 'route', prefix: '::/0', paths: [{ nextHop: '1.2.3.4' }] }, ['paths']],
    [{ kind: 'interface', type: 'loopback', name: 'a~b' }, ['name']],
    [{ kind: 'interface', type: 'loopback', name: 'a', mac: '01:00:00:00:00:00' }, ['mac']],
    [{ kind: 'interface', type: 'wormhole', name: 'a' }, ['type']],
    [{ kind: 'interface', type: 'bond', name: 'a', mode: 'broadcast', loadBalance: 'l2' }, ['loadBalance']],
    [{ kind: 'interface', type: 'bond', name: 'a', members: [{ interface: 'b', weight: 2 }] }, ['members']],
    [{ kind: 'interface', type: 'vlan', name: 'a', parent: 'b', vlan: 5, inner: 6 }, ['number']],
    [{ kind: 'interface', type: 'vlan', name: 'a', parent: 'b', vlan: 'any' }, ['number']],
    [
      { kind: 'interface', type: 'vlan', name: 'a', parent: 'b', vlan: 'untagged', number: 1, inner: 6 },
      ['inner'],
    ],
    [
      {
        kind: 'interface',
        type: 'vlan',
        name: 'a',
        parent: 'b',
        vlan: 5,
        exactMatch: false,
        addresses: ['192.0.2.1/24'],
      },
      ['exactMatch'],
    ],
    [{ kind: 'interface', type: 'vlan', name: 'a', parent: 'b', vlan: 5, tagRewrite: {} }, ['tagRewrite']],
    [
      { kind: 'interface', type: 'loopback', name: 'a', unnumbered: 'b', addresses: ['192.0.2.1/24'] },
      ['unnumbered'],
    ],
    [{ kind: 'interface', type: 'loopback', name: 'a', unnumbered: 'a' }, ['unnumbered']],
    [
      {
        kind: 'interface',
        type: 'loopback',
        name: 'a',
        routerAdvertisements: { maximumInterval: 60, lifetime: 60 },
      },
      ['routerAdvertisements.lifetime'],
    ],
    [{ kind: 'interface', type: 'tap', name: 'a', hostGateway: '192.0.2.1' }, ['hostGateway']],
    [{ kind: 'route', prefix: '10.0.0.0/8', drop: true, local: true }, ['paths']],
    [{ kind: 'route', prefix: '10.0.0.0/8', table: 5, paths: [{ table: 5 }] }, ['paths']],
    [{ kind: 'route', prefix: '10.0.0.0/8', paths: [{ interface: 'a', table: 5 }] }, ['paths.0.table']],
    [{ kind: 'interface', type: 'loopback', name: 'a', colour: 'red' }, ['']],
    [{ kind: 'memif-socket', id: 0, path: '/x' }, ['id']],
    [{ kind: 'memif-socket', id: 1, path: '@x' }, ['path']],
    [{ kind: 'interface', type: 'loopback', name: 'a', addresses: ['fe80::1/128'] }, ['addresses']],
    [{ kind: 'route', prefix: '2001:db8::/32', paths: [{ nextHop: 'fe80::1' }] }, ['paths.0.interface']],
    [{ kind: 'vrf', id: 0, name: 'red' }, ['name']],
    [{ kind: 'vrf', id: 1, flowHash: [] }, ['flowHash']],
    [{ kind: 'bridge-domain', id: 1, members: [{ interface: 'a' }, { interface: 'a' }] }, ['members']],
    [
      { kind: 'nat44-static', protocol: 'tcp', localAddress: '10.0.0.1', externalAddress: '192.0.2.1' },
      ['protocol'],
    ],
  ])('%j is refused for %j', (value, fields) => {
    expect(problemsOf(value)).toEqual(fields)
  })
})
