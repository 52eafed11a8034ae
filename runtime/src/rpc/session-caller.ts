import { Caller, type CallTarget } from './caller.ts'
import type { Session } from '../session/session.ts'

/** Makes calls over one session, whether or not others see it yet. */
export function sessionCaller(
  session: Session,
  { clock, deadlines, observer, replyTimeout }: Omit<CallTarget, 'submit' | 'forget'>,
): Caller {
  return new Caller({
    clock,
    deadlines,
    observer,
    replyTimeout,
    submit: (pending) => {
      session.submit(pending)
    },
    forget: (pending) => {
      session.forget(pending)
    },
  })
}
