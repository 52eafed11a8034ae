import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { setImmediate } from 'node:timers/promises'
import type { Backlog } from './backlog.ts'
import { STREAM_HEADERS } from './server/event-text.ts'

/** Characters that are collected before they are sent: many short lines cost less as one piece. */
const PIECE = 32 * 1024
/** Characters after which others get their turn, though the source has more: about 20 ms of work. */
const STINT = 4 * 1024 * 1024
/** Milliseconds that a client has to take the last words of a response that fails. */
const LAST_WORDS = 5000

/** Text of a streamed response. */
export class TextOutput {
  readonly #response: ServerResponse
  readonly #signal: AbortSignal
  readonly #backlog: Backlog
  #collected = ''
  #stint = 0
  #flushing: NodeJS.Immediate | undefined

  /**
   * @param signal aborted when the client has left or has been disconnected
   * @param backlog limits what waits for slow clients
   */
  constructor(response: ServerResponse, signal: AbortSignal, backlog: Backlog) {
    this.#response = response
    this.#signal = signal
    this.#backlog = backlog
  }

  /** Sends the head, unless that has been done. */
  begin(contentType: string): void {
    if (this.#response.headersSent) return
    this.#response.writeHead(200, { 'content-type': contentType, ...STREAM_HEADERS })
    this.#response.flushHeaders()
  }

  /** Whether more waits to be sent than the client takes. */
  get full(): boolean {
    return this.#response.writableNeedDrain
  }

  /**
   * Sends text; settles when there is room for more.
   * @throws the signal's reason
   */
  async write(text: string): Promise<void> {
    this.#collect(text)
    this.#flush()
    if (this.full) await once(this.#response, 'drain', { signal: this.#signal })
  }

  /**
   * Sends text without waiting for the client, for what cannot be held up at its source: it is collected for a moment,
   * and counts towards the backlog.
   * @throws the signal's reason, when the client has left or has been disconnected
   */
  async push(text: string): Promise<void> {
    this.#collect(text)
    this.#stint += text.length
    if (this.#stint < STINT) return
    this.#stint = 0
    await setImmediate()
  }

  #collect(text: string): void {
    this.#signal.throwIfAborted()
    this.#collected += text
    if (this.#collected.length >= PIECE) this.#flush()
    else this.#flushing ??= global.setImmediate(() => this.#flush())
  }

  end(): void {
    this.#flush()
    this.#response.end()
  }

  /** Sends the last text and cuts the connection, so that what came is not taken for the whole. */
  fail(text: string): void {
    this.#flush()
    if (this.#response.destroyed) return
    const destroy = (): void => void this.#response.destroy()
    const timer = setTimeout(destroy, LAST_WORDS)
    this.#response.once('close', () => clearTimeout(timer))
    this.#response.write(text, destroy)
  }

  #flush(): void {
    clearImmediate(this.#flushing)
    this.#flushing = undefined
    const text = this.#collected
    this.#collected = ''
    if (text === '' || this.#response.destroyed) return
    this.#response.write(Buffer.from(text))
    if (this.full) this.#backlog.check()
  }
}
