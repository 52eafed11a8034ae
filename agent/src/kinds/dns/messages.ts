import { DnsEnableDisable, DnsNameServerAddDel } from '@vpp-ts/binapi-dns'
import { CliInband, CliInbandReply } from '@vpp-ts/binapi-vlib'
import { derived, item, unused, uses } from '../uses.ts'

/** Messages that turn name resolution on and tell whether it is. */
export const DNS_MESSAGES = [
  uses(DnsEnableDisable, { enable: derived('1 to turn it on, 0 to turn it off') }),
  uses(CliInband, {
    cmd: derived(
      '`show dns cache`: no message tells whether it is on. The command that shows servers can crash VPP',
    ),
  }),
  uses(CliInbandReply, { retval: unused('the text says it'), reply: derived('read for whether it is on') }),
]

/** Messages of servers. */
export const DNS_SERVER_MESSAGES = [
  uses(DnsNameServerAddDel, {
    isIp6: derived('the family of `servers[]`'),
    isAdd: derived('1 to add a server, 0 to remove it'),
    serverAddress: item('servers[]'),
  }),
]
