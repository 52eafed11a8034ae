import { drawing, setAttribute } from './dom.ts'
import type { History } from './history.ts'

const WIDTH = 120
const HEIGHT = 28

/** Two lines without axes: received and sent. The numbers beside it say the same in words. */
export class Sparkline {
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
    this.#rx,
    this.#tx,
  )

  /** @param capacity values that take the whole width */
  draw(history: History | undefined, capacity: number): void {
    const rx = history?.rx() ?? []
    const tx = history?.tx() ?? []
    const most = Math.max(...rx, ...tx, 1)
    setAttribute(this.#rx, 'points', points(rx, most, capacity))
    setAttribute(this.#tx, 'points', points(tx, most, capacity))
  }
}

function points(values: readonly number[], most: number, capacity: number): string {
  const step = WIDTH / Math.max(1, capacity - 1)
  const left = WIDTH - step * (values.length - 1)
  return values
    .map((value, index) => {
      const y = HEIGHT - 1.5 - (value / most) * (HEIGHT - 3)
      return `${(left + index * step).toFixed(1)},${y.toFixed(1)}`
    })
    .join(' ')
}
