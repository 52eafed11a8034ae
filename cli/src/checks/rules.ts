import type { Facts, InterfaceFact, ThreadFact } from './facts.ts'

/** good: as it should be. look: may cost speed. bad: loses packets or fails. unknown: could not be seen. */
export type Verdict = 'good' | 'look' | 'bad' | 'unknown'

/** What one check says. */
export interface Finding {
  readonly check: string
  readonly result: Verdict
  readonly finding: string
  /** What to look at or to change; empty when all is well. */
  readonly advice: string
}

type Rule = (facts: Facts) => Finding

/** Buffers in use, as a share of the pool, that leave no room for a burst. */
const BUFFERS_LOOK = 0.7
const BUFFERS_BAD = 0.9
/** Used share of a heap from which VPP may soon run out of memory. */
const HEAP_LOOK = 0.8
const HEAP_BAD = 0.95
/** Packets in a frame at most; workers that see full frames have nothing in reserve. */
const FRAME_SIZE = 256
const VECTOR_LOOK = FRAME_SIZE / 2
/** Milliseconds that the main thread may take to answer. */
const PING_LOOK = 20
const PING_BAD = 250
/** Interfaces without their own hardware queues. */
const SOFT_DEVICES: ReadonlySet<string> = new Set([
  'local',
  'Loopback',
  'BVI',
  'VXLAN',
  'GRE',
  'IPIP',
  'Pipe',
  '',
])

/** Looks at everything. */
export function findings(facts: Facts): Finding[] {
  return RULES.map((rule) => rule(facts))
}

const workers: Rule = ({ threads, queues }) => {
  const count = workersOf(threads).length
  const name = 'workers'
  if (threads.length === 0) return unknown(name, 'VPP does not report its threads')
  if (count > 0) return good(name, `${count} worker${count === 1 ? '' : 's'} beside the main thread`)
  return queues.length === 0
    ? good(name, 'none, and no queues to poll')
    : look(
        name,
        'none: the main thread forwards packets and answers the API',
        'startup.conf: cpu { main-core 1 corelist-workers 2-5 }',
      )
}

const ownCores: Rule = ({ threads }) => {
  const name = 'a core for each thread'
  const shared = duplicates(threads, (it) => it.cpu)
  if (shared.length > 0) {
    return bad(
      name,
      `${shared.map(nameOf).join(', ')} run on the same CPU`,
      'startup.conf: cpu { main-core … corelist-workers … } with different CPUs',
    )
  }
  const siblings = duplicates(workersOf(threads), (it) => `${it.socket}/${it.core}`)
  if (siblings.length === 0) return good(name, 'no CPU and no core is shared')
  return look(
    name,
    `${siblings.map(nameOf).join(', ')} are hyper-threads of one core`,
    'give each worker a physical core (lscpu -e), or accept about half the speed of each',
  )
}

const workerQueues: Rule = ({ threads, queues }) => {
  const name = 'queues on workers'
  const all = workersOf(threads)
  if (queues.length === 0) return good(name, 'there are no receive queues')
  if (all.length === 0) return good(name, `${queues.length} queues on the main thread`)
  const idle = all.filter(({ id }) => !queues.some((queue) => queue.thread === id))
  if (idle.length > 0) {
    return look(
      name,
      `${idle.map(nameOf).join(', ')} polls no queue; there are ${queues.length} queues for ${all.length} workers`,
      'more queues (dpdk { dev … { num-rx-queues N } }), or sw_interface_set_rx_placement',
    )
  }
  const loads = all.map(({ id }) => queues.filter((queue) => queue.thread === id).length)
  const [least, most] = [Math.min(...loads), Math.max(...loads)]
  return most - least > 1
    ? look(
        name,
        `between ${least} and ${most} queues on a worker`,
        'vpp-ts call sw_interface_set_rx_placement',
      )
    : good(name, `${queues.length} queues, ${least} to ${most} on each worker`)
}

const numaQueues: Rule = ({ threads, interfaces, queues }) => {
  const name = 'NUMA node of cards and workers'
  const cards = new Map(interfaces.map((it) => [it.index, it]))
  const placed = queues.flatMap(({ interfaceIndex, queue, thread: id }) => {
    const [card, thread] = [cards.get(interfaceIndex), threads.find((it) => it.id === id)]
    return card?.numa === undefined || thread === undefined ? [] : [{ card, queue, thread }]
  })
  if (placed.length === 0) return good(name, 'no interface reports its NUMA node')
  const remote = placed.filter(({ card, thread }) => card.numa !== thread.socket)
  if (remote.length === 0)
    return good(name, `all ${placed.length} queues are polled on the node of their card`)
  const list = remote.map(({ card, queue, thread }) => `${card.name} queue ${queue} by ${thread.name}`)
  return bad(
    name,
    `polled from the other node: ${list.join(', ')}`,
    'workers on the node of the card (cpu { corelist-workers … }), then sw_interface_set_rx_placement',
  )
}

const numaBuffers: Rule = ({ threads, stats, statsProblem }) => {
  const name = 'buffers on each NUMA node'
  if (stats === undefined) return unknown(name, statsProblem)
  const nodes = new Set(threads.map((it) => it.socket))
  const pools = new Set(stats.pools.map((it) => it.numa))
  const without = [...nodes].filter((node) => !pools.has(node))
  if (without.length === 0)
    return good(name, `a pool on ${nodes.size === 1 ? 'the node' : `all ${nodes.size} nodes`}`)
  return bad(
    name,
    `threads on node ${without.join(', ')} take buffers from another node`,
    'hugepages on every node (/sys/devices/system/node/node*/hugepages), then restart VPP',
  )
}

const buffers: Rule = ({ stats, statsProblem }) => {
  const name = 'buffers in use'
  if (stats === undefined) return unknown(name, statsProblem)
  const [pool] = stats.pools.toSorted((a, b) => share(b.used, b.total) - share(a.used, a.total))
  if (pool === undefined) return unknown(name, 'the stats segment has no buffer pools')
  const part = share(pool.used, pool.total)
  const text = `${pool.name}: ${pool.used} of ${pool.total} (${percent(part)})`
  const advice = 'startup.conf: buffers { buffers-per-numa N }; who holds them: vpp-ts cli show buffers'
  if (part >= BUFFERS_BAD) return bad(name, text, advice)
  return part >= BUFFERS_LOOK ? look(name, text, advice) : good(name, text)
}

const losses: Rule = ({ stats, statsProblem }) => {
  const name = 'packets lost on the way in'
  if (stats === undefined) return unknown(name, statsProblem)
  const starved = stats.losses.filter((it) => it.noBuffer > 0n)
  if (starved.length > 0) {
    return bad(
      name,
      starved.map((it) => `${it.name}: ${it.noBuffer} for want of a buffer`).join(', '),
      'more buffers: buffers { buffers-per-numa N }',
    )
  }
  const missed = stats.losses.filter((it) => it.missed > 0n)
  if (missed.length === 0) return good(name, 'none')
  return look(
    name,
    missed.map((it) => `${it.name}: ${it.missed} of ${it.received + it.missed}`).join(', '),
    'longer queues (num-rx-desc), more queues and workers; look whether the numbers still grow',
  )
}

const load: Rule = ({ stats, statsProblem }) => {
  const name = 'load of the threads'
  if (stats === undefined) return unknown(name, statsProblem)
  const busy = stats.vectorRates.flatMap((rate, thread) => (rate >= VECTOR_LOOK ? [{ rate, thread }] : []))
  if (busy.length === 0) {
    return good(name, `${Math.max(0, ...stats.vectorRates)} packets a frame at most, of ${FRAME_SIZE}`)
  }
  return look(
    name,
    busy.map(({ rate, thread }) => `thread ${thread}: ${rate} packets a frame`).join(', '),
    'close to full frames: spread queues over more workers; the costly nodes: vpp-ts-stats top',
  )
}

const pages: Rule = ({ bufferPageSizes }) => {
  const name = 'pages of the buffers'
  if (bufferPageSizes.length === 0) return unknown(name, 'VPP does not report it')
  const small = bufferPageSizes.filter((size) => size === '4K')
  if (small.length === 0) return good(name, bufferPageSizes.join(', '))
  return look(name, 'small pages of 4K', 'hugepages: sysctl vm.nr_hugepages, and no buffers { page-size 4K }')
}

const heaps: Rule = ({ stats, statsProblem }) => {
  const name = 'heaps'
  if (stats === undefined) return unknown(name, statsProblem)
  const [heap] = stats.heaps.toSorted((a, b) => heapShare(b) - heapShare(a))
  if (heap === undefined) return unknown(name, 'the stats segment has no heaps')
  const part = heapShare(heap)
  const text = `${heap.name}: ${percent(part)} of ${Number(heap.total / 1_048_576n)} MiB used`
  const advice = 'startup.conf: memory { main-heap-size N } (statseg { size N } for the stats segment)'
  if (part >= HEAP_BAD) return bad(name, text, advice)
  return part >= HEAP_LOOK ? look(name, text, advice) : good(name, text)
}

const mainThread: Rule = ({ pings }) => {
  const name = 'main thread'
  const middle = pings[Math.floor(pings.length / 2)]
  if (middle === undefined) return unknown(name, 'VPP answered no ping')
  const text = `answers after ${middle.toFixed(2)} ms (median of ${pings.length} pings)`
  const advice = 'it is busy: long CLI commands, many routes at once? vpp-ts cli show runtime; vpp-ts ping'
  if (middle >= PING_BAD) return bad(name, text, advice)
  return middle >= PING_LOOK ? look(name, text, advice) : good(name, text)
}

const down: Rule = ({ interfaces }) => {
  const name = 'interfaces'
  const cards = interfaces.filter((it) => !SOFT_DEVICES.has(it.device))
  const off = cards.filter((it) => !it.isUp)
  if (off.length === 0)
    return good(name, cards.length === 0 ? 'none with queues' : `all ${cards.length} are up`)
  return look(
    name,
    `down: ${off.map(nameOf).join(', ')}`,
    'vpp-ts call sw_interface_set_flags sw_if_index=NAME flags=admin_up',
  )
}

const RULES: readonly Rule[] = [
  mainThread,
  workers,
  ownCores,
  workerQueues,
  numaQueues,
  numaBuffers,
  buffers,
  pages,
  losses,
  load,
  heaps,
  down,
]

function workersOf(threads: readonly ThreadFact[]): ThreadFact[] {
  return threads.filter((it) => it.name.startsWith('vpp_wk')).sort((a, b) => a.id - b.id)
}

function duplicates(threads: readonly ThreadFact[], key: (thread: ThreadFact) => unknown): ThreadFact[] {
  return threads.filter((it) => threads.some((other) => other !== it && key(other) === key(it)))
}

function nameOf(it: ThreadFact | InterfaceFact): string {
  return it.name
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole
}

function heapShare({ used, total }: { used: bigint; total: bigint }): number {
  return share(Number(used), Number(total))
}

function percent(part: number): string {
  return `${Math.round(part * 100)} %`
}

function good(check: string, finding: string): Finding {
  return { check, result: 'good', finding, advice: '' }
}

function look(check: string, finding: string, advice: string): Finding {
  return { check, result: 'look', finding, advice }
}

function bad(check: string, finding: string, advice: string): Finding {
  return { check, result: 'bad', finding, advice }
}

function unknown(check: string, reason: string | undefined): Finding {
  return { check, result: 'unknown', finding: reason ?? 'cannot be seen', advice: '' }
}
