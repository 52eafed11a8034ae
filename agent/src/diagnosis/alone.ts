import { AgentError } from '../model/errors.ts'

/** Lets one thing be done at a time; who comes meanwhile is refused. */
export class Alone {
  #busy: Promise<unknown> | undefined
  readonly #what: string

  /** @param what is done, for the error */
  constructor(what: string) {
    this.#what = what
  }

  get busy(): boolean {
    return this.#busy !== undefined
  }

  /** Settles when nothing is done any more. */
  async idle(): Promise<void> {
    await this.#busy?.catch(() => undefined)
  }

  /** @throws AgentError `AGENT_BUSY` */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.busy) throw new AgentError('AGENT_BUSY', `${this.#what} is already running; wait until it ends`)
    const mine = work()
    this.#busy = mine
    try {
      return await mine
    } finally {
      this.#busy = undefined
    }
  }
}

/** Waits; ends sooner with the signal. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, milliseconds)
    signal.addEventListener('abort', end, { once: true })
  })
}
