import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import type { MemifMode, MemifOptions, RxMode } from '@vpp-ts/memif'

/** Options that every example has. */
export interface ExampleOptions {
  readonly socket: string
  readonly id: number
  readonly secret: string
  readonly slave: boolean
  readonly queues: number
  readonly ringSize: number
  readonly bufferSize: number
  readonly mode: MemifMode
  readonly rxMode: RxMode
}

/** A whole number of the command line. */
export function whole(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('a whole number is needed')
  return value
}

/**
 * An example's command line. `vppCommands` are the lines to type into vppctl for the other side, given whether this side
 * is the client ("slave").
 */
export function exampleCommand(
  name: string,
  description: string,
  vppCommands: (socket: string, slave: boolean) => readonly string[],
): Command {
  const socket = join(tmpdir(), `${name}.sock`)
  const other = (slave: boolean) => vppCommands(socket, slave).map((line) => `  ${line}`)
  return new Command(name)
    .description(description)
    .option('--socket <name>', 'path, or abstract name written @name or abstract:name', socket)
    .option('--id <number>', 'interface id', whole, 1)
    .option('--secret <text>', 'secret that both sides know; empty for none', 'secret')
    .option(
      '--slave',
      'be the client (slave), which brings the memory; without it, the server (master)',
      false,
    )
    .option('--queues <number>', 'queues in each direction', whole, 3)
    .option('--ring-size <number>', 'slots of a ring, a power of two', whole, 1024)
    .option('--buffer-size <number>', 'bytes of a buffer', whole, 2048)
    .addOption(
      new Option('--mode <mode>', 'what packets begin with').choices(['ethernet', 'ip']).default('ethernet'),
    )
    .addOption(
      new Option('--rx-mode <mode>', 'how arrivals are noticed')
        .choices(['interrupt', 'polling', 'adaptive'])
        .default('interrupt'),
    )
    .addHelpText(
      'after',
      [
        '',
        'VPP as the client, in vppctl:',
        ...other(false),
        '',
        'VPP as the server, with --slave here:',
        ...other(true),
      ].join('\n'),
    )
}

/** The interface that the command line describes. */
export function interfaceOptions(options: ExampleOptions, appName: string): MemifOptions {
  const { socket, id, secret, slave, queues, ringSize, bufferSize, mode, rxMode } = options
  const role = slave ? 'client' : 'server'
  return {
    socket,
    id,
    secret,
    role,
    rxQueues: queues,
    txQueues: queues,
    ringSize,
    bufferSize,
    mode,
    rxMode,
    appName,
  }
}

/** Aborts on ctrl-C and on SIGTERM, so that interfaces are closed and socket files removed. */
export function untilStopped(): AbortSignal {
  const controller = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => controller.abort(name))
  return controller.signal
}
