import { once } from 'node:events'
import { Option, type Command } from 'commander'
import type { InterfaceFactsSource } from '../api/interface-facts.ts'
import type { StatsClient } from '../client.ts'
import { StatsError } from '../errors.ts'
import { MetricsServer } from '../prometheus/server.ts'
import { port, positive, seconds } from './arguments.ts'

/** What the commands that run until they are stopped need of the program. */
export interface ExporterContext {
  readonly signal: AbortSignal
  connect(): Promise<StatsClient>
  print(text: string): void
  /** Milliseconds to wait for VPP. */
  timeout(): number
  /** The stats socket as it was named. */
  socket(): string
}

interface ApiOptions {
  readonly apiSocket?: string
}

interface ServeOptions extends ApiOptions {
  readonly host: string
  readonly port: number
  readonly perThread?: boolean
  readonly nodes: boolean
  readonly errors: boolean
  readonly entries?: string[]
}

interface OtlpOptions extends ApiOptions {
  readonly url: string
  readonly interval: number
  readonly perThread?: boolean
  readonly nodes: boolean
  readonly errors: boolean
}

interface SnmpOptions extends ApiOptions {
  readonly agentx: string
  readonly indexOffset: number
  readonly priority: number
}

/** Adds `serve`, `otlp` and `snmp`. */
export function addExporters(program: Command, context: ExporterContext): void {
  const exporter = (name: string, description: string, why: string) =>
    program
      .command(name)
      .description(description)
      .addOption(new Option('--api-socket <path>', `VPP's API socket, for ${why}`).env('VPP_API_SOCKET'))
  const labels = 'the labels tag, item and lcp of interfaces'
  withMetrics(exporter('serve', 'serve the counters to Prometheus at /metrics', labels))
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <port>', 'port to listen on, 0 for any', port, 9482)
    .option('-e, --entries <pattern...>', 'also the entries that match one of these regular expressions')
    .action((options: ServeOptions) => serve(context, options))
  withMetrics(exporter('otlp', 'send the counters to a collector by OTLP over HTTP', labels))
    .option('--url <url>', 'where the collector takes metrics', 'http://127.0.0.1:4318/v1/metrics')
    .option('-i, --interval <seconds>', 'time between two transmissions', seconds, 10)
    .action((options: OtlpOptions) => otlp(context, options))
  exporter(
    'snmp',
    'answer IF-MIB as a subagent of snmpd (AgentX)',
    'state, MTU, speed, MAC address and alias',
  )
    .option('--agentx <address>', 'socket of snmpd: a path or tcp:HOST:PORT', '/var/agentx/master')
    .option('--index-offset <number>', 'ifIndex is sw_if_index and this', positive, 1000)
    .option(
      '--priority <number>',
      'the smaller wins, 1 to 255; tables of snmpd itself have 127',
      positive,
      100,
    )
    .action((options: SnmpOptions) => snmp(context, options))
}

function withMetrics(command: Command): Command {
  return command
    .option('--per-thread', 'a series per thread instead of sums')
    .option('--no-nodes', 'without graph nodes')
    .option('--no-errors', 'without error counters')
}

async function serve(context: ExporterContext, { apiSocket, ...options }: ServeOptions): Promise<void> {
  await using client = await context.connect()
  await using api = await facts(apiSocket, context)
  await using server = await MetricsServer.listen(client, {
    ...options,
    perThread: options.perThread === true,
    ...(api === undefined ? {} : { interfaceLabels: api.source.labels }),
  })
  context.print(`metrics of ${context.socket()} at ${server.url}`)
  await stopped(context.signal)
}

async function otlp(context: ExporterContext, options: OtlpOptions): Promise<void> {
  const { url, interval, apiSocket, nodes, errors, perThread = false } = options
  const { MeterProvider, PeriodicExportingMetricReader, OTLPMetricExporter } = await sdk()
  await using client = await context.connect()
  await using api = await facts(apiSocket, context)
  const { observeStats } = await import('../opentelemetry/index.ts')
  const exportIntervalMillis = interval * 1000
  const reader = new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter({ url }),
    exportIntervalMillis,
    exportTimeoutMillis: Math.min(exportIntervalMillis, 30_000),
  })
  // The SDK's own limit of 2000 series is below the number of error counters of a VPP.
  const views = [{ instrumentName: '*', aggregationCardinalityLimit: 10_000 }]
  const provider = new MeterProvider({ readers: [reader], views })
  observeStats(provider.getMeter('@vpp-ts/stats'), client, {
    nodes,
    errors,
    perThread,
    ...(api === undefined ? {} : { interfaceLabels: api.source.labels }),
  })
  context.print(`metrics of ${context.socket()} to ${url} every ${interval} s`)
  await stopped(context.signal)
  await provider.shutdown()
}

async function snmp(context: ExporterContext, options: SnmpOptions): Promise<void> {
  const { agentx, indexOffset, priority, apiSocket } = options
  await using client = await context.connect()
  await using api = await facts(apiSocket, context)
  const { SnmpSubagent } = await import('../agentx/index.ts')
  await using subagent = await SnmpSubagent.start(client, {
    address: agentx,
    indexOffset,
    priority,
    signal: context.signal,
    facts: api?.source,
  })
  subagent.on('lost', () => context.print(`the SNMP daemon at ${agentx} has gone; trying again`))
  subagent.on('registered', () => context.print(`registered with the SNMP daemon at ${agentx} again`))
  context.print(`interfaces of ${context.socket()} in IF-MIB of the SNMP daemon at ${agentx}`)
  await stopped(context.signal)
}

/** Loads OpenTelemetry's SDK, which only those need who use it. */
async function sdk() {
  try {
    const [{ MeterProvider, PeriodicExportingMetricReader }, { OTLPMetricExporter }] = await Promise.all([
      import('@opentelemetry/sdk-metrics'),
      import('@opentelemetry/exporter-metrics-otlp-http'),
    ])
    return { MeterProvider, PeriodicExportingMetricReader, OTLPMetricExporter }
  } catch (cause) {
    const missing = `OpenTelemetry's SDK is not installed: ${(cause as Error).message.split('\n')[0]}`
    const remedy =
      'npm install @opentelemetry/api @opentelemetry/sdk-metrics@2 @opentelemetry/exporter-metrics-otlp-http@0.223'
    throw new StatsError('STATS_ARGUMENT', `${missing}; ${remedy}`, { cause })
  }
}

interface OpenFacts extends AsyncDisposable {
  readonly source: InterfaceFactsSource
}

/** A connection to VPP's API that follows restarts; undefined when no socket was named. */
async function facts(
  path: string | undefined,
  { signal, timeout }: ExporterContext,
): Promise<OpenFacts | undefined> {
  if (path === undefined) return undefined
  const [{ VppConnection }, { InterfaceFactsSource }] = await Promise.all([
    import('@vpp-ts/runtime'),
    import('../api/index.ts'),
  ])
  const options = { clientName: 'vpp-ts-stats', connectTimeout: timeout() }
  // The first attempt tells what is wrong with the socket.
  await (await VppConnection.connect(path, { ...options, signal })).close()
  const vpp = VppConnection.managed(path, options)
  await vpp.ready({ signal })
  return {
    source: new InterfaceFactsSource(vpp, { timeout: timeout() }),
    [Symbol.asyncDispose]: () => vpp.close(),
  }
}

async function stopped(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort')
}
