import { UnaryCall } from './unary-call.ts'

/** A request whose caller is told when its answer comes too late, to take back what VPP has done. */
export class LateCall<R> extends UnaryCall<R> {
  readonly #late: () => void

  constructor(late: () => void, ...rest: ConstructorParameters<typeof UnaryCall<R>>) {
    super(...rest)
    this.#late = late
  }

  override late(): void {
    this.#late()
  }
}
