import type { Incoming } from './registry.ts'
import { UnaryCall } from './unary-call.ts'

/** Receives the answer to a request. */
export interface AnswerTold {
  /** VPP has accepted; called before the next message is read. */
  answered(): void
  /** The answer came after the deadline. */
  late(): void
}

/** A request whose caller is notified of its answer at once, and also when it comes too late to take back what VPP has done. */
export class LateCall<R> extends UnaryCall<R> {
  readonly #told: AnswerTold

  constructor(told: AnswerTold, ...rest: ConstructorParameters<typeof UnaryCall<R>>) {
    super(...rest)
    this.#told = told
  }

  override receive(incoming: Incoming, bytes: Buffer, start: number, end: number): boolean {
    const ended = super.receive(incoming, bytes, start, end)
    this.#told.answered()
    return ended
  }

  override late(): void {
    this.#told.late()
  }
}
