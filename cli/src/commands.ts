import type { Command } from 'commander'
import { addCall } from './commands/call.ts'
import { addChecks } from './commands/checks.ts'
import { addCli } from './commands/cli.ts'
import { addCompat } from './commands/compat.ts'
import { addCompletion } from './commands/completion.ts'
import { addDump } from './commands/dump.ts'
import { addInfo } from './commands/info.ts'
import { addMessages } from './commands/messages.ts'
import { addPing } from './commands/ping.ts'
import { addShow } from './commands/show.ts'
import { addTrace } from './commands/trace.ts'
import { addWatch } from './commands/watch.ts'
import { addHttp } from './http-command.ts'
import type { Host } from './host.ts'

/** Adds a command to the program. */
export type RegisterCommand = (program: Command, host: Host) => void

/** All commands, in the order of the help. New commands are added here. */
export const COMMANDS: readonly RegisterCommand[] = [
  addInfo,
  addCall,
  addDump,
  addWatch,
  addHttp,
  addCli,
  addMessages,
  addShow,
  addCompat,
  addChecks,
  addPing,
  addTrace,
  addCompletion,
]
