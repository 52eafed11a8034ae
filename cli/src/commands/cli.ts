import { createInterface } from 'node:readline/promises'
import type { Command } from 'commander'
import { VppApiError } from '@vpp-ts/runtime'
import type { DynamicApi } from '@vpp-ts/runtime/dynamic'
import { CliError } from '../errors.ts'
import { explain } from '../explain.ts'
import type { Host } from '../host.ts'
import { prompt, type RunLine } from '../prompt/prompt.ts'

const EXAMPLES = `
Examples:
  vpp-ts cli show version
  vpp-ts cli "show interface address"
  vpp-ts cli                                  a prompt with history; quit or Ctrl-D ends it
  vpp-ts cli < commands.txt                   one command a line; # begins a comment

Put -- in front of a command with dashes: vpp-ts cli -- ping 192.0.2.1 repeat 1.
The history is in ~/.local/state/vpp-ts/history (env: VPP_TS_HISTORY, empty for none).`

/** Adds `cli`. */
export function addCli(program: Command, host: Host): void {
  program
    .command('cli [words...]')
    .description('run a VPP CLI command, or open a prompt')
    .addHelpText('after', EXAMPLES)
    .action((words: string[]) => cli(host, words))
}

async function cli(host: Host, words: readonly string[]): Promise<void> {
  await using vpp = await host.connect()
  const api = await host.api(vpp)
  const run = runner(api, host.signal)
  if (words.length > 0) return printReply(host, words.join(' '), await run(words.join(' ')))
  const { input, out } = host.context
  if (input.isTTY === true && out.isTerminal) {
    // Awaited here: the connection is closed when this function returns.
    await prompt(host, run)
    return
  }
  let number = 0
  for await (const line of createInterface({ input })) {
    number++
    const command = line.trim()
    if (command === '' || command.startsWith('#')) continue
    const reply = await run(command).catch((error: unknown) => {
      throw atLine(number, command, error)
    })
    await printReply(host, command, reply)
  }
}

/** An error with the line of the file that caused it; the lines before it have been carried out. */
function atLine(number: number, command: string, error: unknown): unknown {
  const explanation = explain(error)
  if (explanation === undefined) return error
  const { problem, remedy, exitCode } = explanation
  const text = `line ${number} (${command}): ${problem}`
  return new CliError('CLI_FAILED', text, remedy, { cause: error, exitCode })
}

async function printReply(host: Host, command: string, reply: string): Promise<void> {
  const { printer } = host
  await (printer.format === 'table' ? printer.text(reply) : printer.one({ command, reply }))
}

function runner(api: DynamicApi, signal: AbortSignal): RunLine {
  return async (line) => {
    const reply = await api.call('cli_inband', { cmd: line }, { signal }).catch((error: unknown) => {
      throw refusalOf(error)
    })
    const text = reply?.['reply']
    if (typeof text === 'string') return text
    throw new CliError('CLI_FAILED', 'VPP answered cli_inband without text')
  }
}

/** What VPP says of a command that failed is in the text of its reply; its number is always the same. */
function refusalOf(error: unknown): unknown {
  if (!(error instanceof VppApiError)) return error
  const { reply } = (error.reply ?? {}) as { readonly reply?: unknown }
  if (typeof reply !== 'string' || reply.trim() === '') return error
  return new CliError('CLI_FAILED', reply.trim(), undefined, { cause: error })
}
