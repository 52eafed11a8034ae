import { mapped } from '../async/mapped.ts'
import type { Dump, DumpWithReply, EventStream } from '../api/method.ts'
import type { DynamicMessage } from './build-message.ts'
import type { PlainMessage } from './plain.ts'

type Convert = (message: DynamicMessage) => PlainMessage

/** Details of a dump in plain form. */
export class PlainDump implements Dump<PlainMessage> {
  readonly #details: Dump<DynamicMessage>
  readonly #reply: (() => Promise<DynamicMessage>) | undefined
  readonly #detailsToPlain: Convert
  readonly #replyToPlain: Convert | undefined

  private constructor(
    details: Dump<DynamicMessage>,
    detailsToPlain: Convert,
    reply?: () => Promise<DynamicMessage>,
    replyToPlain?: Convert,
  ) {
    this.#details = details
    this.#detailsToPlain = detailsToPlain
    this.#reply = reply
    this.#replyToPlain = replyToPlain
  }

  static of(details: Dump<DynamicMessage>, convert: Convert): PlainDump {
    return new PlainDump(details, convert)
  }

  static withReply(
    stream: DumpWithReply<DynamicMessage, DynamicMessage>,
    details: Convert,
    reply: Convert,
  ): PlainDump {
    return new PlainDump(stream, details, () => stream.reply, reply)
  }

  /**
   * The final reply; undefined where the API declares none. Whoever asks for it need not read the details, which are
   * kept meanwhile. Rejects as the loop does.
   */
  get reply(): Promise<PlainMessage | undefined> {
    const [reply, convert] = [this.#reply, this.#replyToPlain]
    return reply === undefined || convert === undefined ? Promise.resolve(undefined) : reply().then(convert)
  }

  async toArray(): Promise<PlainMessage[]> {
    return (await this.#details.toArray()).map(this.#detailsToPlain)
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<PlainMessage, undefined> {
    return mapped(this.#details, this.#detailsToPlain)
  }
}

/** Events in plain form. */
export class PlainEvents implements EventStream<PlainMessage> {
  readonly #events: EventStream<DynamicMessage>
  readonly #convert: Convert

  constructor(events: EventStream<DynamicMessage>, convert: Convert) {
    this.#events = events
    this.#convert = convert
  }

  get dropped(): number {
    return this.#events.dropped
  }

  get ready(): Promise<void> {
    return this.#events.ready
  }

  close(): Promise<void> {
    return this.#events.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<PlainMessage, undefined> {
    return mapped(this.#events, this.#convert)
  }
}
