import {
  MemifSocketFilenameAddDelV2,
  MemifSocketFilenameDetails,
  MemifSocketFilenameDump,
} from '@vpp-ts/binapi-memif'
import { derived, item, uses } from '../uses.ts'

/** Messages of memif sockets. */
export const MEMIF_SOCKET_MESSAGES = [
  uses(MemifSocketFilenameAddDelV2, {
    isAdd: derived('true to make it, false to remove it'),
    socketId: item('id'),
    socketFilename: item('path'),
  }),
  uses(MemifSocketFilenameDump, {}),
  uses(MemifSocketFilenameDetails, { socketId: item('id'), socketFilename: item('path') }),
]
