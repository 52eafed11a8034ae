import type { LiveInterface, LiveView } from './live-view.js'
import { History } from './history.ts'

/** Seconds that are kept of every interface. */
export const KEPT = 120

/** What went over the interfaces of one VPP lately, in bytes per second. */
export class Histories {
  #byInterface = new Map<number, History>()
  #total = new History(KEPT)
  #times: number[] = []
  #of = ''

  /** All interfaces together. */
  get total(): History {
    return this.#total
  }

  /** Seconds since 1970 of every value of the total, oldest first. */
  get times(): readonly number[] {
    return this.#times
  }

  of(swIfIndex: number): History | undefined {
    return this.#byInterface.get(swIfIndex)
  }

  /** Adds a view. Another VPP, or the same after a restart, starts a new history. */
  take({ at, instances, detail }: LiveView): void {
    const of = `${detail.name} ${instances.find(({ name }) => name === detail.name)?.pid ?? ''}`
    if (of !== this.#of) this.#reset(of)
    const there = new Set(detail.interfaces.map(({ swIfIndex }) => swIfIndex))
    for (const swIfIndex of this.#byInterface.keys()) {
      if (!there.has(swIfIndex)) this.#byInterface.delete(swIfIndex)
    }
    const known = detail.interfaces.filter(({ rates }) => rates !== null)
    if (known.length === 0) return
    let rx = 0
    let tx = 0
    for (const it of known) {
      this.#take(it)
      if (isSubInterface(it)) continue
      rx += it.rates?.rxBytes ?? 0
      tx += it.rates?.txBytes ?? 0
    }
    this.#total.push(rx, tx)
    this.#times.push(Date.parse(at) / 1000)
    if (this.#times.length > KEPT) this.#times.shift()
  }

  #take({ swIfIndex, rates }: LiveInterface): void {
    let history = this.#byInterface.get(swIfIndex)
    if (history === undefined) {
      history = new History(KEPT)
      this.#byInterface.set(swIfIndex, history)
    }
    history.push(rates?.rxBytes ?? 0, rates?.txBytes ?? 0)
  }

  #reset(of: string): void {
    this.#of = of
    this.#byInterface = new Map()
    this.#total = new History(KEPT)
    this.#times = []
  }
}

/** VPP names a sub-interface after its parent, with a dot and its number. Its packets count there as well. */
function isSubInterface({ vppName }: LiveInterface): boolean {
  return /\.\d+$/.test(vppName)
}
