import { codecOf } from '../codec/codec.ts'
import type { AnyEvent, EventOptions, MessageClass } from '../api/method.ts'
import type { Observer } from '../observe/observer.ts'
import type { Incoming } from '../session/registry.ts'
import { Subscription } from './subscription.ts'

/** Readers of everything that VPP sends without being asked for it by a call. */
export class AnyEvents {
  readonly #readers = new Set<AnyEventSubscription>()

  subscribe(options: EventOptions, observer: Observer): Subscription<AnyEvent> {
    const reader: AnyEventSubscription = new AnyEventSubscription('*', options, observer, () => {
      this.#readers.delete(reader)
      return Promise.resolve()
    })
    this.#readers.add(reader)
    return reader.begin(Promise.resolve())
  }

  /** @returns false when there is no reader */
  deliver({ name, crc }: Incoming, bytes: Buffer, start: number, end: number): boolean {
    if (this.#readers.size === 0) return false
    // The bytes are valid during the call only.
    const event = new RawEvent(name, crc, Buffer.from(bytes.subarray(start, end)))
    for (const reader of this.#readers) reader.deliver(event)
    return true
  }

  /** Ends all readers. */
  end(error?: unknown): void {
    for (const reader of this.#readers) reader.end(error)
  }
}

class AnyEventSubscription extends Subscription<AnyEvent> {
  deliver(event: AnyEvent): void {
    this.take(event)
  }
}

class RawEvent implements AnyEvent {
  readonly name: string
  readonly crc: string
  readonly bytes: Buffer

  constructor(name: string, crc: string, bytes: Buffer) {
    this.name = name
    this.crc = crc
    this.bytes = bytes
  }

  as<E>({ descriptor }: MessageClass<E>): E | undefined {
    const same = descriptor.name === this.name && descriptor.crc === this.crc
    return same ? codecOf(descriptor).decode(this.bytes, 0, this.bytes.length) : undefined
  }
}
