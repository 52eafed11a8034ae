import { addEthernet } from '@vpp-ts/simulator'
import { describe, expect, it } from 'vitest'
import { serve } from './served.ts'

interface Graph {
  readonly nodes: readonly { readonly id: string; readonly about: string; readonly state: string | null }[]
  readonly edges: readonly {
    readonly from: string
    readonly to: string
    readonly relation: string
    readonly routes: number
  }[]
}

const ITEMS = [
  { kind: 'vrf', id: 10 },
  { kind: 'interface', type: 'loopback', name: 'lan', addresses: ['192.0.2.1/24'] },
  { kind: 'interface', type: 'vlan', name: 'eth.7', parent: 'eth', vlan: 7, table: 10 },
  { kind: 'bridge-domain', id: 5, members: [{ interface: 'tap' }] },
  { kind: 'interface', type: 'loopback', name: 'tap' },
  { kind: 'neighbour', interface: 'lan', address: '192.0.2.9', mac: '02:00:00:00:00:09' },
  { kind: 'route', prefix: '10.1.0.0/16', paths: [{ nextHop: '192.0.2.9', interface: 'lan' }] },
  { kind: 'route', prefix: '10.2.0.0/16', paths: [{ nextHop: '192.0.2.9', interface: 'lan' }] },
  { kind: 'route', prefix: '10.3.0.0/16', table: 10, paths: [{ nextHop: '203.0.113.1' }] },
]

describe('the network as a graph', () => {
  it('has what VPP has and what it should have, with the routes of each next hop counted', async () => {
    await using served = await serve()
    addEthernet(served.vpp.model.interfaces, 'eth', 'dpdk')
    await served.ask('POST', '/desired?wait=true', ITEMS)
    const { nodes, edges } = (await served.ask('GET', '/topology')).body as Graph
    const relations = edges.map(({ from, relation, to, routes }) =>
      routes === 0 ? `${from} ${relation} ${to}` : `${from} ${relation} ${to} ×${routes}`,
    )
    expect(relations.sort()).toEqual([
      'instance one has interface eth',
      'instance one has interface lan',
      'instance one has interface local0',
      'instance one has interface tap',
      'interface eth carries interface eth.7',
      'interface eth.7 routed by vrf 10',
      'interface lan neighbour hop lan/192.0.2.9',
      'interface lan next hop hop lan/192.0.2.9 ×2',
      'interface lan routed by vrf 0',
      'interface tap bridged by bridge-domain 5',
      'vrf 10 next hop hop /203.0.113.1 ×1',
    ])
    const of = (id: string) => nodes.find((it) => it.id === id)
    expect(of('interface lan')).toMatchObject({ state: 'applied', about: 'Loopback, 192.0.2.1/24' })
    expect(of('interface eth')).toMatchObject({ state: null, about: 'dpdk' })
    expect(of('interface eth.7')).toMatchObject({ about: 'VLAN 7' })
    const ids = new Set(nodes.map(({ id }) => id))
    expect(edges.filter(({ from, to }) => !ids.has(from) || !ids.has(to))).toEqual([])
  })

  it('tells of things that are not there yet, and survives that VPP is away', async () => {
    await using served = await serve()
    await served.ask('POST', '/desired?wait=true', [
      { kind: 'neighbour', interface: 'wan', address: '192.0.2.9', mac: '02:00:00:00:00:09' },
      { kind: 'interface', type: 'loopback', name: 'lan' },
    ])
    const { nodes } = (await served.ask('GET', '/topology')).body as Graph
    expect(nodes.find(({ id }) => id === 'interface wan')).toMatchObject({ state: null, about: 'not there' })
    expect(nodes.find(({ id }) => id === 'hop wan/192.0.2.9')).toMatchObject({ state: 'waiting' })
    await served.vpp.stop()
    const later = (await served.ask('GET', '/topology')).body as Graph
    expect(later.nodes.map(({ id }) => id)).toContain('interface lan')
  })
})

describe('interfaces', () => {
  it('are told with addresses, tables, VLAN and who declares them', async () => {
    await using served = await serve()
    addEthernet(served.vpp.model.interfaces, 'eth', 'dpdk')
    await served.ask('POST', '/desired?wait=true', [
      { kind: 'vrf', id: 10 },
      {
        kind: 'interface',
        type: 'vlan',
        name: 'eth.7',
        parent: 'eth',
        vlan: 7,
        table: 10,
        addresses: ['192.0.2.1/24'],
      },
    ])
    const { interfaces } = (await served.ask('GET', '/interfaces')).body as {
      interfaces: readonly { readonly name: string }[]
    }
    expect(interfaces.find(({ name }) => name === 'eth.7')).toMatchObject({
      vlan: '7',
      addresses: ['192.0.2.1/24'],
      table: 10,
      table6: 10,
      origin: 'api',
    })
    expect(interfaces.find(({ name }) => name === 'eth')).toMatchObject({
      vlan: null,
      addresses: [],
      table: 0,
      origin: null,
    })
    const one = (await served.ask('GET', '/interfaces/eth.7')).body
    expect(one).toMatchObject({ interface: { vlan: '7', table: 10, origin: 'api' } })
  })
})
