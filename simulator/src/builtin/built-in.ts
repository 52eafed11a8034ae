import type { Answer, Call } from '../server/call.ts'
import type { Run } from '../server/run.ts'
import { RetvalError } from '../errors.ts'

/** "None" in fields that hold an index. */
export const NONE = 0xffff_ffff

/** Carries a request out on the model. Each one names those fields of its request that it reads. */
export type BuiltIn = (request: never, run: Run, call: Call) => Answer | Promise<Answer>

/** Built-in handlers by the wire name of their request. */
export type BuiltIns = Readonly<Record<string, BuiltIn>>

/** The reply to a request without results. */
export const DONE = Object.freeze({ retval: 0 })

/** Does something that may be refused; the reply then has these fields beside its `retval`. */
export function orRefuse(fields: object, act: () => Answer): Answer {
  try {
    return act()
  } catch (error) {
    if (error instanceof RetvalError) return { ...fields, retval: error.retval }
    throw error
  }
}
