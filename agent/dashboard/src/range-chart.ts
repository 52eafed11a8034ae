import type { Api } from './api.ts'
import { element } from './dom.ts'
import type { History } from './history.ts'
import { messageOf } from './notices.ts'
import { pastRates } from './past-rates.ts'
import { SelectField } from './select-field.ts'
import { TrafficChart } from './traffic-chart.ts'

/** Time spans that are offered, with their seconds. The first is what the page itself has seen. */
const RANGES = [
  ['', 'Last 2 minutes', 120],
  ['10m', 'Last 10 minutes', 600],
  ['1h', 'Last hour', 3600],
  ['6h', 'Last 6 hours', 21_600],
  ['24h', 'Last day', 86_400],
  ['168h', 'Last week', 604_800],
  ['720h', 'Last 30 days', 2_592_000],
] as const

/** Whose rates are shown. */
export interface ChartSubject {
  readonly instance: string
  /** Interface; undefined: all of VPP. */
  readonly name: string | undefined
  /** What the page has seen: seconds since 1970 and values. */
  readonly times: readonly number[]
  readonly history: History | undefined
}

/** A chart of rates over a time that the reader chooses: what the page has seen, or what the agent has kept. */
export class RangeChart {
  readonly element: HTMLElement
  readonly #api: Api
  readonly #chart = new TrafficChart()
  readonly #range: SelectField
  #subject: ChartSubject | undefined
  #shown = ''
  #dueAt = 0

  constructor(api: Api) {
    this.#api = api
    this.#range = new SelectField(
      'Time',
      RANGES.map(([value, words]) => [value, words] as const),
      () => {
        this.#shown = ''
        this.#draw()
      },
    )
    this.element = element('div', { class: 'range-chart' }, this.#range.element, this.#chart.element)
  }

  show(subject: ChartSubject): void {
    this.#subject = subject
    this.#draw()
  }

  recolour(): void {
    this.#chart.recolour()
  }

  #draw(): void {
    const subject = this.#subject
    if (subject === undefined) return
    const { instance, name, times, history } = subject
    const last = this.#range.value
    const shown = `${last} ${instance} ${name ?? ''}`
    if (last === '') {
      const rx = history?.rx() ?? []
      const tx = history?.tx() ?? []
      this.#chart.show({ times: times.slice(times.length - rx.length), rx, tx }, RANGES[0][2])
    } else if (shown !== this.#shown || performance.now() > this.#dueAt) {
      const seconds = RANGES.find(([value]) => value === last)?.[2] ?? 0
      // A pixel more is all that a chart of a day shows after a minute.
      this.#dueAt = performance.now() + Math.max(1000, seconds)
      void this.#load(subject, last, seconds)
    }
    this.#shown = shown
  }

  async #load({ instance, name }: ChartSubject, last: string, seconds: number): Promise<void> {
    const asked = this.#shown
    const isStill = (): boolean => this.#range.value === last && this.#subject?.name === name
    try {
      const past = await pastRates(this.#api, instance, name, last)
      if (!isStill()) return
      this.#chart.show(past ?? { times: [], rx: [], tx: [] }, seconds)
      if (past === undefined)
        this.#chart.empty = 'The history is off; see history in the agent configuration.'
    } catch (error) {
      if (isStill()) this.#chart.empty = `The history cannot be shown: ${messageOf(error)}`
      if (asked === this.#shown) this.#shown = ''
    }
  }
}
