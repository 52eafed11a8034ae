import { COMBINED_COUNTERS } from '../model/counters.ts'
import type { CombinedName, CounterChange, SimpleName } from '../model/counters.ts'
import type { Model } from '../model/model.ts'
import type { VppCounters } from './vpp-counters.ts'

/** Keeps a stats segment in step with a model: its interfaces, their names, their counters. */
export class ModelCounters implements Disposable {
  readonly #counters: VppCounters
  readonly #stop: (() => void)[]

  constructor(model: Model, counters: VppCounters) {
    this.#counters = counters
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
    ]
  }

  /** Follows the model no longer. */
  [Symbol.dispose](): void {
    for (const stop of this.#stop) stop()
  }

  #write({ swIfIndex, name, thread, packets, bytes }: CounterChange): void {
    if (isCombined(name)) this.#counters.counter(name).set(thread, swIfIndex, packets, bytes)
    else this.#counters.counter(name).set(thread, swIfIndex, packets)
  }
}

function isCombined(name: CombinedName | SimpleName): name is CombinedName {
  return COMBINED_COUNTERS.includes(name as CombinedName)
}
