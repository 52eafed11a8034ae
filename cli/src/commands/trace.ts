import type { Command } from 'commander'
import type { TraceRecord, VppConnection } from '@vpp-ts/runtime'
import type { DynamicApi, PlainMessage } from '@vpp-ts/runtime/dynamic'
import { CliError } from '../errors.ts'
import type { Host } from '../host.ts'
import { buildRequests } from '../input/build-requests.ts'
import { wholeNumber } from '../input/number-option.ts'
import { hexLines } from '../output/hex.ts'
import { cellText, flatten } from '../output/table.ts'
import { isTraceFile, printTraceFile, replayTraceFile } from '../trace/trace-command.ts'

const EXAMPLES = `
Examples:
  vpp-ts trace show_version
  vpp-ts trace sw_interface_dump --bytes
  vpp-ts trace ip_route_add_del is_add=true route.prefix=10.0.0.0/24 -o json
  vpp-ts trace /tmp/api.trace                what VPP saved with: api trace save api.trace
  vpp-ts trace ./api.trace --replay          send its requests again, in their order

What goes over the socket: times are milliseconds since the first message; > was sent,
< was received. The reply of a control_ping ends a dump; the ping itself goes with the request.
A file needs a dot or a slash in its name. Its definitions are those of the VPP, or of --api.`

interface TraceFlags {
  readonly bytes?: boolean
  readonly replay?: boolean
  readonly keep: number
}

/** Adds `trace`. */
export function addTrace(program: Command, host: Host): void {
  program
    .command('trace <message-or-file> [fields...]')
    .description('call or dump, and print every message that went over the socket; or print a trace of VPP')
    .option('-b, --bytes', 'also the bytes')
    .option('-r, --replay', "send the requests of VPP's trace again")
    .option(
      '-k, --keep <n>',
      'maximum number of messages kept; the last ones are',
      wholeNumber(1, 1_000_000),
      1000,
    )
    .addHelpText('after', EXAMPLES)
    .action((message: string, fields: string[], flags: TraceFlags) => trace(host, message, fields, flags))
}

async function trace(host: Host, message: string, args: readonly string[], flags: TraceFlags): Promise<void> {
  if (isTraceFile(message)) return traceFile(host, message, args, flags)
  if (flags.replay === true) {
    throw new CliError(
      'CLI_USAGE',
      `--replay takes a file, and ${message} is a message`,
      `write ./${message}`,
    )
  }
  await using vpp = await host.connect({ trace: flags.keep })
  const api = await host.api(vpp)
  const requests = await buildRequests(api, message, args, host.context.input)
  vpp.trace?.clear()
  let failure: unknown
  try {
    for (const request of requests) await callOrDump(api, message, request, host.signal)
  } catch (error) {
    // What went over the socket says why.
    failure = error
  }
  await printRecords(host, api, vpp, flags.bytes === true)
  if (failure !== undefined) throw failure
}

async function traceFile(
  host: Host,
  path: string,
  fields: readonly string[],
  { replay, bytes }: TraceFlags,
): Promise<void> {
  if (fields.length > 0)
    throw new CliError('CLI_USAGE', `a trace takes no fields, received ${fields.join(' ')}`)
  await (replay === true ? replayTraceFile(host, path) : printTraceFile(host, path, bytes === true))
}

async function callOrDump(
  api: DynamicApi,
  message: string,
  request: object,
  signal: AbortSignal,
): Promise<void> {
  const { kind } = api.schema.method(message)
  if (kind === 'unary' || kind === 'one-way') {
    await api.call(message, request, { signal })
    return
  }
  for await (const _details of api.dump(message, request, { signal }));
}

async function printRecords(
  host: Host,
  api: DynamicApi,
  vpp: VppConnection,
  withBytes: boolean,
): Promise<void> {
  const records = vpp.trace?.records() ?? []
  const begin = records[0]?.time ?? 0
  const { printer } = host
  if (printer.format !== 'table') {
    return printer.many(
      records.map(({ time, direction, message, context, bytes }) => ({
        time: new Date(time).toISOString(),
        direction,
        message,
        context,
        size: bytes.length,
        ...(withBytes ? { bytes: `0x${bytes.toString('hex')}` } : {}),
        fields: contentOf(api, message, bytes),
      })),
    )
  }
  for (const record of records) await printer.text(recordText(record, begin, api, withBytes))
}

function recordText(
  { time, direction, message, context, bytes }: TraceRecord,
  begin: number,
  api: DynamicApi,
  withBytes: boolean,
): string {
  const arrow = direction === 'sent' ? '>' : '<'
  const fields = flatten(contentOf(api, message, bytes))
    .filter(([path]) => path !== '')
    .map(([path, value]) => `${path}=${cellText(value)}`)
  const head = `${(time - begin).toFixed(1).padStart(7)} ${arrow} ${message} (context ${context}, ${bytes.length} bytes)`
  const dump = withBytes ? `\n${hexLines(bytes)}` : ''
  return [head, ...fields].join(' ') + dump
}

/** The message decoded; what is not in the definitions has no content. */
function contentOf(api: DynamicApi, message: string, bytes: Buffer): PlainMessage {
  return api.schema.has(message) ? api.decode(message, bytes) : {}
}
