import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { layOut } from './topology-layout.ts'
import { Topology, type TopologyEdge, type TopologyNode } from './topology.ts'

function node(id: string, type: TopologyNode['type'] = 'interface'): TopologyNode {
  return { id, type, name: id, about: '', up: null, item: null, state: null }
}

function edge(from: string, to: string, relation = 'has'): TopologyEdge {
  return { from, to, relation, interface: null, routes: 0 }
}

const NETWORK = new Topology(
  [
    node('one', 'instance'),
    node('eth0'),
    node('eth1'),
    node('lag'),
    node('lag.7'),
    node('vrf', 'vrf'),
    node('hop', 'hop'),
  ],
  [
    edge('one', 'eth0'),
    edge('one', 'eth1'),
    edge('eth0', 'lag', 'member of'),
    edge('eth1', 'lag', 'member of'),
    edge('lag', 'lag.7', 'carries'),
    edge('lag.7', 'vrf', 'routed by'),
    edge('lag.7', 'hop', 'next hop'),
    edge('lag.7', 'nowhere', 'next hop'),
  ],
)

describe('layout of the topology', () => {
  it('goes from the instance over interfaces and what they carry to tables and next hops', () => {
    const { nodes, columns } = layOut(NETWORK, 'lag')
    const columnsOf = Object.fromEntries(nodes.map((it) => [it.node.id, it.column]))
    expect(columnsOf).toEqual({ one: 0, eth0: 1, eth1: 1, lag: 2, 'lag.7': 3, vrf: 4, hop: 5 })
    expect(columns).toBe(6)
  })

  it('shows no gap for a column that has nothing', () => {
    const { nodes, columns } = layOut(new Topology([node('a'), node('v', 'vrf')], [edge('a', 'v')]), 'a')
    expect(nodes.map((it) => it.column)).toEqual([0, 1])
    expect(columns).toBe(2)
  })

  it('shows so many nodes of a large network, and counts the others', () => {
    const many = Array.from({ length: 5000 }, (_, index) => node(`eth${index}`))
    const topology = new Topology(
      [node('one', 'instance'), ...many],
      many.map(({ id }) => edge('one', id)),
    )
    const { nodes } = layOut(topology, 'one')
    expect(nodes).toHaveLength(41)
    expect(nodes.find((it) => it.node.id === 'one')?.hidden).toBe(4960)
    expect(topology.search('ETH4999', 20).map(({ id }) => id)).toEqual(['eth4999'])
    expect(topology.search('eth', 20)).toHaveLength(20)
  })

  it('has a place of its own for every node, and edges between those only, whatever the network is', () => {
    const ids = fc.integer({ min: 0, max: 30 }).map(String)
    const types = fc.constantFrom('interface', 'vrf', 'bridge-domain', 'hop', 'instance')
    const relations = fc.constantFrom('has', 'carries', 'member of', 'routed by')
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.record({ id: ids, type: types }), { selector: ({ id }) => id, minLength: 1 }),
        fc.array(fc.tuple(ids, ids, relations)),
        (nodes, edges) => {
          const topology = new Topology(
            nodes.map(({ id, type }) => node(id, type as TopologyNode['type'])),
            edges.map((it) => edge(...it)),
          )
          const centre = nodes[0]?.id ?? ''
          const layout = layOut(topology, centre)
          const placed = new Set(layout.nodes.map((it) => it.node.id))
          expect(placed.has(centre)).toBe(true)
          expect(placed.size).toBe(layout.nodes.length)
          expect(new Set(layout.nodes.map((it) => `${it.column} ${it.row}`)).size).toBe(layout.nodes.length)
          for (const it of layout.edges) expect(placed.has(it.from) && placed.has(it.to)).toBe(true)
          for (const it of layout.nodes) {
            expect(it.column).toBeLessThan(layout.columns)
            expect(it.row).toBeLessThan(layout.rows)
          }
        },
      ),
    )
  })
})
