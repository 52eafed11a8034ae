import { VppError } from './vpp-error.ts'
import { API_ERRORS } from './api-errors.ts'

/** EAGAIN: a paged dump continues at the cursor of its reply. */
export const RETVAL_EAGAIN = -165
/** INVALID_REGISTRATION: already subscribed, or not subscribed. */
export const RETVAL_INVALID_REGISTRATION = -31

/** VPP carried out the request but refused: a negative `retval`. */
export class VppApiError extends VppError {
  /** VPP's number, below 0. */
  readonly retval: number
  /** VPP's name of it, such as `INVALID_SW_IF_INDEX`; `UNKNOWN` for a number this version does not know. */
  readonly apiName: string
  /** Wire name of the request. */
  readonly messageName: string
  /** Context of the call. */
  readonly context: number
  /** The reply as it came. VPP does not promise its other fields to mean anything. */
  readonly reply: unknown
  /** The request as it was sent, in the form of JSON; keys, passwords and the like are `(hidden)`. */
  readonly request: unknown

  constructor(retval: number, messageName: string, context: number, reply: unknown, request?: unknown) {
    const [apiName, text] = API_ERRORS[retval] ?? ['UNKNOWN', 'a code that this version does not know']
    super('VPP_API_ERROR', `${messageName}: ${apiName} (${retval}): ${text}`)
    this.retval = retval
    this.apiName = apiName
    this.messageName = messageName
    this.context = context
    this.reply = reply
    this.request = request
  }
}

/** The reply's `retval` as a signed number; 0 where it has none. Three replies declare it unsigned. */
export function retvalOf(reply: unknown): number {
  const { retval } = reply as { retval?: unknown }
  return typeof retval === 'number' ? retval | 0 : 0
}
