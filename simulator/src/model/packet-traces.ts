import type { Nodes } from './nodes.ts'
import { RetvalError } from '../errors.ts'

/** A packet that was traced. */
export interface TracedPacket {
  readonly thread: number
  /** Lines of each node, as VPP formats them. */
  readonly text: string
}

/** What is left of the packets that a node may trace on a thread. */
interface Armed {
  limit: number
  readonly counts: Map<number, number>
}

/** VPP's packet tracer: nodes that trace, and the one buffer that all of them fill. */
export class PacketTraces {
  readonly #nodes: Nodes
  readonly #armed = new Map<number, Armed>()
  #packets: TracedPacket[] = []

  constructor(nodes: Nodes) {
    this.#nodes = nodes
  }

  /** What is in the buffer, in the order of threads and then of time. */
  get packets(): readonly TracedPacket[] {
    return [...this.#packets].sort((one, other) => one.thread - other.thread)
  }

  /** Has a node trace this many packets more of each thread; 0: none. @throws RetvalError -63 */
  capture(nodeIndex: number, packets: number): void {
    if (![...this.#nodes].some(({ index }) => index === nodeIndex)) throw new RetvalError('NO_SUCH_NODE')
    const armed = this.#armed.get(nodeIndex)
    if (packets === 0) this.#armed.delete(nodeIndex)
    else if (armed === undefined) this.#armed.set(nodeIndex, { limit: packets, counts: new Map() })
    else armed.limit += packets
  }

  /**
   * A packet comes in at a node, and is traced when that one traces.
   * @param steps what nodes say of it: name, and lines
   * @param at seconds since VPP's start
   * @returns whether it was traced
   */
  arrive(
    node: string,
    steps: readonly (readonly [node: string, ...lines: string[]])[],
    { at = 0, thread = 0 } = {},
  ): boolean {
    const index = this.#nodes.byName(node)?.index
    const armed = index === undefined ? undefined : this.#armed.get(index)
    const count = armed?.counts.get(thread) ?? 0
    if (armed === undefined || count >= armed.limit) return false
    armed.counts.set(thread, count + 1)
    const texts = steps.map(([name, ...lines]) =>
      [`\n${clock(at)}: ${name}`, ...lines.map((line) => `\n  ${line}`)].join(''),
    )
    this.#packets.push({ thread, text: texts.join('') })
    return true
  }

  /** Nothing is traced any more, and nothing is kept. */
  clear(): void {
    this.#armed.clear()
    this.#packets = []
  }
}

/** Hours, minutes, seconds and microseconds. */
function clock(seconds: number): string {
  const whole = Math.floor(seconds)
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const microseconds = Math.round((seconds - whole) * 1e6)
  return [...parts.map((part) => String(part).padStart(2, '0')), String(microseconds).padStart(6, '0')].join(
    ':',
  )
}
