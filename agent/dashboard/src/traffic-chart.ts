import { element, setText } from './dom.ts'
import { bitRate, twoDigits } from './format.ts'
import { KEPT } from './histories.ts'
import type { History } from './history.ts'
import uPlot from './uplot.js'

const HEIGHT = 220
/** Seconds that are shown at least. */
const SHORTEST = 30

/** Bits per second, received and sent, over the last minutes. */
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
  #data: [number[], number[], number[]] = [[], [], []]

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

  /** Shows values that end now. @param times seconds since 1970, as many as values at least */
  show(times: readonly number[], history: History | undefined): void {
    const rx = history?.rx() ?? []
    const tx = history?.tx() ?? []
    this.#data = [times.slice(times.length - rx.length), bits(rx), bits(tx)]
    this.#empty.hidden = rx.length > 0
    if (this.#plot === undefined) this.#resize()
    else this.#plot.setData(this.#data)
    this.#legend(rx.length - 1)
    setText(
      this.#summary,
      `At most ${bitRate(Math.max(0, ...rx))} received and ${bitRate(Math.max(0, ...tx))} sent in the last two minutes.`,
    )
  }

  /** The colours of the page have changed. */
  recolour(): void {
    this.#plot?.redraw(false)
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
      legend: { show: false },
      cursor: { y: false, points: { size: 8 } },
      scales: {
        x: { range: (_plot, first, last) => [Math.max(last - KEPT, Math.min(first, last - SHORTEST)), last] },
        y: { range: (_plot, _least, most) => [0, Math.max(1000, (most ?? 0) * 1.15)] },
      },
      axes: [
        { ...axis, space: 90, size: 32, values: (_plot, ticks) => ticks.map(secondsOf) },
        { ...axis, size: 86, values: (_plot, ticks) => ticks.map((bits) => bitRate(bits / 8)) },
      ],
      series: [
        {},
        { ...line, stroke: colourOf(this.#rxKey) },
        { ...line, stroke: colourOf(this.#txKey), dash: [6, 4] },
      ],
      hooks: { setCursor: [(plot) => this.#legend(plot.cursor.idx ?? this.#data[0].length - 1)] },
    }
  }
}

/** uPlot asks again whenever it draws, so that it follows the colours of the page. */
function colourOf(element: HTMLElement): () => string {
  return () => getComputedStyle(element).color
}

function bits(bytes: readonly number[]): number[] {
  return bytes.map((value) => value * 8)
}

function perSecondAt(values: readonly number[], index: number): number | undefined {
  const value = values[index]
  return value === undefined ? undefined : value / 8
}

function secondsOf(time: number): string {
  const at = new Date(time * 1000)
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map(twoDigits).join(':')
}
