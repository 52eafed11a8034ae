import type { DynamicMessage } from '@vpp-ts/runtime/dynamic'
import { RetvalError } from '../errors.ts'

/** A client's standing wish for events of one kind. */
export interface Subscription {
  /** As in the request; comes back in every event. */
  readonly clientIndex: number
  /** As in the request; comes back in every event. */
  readonly pid: number
  /** The request, for subscriptions with a filter. */
  readonly request: DynamicMessage
}

/** Who wants which events. */
export class Subscriptions {
  readonly #byEvent = new Map<string, Map<number, Subscription>>()

  /** @throws RetvalError -31 when the client has subscribed already */
  add(event: string, subscription: Subscription): void {
    const subscribed = this.#of(event)
    if (subscribed.has(subscription.clientIndex)) throw new RetvalError('INVALID_REGISTRATION')
    subscribed.set(subscription.clientIndex, subscription)
  }

  /** Subscribes again, with other filters. */
  replace(event: string, subscription: Subscription): void {
    this.#of(event).set(subscription.clientIndex, subscription)
  }

  /** @throws RetvalError -31 when the client has not subscribed */
  remove(event: string, clientIndex: number): void {
    if (!this.#of(event).delete(clientIndex)) throw new RetvalError('INVALID_REGISTRATION')
  }

  /** Forgets a client that is gone. */
  forget(clientIndex: number): void {
    for (const subscribed of this.#byEvent.values()) subscribed.delete(clientIndex)
  }

  /** Subscriptions to an event. */
  of(event: string): Iterable<Subscription> {
    return this.#byEvent.get(event)?.values() ?? []
  }

  #of(event: string): Map<number, Subscription> {
    let subscribed = this.#byEvent.get(event)
    if (subscribed === undefined) this.#byEvent.set(event, (subscribed = new Map()))
    return subscribed
  }
}
