import { Command, CommanderError, Option } from 'commander'
import { EXIT, exitCodeOf, processContext, versionOf } from '@vpp-ts/command'
import { LinuxError } from '@vpp-ts/linux'
import { DEFAULT_STATS_SOCKET, StatsClient } from '../client.ts'
import type { StatEntry } from '../entries.ts'
import { StatsError } from '../errors.ts'
import { ticks } from '../ticks.ts'
import { positive, seconds } from './arguments.ts'
import { entryData, entryLines } from './entries.ts'
import { explain } from './explain.ts'
import { addExporters } from './exporters.ts'
import { influxLines } from './influx.ts'
import { formatJson, formatTable } from './table.ts'
import { errorTable, interfaceTable, nodeTable, TopView } from './views.ts'

/** Where the command reads and writes. */
export interface CliContext {
  readonly out: NodeJS.WritableStream & { readonly rows?: number; readonly isTTY?: boolean }
  readonly err: NodeJS.WritableStream
  /** Ends what runs until it is stopped. */
  readonly signal: AbortSignal
}

interface GlobalOptions {
  readonly socket: string
  readonly json?: boolean
  readonly timeout: number
}

interface EntryOptions {
  readonly zeros?: boolean
  readonly influx?: boolean
}

interface WatchOptions {
  readonly watch?: number | true
}

const CLEAR_SCREEN = '\u001B[H\u001B[J'
const DEFAULT_INTERVAL = 1

/**
 * Runs the command `vpp-ts-stats`.
 * @param args without the program's name
 * @returns the exit code, see `EXIT`
 */
export async function main(args: readonly string[], context: CliContext = processContext()): Promise<number> {
  const program = new Program(context)
  try {
    await program.command.parseAsync([...args], { from: 'user' })
    return EXIT.ok
  } catch (error) {
    if (error instanceof CommanderError) return exitCodeOf(error)
    if (context.signal.aborted) return EXIT.interrupted
    if (!isExpected(error)) throw error
    context.err.write(`vpp-ts-stats: ${explain(error, program.socket)}\n`)
    return isListenError(error) ? EXIT.failed : exitCodeOf(error)
  }
}

/** Errors of VPP's API have no class here: the API is loaded only by what needs it. */
function isExpected(error: unknown): error is Error {
  if (error instanceof StatsError || error instanceof LinuxError || isListenError(error)) return true
  return error instanceof Error && String((error as NodeJS.ErrnoException).code).startsWith('VPP_')
}

/** The port is taken, or the address is not of this machine. */
function isListenError(error: unknown): error is NodeJS.ErrnoException {
  return (error as NodeJS.ErrnoException).syscall === 'listen'
}

/** The commands; each connects, prints and disconnects. */
class Program {
  readonly command = new Command('vpp-ts-stats')
  readonly #context: CliContext

  constructor(context: CliContext) {
    this.#context = context
    this.command
      .description("Reads the counters of a running VPP from its stats segment, without VPP's help.")
      .version(versionOf(new URL('../../package.json', import.meta.url)))
      .addOption(
        new Option('-s, --socket <path>', 'stats socket: a path or abstract:NAME')
          .env('VPP_STATS_SOCKET')
          .default(DEFAULT_STATS_SOCKET),
      )
      .option('-t, --timeout <seconds>', 'how long to wait for VPP', seconds, 3)
      .option('-j, --json', 'one JSON object a line; numbers beyond 2^53 are strings')
      .configureOutput({
        writeOut: (text) => context.out.write(text),
        writeErr: (text) => context.err.write(text),
      })
      .exitOverride()
    this.#addEntries()
    this.#addViews()
    this.#addTop()
    addExporters(this.command, {
      signal: context.signal,
      connect: () => this.#connect(),
      print: (text) => this.#print(text),
      timeout: () => this.#options.timeout * 1000,
      socket: () => this.socket,
    })
  }

  #addEntries(): void {
    this.command
      .command('ls [patterns...]')
      .description('list the entries that match one of the regular expressions')
      .action((patterns: string[]) => this.#list(patterns))
    this.command
      .command('dump [patterns...]')
      .description('print the values of entries')
      .option('-z, --zeros', 'also what has counted nothing')
      .option('--influx', "in InfluxDB's line protocol")
      .action((patterns: string[], options: EntryOptions) => this.#dump(patterns, options))
    this.command
      .command('poll [patterns...]')
      .description('print the values of entries again and again')
      .option('-i, --interval <seconds>', 'time between two readings', seconds, DEFAULT_INTERVAL)
      .option('-z, --zeros', 'also what has counted nothing')
      .option('--influx', "in InfluxDB's line protocol")
      .action((patterns: string[], options: EntryOptions & { interval: number }) =>
        this.#poll(patterns, options),
      )
  }

  #addViews(): void {
    const view = (name: string, description: string) =>
      this.command
        .command(name)
        .description(description)
        .option('-w, --watch [seconds]', 'again and again', seconds)
    const perThread = ['-p, --per-thread', 'with JSON: also by thread'] as const
    view('interfaces', 'counters of interfaces')
      .option(...perThread)
      .action((options: WatchOptions & { perThread?: boolean }) =>
        this.#show(
          options,
          (client) => client.interfaces({ perThread: options.perThread === true }),
          interfaceTable,
        ),
      )
    view('nodes', 'calls and clocks of graph nodes, as show run has them')
      .option(...perThread)
      .option('-a, --all', 'also nodes that never ran')
      .action((options: WatchOptions & { perThread?: boolean; all?: boolean }) =>
        this.#show(
          options,
          (client) => client.nodes({ active: options.all !== true, perThread: options.perThread === true }),
          nodeTable,
        ),
      )
    view('errors', 'error counters by node and reason, with JSON by thread')
      .option('-z, --zeros', 'also what has counted nothing')
      .action((options: WatchOptions & { zeros?: boolean }) =>
        this.#show(options, (client) => client.errors({ zeros: options.zeros === true }), errorTable),
      )
  }

  #addTop(): void {
    this.command
      .command('top')
      .description('live view of the busiest interfaces and nodes')
      .option('-i, --interval <seconds>', 'time between two screens', seconds, DEFAULT_INTERVAL)
      .option('-n, --count <screens>', 'end after so many screens', positive)
      .action((options: { interval: number; count?: number }) => this.#top(options))
  }

  /** The stats socket that the arguments or the environment name. */
  get socket(): string {
    return this.#options.socket
  }

  get #options(): GlobalOptions {
    return this.command.opts<GlobalOptions>()
  }

  #connect(): Promise<StatsClient> {
    const { socket, timeout } = this.#options
    return StatsClient.connect(socket, { connectTimeout: timeout * 1000, signal: this.#context.signal })
  }

  #print(text: string): void {
    if (text !== '') this.#context.out.write(`${text}\n`)
  }

  async #list(patterns: string[]): Promise<void> {
    await using client = await this.#connect()
    const list = await client.ls(patterns)
    if (this.#options.json === true) return this.#print(list.map(formatJson).join('\n'))
    const rows = list.map(({ index, type, name }) => [String(index), type, name])
    this.#print(formatTable([{ title: 'index', align: 'right' }, { title: 'type' }, { title: 'name' }], rows))
  }

  async #dump(patterns: string[], options: EntryOptions): Promise<void> {
    await using client = await this.#connect()
    this.#print(this.#entryText(await client.dump(patterns), options).join('\n'))
  }

  #entryText(
    entries: readonly StatEntry[],
    { zeros = false, influx = false }: EntryOptions,
    time?: string,
  ): string[] {
    if (influx) {
      const now = BigInt(Date.now()) * 1_000_000n
      return entries.flatMap((entry) => influxLines(entry, now, zeros))
    }
    if (this.#options.json === true) {
      return entries.map((entry) =>
        formatJson({ ...(time === undefined ? {} : { time }), ...entryData(entry) }),
      )
    }
    const lines = entries.flatMap((entry) => entryLines(entry, zeros))
    return time === undefined ? lines : [`# ${time}`, ...lines]
  }

  async #poll(patterns: string[], options: EntryOptions & { interval: number }): Promise<void> {
    await using client = await this.#connect()
    const interval = options.interval * 1000
    for await (const { entries } of client.poll(patterns, { interval, signal: this.#context.signal })) {
      this.#print(this.#entryText(entries, options, new Date().toISOString()).join('\n'))
    }
  }

  async #show<T>(
    { watch }: WatchOptions,
    read: (client: StatsClient) => Promise<readonly T[]>,
    table: (rows: readonly T[]) => string,
  ): Promise<void> {
    await using client = await this.#connect()
    const print = async () => {
      const rows = await read(client)
      this.#print(this.#options.json === true ? rows.map(formatJson).join('\n') : table(rows))
    }
    if (watch === undefined) return print()
    const interval = (watch === true ? DEFAULT_INTERVAL : watch) * 1000
    for await (const _ of ticks(interval, this.#context.signal)) {
      if (this.#context.out.isTTY === true && this.#options.json !== true)
        this.#context.out.write(CLEAR_SCREEN)
      await print()
    }
  }

  async #top({ interval, count: limit = Infinity }: { interval: number; count?: number }): Promise<void> {
    await using client = await this.#connect()
    const { out, signal } = this.#context
    const view = new TopView()
    let screens = 0
    for await (const _ of ticks(interval * 1000, signal)) {
      const [system, interfaces, nodes] = [
        await client.system(),
        await client.interfaces(),
        await client.nodes({ active: true }),
      ]
      const reading = { time: performance.now(), generation: client.connection?.generation ?? 0 }
      const screen = view.render({ system, interfaces, nodes }, reading, out.rows ?? 40)
      out.write(`${out.isTTY === true ? CLEAR_SCREEN : ''}${screen}\n`)
      if (++screens >= limit) return
    }
  }
}
