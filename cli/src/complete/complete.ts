import { optionsOf, readLine, type Line } from '@vpp-ts/command'
import type { Command, Option } from 'commander'
import type { Schema } from '@vpp-ts/runtime/dynamic'
import type { Host } from '../host.ts'
import { completeField } from './field.ts'
import { rolesOf } from '../schema/roles.ts'
import type { Role } from '../schema/roles.ts'

/** Commands that begin with the name of a message, and what it must be. */
const MESSAGE_ROLES: Readonly<Record<string, readonly Role[] | 'all'>> = {
  call: ['call'],
  dump: ['dump'],
  show: 'all',
  trace: ['call', 'dump'],
  watch: ['event'],
}

type CliLine = Line<Command, Option>

/**
 * Candidates for the last of the words of a command line, the program's name left out. VPP is asked where its messages
 * matter; without it there are fewer candidates, and no error.
 */
export async function complete(program: Command, host: Host, words: readonly string[]): Promise<string[]> {
  const line = readLine(program, words)
  const candidates = await candidatesFor(program, host, line)
  return candidates.filter((it) => it.startsWith(line.word))
}

async function candidatesFor(program: Command, host: Host, line: CliLine): Promise<string[]> {
  const { pending, command, word, args } = line
  if (pending !== undefined) return [...(pending.argChoices ?? [])]
  if (word.startsWith('-')) return optionsOf(program, command)
  if (command === undefined) return program.commands.map((it) => it.name()).filter((it) => it !== 'complete')
  const roles = MESSAGE_ROLES[command.name()]
  if (roles === undefined) return args.length === 0 ? choicesOf(command) : []
  applyGlobals(program, line)
  try {
    if (args.length > 0) return await completeField(host, args[0] ?? '', word)
    return messagesOf(await host.definitions(), roles)
  } catch {
    return []
  }
}

function messagesOf(schema: Schema, wanted: readonly Role[] | 'all'): string[] {
  if (wanted === 'all') return schema.messages()
  const roles = rolesOf(schema)
  return [...roles].filter(([, role]) => wanted.includes(role)).map(([name]) => name)
}

function choicesOf(command: Command): string[] {
  return [...(command.registeredArguments[0]?.argChoices ?? [])]
}

/** Options such as `--socket` decide which VPP is asked. */
function applyGlobals(program: Command, { options }: CliLine): void {
  for (const [option, value] of options) {
    if (program.options.includes(option)) {
      const parsed: unknown = option.parseArg === undefined ? value : option.parseArg(value, undefined)
      program.setOptionValue(option.attributeName(), parsed)
    }
  }
}
