import { RETVAL } from '../errors.ts'
import type { MssClamp } from '../model/mss-clamp.ts'
import type { BuiltIns } from './built-in.ts'
import { DONE, NONE } from './built-in.ts'

/** Limits of TCP's segment size. */
export const mssClamp: BuiltIns = {
  mss_clamp_enable_disable: ({ swIfIndex, ...clamp }: MssClamp & { swIfIndex: number }, { model }) => {
    model.mssClamps.set(swIfIndex, clamp)
    return DONE
  },

  mss_clamp_get: ({ swIfIndex }: { swIfIndex: number }, { model: { interfaces, mssClamps } }) => {
    if (swIfIndex !== NONE && interfaces.find(swIfIndex) === undefined) {
      return { details: [], reply: { retval: RETVAL.INVALID_SW_IF_INDEX, cursor: NONE } }
    }
    const details = mssClamps
      .enabled()
      .filter(([index]) => swIfIndex === NONE || index === swIfIndex)
      .map(([index, clamp]) => ({ swIfIndex: index, ...clamp }))
    // The cursor is behind the whole list; other answers leave it as it is.
    const cursor = swIfIndex === NONE && mssClamps.length > 0 ? mssClamps.length : NONE
    return { details, reply: { cursor } }
  },
}
