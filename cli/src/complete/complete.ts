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

/** The command line so far, read as far as completing needs. */
interface Line {
  readonly command: Command | undefined
  /** Arguments of the command. */
  readonly args: readonly string[]
  /** Options that take a value, with the value. */
  readonly options: ReadonlyMap<Option, string>
  /** The option whose value the last word is. */
  readonly pending: Option | undefined
  /** The word to complete. */
  readonly word: string
}

/**
 * Candidates for the last of the words of a command line, the program's name left out. VPP is asked where its messages
 * matter; without it there are fewer candidates, and no error.
 */
export async function complete(program: Command, host: Host, words: readonly string[]): Promise<string[]> {
  const line = readLine(program, words)
  const candidates = await candidatesFor(program, host, line)
  return candidates.filter((it) => it.startsWith(line.word))
}

async function candidatesFor(program: Command, host: Host, line: Line): Promise<string[]> {
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

function optionsOf(program: Command, command: Command | undefined): string[] {
  const all = [...program.options, ...(command?.options ?? [])]
  return [...all.flatMap((option) => (option.long == null ? [] : [option.long])), '--help']
}

/** Options such as `--socket` decide which VPP is asked. */
function applyGlobals(program: Command, { options }: Line): void {
  for (const [option, value] of options) {
    if (program.options.includes(option)) {
      const parsed: unknown = option.parseArg === undefined ? value : option.parseArg(value, undefined)
      program.setOptionValue(option.attributeName(), parsed)
    }
  }
}

function readLine(program: Command, words: readonly string[]): Line {
  let command: Command | undefined
  let pending: Option | undefined
  const args: string[] = []
  const options = new Map<Option, string>()
  for (const word of words.slice(0, -1)) {
    if (pending !== undefined) {
      options.set(pending, word)
      pending = undefined
    } else if (word.startsWith('-')) {
      const [name, value] = splitOption(word)
      const known = [...program.options, ...(command?.options ?? [])]
      const option = known.find((it) => it.long === name || it.short === name)
      if (option?.required !== true) continue
      if (value === undefined) pending = option
      else options.set(option, value)
    } else if (command === undefined) {
      command = program.commands.find((it) => it.name() === word)
    } else args.push(word)
  }
  return { command, args, options, pending, word: words.at(-1) ?? '' }
}

function splitOption(word: string): [name: string, value: string | undefined] {
  const equals = word.indexOf('=')
  return word.startsWith('--') && equals > 0
    ? [word.slice(0, equals), word.slice(equals + 1)]
    : [word, undefined]
}
