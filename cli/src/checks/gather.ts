import { VppApiError } from '@vpp-ts/runtime'
import { StatsClient, StatsError } from '@vpp-ts/stats'
import type { DynamicApi, PlainMessage } from '@vpp-ts/runtime/dynamic'
import type { Facts, InterfaceFact, PoolFact, QueueFact, StatsFacts, ThreadFact } from './facts.ts'

/** Pings whose median counts. */
const PINGS = 21

/** Where facts come from. */
export interface Sources {
  readonly api: DynamicApi
  /** Path of the stats segment's socket. */
  readonly statsSocket: string
  /** Milliseconds to wait for it. */
  readonly timeout: number
  readonly signal: AbortSignal
}

/** Collects what the checks look at; what this VPP does not report is left out. */
export async function gather(sources: Sources): Promise<Facts> {
  const { api } = sources
  const hardware = await cliText(api, 'show hardware-interfaces')
  const physmem = await cliText(api, 'show physmem')
  const stats = await readStats(sources)
  return {
    pings: await ping(api),
    threads: await readThreads(api),
    interfaces: await readInterfaces(api, numaNodes(hardware)),
    queues: await readQueues(api),
    bufferPageSizes: bufferPages(physmem),
    ...stats,
  }
}

async function ping(api: DynamicApi): Promise<number[]> {
  const durations: number[] = []
  for (let i = 0; i < PINGS; i++) {
    const begin = performance.now()
    await api.call('control_ping')
    durations.push(performance.now() - begin)
  }
  return durations.sort((a, b) => a - b)
}

async function readThreads(api: DynamicApi): Promise<ThreadFact[]> {
  if (!api.schema.has('show_threads')) return []
  const reply = await api.call('show_threads')
  const threads = (reply?.['thread_data'] ?? []) as readonly PlainMessage[]
  return threads.map((it) => ({
    id: Number(it['id']),
    name: String(it['name']),
    cpu: Number(it['cpu_id']),
    core: Number(it['core']),
    socket: Number(it['cpu_socket']),
  }))
}

async function readInterfaces(api: DynamicApi, nodes: ReadonlyMap<string, number>): Promise<InterfaceFact[]> {
  const details = await api.dump('sw_interface_dump', { sw_if_index: -1 }).toArray()
  return details
    .filter((it) => it['sw_if_index'] === it['sup_sw_if_index'])
    .map((it) => {
      const name = String(it['interface_name'])
      return {
        index: Number(it['sw_if_index']),
        name,
        device: String(it['interface_dev_type']),
        isUp: (it['flags'] as readonly unknown[]).includes('IF_STATUS_API_FLAG_ADMIN_UP'),
        numa: nodes.get(name),
      }
    })
}

async function readQueues(api: DynamicApi): Promise<QueueFact[]> {
  if (!api.schema.has('sw_interface_rx_placement_dump')) return []
  const details = await api.dump('sw_interface_rx_placement_dump', { sw_if_index: -1 }).toArray()
  return details.map((it) => ({
    interfaceIndex: Number(it['sw_if_index']),
    queue: Number(it['queue_id']),
    thread: Number(it['worker_id']),
    mode: String(it['mode']),
  }))
}

/** VPP's output for a CLI command; nothing if it does not know the command. */
async function cliText(api: DynamicApi, command: string): Promise<string> {
  try {
    const reply = await api.call('cli_inband', { cmd: command })
    return String(reply?.['reply'] ?? '')
  } catch (error) {
    if (error instanceof VppApiError) return ''
    throw error
  }
}

/** NUMA nodes by interface: `show hardware-interfaces` shows them for NICs, in lines below the name. */
export function numaNodes(text: string): Map<string, number> {
  const nodes = new Map<string, number>()
  let name = ''
  for (const line of text.split('\n')) {
    const title = /^(\S+)\s+\d+\s+(?:up|down)\b/.exec(line)
    if (title?.[1] !== undefined) name = title[1]
    const node = /\bnuma (\d+)\s*$/.exec(line)
    if (node?.[1] !== undefined && name !== '') nodes.set(name, Number(node[1]))
  }
  return nodes
}

/** Page sizes of the memory of buffers: `show physmem` has a line for each arena. */
export function bufferPages(text: string): string[] {
  const sizes = [...text.matchAll(/arena 'buffers-[^']*'.*?subpage-size (\S+)/g)]
  return [...new Set(sizes.map(([, size]) => size ?? ''))]
}

async function readStats({
  statsSocket,
  timeout,
  signal,
}: Sources): Promise<{ stats: StatsFacts | undefined; statsProblem: string | undefined }> {
  try {
    await using client = await StatsClient.connect(statsSocket, { connectTimeout: timeout, signal })
    const system = await client.system()
    return {
      stats: {
        pools: (await client.buffers()).map(poolFact),
        losses: (await client.interfaces()).map((it) => ({
          name: it.name,
          missed: it.rxMiss,
          noBuffer: it.rxNoBuffer,
          received: it.rx.packets,
        })),
        heaps: await client.memory(),
        vectorRates: system.vectorRatePerThread,
      },
      statsProblem: undefined,
    }
  } catch (error) {
    if (!(error instanceof StatsError)) throw error
    return { stats: undefined, statsProblem: `no stats segment at ${statsSocket} (env: VPP_STATS_SOCKET)` }
  }
}

function poolFact(pool: { name: string; cached: number; used: number; available: number }): PoolFact {
  const node = /numa-(\d+)/.exec(pool.name)?.[1]
  return {
    name: pool.name,
    numa: node === undefined ? undefined : Number(node),
    total: pool.cached + pool.used + pool.available,
    used: pool.used,
  }
}
