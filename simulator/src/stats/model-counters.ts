import { COMBINED_COUNTERS } from '../model/counters.ts'
import type { CombinedName, CounterChange, SimpleName } from '../model/counters.ts'
import type { Model } from '../model/model.ts'
import type { NodesChange, GraphNode } from '../model/nodes.ts'
import { NODE_COUNTERS } from './vpp-counters.ts'
import type { VppCounters } from './vpp-counters.ts'

/** Keeps a stats segment in step with a model: its interfaces, nodes and errors, their names, their counters. */
export class ModelCounters implements Disposable {
  readonly #model: Model
  readonly #counters: VppCounters
  readonly #clock: () => number
  /** Names of the nodes as they were published. */
  readonly #nodes: string[] = []
  readonly #stop: (() => void)[]

  /** @param clock seconds since VPP's start */
  constructor(model: Model, counters: VppCounters, clock: () => number) {
    this.#model = model
    this.#clock = clock
    this.#counters = counters
    for (const node of model.nodes) this.#addErrors(node)
    for (const { name, swIfIndex } of model.interfaces) counters.addInterface(name, swIfIndex)
    this.#stop = [
      model.listen((event) => {
        if (event.kind !== 'interface') return
        const { swIfIndex, name } = event.interface
        if (event.change === 'created') counters.addInterface(name, swIfIndex)
        else if (event.change === 'deleted') counters.deleteInterface(swIfIndex)
        else if (event.change === 'renamed') counters.renameInterface(swIfIndex, name)
      }),
      model.counters.listen((change) => this.#write(change)),
      model.nodes.listen((change) => this.#nodesChanged(change)),
    ]
    this.collect()
  }

  /** What VPP's collector does in each round: new names and counts of the nodes. Everything else is there at once. */
  collect(): void {
    const { nodes } = this.#model
    const threads = nodes.threads().filter((thread) => thread < this.#counters.threads)
    for (const { index, name } of nodes) {
      if (index >= this.#nodes.length) this.#counters.addNode(name)
      else if (this.#nodes[index] !== name) this.#counters.renameNode(index, name)
      this.#nodes[index] = name
      for (const thread of threads) {
        const count = nodes.countOf(index, thread)
        for (const counter of NODE_COUNTERS) {
          this.#counters.nodeCounter(counter).set(thread, index, count[counter])
        }
      }
    }
  }

  /** Follows the model no longer. */
  [Symbol.dispose](): void {
    for (const stop of this.#stop) stop()
  }

  #addErrors({ name, errors }: Pick<GraphNode, 'name' | 'errors'>): void {
    for (const error of errors) this.#counters.addError(name, error.name, error.column)
  }

  #nodesChanged(change: NodesChange): void {
    switch (change.kind) {
      case 'errors-added':
        this.#addErrors({ name: change.node, errors: change.errors })
        break
      case 'errors-removed':
        for (const { column } of change.errors) this.#counters.removeError(column)
        break
      case 'error-counted':
        if (change.thread >= this.#counters.threads) break
        this.#counters.errorCounter.set(change.thread, change.column, change.count)
        break
      case 'runtime-cleared':
        this.#counters.noteClear(this.#clock())
        break
      default:
    }
  }

  #write({ swIfIndex, name, thread, packets, bytes }: CounterChange): void {
    if (isCombined(name)) this.#counters.counter(name).set(thread, swIfIndex, packets, bytes)
    else this.#counters.counter(name).set(thread, swIfIndex, packets)
  }
}

function isCombined(name: CombinedName | SimpleName): name is CombinedName {
  return COMBINED_COUNTERS.includes(name as CombinedName)
}
