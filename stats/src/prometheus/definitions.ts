import type { BufferPool } from '../views/buffers.ts'
import type { ErrorStats } from '../views/errors.ts'
import type { InterfaceCounters, InterfaceStats } from '../views/interfaces.ts'
import type { HeapStats } from '../views/memory.ts'
import type { NodeCounters, NodeStats } from '../views/nodes.ts'
import type { SystemStats } from '../views/system.ts'

/** What one scrape has read. */
export interface ScrapedStats {
  readonly system: SystemStats
  readonly interfaces: readonly InterfaceStats[]
  readonly nodes: readonly NodeStats[]
  readonly errors: readonly ErrorStats[]
  readonly buffers: readonly BufferPool[]
  readonly memory: readonly HeapStats[]
  /** Further labels of interfaces by sw_if_index. */
  readonly labels: Awaited<ReturnType<SeriesLabels>>
}

/** Gives further labels of the series of interfaces, by sw_if_index. Asked once for each scrape. */
export type SeriesLabels = () => Promise<ReadonlyMap<number, Readonly<Record<string, string>>>>

/** One value with its labels. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>
  /** Prometheus' values are doubles: counters beyond 2^53 lose their last digits there. */
  readonly value: number
}

/** A metric family: its name without the prefix, after Prometheus' conventions, and where its values come from. */
export interface Definition {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge'
  readonly samples: (stats: ScrapedStats, perThread: boolean) => Sample[]
}

const NO_LABELS = {}

function interfaceCounter(name: string, help: string, value: (it: InterfaceCounters) => bigint): Definition {
  return {
    name: `interface_${name}_total`,
    help,
    type: 'counter',
    samples: ({ interfaces, labels: further }, perThread) =>
      interfaces.flatMap((it) => {
        const own = { interface: it.name, sw_if_index: String(it.swIfIndex) }
        const labels = { ...own, ...further.get(it.swIfIndex), ...own }
        return threaded(labels, it, perThread ? it.threads : undefined, value)
      }),
  }
}

function nodeCounter(name: string, help: string, value: (it: NodeCounters) => bigint): Definition {
  return {
    name: `node_${name}_total`,
    help,
    type: 'counter',
    samples: ({ nodes }, perThread) =>
      nodes.flatMap((it) => threaded({ node: it.name }, it, perThread ? it.threads : undefined, value)),
  }
}

function systemGauge(name: string, help: string, value: (it: SystemStats) => number): Definition {
  return {
    name,
    help,
    type: 'gauge',
    samples: ({ system }) => [{ labels: NO_LABELS, value: value(system) }],
  }
}

function threaded<T>(
  labels: Record<string, string>,
  sum: T,
  threads: readonly T[] | undefined,
  value: (it: T) => bigint,
): Sample[] {
  if (threads === undefined) return [{ labels, value: Number(value(sum)) }]
  return threads.map((it, thread) => ({
    labels: { ...labels, thread: String(thread) },
    value: Number(value(it)),
  }))
}

/** Every family that can be exported. */
export const DEFINITIONS: readonly Definition[] = [
  interfaceCounter('receive_packets', 'Packets received.', (it) => it.rx.packets),
  interfaceCounter('receive_bytes', 'Bytes received.', (it) => it.rx.bytes),
  interfaceCounter('transmit_packets', 'Packets sent.', (it) => it.tx.packets),
  interfaceCounter('transmit_bytes', 'Bytes sent.', (it) => it.tx.bytes),
  interfaceCounter('drop_packets', 'Packets dropped.', (it) => it.drops),
  interfaceCounter('punt_packets', 'Packets punted.', (it) => it.punts),
  interfaceCounter('ip4_packets', 'IPv4 packets received.', (it) => it.ip4),
  interfaceCounter('ip6_packets', 'IPv6 packets received.', (it) => it.ip6),
  interfaceCounter('mpls_packets', 'MPLS packets received.', (it) => it.mpls),
  interfaceCounter('receive_no_buffer_packets', 'Packets lost for want of buffers.', (it) => it.rxNoBuffer),
  interfaceCounter('receive_miss_packets', 'Packets that the device had no room for.', (it) => it.rxMiss),
  interfaceCounter('receive_error_packets', 'Packets received with errors.', (it) => it.rxErrors),
  interfaceCounter('transmit_error_packets', 'Packets that could not be sent.', (it) => it.txErrors),
  nodeCounter('calls', 'Dispatches of a graph node.', (it) => it.calls),
  nodeCounter('vectors', 'Packets handled by a graph node.', (it) => it.vectors),
  nodeCounter('suspends', 'Suspends of a process node.', (it) => it.suspends),
  nodeCounter('clocks', 'CPU clock cycles spent in a graph node.', (it) => it.clocks),
  {
    name: 'errors_total',
    help: 'Events counted by a graph node, by reason.',
    type: 'counter',
    samples: ({ errors }, perThread) =>
      errors.flatMap(({ node, reason, count, threads }) =>
        threaded({ node, reason }, count, perThread ? threads : undefined, (value) => value),
      ),
  },
  {
    name: 'buffers',
    help: 'Packet buffers of a pool, by state.',
    type: 'gauge',
    samples: ({ buffers }) =>
      buffers.flatMap(({ name, used, cached, available }) =>
        Object.entries({ used, cached, available }).map(([state, value]) => ({
          labels: { pool: name, state },
          value,
        })),
      ),
  },
  {
    name: 'heap_bytes',
    help: 'Size of a heap.',
    type: 'gauge',
    samples: ({ memory }) =>
      memory.map(({ name, total }) => ({ labels: { heap: name }, value: Number(total) })),
  },
  {
    name: 'heap_used_bytes',
    help: 'Bytes of a heap in use.',
    type: 'gauge',
    samples: ({ memory }) =>
      memory.map(({ name, used }) => ({ labels: { heap: name }, value: Number(used) })),
  },
  systemGauge('vector_rate', 'Average packets per frame over all workers.', (it) => it.vectorRate),
  systemGauge('input_packets_per_second', 'Packets received per second.', (it) => it.inputRate),
  systemGauge('worker_threads', 'Worker threads.', (it) => it.workers),
  systemGauge('boot_time_seconds', "Unix time of VPP's start.", (it) => it.bootTime.getTime() / 1000),
  systemGauge('last_update_seconds', "Seconds from VPP's start to the last update.", (it) => it.lastUpdate),
  {
    name: 'heartbeats_total',
    help: "Rounds of VPP's collector.",
    type: 'counter',
    samples: ({ system }) => [{ labels: NO_LABELS, value: Number(system.heartbeat) }],
  },
  {
    name: 'loops_per_second',
    help: 'Runs of the main loop per second.',
    type: 'gauge',
    samples: ({ system }) => byThread(system.loopsPerThread),
  },
  {
    name: 'thread_vector_rate',
    help: 'Packets per frame of a thread.',
    type: 'gauge',
    samples: ({ system }) => byThread(system.vectorRatePerThread),
  },
]

function byThread(values: readonly number[]): Sample[] {
  return values.map((value, thread) => ({ labels: { thread: String(thread) }, value }))
}
