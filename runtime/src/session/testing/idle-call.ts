import { ControlPing } from '../../bootstrap/memclnt.ts'
import { Pending } from '../pending.ts'

/** A call that only lies in tables: what it is told is kept. */
export class IdleCall extends Pending {
  readonly errors: unknown[] = []
  /** What `extend` answers. */
  progress = false

  constructor(timeout = 1000, started = 0) {
    super(ControlPing, started, timeout, { failed: () => {}, misnamed: () => {} })
  }

  prepare(): void {}
  write(): void {}
  patch(): void {}
  receive(): boolean {
    return true
  }

  ends(): boolean {
    return true
  }

  protected override rejected(error: unknown): void {
    this.errors.push(error)
  }

  override extend(): boolean {
    return this.progress
  }
}
