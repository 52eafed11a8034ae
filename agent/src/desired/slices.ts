import { setImmediate as turn } from 'node:timers/promises'

/** Milliseconds of work at a stretch: short beside the 50 ms that nothing may hold the event loop longer than. */
const STRETCH = 10

/** Divides long work, so that others have their turn. */
export class Slices {
  #since = performance.now()

  /** True when it is time for `pause`. */
  get due(): boolean {
    return performance.now() - this.#since > STRETCH
  }

  /** Lets others have their turn. */
  async pause(): Promise<void> {
    await turn()
    this.#since = performance.now()
  }
}
