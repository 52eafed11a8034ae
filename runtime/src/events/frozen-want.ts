import { decodeMessage, encodeMessage } from '../codec/message.ts'
import { atCaller } from '../errors/caller-stack.ts'
import type { WantMethod } from './want.ts'

/**
 * What a subscription asks for, as it was at the call: the request is sent again after each reconnect, and the caller's
 * object may have changed by then.
 * @throws VppEncodeError
 */
export function frozenWant({ request: type, pid }: WantMethod, request: object): object {
  const frozen: Record<string, unknown> = { ...(copyOf(type, request) as object) }
  // A process id that is left out is filled in when the request is sent.
  if (pid !== undefined && (request as Record<string, unknown>)[pid] === undefined) delete frozen[pid]
  return frozen
}

function copyOf(type: WantMethod['request'], request: object): unknown {
  try {
    return decodeMessage(type, encodeMessage(type, request as never))
  } catch (error) {
    throw atCaller(error)
  }
}
