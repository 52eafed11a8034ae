import { RETVAL } from '../errors.ts'
import type { BuiltIns } from './built-in.ts'

/** The number of the table of devices, which counts its changes; without devices it stays at its first value. */
const EPOCH = 0

/** Access by time of day, without devices. */
export const mactime: BuiltIns = {
  // A reply follows the details, which the definitions do not say.
  mactime_dump: ({ myTableEpoch }: { myTableEpoch: number }, _run, call) => {
    const retval = myTableEpoch === EPOCH ? RETVAL.NO_CHANGE : 0
    call.send('mactime_dump_reply', { retval, tableEpoch: EPOCH })
    return undefined
  },
}
