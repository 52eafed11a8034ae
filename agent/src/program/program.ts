import { once } from 'node:events'
import { isIPv4 } from 'node:net'
import { EXIT, exitCodeOf, versionOf } from '@vpp-ts/command'
import { DEFAULT_SOCKET_PATH, VppError } from '@vpp-ts/runtime'
import { suggest } from '@vpp-ts/runtime/dynamic'
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { pino } from 'pino'
import type { AgentConfig } from '../config/read-config.ts'
import { AgentClientError } from '../client/index.ts'
import { AgentError } from '../model/errors.ts'
import { addApply } from './commands/apply.ts'
import { addCompletion } from './commands/completion.ts'
import { addConfirm } from './commands/confirm.ts'
import { contextOfProcess, type CommandContext } from './commands/context.ts'
import { addDiagnosis } from './commands/diagnosis.ts'
import { addEvents } from './commands/events.ts'
import { addHistory } from './commands/history.ts'
import { addItems } from './commands/items.ts'
import { addPlan } from './commands/plan.ts'
import { addPut } from './commands/put.ts'
import { addReport } from './commands/report.ts'
import { addStatus } from './commands/status.ts'
import { addCheck, checkWatched } from './commands/check.ts'
import { addDump } from './commands/dump.ts'
import { addExplain, addSchema } from './commands/explain.ts'
import { addGraph } from './commands/graph.ts'
import { Screen } from './commands/screen.ts'
import type { RoutesOptions } from './routes-command.ts'
import type { Store } from '../store/store.ts'
import { exportStore, importStore } from './transfer.ts'

/** Most routes that the command programs: more addresses than these there are hardly. */
const MOST_ROUTES = 10_000_000

function countOf(text: string): number {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value >= 1 && value <= MOST_ROUTES) return value
  throw new InvalidArgumentError(`expected a whole number from 1 to ${MOST_ROUTES}`)
}

function ip4Of(text: string): string {
  if (isIPv4(text)) return text
  throw new InvalidArgumentError('expected an IPv4 address')
}

/**
 * The program `vpp-ts-agent`. What serves an agent is loaded by the commands that need it: the others begin at once.
 * @returns the exit code, see `EXIT`
 */
export async function main(
  args: readonly string[],
  context: CommandContext = contextOfProcess(),
): Promise<number> {
  try {
    await makeCommand(context).parseAsync(args, { from: 'user' })
    return context.exitCode
  } catch (error) {
    return report(error, context, args.includes('--json'))
  }
}

/** What a call of the program does when its output cannot be written: an agent serves on, a command ends. */
export function lostOutputOf([first]: readonly string[]): 'end' | 'serve' {
  return first === undefined || first.startsWith('-') ? 'serve' : 'end'
}

function makeCommand(context: CommandContext): Command {
  const command = new Command('vpp-ts-agent')
  command
    .version(versionOf(new URL('../../package.json', import.meta.url)))
    .description('Keeps one or more VPPs in their declared state. Ends on SIGINT and SIGTERM.')
    .option('--config <file>', 'configuration file (YAML)')
    .option('--check', 'only check the configuration and its folders of items')
    // The commands below have options of the same names.
    .enablePositionalOptions()
    .allowExcessArguments()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void context.out.write(text),
      writeErr: (text) => void context.err.write(text),
    })
    .action(async (flags: { config?: string; check?: boolean }) => {
      const [unknown] = command.args
      if (unknown !== undefined) refuse(command, `unknown command '${unknown}'${hintFor(unknown, command)}`)
      const { config: file } = flags
      if (file === undefined) return refuse(command, "required option '--config <file>' not specified")
      const { readAgentConfig } = await import('../config/read-config.ts')
      const { checkFiles } = await import('../config/check-files.ts')
      const config = await readAgentConfig(file)
      if (flags.check === true) {
        await checkFiles(config)
        await checkWatched(config, context)
      } else await serve(config)
    })
  command
    .command('routes')
    .description('Program routes that drop, say how many a second, and remove them again.')
    .addOption(
      new Option('--socket <path>', "path of VPP's API socket")
        .env('VPP_API_SOCKET')
        .default(DEFAULT_SOCKET_PATH),
    )
    .option('--count <n>', 'routes', countOf, 1000)
    .option('--first <address>', 'address of the first /32', ip4Of, '198.18.0.0')
    .option('--keep', 'leave the routes in VPP', false)
    .action(async (flags: RoutesOptions) => {
      const { programRoutes } = await import('./routes-command.ts')
      const { count, duration, routesPerSecond } = await programRoutes(flags)
      console.log(`${count} routes in ${duration.toFixed(1)} ms: ${routesPerSecond} routes/second`)
    })
  addTransfer(command, 'export', 'Write all that the store has to a new file.', exportStore)
  const importing = addTransfer(
    command,
    'import',
    'Fill an empty store from a file that export wrote.',
    importStore,
  )
  importing
    .alias('restore')
    .command('vppcfg')
    .description('Write a configuration of vppcfg as items, with a line for everything that is left out.')
    .argument('<file>', 'configuration of vppcfg (YAML)')
    .action(async (file: string) => {
      const { importVppcfg } = await import('./import-vppcfg.ts')
      context.out.write(await importVppcfg(file))
    })
  addPlan(command, context)
  addApply(command, context)
  addCheck(command, context)
  addDump(command, context)
  addCompletion(command, context)
  addExplain(command, context)
  addGraph(command, context)
  addSchema(command, context)
  addConfirm(command, context)
  addHistory(command, context)
  addPut(command, context)
  addItems(command, context)
  addStatus(command, context)
  addEvents(command, context)
  addReport(command, context)
  addDiagnosis(command, context)
  return command
}

function refuse(command: Command, problem: string): never {
  command.error(`error: ${problem}`, { code: 'commander.usage', exitCode: EXIT.usage })
}

function hintFor(word: string, { commands }: Command): string {
  const near = suggest(
    word,
    commands.map((it) => it.name()),
  )
  return near.length === 0 ? '' : `\n(Did you mean ${near.join(' or ')}?)`
}

/** A command that takes a store to or from a file. */
function addTransfer(
  program: Command,
  name: string,
  description: string,
  transfer: (store: Store, file: string) => Promise<number>,
): Command {
  const command = program.command(name)
  return command
    .description(`${description} It holds the secrets of items. The agent may run meanwhile.`)
    .option('--config <file>', 'configuration file (YAML)')
    .option('--file <file>', 'file of the export')
    .action(async (flags: { config?: string; file?: string }) => {
      const { config: from, file } = flags
      // Not required of the parser: it would ask for them in commands below this one, too.
      if (from === undefined) return refuse(command, "required option '--config <file>' not specified")
      if (file === undefined) return refuse(command, "required option '--file <file>' not specified")
      const { readAgentConfig } = await import('../config/read-config.ts')
      const { checkFiles } = await import('../config/check-files.ts')
      const { openStore } = await import('./start-agent.ts')
      const config = await readAgentConfig(from)
      await checkFiles(config)
      const store = await openStore(config.store)
      try {
        console.log(`${name}: ${await transfer(store, file)} entries`)
      } finally {
        await store.close()
      }
    })
}

/** Says what went wrong. @returns the exit code */
function report(error: unknown, context: CommandContext, asJson: boolean): number {
  if (error instanceof CommanderError) return exitCodeOf(error)
  const isRemote = error instanceof AgentClientError
  const known = isRemote || error instanceof AgentError || error instanceof VppError || isSystemError(error)
  if (!known) throw error
  if (asJson) {
    const { code, message } = error
    const facts = isRemote ? { remedy: error.remedy, problem: error.problem } : {}
    context.err.write(`${JSON.stringify({ error: { code, message, ...facts } })}\n`)
    return exitCodeOf(error)
  }
  const screen = new Screen(context, false)
  screen.note(`vpp-ts-agent: ${error.message}`)
  const problems = isRemote ? (error.problem?.problems ?? []) : []
  for (const { field, message } of problems) {
    if (!error.message.includes(message)) screen.note(`  ${field}: ${message}`)
  }
  if (isRemote && error.remedy !== undefined) screen.note(`  ${error.remedy}`)
  return exitCodeOf(error)
}

/** True for what the operating system refused, as a file that exists. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error
}

/** Keeps the VPPs until a signal ends it; what they have stays. */
async function serve(config: AgentConfig): Promise<void> {
  // Not the destination of pino's own: an agent whose log cannot be written must go on keeping its VPPs.
  const log = pino({ level: config.log.level, base: { agent: config.name } }, process.stdout)
  const { startAgent } = await import('./start-agent.ts')
  const ended = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  await using agent = await startAgent(config, log)
  log.info({ instances: [...agent.instances.keys()] }, 'started')
  const [signal] = (await ended) as [string]
  log.info({ signal }, 'ending')
}
