import type { CounterChange, CounterName, Counters } from './counters.ts'
import type { Interface, Interfaces } from './interfaces.ts'

/** How bad what an error counter counts is. */
export type Severity = 'error' | 'warn' | 'info'

/** Why a node drops packets, or what else it counts. */
export interface NodeError {
  /** Last part of the counter's name in the stats. */
  readonly name: string
  /** What `show errors` says. */
  readonly reason: string
  readonly severity: Severity
}

/** An error of a node that gives its errors a reason and no name. */
export function unnamedError(reason: string): NodeError {
  return { name: reason, reason, severity: 'error' }
}

/** A graph node and its error counters. */
export interface NodeInit {
  readonly name: string
  readonly errors: readonly NodeError[]
}

/** A graph node; its index stays when it is renamed. */
export interface GraphNode {
  readonly index: number
  readonly name: string
  readonly errors: readonly ErrorCounter[]
}

/** An error counter of a node. */
export interface ErrorCounter extends NodeError {
  /** Column among all error counters. */
  readonly column: number
}

/** What a node has done since `clear runtime`, on one thread. */
export interface NodeCount {
  readonly calls: bigint
  readonly vectors: bigint
  readonly clocks: bigint
  readonly suspends: bigint
}

/** What others learn at once. Names and counts of nodes are collected, as in VPP. */
export type NodesChange =
  | {
      readonly kind: 'errors-added' | 'errors-removed'
      readonly node: string
      readonly errors: readonly ErrorCounter[]
    }
  | {
      readonly kind: 'error-counted'
      readonly column: number
      readonly thread: number
      /** Counted since VPP's start. */
      readonly count: bigint
    }
  | { readonly kind: 'runtime-cleared' }

interface Mutable extends GraphNode {
  name: string
  errors: readonly ErrorCounter[]
}

/** Two nodes of each interface: what it sends goes through both. */
interface Outputs {
  readonly tx: Mutable
  readonly output: Mutable
}

/** Packets of a full frame, which a node takes at once. */
const FRAME = 256n
/** Clocks of a packet in every node. */
const CLOCKS = 100n
const NOTHING: NodeCount = { calls: 0n, vectors: 0n, clocks: 0n, suspends: 0n }
const OUTPUT_ERRORS = ['interface is down', 'interface is deleted', 'no tx queue available'].map(unnamedError)
const INPUT_NODES: Readonly<Record<string, string>> = {
  dpdk: 'dpdk-input',
  memif: 'memif-input',
  virtio: 'virtio-input',
}
const NODE_OF: Partial<Record<CounterName, string>> = {
  ip4: 'ip4-input',
  ip6: 'ip6-input',
  mpls: 'mpls-input',
  drops: 'error-drop',
  punt: 'error-punt',
}

/**
 * The graph nodes and their error counters. Nodes count what the interfaces count: received packets pass the input
 * nodes, sent ones the two nodes of their interface, drops `error-drop`.
 */
export class Nodes implements Iterable<GraphNode> {
  readonly #interfaces: Interfaces
  readonly #nodes: Mutable[] = []
  readonly #byName = new Map<string, Mutable>()
  readonly #outputs = new Map<number, Outputs>()
  /** Nodes of deleted interfaces; the last ones are used again first. */
  readonly #deleted: Outputs[] = []
  /** By node, then by thread. */
  readonly #counts = new Map<number, Map<number, NodeCount>>()
  /** By column, then by thread. */
  readonly #errorCounts = new Map<number, Map<number, bigint>>()
  /** Error counts at the last `clear errors`, which the stats do not forget. */
  readonly #cleared = new Map<string, bigint>()
  readonly #listeners = new Set<(change: NodesChange) => void>()
  #columns = 0

  constructor(nodes: Iterable<NodeInit>, interfaces: Interfaces, counters: Counters) {
    this.#interfaces = interfaces
    for (const node of nodes) this.#add(node.name, node.errors)
    for (const it of interfaces) this.created(it)
    counters.listen((change) => this.#follow(change))
  }

  [Symbol.iterator](): Iterator<GraphNode> {
    return this.#nodes[Symbol.iterator]()
  }

  byName(name: string): GraphNode | undefined {
    return this.#byName.get(name)
  }

  /** Calls `listener` for every change; the result takes it away again. */
  listen(listener: (change: NodesChange) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Gives a new interface its nodes: those of a deleted one if there are any, without error counters, as in VPP. */
  created({ swIfIndex, name, sub }: Interface): void {
    if (sub !== undefined) return
    const used = this.#deleted.pop()
    this.#outputs.set(
      swIfIndex,
      used ?? {
        tx: this.#add(`${name}-tx`, []),
        output: this.#add(`${name}-output`, OUTPUT_ERRORS),
      },
    )
    if (used !== undefined) this.#rename(used, name)
  }

  /** The nodes of an interface have its name. */
  renamed({ swIfIndex, name }: Interface): void {
    const outputs = this.#outputs.get(swIfIndex)
    if (outputs !== undefined) this.#rename(outputs, name)
  }

  /** The nodes of a deleted interface wait for the next one, without error counters. */
  deleted({ swIfIndex, hwIfIndex }: Interface): void {
    const outputs = this.#outputs.get(swIfIndex)
    if (outputs === undefined) return
    this.#outputs.delete(swIfIndex)
    const { name, errors } = outputs.output
    this.#rename(outputs, `interface-${hwIfIndex}`, '-deleted')
    if (errors.length > 0) this.#emit({ kind: 'errors-removed', node: name, errors })
    outputs.output.errors = []
    this.#deleted.push(outputs)
  }

  /** Lets packets pass a node. @param thread 0 is the main thread */
  pass(node: string, packets: bigint, thread = 0): void {
    const index = this.#byName.get(node)?.index
    if (index === undefined || packets <= 0n) return
    const { calls, vectors, clocks, suspends } = this.countOf(index, thread)
    const threads = this.#counts.get(index) ?? new Map<number, NodeCount>()
    threads.set(thread, {
      calls: calls + (packets + FRAME - 1n) / FRAME,
      vectors: vectors + packets,
      clocks: clocks + packets * CLOCKS,
      suspends,
    })
    this.#counts.set(index, threads)
  }

  /** Counts an error of a node; one that is not there counts nothing. @param thread 0 is the main thread */
  countError(node: string, error: string, packets = 1n, thread = 0): void {
    const column = this.#byName.get(node)?.errors.find(({ name }) => name === error)?.column
    if (column === undefined || packets <= 0n) return
    const threads = this.#errorCounts.get(column) ?? new Map<number, bigint>()
    const count = (threads.get(thread) ?? 0n) + packets
    threads.set(thread, count)
    this.#errorCounts.set(column, threads)
    this.#emit({ kind: 'error-counted', column, thread, count })
  }

  /** What a node did since `clear runtime`. */
  countOf(index: number, thread: number): NodeCount {
    return this.#counts.get(index)?.get(thread) ?? NOTHING
  }

  /** What a node did on all threads. */
  total(index: number): NodeCount {
    const counts = [...(this.#counts.get(index)?.values() ?? [])]
    return counts.reduce(
      (sum, it) => ({
        calls: sum.calls + it.calls,
        vectors: sum.vectors + it.vectors,
        clocks: sum.clocks + it.clocks,
        suspends: sum.suspends + it.suspends,
      }),
      NOTHING,
    )
  }

  /** Threads on which something was counted, in order. */
  threads(): number[] {
    const all = [...this.#counts.values(), ...this.#errorCounts.values()].flatMap((it) => [...it.keys()])
    return [...new Set([0, ...all])].sort((a, b) => a - b)
  }

  /** What an error counter has counted since VPP's start. */
  errorCount(column: number, thread: number): bigint {
    return this.#errorCounts.get(column)?.get(thread) ?? 0n
  }

  /** What `show errors` says of an error counter: counted since `clear errors`. */
  shownErrors(column: number, thread: number): bigint {
    return this.errorCount(column, thread) - (this.#cleared.get(`${column}/${thread}`) ?? 0n)
  }

  /** `clear errors`: the stats go on counting. */
  clearErrors(): void {
    for (const [column, threads] of this.#errorCounts) {
      for (const [thread, count] of threads) this.#cleared.set(`${column}/${thread}`, count)
    }
  }

  /** `clear runtime`: the counts of nodes begin at zero. */
  clearRuntime(): void {
    for (const threads of this.#counts.values()) {
      for (const thread of threads.keys()) threads.set(thread, NOTHING)
    }
    this.#emit({ kind: 'runtime-cleared' })
  }

  #follow({ swIfIndex, name, thread, added }: CounterChange): void {
    if (added <= 0n) return
    const it = this.#interfaces.find(swIfIndex)
    const node = NODE_OF[name]
    if (node !== undefined) this.pass(node, added, thread)
    if (it === undefined) return
    if (name === 'rx') {
      const input = INPUT_NODES[it.devType]
      if (input !== undefined) this.pass(input, added, thread)
      if (it.mac !== '') this.pass('ethernet-input', added, thread)
    } else if (name === 'tx') {
      const outputs = this.#outputs.get(it.supSwIfIndex)
      if (outputs === undefined) return
      this.pass(outputs.output.name, added, thread)
      this.pass(outputs.tx.name, added, thread)
    }
  }

  #add(name: string, errors: readonly NodeError[]): Mutable {
    const counters = errors.map((error) => ({ ...error, column: this.#columns++ }))
    const node: Mutable = { index: this.#nodes.length, name, errors: counters }
    this.#nodes.push(node)
    this.#byName.set(name, node)
    if (counters.length > 0) this.#emit({ kind: 'errors-added', node: name, errors: counters })
    return node
  }

  #rename({ tx, output }: Outputs, name: string, ending = ''): void {
    for (const [node, role] of [
      [tx, '-tx'],
      [output, '-output'],
    ] as const) {
      if (this.#byName.get(node.name) === node) this.#byName.delete(node.name)
      node.name = `${name}${role}${ending}`
      this.#byName.set(node.name, node)
    }
  }

  #emit(change: NodesChange): void {
    for (const listener of this.#listeners) listener(change)
  }
}
