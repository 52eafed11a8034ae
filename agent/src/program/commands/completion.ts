import { SHELLS, completionText, optionsOf, readLine, scriptOf, type Line, type Shell } from '@vpp-ts/command'
import { Argument, type Command, type Option } from 'commander'
import type { AgentClient } from '../../client/index.ts'
import { KINDS } from '../../kinds/built-in.ts'
import { fieldPaths } from '../field-paths.ts'
import type { CommandContext } from './context.ts'
import { clientOf, type RemoteFlags } from './remote.ts'

/** Acceptable wait for candidates, in milliseconds. */
const PATIENCE = 2000
/** Names that are asked for at a time. */
const MOST = 200

const EXAMPLES = `
Examples:
  echo 'source <(vpp-ts-agent completion bash)' >> ~/.bashrc
  vpp-ts-agent completion zsh > ~/.zfunc/_vpp-ts-agent          with fpath+=~/.zfunc in front of compinit
  vpp-ts-agent completion fish > ~/.config/fish/completions/vpp-ts-agent.fish

Kinds, keys of items, revisions, origins and instances come from the agent that the command line names.`

/** `completion`, and what its scripts call. */
export function addCompletion(program: Command, context: CommandContext): void {
  program
    .command('completion')
    .addArgument(new Argument('<shell>', 'for which shell').choices(SHELLS))
    .description('Print the script that completes command lines of vpp-ts-agent.')
    .addHelpText('after', EXAMPLES)
    .action((shell: Shell) => {
      context.out.write(scriptOf(shell, { program: 'vpp-ts-agent', files: true }))
    })
  program
    .command('complete [words...]', { hidden: true })
    .description('candidates for the last of the words, one a line')
    .option('--bash <line>', 'the words as a bash line; candidates are what bash inserts')
    .action(async (words: string[], { bash }: { bash?: string }) => {
      const complete = (line: readonly string[]): Promise<string[]> => candidates(program, context, line)
      const text = await completionText(complete, words, bash)
      if (text !== '') context.out.write(`${text}\n`)
    })
}

/** Candidates for the last word. Without an agent there are fewer, and no error. */
async function candidates(
  program: Command,
  { env }: CommandContext,
  words: readonly string[],
): Promise<string[]> {
  const line = readLine<Option, Command>(program, words)
  const found = await named(program, line, () => clientOf(flagsOf(line, env)))
  // Of a list with commas the last element is completed.
  const kept = line.pending?.long === '--kind' ? line.word.slice(0, line.word.lastIndexOf(',') + 1) : ''
  return found.map((it) => kept + it).filter((it) => it.startsWith(line.word))
}

type Connect = () => Promise<AgentClient>

async function named(program: Command, line: Line<Command, Option>, connect: Connect): Promise<string[]> {
  const { pending, command, word, args } = line
  if (pending !== undefined) return await valuesOf(pending, connect)
  if (word.startsWith('-')) return optionsOf<Option, Command>(program, command)
  if (command === undefined) return program.commands.map((it) => it.name()).filter((it) => it !== 'complete')
  const declared = command.registeredArguments
  const argument = declared[Math.min(args.length, declared.length - 1)]
  if (argument === undefined || (args.length >= declared.length && !argument.variadic)) return []
  if (argument.argChoices !== undefined) return [...argument.argChoices]
  switch (argument.name()) {
    case 'field':
      return fieldPaths(word)
    case 'kind':
      return await kinds(connect)
    case 'key':
      return await asked(async () => {
        const agent = await connect()
        const { items } = await agent.desired({ kind: args[0], search: word, limit: MOST })
        return items.map(({ key }) => key)
      })
    case 'revision':
    case 'from':
    case 'to':
      return await asked(async () =>
        (await (await connect()).revisions()).revisions.map((it) => String(it.number)),
      )
    default:
      // Files: the shell knows them.
      return []
  }
}

async function valuesOf(option: Option, connect: Connect): Promise<string[]> {
  if (option.argChoices !== undefined) return [...option.argChoices]
  switch (option.long) {
    case '--kind':
      return await kinds(connect)
    case '--instance':
      return await asked(async () => (await (await connect()).instances()).instances.map(({ name }) => name))
    case '--origin':
      return await asked(async () => (await (await connect()).origins()).origins.map(({ origin }) => origin))
    default:
      return []
  }
}

async function kinds(connect: Connect): Promise<string[]> {
  const live = await asked(async () => (await (await connect()).kinds()).kinds.map(({ kind }) => kind))
  return live.length > 0 ? live : [...KINDS.items.keys()]
}

/** What the agent says; nothing when there is none, or it says no. */
async function asked(ask: () => Promise<string[]>): Promise<string[]> {
  try {
    return await ask()
  } catch {
    return []
  }
}

/** Which agent the line is about: options, else the environment as for the commands themselves. */
function flagsOf({ command, options }: Line<Command, Option>, env: CommandContext['env']): RemoteFlags {
  const flags: Record<string, unknown> = {}
  for (const option of command?.options ?? []) {
    const given = options.get(option) ?? (option.envVar === undefined ? undefined : env[option.envVar])
    const value: unknown = given ?? option.defaultValue
    if (value !== undefined) flags[option.attributeName()] = value
  }
  return { ...(flags as unknown as RemoteFlags), timeout: PATIENCE }
}
