import type { CounterName, Counters } from './counters.ts'
import type { Nodes } from './nodes.ts'

/** Packets that are counted on an interface for as long as a flow lasts. */
export interface Flow {
  readonly swIfIndex: number
  readonly counter: CounterName
  readonly packetsPerSecond: number
  /** Bytes of a packet; default 0, for counters of packets only. */
  readonly packetSize?: number
  /** Seconds with traffic and seconds without, in turns. Default: always on. */
  readonly burst?: { readonly on: number; readonly off: number }
  /** Worker that counts; default 0, the main thread. */
  readonly thread?: number
  /** Error counter of a node that counts these packets too: why they are dropped. */
  readonly error?: { readonly node: string; readonly name: string }
}

/** Flows of packets, on a separate clock: counters are exact, however busy the machine is. */
export class Traffic {
  readonly #counters: Counters
  readonly #nodes: Nodes
  readonly #flows = new Set<Flow>()
  /** Parts of packets that were not counted yet. */
  readonly #rest = new Map<Flow, number>()
  #seconds = 0

  constructor(counters: Counters, nodes: Nodes) {
    this.#counters = counters
    this.#nodes = nodes
  }

  /** Adds a flow; the result ends it. */
  add(flow: Flow): () => void {
    this.#flows.add(flow)
    return () => {
      this.#flows.delete(flow)
      this.#rest.delete(flow)
    }
  }

  /** Lets time go by. */
  advance(seconds: number): void {
    const from = this.#seconds
    this.#seconds += seconds
    for (const flow of this.#flows) {
      const exact = (this.#rest.get(flow) ?? 0) + flow.packetsPerSecond * busyTime(flow, from, this.#seconds)
      const packets = Math.floor(exact + 1e-9)
      this.#rest.set(flow, exact - packets)
      if (packets === 0) continue
      const bytes = BigInt(packets) * BigInt(flow.packetSize ?? 0)
      this.#counters.add(flow.swIfIndex, flow.counter, BigInt(packets), bytes, flow.thread ?? 0)
      const { error } = flow
      if (error !== undefined) this.#nodes.countError(error.node, error.name, BigInt(packets), flow.thread)
    }
  }
}

/** Seconds with traffic between two times. */
function busyTime({ burst }: Flow, from: number, to: number): number {
  return burst === undefined ? to - from : busySince(burst, to) - busySince(burst, from)
}

function busySince({ on, off }: { readonly on: number; readonly off: number }, time: number): number {
  const whole = Math.floor(time / (on + off))
  return whole * on + Math.min(on, time - whole * (on + off))
}
