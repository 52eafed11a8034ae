import { StatsClient, type InterfaceStats, type NodeStats, type StatEntry } from '@vpp-ts/stats'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { OwnVpp, someVpp, statsVppMissing, type StatsVpp } from './stats-vpp.ts'

const run = promisify(execFile)
const PAPI = fileURLToPath(new URL('papi-stats.py', import.meta.url))
const papiMissing = await run('python3', ['-c', 'import vpp_papi']).then(
  () => undefined,
  () => 'python3 with vpp_papi is not there',
)

if (statsVppMissing !== undefined)
  console.warn(`the stats suite against VPP does not run: ${statsVppMissing}`)
else if (papiMissing !== undefined) console.warn(`comparison with vpp_papi does not run: ${papiMissing}`)

/** What `show interface` says, by sw_if_index: the name, and counters by the text VPP prints for them. */
function parseInterfaces(text: string) {
  const all = new Map<number, { name: string; counters: Map<string, bigint> }>()
  let counters = new Map<string, bigint>()
  for (const line of text.split('\n').slice(1)) {
    const [head, name, index] = /^(\S+)\s+(\d+)\s+(?:up|down)\s+\S+/.exec(line) ?? []
    if (name !== undefined) all.set(Number(index), { name, counters: (counters = new Map()) })
    const [, label, count] = /^\s+(\S.*?)\s+(\d+)\s*$/.exec(line.slice(head?.length ?? 0)) ?? []
    if (label !== undefined && count !== undefined) counters.set(label, BigInt(count))
  }
  return all
}

/** The lines that `show interface` would print of an interface: those that are not zero. */
function shownCounters(it: InterfaceStats): Map<string, bigint> {
  const all: [string, bigint][] = [
    ['rx packets', it.rx.packets],
    ['rx bytes', it.rx.bytes],
    ['tx packets', it.tx.packets],
    ['tx bytes', it.tx.bytes],
    ['drops', it.drops],
    ['punt', it.punts],
    ['ip4', it.ip4],
    ['ip6', it.ip6],
    ['rx-miss', it.rxMiss],
    ['rx-error', it.rxErrors],
    ['tx-error', it.txErrors],
    ['rx-no-buf', it.rxNoBuffer],
    ['mpls', it.mpls],
  ]
  return new Map(all.filter(([, value]) => value !== 0n))
}

/** Numbers of `show runtime` by node (VPP cuts names to 30 characters). */
function parseRuntime(text: string) {
  const nodes = new Map<
    string,
    { calls: bigint; vectors: bigint; suspends: bigint; clocks: number; rate: number }
  >()
  for (const line of text.split('\n')) {
    const [, numbers] = /\s(\d+\s+\d+\s+\d+\s+[\d.e+-]+\s+[\d.]+)\s*$/.exec(line) ?? []
    if (numbers === undefined) continue
    const [calls = '0', vectors = '0', suspends = '0', clocks = '0', rate = '0'] = numbers.split(/\s+/)
    const name = line.slice(0, 30).trimEnd()
    nodes.set(name, {
      calls: BigInt(calls),
      vectors: BigInt(vectors),
      suspends: BigInt(suspends),
      clocks: Number(clocks),
      rate: Number(rate),
    })
  }
  return nodes
}

function matrix(
  stat: { readonly rows: number; columns(row: number): number },
  get: (row: number, column: number) => unknown,
): unknown[][] {
  return Array.from({ length: stat.rows }, (_, row) =>
    Array.from({ length: stat.columns(row) }, (_unused, column) => get(row, column)),
  )
}

/** The value of an entry as `papi-stats.py` prints it. */
function plain(entry: StatEntry): unknown {
  if (entry.type === 'scalar' || entry.type === 'gauge') return Number(entry.value)
  if (entry.type === 'names') return entry.names.filter((name) => name !== undefined)
  if (entry.type === 'simple') return matrix(entry, (row, column) => Number(entry.get(row, column)))
  if (entry.type !== 'combined') return undefined
  return matrix(entry, (row, column) => [
    Number(entry.packets(row, column)),
    Number(entry.bytes(row, column)),
  ])
}

async function papi(vpp: StatsVpp, pattern: string): Promise<Record<string, unknown>> {
  const { stdout } = await run('python3', [PAPI, vpp.statsSocket, pattern], { maxBuffer: 2 ** 28 })
  return JSON.parse(stdout) as Record<string, unknown>
}

/** Waits until VPP's collector has run from start to end. */
async function nextUpdate(client: StatsClient): Promise<void> {
  const begin = (await client.system()).heartbeat
  for await (const set of client.poll('^/sys/heartbeat$', { interval: 20 })) {
    const entry = set.get('/sys/heartbeat')
    if (entry?.type === 'scalar' && entry.value >= begin + 2n) return
  }
}

describe.skipIf(statsVppMissing !== undefined)('beside vppctl and vpp_papi', () => {
  let vpp: StatsVpp
  let client: StatsClient

  beforeAll(async () => {
    vpp = await someVpp()
    client = await StatsClient.connect(vpp.statsSocket)
    await vpp.cli('create packet-generator interface pg7')
    await vpp.cli('set interface state pg7 up')
    await vpp.cli('set interface ip address pg7 192.0.2.1/24')
    await vpp.cli(
      'packet-generator new { name stats limit 1000 node ip4-input size 100-100 interface pg7 ' +
        'data { UDP: 192.0.2.2 -> 198.51.100.9 UDP: 1 -> 2 incrementing 72 } }',
    )
    await vpp.cli('packet-generator enable-stream stats')
    await vi.waitFor(async () => expect((await find('pg7'))?.rx.packets).toBe(1000n), 10_000)
    await nextUpdate(client)
  }, 60_000)

  afterAll(async () => {
    await vpp.cli('packet-generator delete stats')
    await client.close()
    await vpp[Symbol.asyncDispose]()
  })

  const find = async (name: string) => (await client.interfaces()).find((it) => it.name === name)

  test('interfaces are as in show interface', async () => {
    const shown = parseInterfaces(await vpp.cli('show interface'))
    const ours = await client.interfaces()
    expect(new Map(ours.map((it) => [it.swIfIndex, { name: it.name, counters: shownCounters(it) }]))).toEqual(
      shown,
    )
    expect([...shown.values()].map((it) => it.counters.get('rx packets'))).toContain(1000n)
  })

  test('errors are as in show errors', async () => {
    const text = await vpp.cli('show errors')
    const shown = text
      .split('\n')
      .slice(1)
      .flatMap((line) => {
        const [, count, node, reason] = /^\s*(\d+)\s+(\S+)\s{2,}(\S.*?)\s{2,}\S+\s*$/.exec(line) ?? []
        return count === undefined ? [] : [`${node} ${reason} ${count}`]
      })
    const ours = await client.errors()
    expect(shown.length).toBeGreaterThan(0)
    expect(ours.map(({ node, reason, count }) => `${node} ${reason.slice(0, 50)} ${count}`).sort()).toEqual(
      shown.sort(),
    )
  })

  test('nodes are as in show runtime: idle ones equal, moving ones between two looks', async () => {
    const before = parseRuntime(await vpp.cli('show runtime'))
    await nextUpdate(client)
    const ours = new Map(
      (await client.nodes()).map((node): [string, NodeStats] => [node.name.slice(0, 30), node]),
    )
    await nextUpdate(client)
    const after = parseRuntime(await vpp.cli('show runtime'))
    let idle = 0
    for (const [name, first] of before) {
      const node = ours.get(name)
      const last = after.get(name)
      if (node === undefined || last === undefined) continue
      for (const field of ['calls', 'vectors', 'suspends'] as const) {
        expect(node[field] >= first[field] && node[field] <= last[field], `${name} ${field}`).toBe(true)
      }
      if (first.calls !== last.calls || first.suspends !== last.suspends) continue
      idle++
      expect(node.vectorsPerCall, name).toBeCloseTo(last.rate, 1)
      // VPP shows three digits.
      expect(Math.abs(node.averageClocks - last.clocks), name).toBeLessThanOrEqual(last.clocks * 0.01 + 0.01)
    }
    expect(idle).toBeGreaterThan(20)
    expect(ours.get('ip4-input')).toMatchObject({ vectors: 1000n })
  })

  test('heaps are as in show memory', async () => {
    const units: Record<string, number> = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 }
    const bytes = (text: string, field: string) => {
      const [, number = '', unit = ''] = new RegExp(`${field}: ([\\d.]+)([KMG]?)`).exec(text) ?? []
      return Number(number) * (units[unit] ?? 1)
    }
    const heaps = await client.memory()
    for (const [command, name] of [
      ['show memory main-heap', 'main heap'],
      ['show memory stats-segment', 'stat segment'],
    ] as const) {
      const text = await vpp.cli(command)
      const heap = heaps.find((it) => it.name === name)
      for (const field of ['total', 'used', 'free'] as const) {
        const shown = bytes(text, field)
        expect(Math.abs(Number(heap?.[field]) - shown), `${name} ${field}`).toBeLessThan(shown * 0.01)
      }
    }
  })

  test('system: workers, rates and times', async () => {
    const system = await client.system()
    const threads = (await vpp.cli('show threads'))
      .split('\n')
      .filter((line) => /^\s*\d+\b/.test(line)).length
    expect(system.workers).toBe(threads - 1)
    expect(system.loopsPerThread).toHaveLength(threads)
    const asked = Date.now() / 1000
    const [, text = ''] = /Time now ([\d.]+)/.exec(await vpp.cli('show clock')) ?? []
    const seconds = Number(text)
    const now = system.bootTime.getTime() / 1000 + seconds
    // VPP's clock is seconds off when the machine was busy while it learnt how fast the processor's counter runs.
    expect(now).toBeGreaterThan(asked - 60)
    expect(now).toBeLessThan(Date.now() / 1000 + 60)
    expect(system.lastUpdate).toBeGreaterThan(0)
    expect(system.lastUpdate).toBeLessThanOrEqual(seconds)
  })

  test.skipIf(papiMissing !== undefined)(
    'every entry that stands still is as vpp_papi reads it',
    async () => {
      const patterns = '^/(if|err|net|interfaces|buffer-pools|sys/node/names)'
      const before = new Map((await client.dump(patterns)).map((entry) => [entry.name, plain(entry)]))
      const theirs = await papi(vpp, patterns)
      const after = new Map((await client.dump(patterns)).map((entry) => [entry.name, plain(entry)]))
      expect(Object.keys(theirs).sort()).toEqual([...before.keys()].sort())
      let equal = 0
      for (const [name, value] of Object.entries(theirs)) {
        const mine = before.get(name)
        if (JSON.stringify(mine) !== JSON.stringify(after.get(name))) continue
        // vpp_papi shows a symlink's one column flat.
        const flat = Array.isArray(value) && name.startsWith('/interfaces') ? flatten(mine) : mine
        expect(JSON.stringify(value), name).toBe(
          JSON.stringify(name.startsWith('/err') ? flatten(mine) : flat),
        )
        equal++
      }
      expect(equal).toBeGreaterThan(2000)
    },
  )

  test('interfaces are created, renamed and deleted while we poll: names and numbers stay together', async () => {
    const set = await client.prepare('^/(interfaces/.*/rx|if/names)$')
    let polls = 0
    const stop = new AbortController()
    const polling = (async () => {
      for await (const _ of client.poll('^/sys/heartbeat$', { interval: 1, signal: stop.signal })) {
        polls++
        expect(await find('pg7')).toMatchObject({ rx: { packets: 1000n, bytes: 100_000n } })
      }
    })()
    for (let round = 0; round < 5; round++) {
      const name = (await vpp.cli('create loopback interface')).trim()
      expect((await find(name))?.name).toBe(name)
      await set.update()
      expect(set.get(`/interfaces/${name}/rx`)).toBeDefined()
      // VPP leaves the first name of an interface in the segment when it is renamed: so says its own tool.
      await vpp.cli(`set interface name ${name} renamed-${round}`)
      expect((await find(name))?.name).toBe(name)
      await vpp.cli(`delete loopback interface intfc renamed-${round}`)
      expect(await find(name)).toBeUndefined()
      await set.update()
      expect(set.get(`/interfaces/${name}/rx`)).toBeUndefined()
    }
    stop.abort()
    await polling
    expect(polls).toBeGreaterThan(10)
    const shown = parseInterfaces(await vpp.cli('show interface'))
    expect((await client.interfaces()).map((it) => it.swIfIndex)).toEqual(
      [...shown.keys()].sort((a, b) => a - b),
    )
  })
})

/** Takes the one column out of each row. */
function flatten(value: unknown): unknown {
  return Array.isArray(value)
    ? value.map((row: unknown) => (Array.isArray(row) ? (row[0] as unknown) : row))
    : value
}

describe.skipIf(statsVppMissing !== undefined || process.env['VPP_BINARY'] === undefined)(
  'a VPP of our own',
  () => {
    test.each(['SIGKILL', 'SIGTERM'] as const)('is followed over %s while we poll', async (signal) => {
      await using vpp = await OwnVpp.start()
      await using client = await StatsClient.connect(vpp.statsSocket, { reconnectTimeout: 60_000 })
      await vpp.cli('create loopback interface')
      const first = { ...(await client.system()), pid: client.connection?.pid }
      const set = await client.prepare('^/sys/boottime$')
      expect((await client.interfaces()).map((it) => it.name)).toEqual(['local0', 'loop0'])
      const lost = once(client, 'disconnected')
      await vpp.kill(signal)
      await lost
      const waiting = client.interfaces()
      const back = once(client, 'connected')
      await vpp.launch()
      expect((await waiting).map((it) => it.name)).toEqual(['local0'])
      expect(await back).toMatchObject([{ generation: 2 }])
      const second = await client.system()
      expect(client.connection?.pid).not.toBe(first.pid)
      // Whole seconds: VPP may be back within the one it was started in.
      expect(second.bootTime.getTime()).toBeGreaterThanOrEqual(first.bootTime.getTime())
      await set.update()
      expect(set.get('/sys/boottime')).toMatchObject({ value: BigInt(second.bootTime.getTime() / 1000) })
    })

    test('a ring buffer of VPP is read record by record', async ({ skip }) => {
      await using vpp = await OwnVpp.start()
      const help = await vpp.cli('show plugins')
      if (!help.includes('unittest_plugin.so')) return skip('this VPP has no unit test plugin')
      await vpp.cli('test stats ring-buffer-gen /test-ring 1 1 1024')
      await using client = await StatsClient.connect(vpp.statsSocket)
      const [entry] = await client.ls('test-ring')
      const ring = await client.ring(entry?.name ?? '')
      await vpp.cli('test stats ring-buffer-gen /test-ring 100 1 1024')
      const batches = await ring.read()
      const numbers = batches.flatMap(({ records }) =>
        records.map((record) => new DataView(record.buffer, record.byteOffset).getBigUint64(0, true)),
      )
      expect(numbers.length).toBeGreaterThanOrEqual(100)
      expect(numbers.every((number, i) => i === 0 || number === (numbers[i - 1] ?? 0n) + 1n)).toBe(true)
      expect(ring.lost).toBe(0n)
      return undefined
    })
  },
)
