import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import type { Logger } from 'pino'
import { Agent } from '../instance/agent.ts'
import { checkFiles } from '../config/check-files.ts'
import type { AgentConfig } from '../config/read-config.ts'
import type { StoreConfig } from '../config/schema.ts'
import { WatchedFolder } from '../sources/watched-folder.ts'
import { VppInstance } from '../instance/vpp-instance.ts'
import { KINDS } from '../kinds/built-in.ts'
import type { Kinds } from '../kinds/kinds.ts'
import type { HistoryClock } from '../telemetry/history-recorder.ts'
import { Telemetry } from '../telemetry/telemetry.ts'
import { MetricsServer } from '../telemetry/metrics-server.ts'
import { RestServer } from '../rest/rest-server.ts'
import { EtcdStore } from '../store/etcd-store.ts'
import { LmdbStore } from '../store/lmdb-store.ts'
import type { Store } from '../store/store.ts'

/** What a configuration file cannot say. */
export interface StartOptions {
  /** Kinds of items of every instance; default: those that come with the agent. */
  readonly kinds?: Kinds | undefined
  /** Source of the time of the history; default: the clock of this host. */
  readonly historyClock?: HistoryClock | undefined
}

/**
 * Opens the store, begins to keep every VPP of a configuration as it says, and serves REST and metrics.
 * @throws AgentConfigError when a file that it names cannot be used; AgentError `AGENT_STORE` when the store cannot be opened, `AGENT_LISTEN` when nothing can be served
 */
export async function startAgent(
  config: AgentConfig,
  log: Logger,
  { kinds = KINDS, historyClock }: StartOptions = {},
): Promise<Agent> {
  await checkFiles(config)
  const store = await openStore(config.store)
  const name = config.name ?? hostname()
  const folders: WatchedFolder[] = []
  const instances = config.instances.map(({ name: instance, govpp, watch, drift, ...more }) => {
    for (const note of govpp.notes) log.warn({ instance }, note)
    const made = new VppInstance(store, {
      name: instance,
      socketPath: govpp.socketPath,
      statsSocketPath: govpp.statsSocketPath,
      connection: { clientName: `vpp-ts-agent ${name}`.slice(0, 60), ...govpp.options },
      resyncAfterReconnect: govpp.resyncAfterReconnect,
      agent: `${name}:${process.pid}`,
      leaseTtl: config['lease-ttl'],
      drift,
      kinds,
      resyncInterval: more['resync-interval'],
      deletionGuard: config['deletion-guard'] === false ? undefined : config['deletion-guard'],
      log,
    })
    if (watch !== undefined) folders.push(new WatchedFolder(watch, made, log))
    return made
  })
  const agent = new Agent(instances, store, folders)
  try {
    await serve(agent, config, log, historyClock)
    return agent
  } catch (error) {
    await agent.close()
    throw error
  }
}

/** Serves what the configuration says. */
async function serve(
  agent: Agent,
  configuration: AgentConfig,
  log: Logger,
  clock: HistoryClock | undefined,
): Promise<void> {
  const { rest, metrics, history } = configuration
  const telemetry = new Telemetry(agent, history === false ? undefined : { ...history, clock, log })
  agent.attach(telemetry)
  if (rest !== false) {
    const server = await RestServer.listen(agent, telemetry, { ...rest, configuration }, log)
    agent.attach(server)
    log.info({ url: server.url }, 'REST')
  }
  if (metrics !== false) {
    const server = await MetricsServer.listen(agent, telemetry, metrics, log)
    agent.attach(server)
    log.info({ url: server.url }, 'metrics')
  }
}

/** Opens the store of a configuration. @throws AgentError `AGENT_STORE` */
export async function openStore(config: StoreConfig): Promise<Store> {
  if (config.kind === 'lmdb') return await LmdbStore.open(config.path)
  const { endpoints, prefix, username, ca, cert, key, 'password-file': passwordFile } = config
  const password = (await read(passwordFile))?.toString('utf8').trim()
  return new EtcdStore({
    endpoints,
    prefix,
    login: username === undefined ? undefined : { username, password: password ?? '' },
    tls: { ca: await read(ca), cert: await read(cert), key: await read(key) },
  })
}

async function read(path: string | undefined): Promise<Buffer | undefined> {
  return path === undefined ? undefined : await readFile(path)
}
