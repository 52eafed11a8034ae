import { CommanderError, type Command } from 'commander'
import { generateCommand } from './commands/generate.ts'
import { GeneratorError, reasonOf } from './errors.ts'
import { generatorVersion } from './version.ts'

/** Exit codes. */
const DONE = 0
const FAILED = 1
const WRONG_USAGE = 2

/**
 * Runs `binapi-gen`.
 *
 * @param args arguments, without program and script
 * @returns the exit code
 */
export async function main(args: readonly string[]): Promise<number> {
  try {
    await (await program(args)).parseAsync(args, { from: 'user' })
    return DONE
  } catch (error) {
    return report(error, args.includes('--debug'))
  }
}

async function program(args: readonly string[]): Promise<Command> {
  const command = generateCommand(args).version(generatorVersion())
  // What only one subcommand needs is only loaded for it, and for the help that lists it.
  if (args[0] === 'import' || args.some((arg) => arg === 'help' || arg === '--help' || arg === '-h')) {
    const { importCommand } = await import('./commands/import.ts')
    command.addCommand(importCommand())
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
