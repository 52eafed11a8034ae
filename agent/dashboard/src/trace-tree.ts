import { element } from './dom.ts'
import { counted } from './format.ts'

/** A line of a trace with those that are further in. */
export interface TraceLine {
  readonly text: string
  readonly lines: readonly TraceLine[]
}

/** The way of a packet through the graph. */
export interface PacketTrace {
  readonly thread: number
  readonly steps: readonly {
    readonly at: string
    readonly node: string
    readonly lines: readonly TraceLine[]
  }[]
}

/** Packets as a tree that is opened and closed by the keyboard as well: packet, node, what it says. */
export function traceTree(packets: readonly PacketTrace[]): HTMLElement {
  return element(
    'ul',
    { class: 'trace' },
    ...packets.map((packet, at) => element('li', {}, packetOf(packet, at, packets.length === 1))),
  )
}

function packetOf({ thread, steps }: PacketTrace, at: number, open: boolean): HTMLElement {
  const nodes = steps.map(({ node }) => node)
  const way = nodes.length === 0 ? 'nothing reported' : `${nodes[0] ?? ''} → ${nodes.at(-1) ?? ''}`
  const words = `Packet ${at + 1}: ${way}, ${counted(nodes.length, 'node')}, thread ${thread}`
  const items = steps.map((step) =>
    element(
      'li',
      {},
      element(
        'details',
        { open: true },
        element('summary', {}, element('span', { class: 'trace-node' }, step.node), ` ${step.at}`),
        linesOf(step.lines),
      ),
    ),
  )
  return element('details', { open }, element('summary', {}, words), element('ol', {}, ...items))
}

function linesOf(lines: readonly TraceLine[]): HTMLElement {
  return element(
    'ul',
    {},
    ...lines.map((line) =>
      element('li', {}, line.text, ...(line.lines.length === 0 ? [] : [linesOf(line.lines)])),
    ),
  )
}
