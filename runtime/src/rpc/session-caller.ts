import { Caller, type CallTarget } from './caller.ts'
import type { Session } from '../session/session.ts'

/** Makes calls over one session, whether or not others see it yet. */
export function sessionCaller(
  session: Session,
  { clock, deadlines, observer, timeout }: Omit<CallTarget, 'submit' | 'forget'>,
): Caller {
  return new Caller({
    clock,
    deadlines,
    observer,
    timeout,
    submit: (pending) => {
      session.submit(pending)
    },
    forget: (pending) => {
      session.forget(pending)
    },
  })
}
