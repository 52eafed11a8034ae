import { RETVAL } from '../errors.ts'
import { refusalOf } from '../server/send-answer.ts'
import type { BuiltIn } from './built-in.ts'

/**
 * What becomes of requests that the simulator has no model of. `unimplemented`: -9, so that a test that relies on them
 * says so. `succeed`: a reply with 0 and zeros. `ignore`: no answer. Dumps and gets are empty in the first two.
 */
export type Unmodelled = 'unimplemented' | 'succeed' | 'ignore'

/** Answers what nothing else answers. */
export function unmodelled(mode: Unmodelled): BuiltIn {
  return (_request, { table }, call) => {
    const { service } = call.entry
    if (mode === 'ignore' || service === undefined) return undefined
    if (service.details !== undefined) return []
    const reply = service.reply === undefined ? undefined : table.byName(service.reply)
    return mode === 'unimplemented' && reply !== undefined ? refusalOf(reply, RETVAL.UNIMPLEMENTED) : {}
  }
}
