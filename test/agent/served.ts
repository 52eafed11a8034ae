import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { readAgentConfig, startAgent, type Agent, type HistoryClock, type Kinds } from '@vpp-ts/agent'
import { Simulator } from '@vpp-ts/simulator'
import { StatsPublisher, VppCounters } from '@vpp-ts/simulator/stats'
import { pino } from 'pino'
import { temporaryFolder } from './managed.ts'

/** A simulated VPP with its stats, and an agent that serves it. */
export interface Served extends AsyncDisposable {
  readonly folder: string
  readonly vpp: Simulator
  readonly counters: VppCounters
  /** Where the stats are. */
  readonly publisher: StatsPublisher
  readonly agent: Agent
  /** Where REST is. */
  readonly url: string
  /** Where metrics are. */
  readonly metrics: string
  /** A request for JSON. */
  ask(method: string, path: string, body?: unknown): Promise<Answer>
}

/** An answer, its body read. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** JSON, where it is. */
  readonly body: unknown
}

/** What of the configuration a test wants otherwise. */
export interface ServedOptions {
  readonly rest?: object
  readonly metrics?: object
  readonly instance?: object
  readonly store?: object
  /** Bytes of the stats segment. */
  readonly statsSize?: number
  /** Other keys of the configuration. */
  readonly config?: object
  /** What is done to VPP before the agent starts; its requests are not counted. */
  readonly prepare?: (socketPath: string) => Promise<void>
  /** Names of further instances of the same VPP. */
  readonly more?: readonly string[]
  readonly headers?: Record<string, string>
  /** Kinds of items; default: those that come with the agent. */
  readonly kinds?: Kinds
  /** Source of the time of the history. */
  readonly historyClock?: HistoryClock
}

/** Starts all of it; ended when it goes out of scope. */
export async function serve(options: ServedOptions = {}): Promise<Served> {
  const folder = await temporaryFolder()
  const vpp = await Simulator.start({ path: join(folder.path, 'api.sock') })
  const publisher = new StatsPublisher(join(folder.path, 'stats.sock'), {
    ...(options.statsSize === undefined ? {} : { size: options.statsSize }),
  })
  const counters = new VppCounters(publisher.segment, { workers: 1 })
  const urls = new Map<string, string>()
  await options.prepare?.(vpp.path)
  vpp.requests.clear()
  const config = writeConfig(folder.path, vpp.path, options)
  const agent = await startAgent(await readAgentConfig(config), pino({}, urlsInto(urls)), {
    kinds: options.kinds,
    historyClock: options.historyClock,
  })
  const url = urls.get('REST') ?? ''
  return {
    folder: folder.path,
    vpp,
    counters,
    publisher,
    agent,
    url,
    metrics: urls.get('metrics') ?? '',
    ask: (method, path, body) => ask(`${url}${path}`, method, body, options.headers),
    async [Symbol.asyncDispose]() {
      await agent.close()
      publisher.close()
      await vpp[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}

/** Writes a configuration for a VPP in a folder. @returns its path */
export function writeConfig(folder: string, socketPath: string, options: ServedOptions = {}): string {
  const govpp = {
    'binapi-socket-path': socketPath,
    'stats-socket-path': join(folder, 'stats.sock'),
    'retry-connect-timeout': '50ms',
    // A machine that has much to do answers late.
    'reply-timeout': '20s',
  }
  const file = join(folder, 'agent.yaml')
  writeFileSync(
    file,
    JSON.stringify({
      store: options.store ?? { kind: 'lmdb', path: 'store' },
      ...options.config,
      rest: { port: 0, ...options.rest },
      metrics: { port: 0, ...options.metrics },
      instances: [
        { name: 'one', govpp, ...options.instance },
        ...(options.more ?? []).map((name) => ({ name, govpp })),
      ],
    }),
  )
  return file
}

/** Takes from the log where things are served. */
export function urlsInto(urls: Map<string, string>): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      const { msg, url } = JSON.parse(chunk.toString()) as { msg?: string; url?: string }
      if (msg !== undefined && url !== undefined) urls.set(msg, url)
      done()
    },
  })
}

/** A request for JSON. */
export async function ask(
  url: string,
  method = 'GET',
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const content = body === undefined ? {} : { 'content-type': 'application/json' }
  const response = await fetch(url, {
    method,
    headers: { ...content, ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') === true
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJson ? (JSON.parse(text) as unknown) : undefined,
  }
}
