import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { STREAM_HEADERS } from './server/event-text.ts'

/** Text of a streamed response, no faster than the client takes it. */
export class TextOutput {
  readonly #response: ServerResponse
  readonly #signal: AbortSignal

  /** @param signal aborted when the client has left */
  constructor(response: ServerResponse, signal: AbortSignal) {
    this.#response = response
    this.#signal = signal
  }

  /** Sends the head, unless that has been done. */
  begin(contentType: string): void {
    if (this.#response.headersSent) return
    this.#response.writeHead(200, {
      'content-type': contentType,
      ...STREAM_HEADERS,
    })
    this.#response.flushHeaders()
  }

  /** Whether more than enough waits to be sent. */
  get full(): boolean {
    return this.#response.writableNeedDrain
  }

  /**
   * Sends text; settles when there is room for more.
   * @throws the signal's reason
   */
  async write(text: string): Promise<void> {
    this.#signal.throwIfAborted()
    if (!this.#response.write(text)) await once(this.#response, 'drain', { signal: this.#signal })
  }

  end(): void {
    this.#response.end()
  }

  /** Sends the last text and cuts the connection, so that nobody takes what came for the whole. */
  fail(text: string): void {
    if (this.#response.destroyed) return
    this.#response.write(text, () => this.#response.destroy())
  }
}
