import { CliInband, CliInbandReply } from '@vpp-ts/binapi-vlib'
import { derived, unused, uses } from './uses.ts'

/** The command line, for what no message reports: flow hashes, and paths that are dead. */
export const CLI_MESSAGES = [
  uses(CliInband, {
    cmd: derived(
      '`show ip fib table N summary` and `show fib path-lists`: no message tells a flow hash, or that a path is dead',
    ),
  }),
  uses(CliInbandReply, {
    retval: unused('the text says it'),
    reply: derived('read for `flowHash`, and for paths that are dead'),
  }),
]
