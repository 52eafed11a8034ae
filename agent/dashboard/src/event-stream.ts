/** A server-sent event. */
export interface StreamEvent {
  /** `message` when the sender names none. */
  readonly type: string
  readonly data: string
}

/** Longest event taken: thousands of interfaces are about a megabyte. */
const LONGEST = 64 * 1024 * 1024

/**
 * Takes server-sent events out of text as it comes in (WHATWG HTML, section "Parsing an event stream"). EventSource
 * would do the same but cannot send the token.
 */
export class EventStreamParser {
  #rest = ''
  #type = ''
  #data: string[] = []

  /** Events that end with this piece. @throws RangeError when a line has no end */
  feed(chunk: string): StreamEvent[] {
    const lines = (this.#rest + chunk).split(/\r\n|\n|\r(?!$)/)
    this.#rest = lines.pop() ?? ''
    if (this.#rest.length > LONGEST) throw new RangeError(`an event is longer than ${LONGEST} characters`)
    return lines.map((line) => this.#line(line)).filter((event) => event !== undefined)
  }

  #line(line: string): StreamEvent | undefined {
    if (line === '') return this.#dispatch()
    const colon = line.indexOf(':')
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === 'event') this.#type = value
    else if (field === 'data') this.#data.push(value)
    return undefined
  }

  #dispatch(): StreamEvent | undefined {
    const event = { type: this.#type === '' ? 'message' : this.#type, data: this.#data.join('\n') }
    const there = this.#data.length > 0
    this.#type = ''
    this.#data = []
    return there ? event : undefined
  }
}
