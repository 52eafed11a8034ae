import { EXIT, exitCodeOf } from '@vpp-ts/command'
import { CommanderError, type Command } from 'commander'
import { checkCommand, generateCommand } from './commands/generate.ts'
import type { Outcome } from './commands/places.ts'
import { distance } from './distance.ts'
import { reasonOf } from './errors.ts'
import { generatorVersion } from './version.ts'

/** Subcommands, each loaded when it is named: a run of generation needs none of them. */
const SUBCOMMANDS: Readonly<Record<string, (args: readonly string[], outcome: Outcome) => Promise<Command>>> =
  {
    ls: async () => (await import('./commands/list.ts')).listCommand(),
    show: async () => (await import('./commands/show.ts')).showCommand(),
    diff: async (_, outcome) => (await import('./commands/diff.ts')).diffCommand(outcome),
    migrate: async (_, outcome) => (await import('./commands/migrate.ts')).migrateCommand(outcome),
    lint: async (_, outcome) => (await import('./commands/lint.ts')).lintCommand(outcome),
    init: async () => (await import('./commands/init.ts')).initCommand(),
    history: async () => (await import('./commands/history.ts')).historyCommand(),
    import: async () => (await import('./commands/import.ts')).importCommand(),
    export: async () => (await import('./commands/export.ts')).exportCommand(),
    check: async (args) => checkCommand(args),
  }

const HELP = new Set(['help', '--help', '-h'])

/**
 * Runs `binapi-gen`.
 *
 * @param args arguments, without program and script
 * @returns the exit code
 */
export async function main(args: readonly string[]): Promise<number> {
  const outcome: Outcome = { failed: false }
  try {
    await (await program(args, outcome)).parseAsync(args, { from: 'user' })
    return outcome.failed ? EXIT.failed : EXIT.ok
  } catch (error) {
    return report(error, args)
  }
}

async function program(args: readonly string[], outcome: Outcome): Promise<Command> {
  const command = generateCommand(args).version(generatorVersion())
  const help = args.some((arg) => HELP.has(arg))
  for (const [name, load] of Object.entries(SUBCOMMANDS)) {
    if (help || args.includes(name)) command.addCommand(await load(args, outcome))
  }
  return command
}

function report(error: unknown, args: readonly string[]): number {
  // Commander has said what is wrong.
  if (error instanceof CommanderError) return exitCodeOf(error)
  const debug = args.includes('--debug') && error instanceof Error
  const text = debug ? error.stack : `binapi-gen: ${reasonOf(error)}${hintFor(args[0] ?? '')}`
  process.stderr.write(`${text}\n`)
  return exitCodeOf(error)
}

/** A mistyped subcommand is taken for the name of a module. */
function hintFor(word: string): string {
  const names = Object.keys(SUBCOMMANDS)
  if (names.includes(word)) return ''
  const near = names.filter((name) => distance(name, word) <= Math.ceil(word.length / 3))
  return near.length === 0 || word === '' ? '' : `\n(Did you mean ${near.join(' or ')}?)`
}
