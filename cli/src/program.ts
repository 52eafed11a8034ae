import { setImmediate } from 'node:timers/promises'
import { EXIT, exitCodeOf, versionOf } from '@vpp-ts/command'
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { COMMANDS } from './commands.ts'
import { processContext } from './context.ts'
import type { CliContext } from './context.ts'
import { explain } from './explain.ts'
import { Host } from './host.ts'
import type { GlobalOptions } from './host.ts'
import { escapeLines } from './output/escape.ts'
import { OUTPUT_FORMATS } from './output/printer.ts'

const LONGEST_TIMEOUT = 86_400

const EXAMPLES = `
Examples:
  vpp-ts info                                     which VPP is this?
  vpp-ts messages route                           messages with "route" in their names
  vpp-ts show ip_route_add_del                    the fields of a message
  vpp-ts dump sw_interface_dump                   all interfaces
  vpp-ts call create_loopback                     make an interface
  vpp-ts call sw_interface_set_flags sw_if_index=loop0 flags=admin_up
  vpp-ts watch sw_interface_event                 events until Ctrl-C
  vpp-ts cli show version                         VPP's own command line
  vpp-ts dump ip_route_v2_dump table.table_id=0 --output ndjson | jq .route.prefix
  vpp-ts --prefix vpp2 ping                       another VPP of this machine

Which VPP: --socket, else --prefix, else VPP_API_SOCKET, else /run/vpp/api.sock.
Exit codes: 0 done; 1 VPP refused, or a check found something; 2 wrong arguments or values;
3 VPP cannot be reached; 4 VPP does not answer in time; 130 interrupted.`

/**
 * Runs the command `vpp-ts`.
 * @param args without the program's name
 * @returns the exit code, see `EXIT`
 */
export async function main(args: readonly string[], context: CliContext = processContext()): Promise<number> {
  try {
    await makeProgram(context).parseAsync([...args], { from: 'user' })
    return endWithoutOutput(context)
  } catch (error) {
    return report(error, context)
  }
}

/** The program with all its commands. */
export function makeProgram(context: CliContext): Command {
  const program = new Command('vpp-ts')
    .version(versionOf(new URL('../package.json', import.meta.url)))
    .description('Call, dump, watch and diagnose a running FD.io VPP. Message definitions come from VPP.')
    .addOption(new Option('-s, --socket <path>', "VPP's API socket (env: VPP_API_SOCKET)"))
    .addOption(new Option('-p, --prefix <name>', 'the VPP whose socket is /run/vpp/NAME/api.sock'))
    .addOption(new Option('-o, --output <format>', 'how to print').choices(OUTPUT_FORMATS).default('table'))
    .addOption(
      new Option('-t, --timeout <seconds>', 'how long to wait for VPP').argParser(seconds).default(5),
    )
    .addOption(new Option('--api <folder>', "definitions from .api.json files instead of VPP's"))
    .addHelpText('after', EXAMPLES)
    .showHelpAfterError('(see vpp-ts --help)')
    .configureOutput({
      writeOut: (text) => void context.out.write(text),
      writeErr: (text) => void context.err.write(text),
      getOutHasColors: () => context.out.hasColor,
      getErrHasColors: () => context.err.hasColor,
    })
    .exitOverride()
  const host = new Host(context, () => program.opts<GlobalOptions>())
  for (const register of COMMANDS) register(program, host)
  // Commands made after exitOverride inherit it, and so they inherit where help goes to.
  return program
}

function seconds(text: string): number {
  const value = Number(text)
  if (value > 0 && value <= LONGEST_TIMEOUT) return value
  throw new InvalidArgumentError(`must be a number of seconds up to ${LONGEST_TIMEOUT}.`)
}

/** Ends quietly when the reader is gone, as with `| head`; a full disk is a failure. */
async function endWithoutOutput({ out, err }: CliContext): Promise<number> {
  // What has just been written may fail yet.
  await setImmediate()
  if (out.failure === undefined) return EXIT.ok
  await err.write(`vpp-ts: the output cannot be written: ${out.failure.message}\n`)
  return EXIT.failed
}

async function report(error: unknown, context: CliContext): Promise<number> {
  const { err, out, signal } = context
  if (error instanceof CommanderError && error.exitCode !== 0) return exitCodeOf(error)
  if (error instanceof CommanderError) return endWithoutOutput(context)
  if (out.closed) return endWithoutOutput(context)
  if (signal.aborted) return EXIT.interrupted
  const explanation = explain(error)
  if (explanation === undefined) throw error
  const { problem, remedy, exitCode } = explanation
  await err.write(`${err.color('red', 'vpp-ts:')} ${escapeLines(problem)}\n`)
  if (remedy !== undefined) await err.write(`${escapeLines(remedy)}\n`)
  return exitCode
}
