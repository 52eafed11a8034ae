import type { Topology, TopologyEdge, TopologyNode } from './topology.ts'

/** Neighbours shown of the node in the middle, and of every other one. */
const MOST_OF_CENTRE = 40
const MOST_OF_OTHERS = 8
/** Nodes shown at all. */
const MOST = 120
/** Steps from the node in the middle. */
const DEPTH = 3

/** A node with its place. */
export interface PlacedNode {
  readonly node: TopologyNode
  /** From the left, without gaps. */
  readonly column: number
  /** From the top of its column. */
  readonly row: number
  /** Neighbours that are not shown. */
  readonly hidden: number
}

/** The part of the network around a node, in columns. */
export interface Layout {
  readonly nodes: readonly PlacedNode[]
  readonly edges: readonly TopologyEdge[]
  readonly columns: number
  /** Nodes of the longest column. */
  readonly rows: number
}

/**
 * Lays out what is around a node: the instance on the left, then interfaces with those that they carry, then bridges
 * and tables, then next hops. However large the network is, only so many nodes are shown.
 */
export function layOut(topology: Topology, centre: string): Layout {
  const shown = around(topology, centre)
  const edges = new Set<TopologyEdge>()
  const hidden = new Map<string, number>()
  for (const id of shown) {
    const neighbours = topology.neighboursOf(id)
    const missing = new Set<string>()
    for (const { node, edge } of neighbours) {
      if (shown.has(node.id)) edges.add(edge)
      else missing.add(node.id)
    }
    hidden.set(id, missing.size)
  }
  const columns = inColumns(topology, shown)
  sortColumns(topology, columns)
  const nodes = columns.flatMap((ids, column) =>
    ids.flatMap((id, row): PlacedNode[] => {
      const node = topology.nodes.get(id)
      return node === undefined ? [] : [{ node, column, row, hidden: hidden.get(id) ?? 0 }]
    }),
  )
  return {
    nodes,
    edges: [...edges],
    columns: columns.length,
    rows: Math.max(0, ...columns.map(({ length }) => length)),
  }
}

function around(topology: Topology, centre: string): Set<string> {
  const shown = new Set(topology.nodes.has(centre) ? [centre] : [])
  let edge = [...shown]
  for (let depth = 0; depth < DEPTH && edge.length > 0; depth++) {
    const next: string[] = []
    for (const id of edge) {
      // Every interface belongs to the instance: seen from one of them, the others are not next to it.
      if (depth > 0 && topology.nodes.get(id)?.type === 'instance') continue
      const most = id === centre ? MOST_OF_CENTRE : MOST_OF_OTHERS
      let count = 0
      for (const { node } of topology.neighboursOf(id)) {
        if (shown.has(node.id)) continue
        if (count++ === most || shown.size === MOST) break
        shown.add(node.id)
        next.push(node.id)
      }
    }
    edge = next
  }
  return shown
}

function inColumns(topology: Topology, shown: ReadonlySet<string>): string[][] {
  const columns = new Map<number, string[]>()
  for (const id of shown) {
    const column = topology.columnOf(id)
    columns.set(column, [...(columns.get(column) ?? []), id])
  }
  return [...columns].sort(([one], [other]) => one - other).map(([, ids]) => ids)
}

/** Brings nodes near to those that they belong to, column by column, there and back. */
function sortColumns(topology: Topology, columns: string[][]): void {
  const places = new Map<string, number>()
  const note = (ids: readonly string[]): void => ids.forEach((id, row) => places.set(id, row / ids.length))
  for (const ids of columns) {
    ids.sort(byName)
    note(ids)
  }
  for (const ids of [...columns, ...columns.toReversed()]) {
    const wanted = new Map(ids.map((id) => [id, middleOf(topology, id, places)]))
    ids.sort((one, other) => (wanted.get(one) ?? 0) - (wanted.get(other) ?? 0) || byName(one, other))
    note(ids)
  }
}

const collator = new Intl.Collator('en', { numeric: true })

function byName(one: string, other: string): number {
  return collator.compare(one, other)
}

/** Where the neighbours of a node are on average. */
function middleOf(topology: Topology, id: string, places: ReadonlyMap<string, number>): number {
  const of = topology
    .neighboursOf(id)
    .map(({ node }) => places.get(node.id))
    .filter((place) => place !== undefined)
  return of.length === 0 ? (places.get(id) ?? 0) : of.reduce((sum, place) => sum + place, 0) / of.length
}
