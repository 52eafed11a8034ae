import { PassThrough } from 'node:stream'
import { EVENT_STREAM, HEARTBEAT_TEXT, STREAM_HEADERS, eventText } from '@vpp-ts/http/internal'
import type { FastifyReply } from 'fastify'
import { RequestError } from './request-error.ts'

/** Streams open at a time. */
const MOST_STREAMS = 200
/** Bytes that may wait for a slow reader; one with more is disconnected and may come again. */
const MOST_BACKLOG = 8 * 2 ** 20
/** Milliseconds between comments that show that the connection lives. */
const HEARTBEAT = 15_000

/** An event of a stream. */
export interface SentEvent {
  readonly type: string
  readonly id?: string
  /** JSON. */
  readonly data: string
}

/** The streams of server-sent events of one server. */
export class Streams {
  readonly #open = new Set<PassThrough>()

  /**
   * Begins a stream.
   * @param follow receives a function to send; what it returns is called when the client has disconnected
   * @throws RequestError `AGENT_TOO_MANY_REQUESTS`
   */
  async serve(reply: FastifyReply, follow: (send: (event: SentEvent) => void) => () => void): Promise<void> {
    if (this.#open.size >= MOST_STREAMS) {
      throw new RequestError('AGENT_TOO_MANY_REQUESTS', `${MOST_STREAMS} streams are open; close one`)
    }
    const stream = new PassThrough()
    this.#open.add(stream)
    const timer = setInterval(() => stream.write(HEARTBEAT_TEXT), HEARTBEAT)
    stream.write('retry: 1000\n\n')
    // The initial burst is limited by what is kept; the client cannot have read any of it yet.
    let limit = Infinity
    const leave = follow((event) => {
      if (stream.destroyed) return
      stream.write(eventText(event.type, event.data, event.id))
      if (stream.writableLength + stream.readableLength > limit) stream.destroy()
    })
    limit = stream.writableLength + stream.readableLength + MOST_BACKLOG
    stream.on('close', () => {
      clearInterval(timer)
      this.#open.delete(stream)
      leave()
    })
    // The answer to a HEAD request ends, though nothing of the stream has been sent.
    reply.raw.on('close', () => stream.destroy())
    await reply.type(EVENT_STREAM).headers(STREAM_HEADERS).send(stream)
  }

  /** Ends all streams. */
  close(): void {
    for (const stream of this.#open) stream.destroy()
  }
}
