import { setImmediate as turn } from 'node:timers/promises'

/** Milliseconds of work after which others get their turn. */
const SLICE = 10

/** Splits long work so that it never holds the event loop for much longer than a slice. */
export class Turns {
  #since = performance.now()

  /** True when it is time for others. Asking costs little; ask often. */
  get over(): boolean {
    return performance.now() - this.#since > SLICE
  }

  /** Yields to the event loop. */
  async next(): Promise<void> {
    await turn()
    this.#since = performance.now()
  }
}

/** Calls `work` for each of a list, in slices. */
export async function inTurns<T>(list: Iterable<T>, work: (one: T) => void): Promise<void> {
  const turns = new Turns()
  let count = 0
  for (const one of list) {
    work(one)
    if ((++count & 63) === 0 && turns.over) await turns.next()
  }
}
