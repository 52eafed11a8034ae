import { once } from 'node:events'
import { wantsColor } from '@vpp-ts/command'

type Stream = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number }
type Environment = Readonly<Record<string, string | undefined>>

/** A stream to write text to, at the speed of its reader. */
export class Output {
  /** True when a person looks at it. */
  readonly isTerminal: boolean
  /** True when escape sequences for bold and colours are wanted. */
  readonly hasColor: boolean
  /** For those that draw on the terminal themselves. */
  readonly stream: Stream
  #closed = false
  #failure: Error | undefined

  /**
   * @param env `NO_COLOR`, `FORCE_COLOR` and `TERM=dumb` decide on colours
   * @param onClosed called once when the reader is gone
   */
  constructor(stream: Stream, env: Environment, onClosed: () => void) {
    this.stream = stream
    this.isTerminal = stream.isTTY === true
    this.hasColor = wantsColor(env, this.isTerminal)
    stream.on('error', (error: NodeJS.ErrnoException) => {
      const gone = error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED'
      if (!gone) this.#failure ??= error
      this.#closed = true
      onClosed()
    })
  }

  /** Why nothing can be written any more, such as a full disk; undefined when the reader is gone. */
  get failure(): Error | undefined {
    return this.#failure
  }

  /** True when the reader is gone, as with `| head`, or nothing can be written. */
  get closed(): boolean {
    return this.#closed
  }

  /** Columns of the terminal; unlimited elsewhere. */
  get width(): number {
    return this.isTerminal ? (this.stream.columns ?? 80) : Infinity
  }

  /** Writes, and waits when the reader is slow. Output without a reader is dropped. */
  async write(text: string): Promise<void> {
    if (this.#closed || text === '' || this.stream.write(text)) return
    const done = new AbortController()
    try {
      await Promise.race(
        ['drain', 'error', 'close'].map((event) => once(this.stream, event, { signal: done.signal })),
      )
    } catch {
      // The listener above has been notified.
    } finally {
      done.abort()
    }
  }

  /** Text that stands out, where the stream can show it. */
  bold(text: string): string {
    return this.hasColor ? `\u001B[1m${text}\u001B[0m` : text
  }

  /** Text in a colour, where the stream can show it. */
  color(name: 'red' | 'yellow' | 'green', text: string): string {
    return this.hasColor ? `\u001B[${COLORS[name]}m${text}\u001B[0m` : text
  }
}

const COLORS = { red: 31, yellow: 33, green: 32 } as const
