import type { LiveError, LiveNode, LiveView } from './live-view.js'
import { element, setAttribute, setText } from './dom.ts'
import { average, full, packetRate, perSecond, short } from './format.ts'
import type { Panel } from './panel.ts'
import { text, VirtualTable, type CellMaker, type Column } from './virtual-table.ts'

/** Packets that a frame of VPP holds. */
const FRAME = 256

const vectorsCell: CellMaker<LiveNode> = (cell) => {
  const meter = element('meter', { min: 0, max: FRAME, 'aria-hidden': 'true' })
  const value = element('span')
  cell.append(element('span', { class: 'metered' }, meter, value))
  return ({ vectorsPerCall }) => {
    setAttribute(meter, 'value', vectorsPerCall.toFixed(1))
    setText(value, average(vectorsPerCall))
  }
}

const NODE_COLUMNS: readonly Column<LiveNode>[] = [
  {
    id: 'node',
    label: 'Node',
    heading: true,
    cell: text(({ name }) => name),
    sortBy: (it) => it.name,
  },
  {
    id: 'vectors-per-call',
    label: 'Vectors/call',
    className: 'number',
    descending: true,
    cell: vectorsCell,
    sortBy: (it) => it.vectorsPerCall,
  },
  {
    id: 'packets',
    label: 'Packets',
    className: 'number',
    descending: true,
    cell: text(({ vectorsPerSecond }) => packetRate(vectorsPerSecond)),
    sortBy: (it) => it.vectorsPerSecond ?? 0,
  },
  {
    id: 'calls',
    label: 'Calls',
    className: 'number wide',
    descending: true,
    cell: text(({ callsPerSecond }) => perSecond(callsPerSecond)),
    sortBy: (it) => it.callsPerSecond ?? 0,
  },
  {
    id: 'clocks',
    label: 'Clocks/packet',
    className: 'number medium',
    descending: true,
    cell: text(({ clocksPerPacket }) => short(Math.round(clocksPerPacket))),
    sortBy: (it) => it.clocksPerPacket,
  },
  {
    id: 'vectors',
    label: 'Packets in all',
    className: 'number wide',
    descending: true,
    cell: text(({ vectors }) => full(vectors)),
    sortBy: (it) => it.vectors,
  },
]

const ERROR_COLUMNS: readonly Column<LiveError>[] = [
  {
    id: 'error-node',
    label: 'Node',
    heading: true,
    cell: text(({ node }) => node),
    sortBy: (it) => it.node,
  },
  {
    id: 'reason',
    label: 'Reason',
    cell: text(({ reason }) => reason),
    sortBy: (it) => it.reason,
  },
  {
    id: 'rate',
    label: 'Rate',
    className: 'number medium',
    descending: true,
    cell: text(({ perSecond: rate }) => perSecond(rate)),
    sortBy: (it) => it.perSecond ?? 0,
  },
  {
    id: 'count',
    label: 'Count',
    className: 'number',
    descending: true,
    cell: text(({ count }) => full(count)),
    sortBy: (it) => it.count,
  },
]

/** Where VPP's time goes, and what it complains about. */
export class NodesPanel implements Panel {
  readonly id = 'nodes'
  readonly label = 'Nodes & errors'
  readonly element: HTMLElement
  readonly #nodes = new VirtualTable({
    label: 'Busiest graph nodes',
    columns: NODE_COLUMNS,
    key: ({ name }) => name,
    empty: 'No node has seen a packet yet.',
  })
  readonly #errors = new VirtualTable({
    label: 'Error counters',
    columns: ERROR_COLUMNS,
    key: ({ node, reason }) => `${node}/${reason}`,
    empty: 'No error has been counted.',
  })

  constructor() {
    this.element = element(
      'div',
      { class: 'panel' },
      element('h2', {}, 'Busiest graph nodes'),
      this.#nodes.element,
      element('h2', {}, 'Error counters'),
      this.#errors.element,
    )
  }

  show({ detail }: LiveView): void {
    const known = detail.system !== null
    this.#nodes.empty = known ? 'No node has seen a packet yet.' : 'The stats segment of VPP cannot be read.'
    this.#errors.empty = known ? 'No error has been counted.' : 'The stats segment of VPP cannot be read.'
    this.#nodes.show(detail.nodes)
    this.#errors.show(detail.errors)
  }
}
