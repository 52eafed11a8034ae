import { element, setText } from './dom.ts'
import { bitRate, span, twoDigits } from './format.ts'
import type { PastRates } from './past-rates.ts'
import uPlot from './uplot.js'

const HEIGHT = 220
/** Seconds that are shown at least. */
const SHORTEST = 30
/** Seconds from which the time of day says minutes alone, and from which the day is said too. */
const MINUTES = 3600
const DAYS = 2 * 86_400

/** Bits per second, received and sent, over a time. */
export class TrafficChart {
  readonly element: HTMLElement
  readonly #canvas = element('div', { class: 'chart-canvas' })
  readonly #rx = element('span', { class: 'legend-value' })
  readonly #tx = element('span', { class: 'legend-value' })
  readonly #rxKey = element('span', { class: 'legend-key key-rx', 'aria-hidden': 'true' })
  readonly #txKey = element('span', { class: 'legend-key key-tx', 'aria-hidden': 'true' })
  readonly #summary = element('span', { class: 'visually-hidden' })
  readonly #empty = element('p', { class: 'empty' }, 'No rates yet.')
  #plot: uPlot | undefined
  #seconds = SHORTEST
  #data: [number[], (number | null)[], (number | null)[]] = [[], [], []]

  constructor() {
    const legend = element(
      'p',
      { class: 'legend' },
      element('span', {}, this.#rxKey, 'Received ', this.#rx),
      element('span', {}, this.#txKey, 'Sent ', this.#tx),
    )
    this.#canvas.setAttribute('aria-hidden', 'true')
    this.#canvas.append(this.#empty)
    this.element = element('div', { class: 'chart' }, legend, this.#canvas, this.#summary)
    new ResizeObserver(() => this.#resize()).observe(this.#canvas)
  }

  /** Says why there are no rates. */
  set empty(text: string) {
    setText(this.#empty, text)
    this.show({ times: [], rx: [], tx: [] }, this.#seconds)
  }

  /** Shows rates of a time that ends with the last of them. @param seconds that are shown at most */
  show({ times, rx, tx }: PastRates, seconds: number): void {
    this.#seconds = seconds
    this.#data = [[...times], rx.map(bits), tx.map(bits)]
    this.#empty.hidden = times.length > 0
    if (this.#plot === undefined) this.#resize()
    else this.#plot.setData(this.#data)
    this.#legend(this.#last)
    setText(
      this.#summary,
      `At most ${bitRate(mostOf(rx))} received and ${bitRate(mostOf(tx))} sent in the last ${span(seconds * 1000)}.`,
    )
  }

  /** The colours of the page have changed. */
  recolour(): void {
    this.#plot?.redraw(false)
  }

  /** The last value that is known: what the agent keeps ends with what is still counted. */
  get #last(): number {
    return this.#data[1].findLastIndex((value) => value !== null)
  }

  #legend(index: number): void {
    setText(this.#rx, bitRate(perSecondAt(this.#data[1], index)))
    setText(this.#tx, bitRate(perSecondAt(this.#data[2], index)))
  }

  #resize(): void {
    const width = this.#canvas.clientWidth
    if (width === 0 || this.#data[0].length === 0) return
    if (this.#plot === undefined) this.#plot = new uPlot(this.#options(width), this.#data, this.#canvas)
    else this.#plot.setSize({ width, height: HEIGHT })
  }

  #options(width: number): uPlot.Options {
    const faint = (): string => getComputedStyle(this.element).borderTopColor
    const axis = { stroke: colourOf(this.element), grid: { stroke: faint, width: 1 }, ticks: { show: false } }
    const line = { width: 2, points: { show: false } }
    return {
      width,
      height: HEIGHT,
      // Room for half of the last label of the time.
      padding: [8, 28, 0, 0],
      legend: { show: false },
      cursor: { y: false, points: { size: 8 } },
      scales: {
        x: {
          range: (_plot, first, last) => [
            Math.max(last - this.#seconds, Math.min(first, last - SHORTEST)),
            last,
          ],
        },
        y: { range: (_plot, _least, most) => [0, Math.max(1000, (most ?? 0) * 1.15)] },
      },
      axes: [
        { ...axis, space: 90, size: 32, values: (_plot, ticks) => ticks.map((at) => this.#timeText(at)) },
        { ...axis, size: 96, values: (_plot, ticks) => ticks.map((bits) => bitRate(bits / 8)) },
      ],
      series: [
        {},
        { ...line, stroke: colourOf(this.#rxKey) },
        { ...line, stroke: colourOf(this.#txKey), dash: [6, 4] },
      ],
      hooks: { setCursor: [(plot) => this.#legend(plot.cursor.idx ?? this.#last)] },
    }
  }

  #timeText(time: number): string {
    const at = new Date(time * 1000)
    const minutes = [at.getHours(), at.getMinutes()].map(twoDigits).join(':')
    if (this.#seconds < MINUTES) return `${minutes}:${twoDigits(at.getSeconds())}`
    if (this.#seconds < DAYS) return minutes
    return [at.getMonth() + 1, at.getDate()].map(twoDigits).join('-')
  }
}

/** uPlot asks again whenever it draws, so that it follows the colours of the page. */
function colourOf(element: HTMLElement): () => string {
  return () => getComputedStyle(element).color
}

function bits(bytes: number | null): number | null {
  return bytes === null ? null : bytes * 8
}

function perSecondAt(values: readonly (number | null)[], index: number): number | undefined {
  const value = values[index]
  return value === undefined || value === null ? undefined : value / 8
}

function mostOf(values: readonly (number | null)[]): number {
  return values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0)
}
