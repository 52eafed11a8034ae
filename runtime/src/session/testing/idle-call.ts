import { Pending } from '../pending.ts'

/** A call that only lies in tables: what it is told is kept. */
export class IdleCall extends Pending {
  readonly messageName = 'idle'
  readonly errors: unknown[] = []
  /** What `extend` answers. */
  progress = false

  constructor(timeout = 1000, started = 0) {
    super(started, timeout)
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

  fail(error: unknown): void {
    this.settle()
    this.errors.push(error)
  }

  override extend(): boolean {
    return this.progress
  }
}
