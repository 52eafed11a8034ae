import { addressOf, type Address } from './address.ts'
import type { Api } from './api.ts'
import { element, setText } from './dom.ts'
import { counted, full } from './format.ts'
import { icon } from './icons.ts'
import type { LiveInterface, LiveView } from './live-view.js'
import { messageOf } from './notices.ts'
import type { Panel } from './panel.ts'
import { instancePath } from './paths.ts'
import { searchField } from './search-field.ts'
import { labelOfType, nodeLook, TopologyGraph } from './topology-graph.ts'
import { layOut } from './topology-layout.ts'
import { Topology, type Neighbour, type TopologyEdge, type TopologyNode } from './topology.ts'

/** Milliseconds between two questions for the network. */
const PAUSE = 5000
/** Results of a search that are shown. */
const FOUND = 12
/** Neighbours that are named. */
const NAMED = 100

/** The network of a VPP as a graph that can be searched and walked. */
export class TopologyPanel implements Panel {
  readonly id = 'topology'
  readonly label = 'Topology'
  readonly element: HTMLElement
  readonly #api: Api
  readonly #graph = new TopologyGraph((id) => this.#go(id))
  readonly #count = element('p', { class: 'count', role: 'status' })
  readonly #found = element('ul', { class: 'found', 'aria-label': 'Found' })
  readonly #chosen = element('section', { class: 'card', 'aria-label': 'Chosen node' })
  readonly #root = element('button', { type: 'button', class: 'button' }, 'Whole instance')
  #topology = new Topology([], [])
  #instance = ''
  #seen = ''
  #askedAt = -Infinity
  #busy = false
  #wanted: string | undefined

  constructor(api: Api) {
    this.#api = api
    this.#root.addEventListener('click', () => this.#go(undefined))
    const search = searchField('Search the network', 'Name or address', (text) => this.#search(text))
    this.element = element(
      'div',
      { class: 'panel' },
      element('div', { class: 'tools' }, search, this.#root, this.#count),
      this.#found,
      this.#graph.element,
      this.#chosen,
    )
    this.#found.hidden = true
  }

  show({ instances, detail: { name, interfaces } }: LiveView): void {
    const instance = instances.find((it) => it.name === name)
    const seen = JSON.stringify([name, instance?.items, instance?.lastEvent, instance?.status])
    if (name !== this.#instance) {
      this.#instance = name
      this.#askedAt = -Infinity
    }
    this.#rates(interfaces)
    if (seen === this.#seen || this.#busy || performance.now() - this.#askedAt < PAUSE) return
    this.#seen = seen
    void this.#load()
  }

  opened({ parts: [id] }: Address): void {
    this.#wanted = id
    // VPP's state may have changed while the panel was hidden.
    this.#seen = ''
    this.#askedAt = -Infinity
    this.#draw()
  }

  get #centre(): string {
    return this.#wanted !== undefined && this.#topology.nodes.has(this.#wanted)
      ? this.#wanted
      : `instance ${this.#instance}`
  }

  #go(id: string | undefined): void {
    this.#found.hidden = true
    location.hash = addressOf('topology', id === undefined ? [] : [id])
  }

  async #load(): Promise<void> {
    const name = this.#instance
    this.#busy = true
    this.#askedAt = performance.now()
    try {
      const path = instancePath(name, 'topology')
      const { nodes, edges } = await this.#api.get<{ nodes: TopologyNode[]; edges: TopologyEdge[] }>(path)
      if (name !== this.#instance) return
      this.#topology = new Topology(nodes, edges)
      this.#draw()
    } catch (error) {
      setText(this.#count, `The network cannot be shown: ${messageOf(error)}`)
    } finally {
      this.#busy = false
    }
  }

  #draw(): void {
    const centre = this.#centre
    const { nodes } = this.#topology
    if (nodes.size === 0) return
    const layout = layOut(this.#topology, centre)
    this.#graph.show(layout, centre)
    const all = counted(nodes.size, 'node')
    setText(this.#count, layout.nodes.length === nodes.size ? all : `${full(layout.nodes.length)} of ${all}`)
    this.#root.disabled = centre === `instance ${this.#instance}`
    this.#showChosen(nodes.get(centre))
  }

  /** One pass over the interfaces, for the few edges that are drawn. */
  #rates(interfaces: readonly LiveInterface[]): void {
    this.#graph.rates(new Map(interfaces.map((it) => [it.name, it])))
  }

  #search(text: string): void {
    const found = text === '' ? [] : this.#topology.search(text, FOUND)
    this.#found.hidden = text === ''
    this.#found.replaceChildren(
      ...(found.length === 0 ? [element('li', { class: 'count' }, 'Nothing matches.')] : found.map(linkTo)),
    )
  }

  #showChosen(node: TopologyNode | undefined): void {
    this.#chosen.hidden = node === undefined
    if (node === undefined) return
    const { icon: shape, tone, words } = nodeLook(node)
    const neighbours = this.#topology.neighboursOf(node.id)
    const links: HTMLElement[] = []
    if (node.type === 'interface') {
      links.push(
        element('a', { class: 'button', href: addressOf('interfaces', [node.name]) }, 'Rates and counters'),
      )
    }
    if (node.item !== null) {
      const { kind, key } = node.item
      links.push(element('a', { class: 'button', href: addressOf('items', [kind, key]) }, 'Item'))
    }
    this.#chosen.replaceChildren(
      element('h2', {}, node.name),
      element(
        'p',
        { class: 'count' },
        ...(node.state === null && node.up === null
          ? []
          : [element('span', { class: `state tone-${tone}` }, icon(shape), words)]),
        ` ${labelOfType(node.type)}${node.about === '' ? '' : `: ${node.about}`}`,
      ),
      element('ul', { class: 'relations' }, ...neighbours.slice(0, NAMED).map((it) => relationTo(node, it))),
      ...(neighbours.length > NAMED
        ? [
            element(
              'p',
              { class: 'count' },
              `and ${full(neighbours.length - NAMED)} more; search for them above`,
            ),
          ]
        : []),
      element('div', { class: 'detail-buttons' }, ...links),
    )
  }
}

/** Relations as they read from their second node. */
const BACKWARDS: Readonly<Record<string, string>> = {
  has: 'belongs to',
  'member of': 'has the member',
  carries: 'is carried by',
  'bridged by': 'bridges',
  'routed by': 'routes',
  'borrows from': 'lends its addresses to',
  neighbour: 'is a neighbour on',
  'next hop': 'is a next hop of',
}

const FORWARDS: Readonly<Record<string, string>> = {
  'member of': 'is a member of',
  'bridged by': 'is bridged by',
  'routed by': 'is routed by',
  neighbour: 'has the neighbour',
  'next hop': 'has the next hop',
}

function relationTo(from: TopologyNode, { node, edge }: Neighbour): HTMLLIElement {
  const { relation, routes } = edge
  const words = edge.from === from.id ? (FORWARDS[relation] ?? relation) : (BACKWARDS[relation] ?? relation)
  const link = element('a', { href: addressOf('topology', [node.id]) }, node.name)
  const count = routes === 0 ? [] : [` (${counted(routes, 'route')})`]
  return element('li', {}, `${words} `, link, ...count)
}

function linkTo(node: TopologyNode): HTMLLIElement {
  const link = element('a', { href: addressOf('topology', [node.id]) }, node.name)
  return element(
    'li',
    {},
    link,
    element('span', { class: 'count' }, ` ${labelOfType(node.type)} ${node.about}`),
  )
}
