import { ControlPing } from '../../bootstrap/memclnt.ts'
import { Pending } from '../pending.ts'
import { Outgoing } from '../registry.ts'
import { observing } from './observer.ts'

/** A call that only lies in tables; it records what it is notified of. */
export class IdleCall extends Pending {
  readonly errors: unknown[] = []
  /** What `extend` answers. */
  progress = false
  override readonly request = ControlPing
  #since: number

  constructor(timeout = 1000, started = 0) {
    super(undefined, started, timeout, observing())
    this.#since = started
  }

  freeze(): void {}
  prepare(): Outgoing {
    return new Outgoing(ControlPing.descriptor)
  }

  write(): void {}
  receive(): boolean {
    return true
  }

  ends(): boolean {
    return true
  }

  protected override rejected(error: unknown): void {
    this.errors.push(error)
  }

  override get since(): number {
    return this.#since
  }

  override extend(now: number): boolean {
    this.#since = now
    return this.progress
  }
}
