import { PppoeAddDelCp } from '@vpp-ts/binapi-pppoe'
import { CliInband, CliInbandReply } from '@vpp-ts/binapi-vlib'
import { derived, indexOf, unused, uses } from '../uses.ts'

/** Messages of the interface of control packets. */
export const PPPOE_MESSAGES = [
  uses(PppoeAddDelCp, {
    swIfIndex: indexOf('interface'),
    isAdd: derived('1 to send control packets to it, 0 to send them nowhere'),
  }),
  uses(CliInband, {
    cmd: derived('`show interface features NAME`: no message tells where control packets go'),
  }),
  uses(CliInbandReply, {
    retval: unused('the text says it'),
    reply: derived('read for the interface of control packets'),
  }),
]
