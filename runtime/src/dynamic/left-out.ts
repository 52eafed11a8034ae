import { codecOf } from '../codec/codec.ts'
import type { DescribedMessage } from '../session/registry.ts'

/**
 * Refuses a request, as JSON with the names of properties, that leaves out an interface index without a default: made
 * into a message it would name interface 0, `local0`.
 * @throws VppEncodeError with the path
 */
export function refuseLeftOut({ descriptor }: DescribedMessage, request: unknown): void {
  if (typeof request === 'object' && request !== null) codecOf(descriptor).checkLeftOut?.(request)
}
