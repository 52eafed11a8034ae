import { CommanderError, type Command } from 'commander'
import { checkCommand, generateCommand } from './commands/generate.ts'
import type { Outcome } from './commands/places.ts'
import { GeneratorError, reasonOf } from './errors.ts'
import { generatorVersion } from './version.ts'

/** Exit codes. */
const DONE = 0
const FAILED = 1
const WRONG_USAGE = 2

/** Subcommands, each loaded when it is named: a run of generation needs none of them. */
const SUBCOMMANDS: Readonly<Record<string, (args: readonly string[], outcome: Outcome) => Promise<Command>>> =
  {
    ls: async () => (await import('./commands/list.ts')).listCommand(),
    show: async () => (await import('./commands/show.ts')).showCommand(),
    diff: async (_, outcome) => (await import('./commands/diff.ts')).diffCommand(outcome),
    migrate: async (_, outcome) => (await import('./commands/migrate.ts')).migrateCommand(outcome),
    lint: async (_, outcome) => (await import('./commands/lint.ts')).lintCommand(outcome),
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
    return outcome.failed ? FAILED : DONE
  } catch (error) {
    return report(error, args.includes('--debug'))
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

function report(error: unknown, debug: boolean): number {
  // Commander has said what is wrong.
  if (error instanceof CommanderError) return error.exitCode === 0 ? DONE : WRONG_USAGE
  process.stderr.write(
    `${debug && error instanceof Error ? error.stack : `binapi-gen: ${reasonOf(error)}`}\n`,
  )
  return error instanceof GeneratorError && error.code === 'BINAPI_USAGE' ? WRONG_USAGE : FAILED
}
