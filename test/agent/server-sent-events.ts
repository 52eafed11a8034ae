import { setTimeout as delay } from 'node:timers/promises'

/** An event as it came. */
export interface ReceivedEvent {
  readonly type: string
  readonly id: string | undefined
  readonly data: unknown
}

/** Server-sent events of a path, for one reader. */
export class EventReader implements AsyncDisposable {
  readonly response: Response
  readonly #abort: AbortController
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>
  readonly #decoder = new TextDecoder()
  #text = ''

  private constructor(response: Response, abort: AbortController) {
    this.response = response
    this.#abort = abort
    if (response.body === null) throw new Error(`no stream: ${response.status}`)
    this.#reader = response.body.getReader()
  }

  static async open(url: string, headers: Record<string, string> = {}): Promise<EventReader> {
    const abort = new AbortController()
    const response = await fetch(url, {
      headers: { accept: 'text/event-stream', ...headers },
      signal: abort.signal,
    })
    return new EventReader(response, abort)
  }

  /** The next event that is as wanted. */
  async next(wanted: (event: ReceivedEvent) => boolean = () => true): Promise<ReceivedEvent> {
    const patience = new AbortController()
    try {
      const late = delay(20_000, undefined, { signal: patience.signal }).then(() => {
        throw new Error(`no such event; what is left: ${this.#text}`)
      })
      return await Promise.race([this.#find(wanted), late])
    } finally {
      patience.abort()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort()
    await this.#reader.closed.catch(() => undefined)
  }

  async #find(wanted: (event: ReceivedEvent) => boolean): Promise<ReceivedEvent> {
    for (;;) {
      const end = this.#text.indexOf('\n\n')
      if (end >= 0) {
        const block = this.#text.slice(0, end)
        this.#text = this.#text.slice(end + 2)
        const event = parse(block)
        if (event !== undefined && wanted(event)) return event
        continue
      }
      const { value, done } = await this.#reader.read()
      if (done) throw new Error('the stream has ended')
      this.#text += this.#decoder.decode(value, { stream: true })
    }
  }
}

function parse(block: string): ReceivedEvent | undefined {
  const fields = new Map(
    block.split('\n').map((line) => {
      const colon = line.indexOf(': ')
      return [line.slice(0, colon), line.slice(colon + 2)] as const
    }),
  )
  const type = fields.get('event')
  if (type === undefined) return undefined
  return { type, id: fields.get('id'), data: JSON.parse(fields.get('data') ?? 'null') as unknown }
}
