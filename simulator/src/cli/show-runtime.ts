import type { GraphNode, NodeCount, Nodes } from '../model/nodes.ts'
import type { CliCommand } from './commands.ts'
import { center } from './format.ts'
import { Words } from './words.ts'

/** Processes that are listed, which wait. */
const PROCESSES = [
  'api-rx-from-ring',
  'fib-walk',
  'ip4-neighbor-age-process',
  'memif-process',
  'statseg-collector-process',
]
const WAITED: NodeCount = { calls: 0n, vectors: 0n, suspends: 1n, clocks: 10_000n }
/** VPP has the quotes of its source in it. */
const WAITING = '"any wait"'
const NANOSECONDS_PER_CLOCK = 0.5

/** What is shown of nodes. */
interface Table {
  /** Greatest values in place of counts. */
  readonly max: boolean
  /** Nanoseconds in place of clocks. */
  readonly time: boolean
}

/** Name of a thread; 0 is the main one. */
export function threadName(thread: number): string {
  return thread === 0 ? 'vpp_main' : `vpp_wk_${thread - 1}`
}

/** `show runtime [NODE] [time] [brief | verbose] [max] [summary]` */
export const showRuntime: CliCommand = (args, { uptime, model: { nodes, hardware } }) => {
  const one = nodes.byName(args[0] ?? '')
  if (one !== undefined) {
    const table = { max: false, time: false }
    return [headOf(table), rowOf(one.name, 'active', nodes.countOf(one.index, 0), table), ''].join('\n')
  }
  const words = new Words(args)
  const take = (...spellings: string[]): boolean => spellings.some((it) => words.take(it))
  const time = take('time', 't')
  take('brief', 'b')
  const verbose = take('verbose', 'v')
  const max = take('max', 'm')
  const summary = take('summary', 'sum', 'su')
  const last = Math.max(hardware.workers, ...nodes.threads())
  const threads = Array.from({ length: last + 1 }, (_, thread) => thread)
  const lines = threads.flatMap((thread) => [
    ...(thread > 0 ? ['---------------'] : []),
    ...(threads.length > 1 ? [`Thread ${thread} ${threadName(thread)} (lcore ${thread})`] : []),
    `Time ${uptime.toFixed(1)}, 10.000000 sec internal node vector rate 0.00 loops/sec 1000000.00`,
    '  vector rates in 0.0000e0, out 0.0000e0, drop 0.0000e0, punt 0.0000e0',
    ...(summary ? [] : tableOf(nodes, thread, verbose, { max, time })),
  ])
  return [...lines, ''].join('\n')
}

function tableOf(nodes: Nodes, thread: number, verbose: boolean, table: Table): string[] {
  const active = [...nodes]
    .map((node): [GraphNode, NodeCount] => [node, nodes.countOf(node.index, thread)])
    .filter(([, { calls, suspends }]) => verbose || calls > 0n || suspends > 0n)
    .map(([{ name }, count]): [string, string] => [name, rowOf(name, 'active', count, table)])
  const waiting =
    thread > 0 ? [] : PROCESSES.map((name): [string, string] => [name, rowOf(name, WAITING, WAITED, table)])
  const rows = [...active, ...waiting].sort(([a], [b]) => (a < b ? -1 : 1))
  return [headOf(table), ...rows.map(([, row]) => row)]
}

function headOf({ max, time }: Table): string {
  const name = center('Name', 30)
  if (max) {
    const columns = [
      'Vectors at Max',
      'Max Clocks',
      time ? 'Avg Time (ns)' : 'Avg Clocks',
      'Avg Vectors/Call',
    ]
    return name + center('Max Node Clocks', 17) + columns.map((it) => center(it, 16)).join('')
  }
  const perPacket = time ? 'Packet-Time' : 'Packet-Clocks'
  const columns = ['Calls', 'Vectors', 'Suspends', perPacket, 'Vectors/Call']
  return name + center('State', 12) + columns.map((it) => center(it, 16)).join('')
}

function rowOf(name: string, state: string, count: NodeCount, { max, time }: Table): string {
  const { calls, vectors, suspends } = count
  const clocks = Number(count.clocks) * (time ? NANOSECONDS_PER_CLOCK : 1)
  const perPacket = clocks / Number(vectors || calls || suspends || 1n)
  const perCall = calls === 0n ? 0 : Number(vectors) / Number(calls)
  const cell = name.padEnd(30).slice(0, 30)
  if (max) {
    // All calls take the same time here.
    const once = Number(count.clocks) / Number(calls || suspends || 1n)
    const most = Math.round(perCall)
    const numbers = [String(most), ...[most === 0 ? 0 : once / most, perPacket, perCall].map(exponential)]
    return cell + center(exponential(once), 17) + numbers.map((it) => center(it, 16)).join('')
  }
  const numbers = [calls, vectors, suspends, exponential(perPacket), perCall.toFixed(2)]
  return `${cell}${center(state, 12)}${numbers.map((it) => String(it).padStart(16)).join('')}`
}

/** As VPP writes it: `1.00e4`. */
function exponential(value: number): string {
  return value.toExponential(2).replace('e+', 'e')
}
