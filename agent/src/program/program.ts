import { once } from 'node:events'
import { isIPv4 } from 'node:net'
import { Command, CommanderError, InvalidArgumentError } from 'commander'
import { DEFAULT_SOCKET_PATH, VppError } from '@vpp-ts/runtime'
import { pino } from 'pino'
import { checkFiles } from '../config/check-files.ts'
import { readAgentConfig, type AgentConfig } from '../config/read-config.ts'
import { AgentError } from '../model/errors.ts'
import { programRoutes, type RoutesOptions } from './routes-command.ts'
import { startAgent } from './start-agent.ts'

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
 * The program `vpp-ts-agent`.
 * @returns its exit code: 0 when it was ended or done, 1 when it cannot do its work, 2 for wrong arguments
 */
export async function main(args: readonly string[]): Promise<number> {
  let code = 0
  const command = new Command('vpp-ts-agent')
    .description('Keeps one or more VPPs as they are declared to be. Ends on SIGINT and SIGTERM.')
    .requiredOption('--config <file>', 'configuration file (YAML)')
    .option('--check', 'only read the configuration')
    .exitOverride()
    .action(async (flags: { config: string; check?: boolean }) => {
      const config = await readAgentConfig(flags.config)
      if (flags.check === true) await checkFiles(config)
      else await serve(config)
    })
  const routes = new Command('routes')
    .description('Program routes that drop, say how many a second, and remove them again.')
    .option('--socket <path>', "path of VPP's API socket", DEFAULT_SOCKET_PATH)
    .option('--count <n>', 'routes', countOf, 1000)
    .option('--first <address>', 'address of the first /32', ip4Of, '198.18.0.0')
    .option('--keep', 'leave the routes in VPP', false)
    .exitOverride()
    .action(async (flags: RoutesOptions) => {
      const { count, duration, routesPerSecond } = await programRoutes(flags)
      console.log(`${count} routes in ${duration.toFixed(1)} ms: ${routesPerSecond} routes/second`)
    })
  try {
    const [first, ...rest] = args
    if (first === 'routes') await routes.parseAsync(rest, { from: 'user' })
    else await command.parseAsync(args, { from: 'user' })
  } catch (error) {
    code = report(error)
  }
  return code
}

/** Says what went wrong. @returns the exit code */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (!(error instanceof AgentError) && !(error instanceof VppError)) throw error
  console.error(`vpp-ts-agent: ${error.message}`)
  return 1
}

/** Keeps the VPPs until a signal ends it; what they have stays. */
async function serve(config: AgentConfig): Promise<void> {
  const log = pino({ level: config.log.level, base: { agent: config.name } })
  const ended = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  await using agent = await startAgent(config, log)
  log.info({ instances: [...agent.instances.keys()] }, 'started')
  const [signal] = (await ended) as [string]
  log.info({ signal }, 'ending')
}
