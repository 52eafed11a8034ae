import { codecOf } from '../codec/codec.ts'
import type { MessageCodec } from '../codec/message-codec.ts'
import type { MessageDescriptor } from '../codec/descriptor.ts'
import type { Observer } from '../observe/observer.ts'
import type { EventOptions, MessageClass } from '../api/method.ts'
import type { EventSink } from '../session/registry.ts'
import { Subscription } from './subscription.ts'

/** One reader of one event. */
export class EventSubscription<E> extends Subscription<E> implements EventSink {
  readonly descriptor: MessageDescriptor
  readonly #codec: MessageCodec<E>

  /**
   * @param join registers the subscription; settles when VPP has confirmed it
   * @param leave takes it back
   */
  constructor(
    event: MessageClass<E>,
    options: EventOptions,
    observer: Observer,
    join: (subscription: EventSubscription<E>) => Promise<void>,
    leave: (subscription: EventSubscription<E>) => Promise<void>,
  ) {
    super(event.descriptor.name, options, observer, () => leave(this))
    this.descriptor = event.descriptor
    this.#codec = codecOf(event.descriptor)
    this.begin(join(this))
  }

  deliver(bytes: Buffer, start: number, end: number): void {
    let event: E
    try {
      event = this.#codec.decode(bytes, start, end)
    } catch (error) {
      this.observer.eventUnreadable(this.name, error)
      return
    }
    this.take(event)
  }
}
