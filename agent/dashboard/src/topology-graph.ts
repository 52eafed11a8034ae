import { drawing, element, setAttribute, setText } from './dom.ts'
import { short } from './format.ts'
import { icon } from './icons.ts'
import type { StateLook } from './instance-state.ts'
import { itemLook } from './item-state.ts'
import type { LiveInterface } from './live-view.js'
import type { Layout, PlacedNode } from './topology-layout.ts'
import type { TopologyEdge, TopologyNode } from './topology.ts'

const COLUMN = 230
const WIDTH = 160
const ROW = 64
const HEIGHT = 48
const MARGIN = 12

interface DrawnEdge {
  readonly edge: TopologyEdge
  readonly path: SVGPathElement
  /** Bits per second, received above the edge and sent below it. */
  readonly received: SVGTextElement
  readonly sent: SVGTextElement
  readonly isLabelled: boolean
}

/** The drawn part of a network. Nodes are buttons; arrow keys go from one to the next. */
export class TopologyGraph {
  readonly element = element('div', { class: 'graph', role: 'group', 'aria-label': 'Graph of the network' })
  readonly #choose: (id: string) => void
  readonly #buttons = new Map<string, HTMLButtonElement>()
  #layout: Layout = { nodes: [], edges: [], columns: 0, rows: 0 }
  #edges: readonly DrawnEdge[] = []

  /** @param choose is called with the node that the reader goes to */
  constructor(choose: (id: string) => void) {
    this.#choose = choose
    this.element.addEventListener('keydown', (event) => this.#walk(event))
  }

  /** Draws a part of the network. @param centre is marked, and the one that the keyboard comes to first */
  show(layout: Layout, centre: string): void {
    const focused = [...this.#buttons].find(([, button]) => button === document.activeElement)?.[0]
    this.#layout = layout
    this.#buttons.clear()
    const places = new Map(layout.nodes.map((it) => [it.node.id, placeOf(it, layout)]))
    const ends = new Map<string, number>()
    for (const { to } of layout.edges) ends.set(to, (ends.get(to) ?? 0) + 1)
    this.#edges = layout.edges.flatMap((edge) => {
      const [from, to] = [places.get(edge.from), places.get(edge.to)]
      // The rates of several edges would be written over one another.
      const isAlone = ends.get(edge.to) === 1
      return from === undefined || to === undefined ? [] : [drawEdge(edge, from, to, isAlone)]
    })
    const width = layout.columns * COLUMN - (COLUMN - WIDTH) + 2 * MARGIN
    const height = layout.rows * ROW + 2 * MARGIN
    const drawn = drawing(
      'svg',
      { class: 'graph-edges', width, height, viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true' },
      ...this.#edges.map(({ path }) => path),
      ...this.#edges.flatMap(({ received, sent }) => [received, sent]),
    )
    const list = element(
      'ul',
      { class: 'graph-nodes' },
      ...layout.nodes.map((it) => this.#makeNode(it, places.get(it.node.id), it.node.id === centre)),
    )
    const canvas = element('div', { class: 'graph-canvas' }, drawn, list)
    canvas.style.width = `${width}px`
    canvas.style.height = `${height}px`
    this.element.replaceChildren(canvas)
    const target =
      focused === undefined ? undefined : (this.#buttons.get(focused) ?? this.#buttons.get(centre))
    target?.focus({ preventScroll: true })
    this.#reveal(this.#buttons.get(centre))
  }

  /** Brings what goes over the edges up to date. */
  rates(interfaces: ReadonlyMap<string, LiveInterface>): void {
    for (const { edge, path, received, sent, isLabelled } of this.#edges) {
      const { rates } = (edge.interface === null ? undefined : interfaces.get(edge.interface)) ?? {}
      const bytes = (rates?.rxBytes ?? 0) + (rates?.txBytes ?? 0)
      const width = bytes === 0 ? 1.5 : Math.min(7, 1.5 + Math.log10(1 + bytes / 1000))
      setAttribute(path, 'stroke-width', width.toFixed(1))
      setAttribute(path, 'class', bytes === 0 ? 'graph-edge' : 'graph-edge graph-busy')
      if (!isLabelled) continue
      setText(received, bytes === 0 ? '' : `↓ ${bits(rates?.rxBytes)}`)
      setText(sent, bytes === 0 ? '' : `↑ ${bits(rates?.txBytes)}`)
    }
  }

  #makeNode({ node, hidden }: PlacedNode, place: Place | undefined, isCentre: boolean): HTMLLIElement {
    const { icon: shape, tone, words } = nodeLook(node)
    const more = hidden === 0 ? node.about : `${node.about === '' ? '' : `${node.about} · `}${hidden} more`
    const button = element(
      'button',
      {
        type: 'button',
        class: `graph-node graph-${node.type}`,
        'aria-pressed': String(isCentre),
        tabindex: isCentre ? 0 : -1,
        title: `${node.name}: ${more}`,
      },
      element(
        'span',
        { class: `state tone-${tone}` },
        icon(shape),
        element('span', { class: 'visually-hidden' }, words),
      ),
      nameOf(node),
      element('span', { class: 'graph-about' }, more),
    )
    button.addEventListener('click', () => this.#choose(node.id))
    button.style.left = `${place?.left ?? 0}px`
    button.style.top = `${place?.top ?? 0}px`
    this.#buttons.set(node.id, button)
    return element('li', {}, button)
  }

  #reveal(button: HTMLButtonElement | undefined): void {
    if (button === undefined) return
    const { clientWidth, clientHeight } = this.element
    this.element.scrollLeft = button.offsetLeft - (clientWidth - WIDTH) / 2
    this.element.scrollTop = button.offsetTop - (clientHeight - HEIGHT) / 2
  }

  /** Up and down within a column; left and right along an edge. */
  #walk(event: KeyboardEvent): void {
    const here = this.#layout.nodes.find(({ node }) => this.#buttons.get(node.id) === document.activeElement)
    if (here === undefined) return
    const target = this.#next(here, event.key)
    if (target === undefined) return
    event.preventDefault()
    const button = this.#buttons.get(target.node.id)
    for (const [, other] of this.#buttons) other.tabIndex = other === button ? 0 : -1
    button?.focus()
    button?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }

  #next(here: PlacedNode, key: string): PlacedNode | undefined {
    switch (key) {
      case 'ArrowUp':
        return this.#beside(here, -1)
      case 'ArrowDown':
        return this.#beside(here, 1)
      case 'ArrowLeft':
        return this.#along(here, -1)
      case 'ArrowRight':
        return this.#along(here, 1)
      default:
        return undefined
    }
  }

  #beside({ column, row }: PlacedNode, by: number): PlacedNode | undefined {
    return this.#layout.nodes.find((it) => it.column === column && it.row === row + by)
  }

  #along({ node, column, row }: PlacedNode, by: number): PlacedNode | undefined {
    const next = new Set(
      this.#layout.edges.flatMap(({ from, to }) => (from === node.id ? [to] : to === node.id ? [from] : [])),
    )
    return this.#layout.nodes
      .filter((it) => next.has(it.node.id) && Math.sign(it.column - column) === by)
      .sort(
        (one, other) =>
          Math.abs(one.column - column) - Math.abs(other.column - column) ||
          Math.abs(one.row - row) - Math.abs(other.row - row),
      )[0]
  }
}

/** Characters at the end of a name that are always seen: there interfaces differ. */
const TAIL = 9

function nameOf({ name }: TopologyNode): HTMLElement {
  const tail = name.length > 2 * TAIL ? name.slice(-TAIL) : ''
  const head = tail === '' ? name : name.slice(0, -TAIL)
  return element(
    'span',
    { class: 'graph-name' },
    element('span', { class: 'graph-head' }, head),
    element('span', {}, tail),
  )
}

interface Place {
  readonly left: number
  readonly top: number
}

function placeOf({ column, row }: PlacedNode, { nodes, rows }: Layout): Place {
  const inColumn = nodes.filter((it) => it.column === column).length
  return {
    left: MARGIN + column * COLUMN,
    top: MARGIN + (row + (rows - inColumn) / 2) * ROW,
  }
}

function drawEdge(edge: TopologyEdge, one: Place, other: Place, isLabelled: boolean): DrawnEdge {
  const [left, right] = one.left <= other.left ? [one, other] : [other, one]
  const [x1, y1] = [left.left + (left.left === right.left ? 0 : WIDTH), left.top + HEIGHT / 2]
  const [x2, y2] = [right.left, right.top + HEIGHT / 2]
  const bend = left.left === right.left ? -40 : Math.max(40, (x2 - x1) / 2)
  const far = left.left === right.left ? x2 + bend : x2 - bend
  const path = drawing('path', {
    class: 'graph-edge',
    d: `M${x1},${y1} C${x1 + bend},${y1} ${far},${y2} ${x2},${y2}`,
    'stroke-width': 1.5,
  })
  // Near the end that has an edge of its own more often.
  const label = (y: number): SVGTextElement =>
    drawing('text', { class: 'graph-rate', x: x2 - 5, y, 'text-anchor': 'end' })
  return { edge, path, received: label(y2 - 6), sent: label(y2 + 14), isLabelled }
}

/** Bits per second in few signs. */
function bits(bytes: number | undefined): string {
  return short(Math.round((bytes ?? 0) * 8))
}

/** How a node stands: its item, or else its link. */
export function nodeLook({ state, up, type }: TopologyNode): StateLook {
  if (state !== null && state !== 'applied') return itemLook({ state })
  if (up === null)
    return {
      icon: state === null ? 'off' : 'good',
      words: labelOfType(type),
      tone: state === null ? 'off' : 'good',
    }
  return up
    ? { icon: 'good', words: 'Up', tone: 'good' }
    : { icon: 'warning', words: 'Not up', tone: 'warning' }
}

/** What a node is, in words. */
export function labelOfType(type: TopologyNode['type']): string {
  return {
    instance: 'Instance',
    interface: 'Interface',
    'bridge-domain': 'Bridge domain',
    vrf: 'Table',
    hop: 'Address',
  }[type]
}
