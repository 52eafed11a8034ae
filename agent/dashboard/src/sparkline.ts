import { drawing, setAttribute } from './dom.ts'
import type { History } from './history.ts'

const WIDTH = 120
const HEIGHT = 28

/** Values that take the whole width: one a second. */
const SHOWN = 60

/** What was received as an area and what was sent as a line, without axes. The numbers beside it say the same. */
export class Sparkline {
  readonly #area = drawing('polygon', { class: 'area-rx' })
  readonly #rx = drawing('polyline', { class: 'line-rx' })
  readonly #tx = drawing('polyline', { class: 'line-tx' })
  readonly element = drawing(
    'svg',
    {
      class: 'sparkline',
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      preserveAspectRatio: 'none',
      'aria-hidden': 'true',
    },
    this.#area,
    this.#rx,
    this.#tx,
  )

  draw(history: History | undefined): void {
    const rx = history?.rx().slice(-SHOWN) ?? []
    const tx = history?.tx().slice(-SHOWN) ?? []
    const most = Math.max(...rx, ...tx, 1)
    const line = points(rx, most)
    const left = leftOf(rx).toFixed(1)
    setAttribute(this.#area, 'points', rx.length < 2 ? '' : `${left},${HEIGHT} ${line} ${WIDTH},${HEIGHT}`)
    setAttribute(this.#rx, 'points', line)
    setAttribute(this.#tx, 'points', points(tx, most))
  }
}

const STEP = WIDTH / (SHOWN - 1)

function leftOf(values: readonly number[]): number {
  return WIDTH - STEP * (values.length - 1)
}

function points(values: readonly number[], most: number): string {
  const left = leftOf(values)
  return values
    .map((value, index) => {
      const y = HEIGHT - 1.5 - (value / most) * (HEIGHT - 3)
      return `${(left + index * STEP).toFixed(1)},${y.toFixed(1)}`
    })
    .join(' ')
}
