import type { Command } from 'commander'
import { addCall } from './commands/call.ts'
import { addInfo } from './commands/info.ts'
import type { Host } from './host.ts'

/** Adds a command to the program. */
export type RegisterCommand = (program: Command, host: Host) => void

/** All commands, in the order of the help. A new one is added here and nowhere else. */
export const COMMANDS: readonly RegisterCommand[] = [addInfo, addCall]
