import { formatPath, HIDDEN, VppEncodeError, type Refusal } from './errors.ts'
import type { Plan } from './plan.ts'
import { isSecretAt } from './secrets.ts'

/** Turns a refusal into the error that users see. The value of a secret is not in it. */
export function refusalError(
  { segments, expected, received }: Refusal,
  plan: Plan,
  messageName: string,
): VppEncodeError {
  const shown = isSecretAt(plan, segments) ? HIDDEN : received
  return new VppEncodeError({ messageName, path: formatPath(segments), expected, received: shown })
}
