import { codecOf } from '../codec/codec.ts'
import type { MessageDescriptor } from '../codec/descriptor.ts'
import type { EventSink } from '../session/registry.ts'
import type { Want } from './want.ts'

/**
 * All readers of one kind of event. VPP sends an event once for each want that it is for, all copies in a row, and does
 * not say for which; here every reader gets those that it asked for, once.
 */
export class EventKind implements EventSink {
  readonly descriptor: MessageDescriptor
  readonly #readers = new Map<EventSink, Want | undefined>()
  /** Wants that VPP has taken and not given back. */
  readonly #active = new Set<Want>()
  /** Whether readers or wants differ in what they are for. */
  #mixed = false
  #last = Buffer.alloc(0)
  /** Copies of the last event that are still to come. */
  #copies = 0

  constructor(descriptor: MessageDescriptor) {
    this.descriptor = descriptor
  }

  /** Readers that there are. */
  get size(): number {
    return this.#readers.size
  }

  /** @param want what the reader asked for; undefined for one that takes all that comes */
  add(reader: EventSink, want?: Want): void {
    this.#readers.set(reader, want)
    this.#look()
  }

  delete(reader: EventSink): void {
    this.#readers.delete(reader)
    this.#look()
  }

  readers(): EventSink[] {
    return [...this.#readers.keys()]
  }

  /** VPP sends events for a want from now on, or no longer. */
  active(want: Want, on: boolean): void {
    if (on) this.#active.add(want)
    else this.#active.delete(want)
    this.#look()
  }

  /** The session has ended. */
  reset(): void {
    this.#active.clear()
    this.#copies = 0
    this.#look()
  }

  deliver(bytes: Buffer, start: number, end: number): void {
    if (!this.#mixed) {
      for (const reader of this.#readers.keys()) reader.deliver(bytes, start, end)
      return
    }
    if (this.#copies > 0 && this.#last.equals(bytes.subarray(start, end))) {
      this.#copies--
      return
    }
    const event = this.#decode(bytes, start, end)
    const isFor = (want: Want | undefined) => event === undefined || want?.filter?.(event) !== false
    this.#last = Buffer.from(bytes.subarray(start, end))
    this.#copies = Math.max(0, [...this.#active].filter(isFor).length - 1)
    for (const [reader, want] of this.#readers) if (isFor(want)) reader.deliver(bytes, start, end)
  }

  #look(): void {
    const wants = new Set<Want | undefined>([...this.#readers.values(), ...this.#active])
    wants.delete(undefined)
    this.#mixed = wants.size > 1
  }

  /** Undefined when it cannot be read: every reader is then notified. */
  #decode(bytes: Buffer, start: number, end: number): object | undefined {
    try {
      return codecOf(this.descriptor).decode(bytes, start, end) as object
    } catch {
      return undefined
    }
  }
}
