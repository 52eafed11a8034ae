import type { MessageDescriptor, MessageCodec } from '@vpp-ts/runtime/internal'
import { codecOf } from '@vpp-ts/runtime/internal'
import type { Model } from '../model/model.ts'
import type { Answer, Call, Fields } from './call.ts'

/** What a handler learns beside the request, and what it can do. */
export interface RequestContext {
  /** Wire name of the message. */
  readonly message: string
  /** Number of the client, counted from 1. */
  readonly connection: number
  /** Name of the client; empty before `sockclnt_create`. */
  readonly clientName: string
  readonly clientIndex: number
  /** The client's own number for the request. */
  readonly context: number
  readonly model: Model
  /** Sends any message to the client, with the context of the request, before the answer. */
  send(message: string, fields?: Fields): void
  /** What the simulator itself would answer; the request is carried out. */
  builtIn(): Answer | Promise<Answer>
}

/**
 * Answers a request. What it returns is described with `Answer`; while its promise is pending, the client's later
 * requests wait. Throw a `RetvalError` to refuse the request.
 */
export type RequestHandler<Q> = (
  request: Q,
  context: RequestContext,
) => Answer | void | Promise<Answer | void>

/** A message class: one of generated bindings, or one of a `Schema`. */
export interface DescribedClass<T> {
  readonly descriptor: MessageDescriptor<T>
}

/** A user's handler with the codec that makes its requests. */
export class UserHandler {
  readonly #handle: RequestHandler<never>
  readonly #codec: MessageCodec<object> | undefined

  constructor(handle: RequestHandler<never>, message: DescribedClass<object> | undefined) {
    this.#handle = handle
    this.#codec = message === undefined ? undefined : codecOf(message.descriptor)
  }

  /**
   * The request as an instance of the user's own class, where that has the layout that is served now.
   * @throws VppDecodeError when the bytes are too few
   */
  decode(bytes: Buffer, start: number, end: number, served: MessageCodec<object>): object {
    const fits = this.#codec?.descriptor.crc === served.descriptor.crc
    return ((fits ? this.#codec : undefined) ?? served).decode(bytes, start, end)
  }

  handle(
    call: Call,
    model: Model,
    builtIn: () => Answer | Promise<Answer>,
  ): Answer | void | Promise<Answer | void> {
    return this.#handle(call.request as never, {
      message: call.entry.name,
      connection: call.session.number,
      clientName: call.session.name,
      clientIndex: call.clientIndex,
      context: call.context,
      model,
      send: (message, fields = {}) => call.send(message, fields),
      builtIn,
    })
  }
}
