import type { MessageDescriptor } from '../codec/descriptor.ts'
import type { Deferred } from '../async/deferred.ts'
import type { EventMethod } from '../api/method.ts'
import type { EventSink } from '../session/registry.ts'

/** How to ask VPP for an event. */
export type WantMethod = NonNullable<EventMethod<unknown, unknown, unknown>['want']>

/** Whether an event is one that a `want_…` asked for. */
export type WantFilter = (event: object) => boolean

/** A reader that can be notified that its events will not arrive. */
export interface Subscriber extends EventSink {
  end(error: unknown): void
}

/** What VPP is asked for, and who reads it. */
export interface Want {
  readonly key: string
  readonly event: MessageDescriptor
  readonly method: WantMethod
  readonly request: object
  /** Which events are its; undefined when they do not say. */
  readonly filter: WantFilter | undefined
  readonly subscribers: Set<Subscriber>
  readonly confirmed: Deferred<void>
}
