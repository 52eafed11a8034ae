import type { Instance } from '../instance/instance.ts'
import type { BridgeMemberValue } from '../kinds/bridge-domain/member.ts'
import type { BondMemberValue } from '../kinds/interface/bond-member.ts'
import type { UnnumberedValue } from '../kinds/interface/unnumbered.ts'
import type { Item, ItemRef } from '../kinds/item.ts'
import { Turns } from '../model/turns.ts'
import type { KnownInterface } from '../telemetry/interface-table.ts'
import type { ItemState } from '../status/item-status.ts'
import { InterfaceFacts } from './interface-facts.ts'

/** What a node stands for. */
export const NODE_TYPES = ['instance', 'interface', 'bridge-domain', 'vrf', 'hop'] as const

/** How two nodes belong together, from the first to the second. */
export const RELATIONS = [
  'has',
  'member of',
  'carries',
  'bridged by',
  'routed by',
  'borrows from',
  'neighbour',
  'next hop',
] as const

/** Something of the network. */
export interface TopologyNode {
  readonly id: string
  readonly type: (typeof NODE_TYPES)[number]
  readonly name: string
  /** Addresses, device or type, in words. */
  readonly about: string
  /** Of an interface: administratively up with a link; null for others, and while VPP does not have it. */
  readonly up: boolean | null
  /** Its item; null when it is not one. */
  readonly item: ItemRef | null
  /** State of its item. */
  readonly state: ItemState | null
}

/** Two nodes that belong together. */
export interface TopologyEdge {
  readonly from: string
  readonly to: string
  readonly relation: (typeof RELATIONS)[number]
  /** The interface that its packets go over; null when there is none. */
  readonly interface: string | null
  /** Routes that use it, of a next hop; else 0. */
  readonly routes: number
}

/** The network of one VPP as a graph. */
export interface Topology {
  readonly nodes: readonly TopologyNode[]
  readonly edges: readonly TopologyEdge[]
}

type Interface = Extract<Item, { readonly kind: 'interface' }>

/** Gathers what belongs together: what VPP has, and what it should have. */
class TopologyBuilder {
  readonly #nodes = new Map<string, TopologyNode>()
  readonly #edges = new Map<string, TopologyEdge & { routes: number }>()
  readonly #instance: Instance
  /** Interfaces that belong to another one, and so not to the instance. */
  readonly #below = new Set<string>()

  constructor(instance: Instance) {
    this.#instance = instance
  }

  async build(interfaces: readonly KnownInterface[]): Promise<Topology> {
    const { name } = this.#instance
    const root = `instance ${name}`
    this.#nodes.set(root, {
      id: root,
      type: 'instance',
      name,
      about: '',
      up: null,
      item: null,
      state: null,
    })
    this.#addInterfaces(interfaces)
    this.#addSeen()
    await this.#addItems()
    for (const { id, type, name: of } of this.#nodes.values()) {
      if (type === 'interface' && !this.#below.has(of)) this.#connect(root, id, 'has', of)
    }
    return { nodes: [...this.#nodes.values()], edges: [...this.#edges.values()] }
  }

  #addInterfaces(interfaces: readonly KnownInterface[]): void {
    const facts = new InterfaceFacts(this.#instance)
    const names = new Map(interfaces.map(({ swIfIndex, name }) => [swIfIndex, name]))
    for (const { swIfIndex, supSwIfIndex, name, device, vlan, adminUp, linkUp } of interfaces) {
      const { addresses, table, table6 } = facts.of(name)
      const what = vlan === null ? device : `VLAN ${vlan}`
      this.#interface(name, [what, ...addresses].join(', '), adminUp && linkUp)
      const parent = names.get(supSwIfIndex)
      if (parent !== undefined && supSwIfIndex !== swIfIndex) this.#carry(parent, name)
      // Every interface is in a table; of those without addresses only the other tables say something.
      for (const id of new Set([table, table6])) {
        if (id !== null && (id !== 0 || addresses.length > 0)) this.#route(name, id)
      }
    }
  }

  #addSeen(): void {
    for (const { value } of this.#instance.seen('bond-member')) {
      const { bond, interface: member } = value as unknown as BondMemberValue
      this.#bond(member, bond)
    }
    for (const { value } of this.#instance.seen('bridge-member')) {
      const { bridgeDomain, interface: member } = value as unknown as BridgeMemberValue
      this.#bridge(member, bridgeDomain)
    }
    for (const { value } of this.#instance.seen('unnumbered')) {
      const { interface: borrower, of } = value as unknown as UnnumberedValue
      this.#borrow(borrower, of)
    }
  }

  /** Many items: yields to the event loop meanwhile. */
  async #addItems(): Promise<void> {
    const turns = new Turns()
    for (const kind of ['interface', 'bridge-domain', 'vrf', 'neighbour', 'route'] as const) {
      if (!this.#instance.declared.kinds.items.has(kind)) continue
      for (const { item } of this.#instance.declared.keptOf(kind)) {
        this.#addItem(item)
        if (turns.over) await turns.next()
      }
    }
  }

  #addItem(item: Item): void {
    switch (item.kind) {
      case 'interface':
        this.#addInterfaceItem(item)
        break
      case 'bridge-domain':
        this.#bridgeDomain(item.id)
        for (const member of item.members) this.#bridge(member.interface, item.id)
        break
      case 'vrf':
        this.#vrf(item.id)
        break
      case 'neighbour':
        this.#hop(item.interface, item.address, {
          about: item.mac,
          item: { kind: 'neighbour', key: `${item.interface}/${item.address}` },
        })
        this.#connect(
          this.#interface(item.interface),
          hopId(item.interface, item.address),
          'neighbour',
          item.interface,
        )
        break
      case 'route':
        for (const { nextHop, interface: through, table = item.table } of item.paths) {
          if (nextHop !== undefined) this.#nextHop(nextHop, through, table)
        }
        break
      default:
    }
  }

  #addInterfaceItem(item: Interface): void {
    const { name, type } = item
    const addresses = item.addresses === 'external' ? [] : item.addresses
    this.#interface(name, [type, ...addresses].join(', '), null)
    if (item.type === 'vlan') this.#carry(item.parent, name)
    if (item.type === 'bond') for (const member of item.members) this.#bond(member.interface, name)
    if (item.unnumbered !== undefined) this.#borrow(name, item.unnumbered)
    if (item.table !== undefined && (item.table !== 0 || addresses.length > 0)) this.#route(name, item.table)
  }

  #nextHop(address: string, through: string | undefined, table: number): void {
    this.#hop(through, address, { about: 'next hop' })
    const from = through === undefined ? this.#vrf(table) : this.#interface(through)
    const edge = this.#connect(from, hopId(through, address), 'next hop', through ?? null)
    edge.routes++
  }

  #interface(name: string, about = 'not there', up: boolean | null = null): string {
    return this.#node('interface', `interface ${name}`, name, {
      about,
      up,
      item: { kind: 'interface', key: name },
    })
  }

  #bridgeDomain(id: number): string {
    const item = { kind: 'bridge-domain', key: String(id) }
    return this.#node('bridge-domain', `bridge-domain ${id}`, `Bridge ${id}`, {
      about: 'bridge domain',
      item,
    })
  }

  #vrf(id: number): string {
    const item = { kind: 'vrf', key: String(id) }
    return this.#node('vrf', `vrf ${id}`, `VRF ${id}`, { about: id === 0 ? 'default table' : 'table', item })
  }

  #hop(through: string | undefined, address: string, more: { about: string; item?: ItemRef }): string {
    return this.#node('hop', hopId(through, address), address, more)
  }

  #node(
    type: TopologyNode['type'],
    id: string,
    name: string,
    { about, up = null, item }: { about: string; up?: boolean | null; item?: ItemRef },
  ): string {
    if (this.#nodes.has(id)) return id
    const isKept = item !== undefined && this.#instance.declared.exists(item)
    const state = isKept ? (this.#instance.status(item)?.state ?? 'pending') : null
    this.#nodes.set(id, { id, type, name, about, up, item: isKept ? item : null, state })
    return id
  }

  #carry(parent: string, name: string): void {
    this.#below.add(name)
    this.#connect(this.#interface(parent), this.#interface(name), 'carries', name)
  }

  #bond(member: string, bond: string): void {
    this.#below.add(bond)
    this.#connect(this.#interface(member), this.#interface(bond), 'member of', member)
  }

  #bridge(member: string, id: number): void {
    this.#connect(this.#interface(member), this.#bridgeDomain(id), 'bridged by', member)
  }

  #route(name: string, table: number): void {
    this.#connect(this.#interface(name), this.#vrf(table), 'routed by', name)
  }

  #borrow(borrower: string, of: string): void {
    this.#connect(this.#interface(borrower), this.#interface(of), 'borrows from', borrower)
  }

  #connect(
    from: string,
    to: string,
    relation: TopologyEdge['relation'],
    through: string | null,
  ): { routes: number } {
    const id = `${relation}\n${from}\n${to}`
    const known = this.#edges.get(id)
    if (known !== undefined) return known
    const made = { from, to, relation, interface: through, routes: 0 }
    this.#edges.set(id, made)
    return made
  }
}

function hopId(through: string | undefined, address: string): string {
  return `hop ${through ?? ''}/${address}`
}

/** The network of a VPP: its interfaces, what they belong to, and what is behind them. */
export async function topologyOf(
  instance: Instance,
  interfaces: readonly KnownInterface[],
): Promise<Topology> {
  return await new TopologyBuilder(instance).build(interfaces)
}
