import { PppoeAddDelSession } from '@vpp-ts/binapi-pppoe'
import { CliInband, CliInbandReply } from '@vpp-ts/binapi-vlib'
import { derived, item, unused, uses } from '../uses.ts'

/** Messages of sessions. */
export const PPPOE_SESSION_MESSAGES = [
  uses(PppoeAddDelSession, {
    isAdd: derived('true to make it, false to remove it'),
    sessionId: item('session'),
    clientIp: item('address'),
    decapVrfId: item('table'),
    clientMac: item('mac'),
  }),
  uses(CliInband, {
    cmd: derived(
      '`show pppoe session`, since VPP sends the details of its dump under the number of another message, and `show ip fib table N summary` for the index of a table',
    ),
  }),
  uses(CliInbandReply, { retval: unused('the text says it'), reply: derived('read for sessions') }),
]
