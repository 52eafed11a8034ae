import { readFile } from 'node:fs/promises'
import { parseDuration } from '@vpp-ts/config'
import { InvalidArgumentError, Option, type Command } from 'commander'
import { agentClient, type AgentClient } from '../../client/index.ts'
import { AgentError } from '../../model/errors.ts'
import type { CommandContext } from './context.ts'
import { Screen } from './screen.ts'

/** Where an agent's REST is unless its configuration says otherwise. */
const DEFAULT_URL = 'http://127.0.0.1:9191'

/** Options of every command that talks to a running agent. */
export interface RemoteFlags {
  readonly server: string
  readonly tokenFile?: string
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  readonly instance?: string
  readonly json?: boolean
  readonly color: boolean
  /** Milliseconds. */
  readonly timeout: number
}

/** What a command that talks to a running agent works with. */
export interface Session<F = object> {
  readonly agent: AgentClient
  readonly screen: Screen
  readonly flags: RemoteFlags & F
  readonly context: CommandContext
}

/**
 * Adds a command that talks to a running agent, with the options that all of these have.
 * @param usage name and arguments, as `show <revision>`
 * @param examples lines of a terminal, each with what it does
 */
export function addRemote(
  program: Command,
  usage: string,
  description: string,
  examples: readonly (readonly [line: string, what: string])[],
): Command {
  const width = Math.max(...examples.map(([line]) => line.length))
  const lines = examples.map(([line, what]) => `  $ ${line.padEnd(width)}  # ${what}\n`)
  return program
    .command(usage)
    .description(description)
    .addOption(new Option('--server <url>', 'where the agent is').env('VPP_AGENT_URL').default(DEFAULT_URL))
    .addOption(new Option('--token-file <file>', "file with the agent's token").env('VPP_AGENT_TOKEN_FILE'))
    .addOption(
      new Option('--ca <file>', "certificate (PEM) of the authority of the agent's certificate").env(
        'VPP_AGENT_CA',
      ),
    )
    .addOption(new Option('--cert <file>', 'certificate (PEM) to show to the agent').env('VPP_AGENT_CERT'))
    .addOption(new Option('--key <file>', 'its key (PEM)').env('VPP_AGENT_KEY'))
    .addOption(
      new Option('--instance <name>', 'the VPP that is meant; default: the first of the agent').env(
        'VPP_AGENT_INSTANCE',
      ),
    )
    .addOption(
      new Option('--timeout <duration>', 'maximum time to wait for the agent, as 10s')
        .argParser(millisecondsOf)
        .default(30_000, '30s'),
    )
    .option('--json', 'write JSON, errors included')
    .option('--no-color', 'no colours')
    .addHelpText('after', `\nExamples:\n${lines.join('')}`)
}

/** A duration as milliseconds. */
export function millisecondsOf(text: string): number {
  const milliseconds = parseDuration(text)
  if (milliseconds !== undefined && milliseconds > 0) return milliseconds
  throw new InvalidArgumentError('expected a duration such as 500ms, 10s or 2m')
}

/**
 * Makes the action of a command that talks to a running agent.
 * @param run gets the arguments of the command; what it returns is the exit code
 */
export function remote<F, A extends unknown[] = []>(
  context: CommandContext,
  run: (session: Session<F>, ...args: A) => Promise<number>,
): (...all: unknown[]) => Promise<void> {
  return async (...all) => {
    // Commander gives the arguments, then the options, then the command.
    const flags = all.at(-2) as RemoteFlags & F
    const args = all.slice(0, -2) as A
    const screen = new Screen(context, flags.color)
    context.exitCode = await run({ agent: await clientOf(flags), screen, flags, context }, ...args)
  }
}

/** A client of the agent that options name. */
export async function clientOf(flags: RemoteFlags): Promise<AgentClient> {
  const { server, tokenFile, instance, timeout } = flags
  const tls: { ca?: string; cert?: string; key?: string } = {}
  for (const name of ['ca', 'cert', 'key'] as const) {
    const path = flags[name]
    if (path !== undefined) tls[name] = await read(name, path)
  }
  const token = tokenFile === undefined ? undefined : (await read('token-file', tokenFile)).trim()
  return agentClient({ url: server, token, tls, instance, timeout })
}

/** @throws AgentError `AGENT_CONFIG` */
async function read(option: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const reason = code === 'ENOENT' ? 'does not exist' : `cannot be read: ${message}`
    throw new AgentError('AGENT_CONFIG', `--${option} ${path}: ${reason}`, { cause: error })
  }
}
