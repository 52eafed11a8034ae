import { readFile, stat } from 'node:fs/promises'
import { CliError } from '../errors.ts'
import type { Host } from '../host.ts'
import { hexLines } from '../output/hex.ts'
import { cellText, flatten, type Row } from '../output/table.ts'
import { readMessage, rowOf, type ReadMessage } from './print-trace.ts'
import type { Replayed } from './replay.ts'
import { readTraceFile, type TraceFile } from './trace-file.ts'

/** Maximum bytes of a trace: VPP keeps 256 Ki messages by default. */
const MOST_BYTES = 2 ** 30

/** Whether the argument of `trace` is a file: names of messages have no dots and slashes. */
export function isTraceFile(target: string): boolean {
  return /[./]/.test(target)
}

/**
 * Prints a trace that VPP has saved.
 * @throws CliError when it is not one
 */
export async function printTraceFile(host: Host, path: string, withBytes: boolean): Promise<void> {
  const file = await load(path)
  const { printer } = host
  await host.withApi(async (api) => {
    const messages = file.messages.map((message) => readMessage(message, api))
    if (printer.format !== 'table') {
      return printer.many(messages.map((message, index) => rowOf(message, index, withBytes)))
    }
    for (const [index, message] of messages.entries()) await printer.text(textOf(message, index, withBytes))
  })
  await warnIfWrapped(host, file)
}

/**
 * Sends the requests of a trace again, one after the other.
 * @throws CliError `CLI_FAILED` when VPP refused some of them
 */
export async function replayTraceFile(host: Host, path: string): Promise<void> {
  const file = await load(path)
  const { replay } = await import('./replay.ts')
  await warnIfWrapped(host, file)
  await using vpp = await host.connect()
  const api = await host.api(vpp)
  const { printer, signal } = host
  let failed = 0
  async function* all(): AsyncGenerator<Replayed> {
    for (const message of file.messages) {
      const done = await replay(readMessage(message, api), api, signal)
      if (done.result === 'failed') failed++
      yield done
    }
  }
  if (printer.format === 'table') {
    let index = 0
    for await (const { message, result, note } of all())
      await printer.text(
        `${String(index++).padStart(6)} ${message}: ${result}${note === '' ? '' : ` (${note})`}`,
      )
  } else await printer.many(withIndex(all()))
  if (failed > 0) throw new CliError('CLI_FAILED', `${failed} of ${file.messages.length} messages failed`)
}

async function* withIndex(items: AsyncIterable<Replayed>): AsyncGenerator<Row> {
  let index = 0
  for await (const item of items) yield { index: index++, ...item }
}

async function load(path: string): Promise<TraceFile> {
  try {
    const { size } = await stat(path)
    if (size > MOST_BYTES) throw new CliError('CLI_USAGE', `${path} has over ${MOST_BYTES} bytes`)
    return readTraceFile(await readFile(path))
  } catch (error) {
    if (error instanceof CliError)
      throw new CliError(error.code, `${path}: ${error.message}`, error.remedy, { cause: error })
    throw new CliError('CLI_USAGE', `cannot read ${path}: ${(error as Error).message}`, undefined, {
      cause: error,
    })
  }
}

async function warnIfWrapped({ context: { err } }: Host, { wrapped }: TraceFile): Promise<void> {
  if (wrapped) await err.write('vpp-ts: the trace was full: older messages are not in it\n')
}

function textOf(
  { message, label, context, fields, problem }: ReadMessage,
  index: number,
  withBytes: boolean,
): string {
  const where = context === undefined ? '' : `context ${context}, `
  const content =
    fields === undefined
      ? [`(${problem})`]
      : flatten(fields)
          .filter(([path]) => path !== '')
          .map(([path, value]) => `${path}=${cellText(value)}`)
  const head = `${String(index).padStart(6)} ${label} (${where}${message.bytes.length} bytes)`
  return [head, ...content].join(' ') + (withBytes ? `\n${hexLines(message.bytes)}` : '')
}
