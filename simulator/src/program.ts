import { once } from 'node:events'
import { EXIT, exitCodeOf, versionOf } from '@vpp-ts/command'
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { SimulatorError } from './errors.ts'
import { addLoopback } from './model/interface-kinds.ts'
import { makePath } from './model/route.ts'
import { releases } from '@vpp-ts/api-json'
import { DEFAULT_RELEASE } from './release/folder.ts'
import { HOSTILE_WIRE } from './server/wire.ts'
import { Simulator } from './simulator.ts'
import type { Unmodelled } from './builtin/unmodelled.ts'

interface Flags {
  readonly socket?: string
  readonly dir?: string
  readonly workers: number
  readonly updateInterval: number
  readonly release: string
  readonly apiDir?: string
  readonly plugin: readonly string[]
  readonly unmodelled: Unmodelled
  readonly pageSize?: number
  readonly hostile?: boolean
  readonly loopbacks: number
  readonly nic: readonly string[]
  readonly routes: number
}

/** Addresses of the routes that `--routes` makes begin here. */
const FIRST_ROUTE = 20 << 24
const MOST_ROUTES = 4_000_000

function wholeNumber(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('expected a whole number')
  return value
}

function makeCommand(): Command {
  const release = new Option('--release <name>', 'serve this release').default(DEFAULT_RELEASE)
  const modes: Unmodelled[] = ['unimplemented', 'succeed', 'ignore']
  return new Command('vpp-ts-simulator')
    .version(versionOf(new URL('../package.json', import.meta.url)))
    .description("A stand-in for VPP's API socket, for tests and demos. Ends on SIGINT and SIGTERM.")
    .option('--socket <path>', 'path of the API socket (default: a new one for temporary files)')
    .option('--dir <folder>', 'lay out a runtime directory: api.sock, stats.sock and cli.sock')
    .option('--workers <n>', 'worker threads that the stats tell of, with --dir', wholeNumber, 0)
    .option(
      '--update-interval <seconds>',
      'time between two rounds of the stats, with --dir',
      wholeNumber,
      10,
    )
    .addOption(release.choices(releases()))
    .option('--api-dir <folder>', 'serve the .api.json files of a folder, as in /usr/share/vpp/api')
    .option(
      '--plugin <file>',
      'serve the .api.json file of a plugin too; can be given several times',
      (file: string, before: readonly string[]) => [...before, file],
      [],
    )
    .addOption(
      new Option('--unmodelled <mode>', 'answer to requests that there is no model of')
        .choices(modes)
        .default('unimplemented'),
    )
    .option('--page-size <n>', 'most details in one answer to a …_get', wholeNumber)
    .option('--hostile', 'split frames, add garbage, shuffle the message table')
    .option(
      '--nic <name>',
      'network card to begin with, as in GigabitEthernet3/0/0; can be given several times',
      (name: string, before: readonly string[]) => [...before, name],
      [],
    )
    .option('--loopbacks <n>', 'loopbacks to begin with', wholeNumber, 0)
    .option('--routes <n>', 'routes to begin with', wholeNumber, 0)
    .exitOverride()
}

/** Fills the model, so that there is something to look at. */
function populate(simulator: Simulator, { loopbacks, routes }: Flags): void {
  const { interfaces, fib } = simulator.model
  for (let i = 0; i < loopbacks; i++) addLoopback(interfaces)
  for (let i = 0; i < Math.min(routes, MOST_ROUTES); i++) {
    const bits = FIRST_ROUTE + i * 256
    const network = [bits >>> 24, (bits >>> 16) & 255, (bits >>> 8) & 255, 0].join('.')
    fib.add(0, `${network}/24`, [makePath({ type: 2 })])
  }
}

/**
 * The program `vpp-ts-simulator`.
 * @returns the exit code, see `EXIT`
 */
export async function main(args: readonly string[]): Promise<number> {
  const command = makeCommand()
  try {
    command.parse(args, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return exitCodeOf(error)
  }
  try {
    const flags = command.opts<Flags>()
    if (flags.dir !== undefined && flags.socket !== undefined) {
      console.error('vpp-ts-simulator: --dir has a socket of its own; leave --socket or --dir out')
      return EXIT.usage
    }
    return await serve(flags)
  } catch (error) {
    if (!(error instanceof SimulatorError)) throw error
    console.error(`vpp-ts-simulator: ${error.message}`)
    return EXIT.failed
  }
}

async function serve(flags: Flags): Promise<number> {
  const ended = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  const options = {
    release: flags.release,
    apiDir: flags.apiDir,
    plugins: flags.plugin,
    unmodelled: flags.unmodelled,
    pageSize: flags.pageSize,
    hardware: flags.nic.map((name) => ({ name })),
    wire: flags.hostile === true ? HOSTILE_WIRE : undefined,
  }
  if (flags.dir === undefined) {
    await using simulator = await Simulator.start({ ...options, path: flags.socket })
    populate(simulator, flags)
    console.log(`serving VPP ${simulator.release} on ${simulator.path}`)
    await ended
    return EXIT.ok
  }
  // The stats need shared memory, which not every system has.
  const { SimulatedVpp } = await import('./vpp/simulated-vpp.ts')
  const { dir, workers, updateInterval } = flags
  await using vpp = await SimulatedVpp.start({ ...options, dir, workers, updateInterval })
  populate(vpp.simulator, flags)
  console.log(`serving VPP ${vpp.simulator.release} in ${dir}: api.sock, stats.sock, cli.sock`)
  await ended
  return EXIT.ok
}
