import type { LiveView } from './live-view.js'
import { ApiError, type Api } from './api.ts'

/** Milliseconds until a lost stream is asked for again. */
const PAUSE = 1000

/** Listener for views. */
export interface LiveListener {
  /** A view has come. */
  view(live: LiveView): void
  /** There is no stream, and why. It is asked for again. */
  lost(reason: string): void
}

/** The agent's live feed, asked for again and again as long as the page is open. */
export class LiveStream {
  readonly #api: Api
  readonly #listener: LiveListener
  #current = new AbortController()

  constructor(api: Api, listener: LiveListener) {
    this.#api = api
    this.#listener = listener
  }

  /** Follows an instance in full; undefined: the first of the agent. */
  follow(instance: string | undefined): void {
    this.#current.abort()
    this.#current = new AbortController()
    void this.#follow(instance, this.#current.signal)
  }

  async #follow(instance: string | undefined, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        for await (const data of this.#api.events('/api/v1/live', { instance }, 'live', signal)) {
          if (signal.aborted) return
          this.#listener.view(JSON.parse(data) as LiveView)
        }
        if (!signal.aborted) this.#listener.lost('the agent ended the connection')
      } catch (error) {
        if (signal.aborted) return
        this.#listener.lost(
          error instanceof ApiError ? error.message : 'the connection to the agent was lost',
        )
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE))
    }
  }
}
