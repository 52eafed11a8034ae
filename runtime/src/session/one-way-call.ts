import type { MessageClass } from '../api/method.ts'
import { rejection } from '../errors/caller-stack.ts'
import type { CallObserver } from './pending.ts'
import { SingleRequest } from './single-request.ts'

/** A message that gets no answer: it ends when it has been written, and waits as other requests do until then. */
export class OneWayCall extends SingleRequest {
  override readonly request: MessageClass<unknown>
  readonly #resolve: (written: void | Promise<never>) => void

  /** @param resolve takes nothing, or a promise that rejects */
  constructor(
    request: MessageClass<unknown>,
    value: object,
    started: number,
    timeout: number,
    observer: CallObserver,
    resolve: (written: void | Promise<never>) => void,
  ) {
    super(value, started, timeout, observer)
    this.request = request
    this.#resolve = resolve
  }

  override get oneWay(): boolean {
    return true
  }

  override written(): void {
    this.settle()
    this.#resolve()
  }

  /** It has no context, so that nothing comes for it. */
  override receive(): boolean {
    return true
  }

  override ends(): boolean {
    return true
  }

  protected override rejected(error: unknown): void {
    this.#resolve(rejection(error))
  }
}
