import type { StatusView } from './item-state.ts'

/** A node of the network, as the agent reports it. */
export interface TopologyNode {
  readonly id: string
  readonly type: 'instance' | 'interface' | 'bridge-domain' | 'vrf' | 'hop'
  readonly name: string
  /** Addresses, device or type, in words. */
  readonly about: string
  readonly up: boolean | null
  readonly item: { readonly kind: string; readonly key: string } | null
  readonly state: StatusView['state'] | null
}

/** An edge between two nodes, as the agent reports it. */
export interface TopologyEdge {
  readonly from: string
  readonly to: string
  readonly relation: string
  readonly interface: string | null
  readonly routes: number
}

/** A node next to another one. */
export interface Neighbour {
  readonly node: TopologyNode
  readonly edge: TopologyEdge
}

/** The network as a graph that can be walked. */
export class Topology {
  readonly nodes: ReadonlyMap<string, TopologyNode>
  readonly #neighbours = new Map<string, Neighbour[]>()
  readonly #columns = new Map<string, number>()

  constructor(nodes: readonly TopologyNode[], edges: readonly TopologyEdge[]) {
    this.nodes = new Map(nodes.map((node) => [node.id, node]))
    for (const edge of edges) {
      const [from, to] = [this.nodes.get(edge.from), this.nodes.get(edge.to)]
      if (from === undefined || to === undefined || from === to) continue
      this.#add(from, { node: to, edge })
      this.#add(to, { node: from, edge })
    }
  }

  neighboursOf(id: string): readonly Neighbour[] {
    return this.#neighbours.get(id) ?? []
  }

  /** Nodes whose name or what is said of them has a text in it, up to a number. */
  search(text: string, most: number): TopologyNode[] {
    const wanted = text.toLowerCase()
    const found: TopologyNode[] = []
    for (const node of this.nodes.values()) {
      if (found.length === most) break
      if (`${node.name}\n${node.about}`.toLowerCase().includes(wanted)) found.push(node)
    }
    return found
  }

  /** How far a node is from the instance, seen from the left. */
  columnOf(id: string): number {
    const known = this.#columns.get(id)
    if (known !== undefined) return known
    const node = this.nodes.get(id)
    // Should a circle come in, it ends here.
    this.#columns.set(id, 1)
    const column = node === undefined ? 0 : this.#columnOf(node)
    this.#columns.set(id, column)
    return column
  }

  #columnOf({ id, type }: TopologyNode): number {
    if (type === 'instance') return 0
    if (type === 'bridge-domain' || type === 'vrf') return GROUPS
    if (type === 'hop') return GROUPS + 1
    const above = this.neighboursOf(id)
      .filter(({ edge }) => edge.to === id && (edge.relation === 'carries' || edge.relation === 'member of'))
      .map(({ node }) => this.columnOf(node.id))
    return Math.min(GROUPS - 1, Math.max(0, ...above) + 1)
  }

  #add({ id }: TopologyNode, neighbour: Neighbour): void {
    const known = this.#neighbours.get(id)
    if (known === undefined) this.#neighbours.set(id, [neighbour])
    else known.push(neighbour)
  }
}

/** Column of bridge domains and tables: interfaces are before them, at most three deep. */
const GROUPS = 4
