import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ManualClock } from './manual-clock.ts'
import { serve, type Served, type ServedOptions } from './served.ts'

/** A time at which chunks of all levels begin. */
const START = 7_200_000 * 250_000
const SECOND = 1000

interface Values {
  readonly mean: readonly (number | null)[]
  readonly max: readonly (number | null)[]
}

interface History {
  readonly from: string
  readonly step: number
  readonly count: number
  readonly series: Readonly<Record<string, Values>>
}

/** A served VPP with two interfaces, its time in the test's hands. */
async function served(
  options: ServedOptions = {},
  clock = new ManualClock(START),
): Promise<{ agent: Served; clock: ManualClock; lan: number }> {
  const agent = await serve({ ...options, historyClock: clock })
  agent.counters.addInterface('local0')
  const lan = agent.counters.addInterface('loop0')
  await agent.ask('POST', '/interfaces?wait=true', { type: 'loopback', name: 'lan' })
  await agent.ask('POST', '/resync')
  // The first reading has nothing to be compared with.
  await agent.agent.instance('one').settled()
  await until(clock, agent)
  return { agent, clock, lan }
}

/** The stats are connected to when they are first asked for; until then a reading finds nothing. */
async function until(clock: ManualClock, agent: Served): Promise<void> {
  const start = clock.now()
  for (;;) {
    await clock.run(2)
    clock.set(start)
    const answer = await history(agent, 'total', { from: at(start), to: at(start + 10 * SECOND), step: 1 })
    if (answer.series['rxBytes']?.mean.some((value) => value !== null) === true) return
  }
}

function at(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}

async function history(
  agent: Served,
  path: string,
  query: Readonly<Record<string, string | number>>,
): Promise<History> {
  const text = new URLSearchParams(
    Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
  )
  const answer = await agent.ask('GET', `/api/v1/instances/one/history/${path}?${text}`)
  expect(answer.status, answer.text).toBe(200)
  return answer.body as History
}

describe('history of rates', () => {
  it('seconds, 10 seconds and minutes of an interface are told, by both of its names', async () => {
    const { agent, clock, lan } = await served()
    await using _agent = agent
    const rx = agent.counters.counter('rx')
    let second = 0
    await clock.run(130, () => {
      // Every tenth second ten times as much.
      const packets = second++ % 10 === 9 ? 1000n : 100n
      rx.add(0, lan, packets, packets * 64n)
    })
    const span = { from: at(START), to: at(START + 120 * SECOND) }
    const fine = await history(agent, 'interfaces/lan', { ...span, step: 1 })
    expect(fine).toMatchObject({ from: at(START), step: 1, count: 120 })
    expect(fine.series['rxPackets']?.mean.slice(10, 20)).toEqual([...Array<number>(9).fill(100), 1000])
    const tens = await history(agent, 'interfaces/loop0', { ...span, step: 10 })
    expect(tens.series['rxPackets']?.mean.slice(1)).toEqual(Array(11).fill(expect.closeTo(190, 0)))
    expect(tens.series['rxPackets']?.max.slice(1)).toEqual(Array(11).fill(1000))
    expect(tens.series['txBytes']?.mean.slice(1)).toEqual(Array(11).fill(0))
    const minutes = await history(agent, 'interfaces/lan', { ...span, step: 60 })
    expect(minutes.series['rxBytes']?.mean[1]).toBeCloseTo(190 * 64, -2)
    expect(minutes.series['rxBytes']?.max[1]).toBeCloseTo(64_000, -2)
    const total = await history(agent, 'total', { ...span, step: 60 })
    expect(total.series['rxPackets']?.mean[1]).toBeCloseTo(190, 0)
    const last = await agent.ask('GET', '/history/interfaces/lan?last=1m')
    expect(last.body).toMatchObject({ step: 1, count: 60 })
    expect((await agent.ask('GET', '/history')).body).toMatchObject({
      levels: [
        { step: 1, kept: 600 },
        { step: 10, kept: 86_400 },
        { step: 60, kept: 31 * 86_400 },
      ],
      interfaces: 2,
      left: 0,
      problem: null,
    })
  })

  it('a clear, a rename and an index that is used again give no rate, and no spike', async () => {
    const { agent, clock, lan } = await served()
    await using _agent = agent
    const { counters } = agent
    const rx = counters.counter('rx')
    const add = (): void => rx.add(0, lan, 100n, 6400n)
    await clock.run(10, add)
    rx.clear(lan)
    await clock.run(10, add)
    // Another interface comes in its place, and has counted much before the next reading.
    counters.deleteInterface(lan)
    counters.addInterface('tap7', lan)
    rx.add(0, lan, 1_000_000_000n, 64_000_000_000n)
    await clock.run(10, add)
    counters.renameInterface(lan, 'loop0')
    await clock.run(10, add)
    const span = { from: at(START), to: at(START + 40 * SECOND), step: 1 }
    for (const path of ['interfaces/lan', 'total']) {
      const { series } = await history(agent, path, span)
      const known = series['rxPackets']?.mean.filter((value) => value !== null) ?? []
      expect(Math.max(...known), path).toBe(100)
    }
    const { series } = await history(agent, 'interfaces/lan', span)
    expect(series['rxPackets']?.mean.slice(3, 9)).toEqual(Array(6).fill(100))
    expect(series['rxPackets']?.mean[10]).toBeNull()
    expect(series['rxPackets']?.mean.slice(11, 20)).toEqual(Array(9).fill(100))
  })

  it('errors of nodes are told each and together, from the first one on', async () => {
    const { agent, clock } = await served()
    await using _agent = agent
    const error = agent.counters.addError('ip4-input', 'ip4 ttl <= 1')
    await clock.run(5)
    await clock.run(1, () => agent.counters.errorCounter.add(0, error, 7n))
    await clock.run(5)
    const span = { from: at(START), to: at(START + 10 * SECOND), step: 1 }
    const name = encodeURIComponent('ip4-input/ip4 ttl <= 1')
    const one = await history(agent, `errors/${name}`, span)
    expect(one.series['errors']?.mean.filter((value) => value !== null && value > 0)).toEqual([7])
    const total = await history(agent, 'total', span)
    expect(total.series['nodeErrors']?.mean).toEqual(Array.from({ length: 10 }, (_, i) => (i === 5 ? 7 : 0)))
    expect((await history(agent, 'workers/0', span)).series).toHaveProperty('vectorRate')
  })

  it('what is known outlives the agent; what is damaged is gone, and nothing else', async () => {
    const { agent, clock, lan } = await served()
    const rx = agent.counters.counter('rx')
    const folder = join(agent.folder, 'store', 'history', 'one')
    await clock.run(150, () => rx.add(0, lan, 100n, 6400n))
    await agent.agent.close()
    const files = await readdir(join(folder, '1s'))
    expect(files).toHaveLength(3)
    const kept = new Map(
      await Promise.all(files.map(async (file) => [file, await readFile(join(folder, '1s', file))] as const)),
    )
    await agent[Symbol.asyncDispose]()

    const again = await serve({
      historyClock: new ManualClock(START + 150 * SECOND),
      config: { history: { path: 'kept' } },
      prepare: async (socket) => {
        const to = join(socket, '..', 'kept', 'one', '1s')
        await mkdir(to, { recursive: true })
        for (const [at, [file, bytes]] of [...kept].entries()) {
          await writeFile(join(to, file), at === 1 ? bytes.subarray(0, 20) : bytes)
        }
        await writeFile(join(to, 'left.123.new'), 'half')
      },
    })
    await using _again = again
    const span = { from: at(START), to: at(START + 150 * SECOND), step: 1 }
    const { series } = await history(again, 'interfaces/lan', span)
    const mean = series['rxPackets']?.mean ?? []
    expect(mean.slice(3, 60)).toEqual(Array(57).fill(100))
    expect(mean.slice(60, 120)).toEqual(Array(60).fill(null))
    expect(mean.slice(120, 149)).toEqual(Array(29).fill(100))
    const minutes = await history(again, 'interfaces/lan', { ...span, step: 60 })
    expect(minutes.series['rxPackets']?.mean).toEqual([expect.closeTo(100, 0), null, expect.closeTo(100, 0)])
    expect(await readdir(join(again.folder, 'kept', 'one', '1s'))).not.toContain('left.123.new')
  })

  it('a folder that cannot be used hinders nothing, and is told of', async () => {
    const agent = await serve({
      config: { history: { path: 'agent.yaml' } },
      historyClock: new ManualClock(START),
    })
    await using _agent = agent
    const put = await agent.ask('POST', '/interfaces?wait=true', { type: 'loopback', name: 'lan' })
    expect(put.status).toBe(201)
    expect((await agent.ask('GET', '/history')).body).toMatchObject({ problem: expect.any(String) as string })
  })

  it('interfaces beyond the limit are left out and told of, and count in the total', async () => {
    const clock = new ManualClock(START)
    const { agent, lan } = await served({ config: { history: { interfaces: 1 } } }, clock)
    await using _agent = agent
    await clock.run(5, () => agent.counters.counter('rx').add(0, lan, 100n, 6400n))
    expect((await agent.ask('GET', '/history')).body).toMatchObject({ interfaces: 1, left: 1 })
    const span = { from: at(START), to: at(START + 4 * SECOND), step: 1 }
    expect((await history(agent, 'total', span)).series['rxPackets']?.mean.at(-1)).toBe(100)
    expect((await history(agent, 'interfaces/lan', span)).series['rxPackets']?.mean.at(-1)).toBeNull()
  })

  it('what cannot be asked for is refused, and a path of a history that is off does not exist', async () => {
    const { agent } = await served()
    await using _agent = agent
    const refused = async (query: string): Promise<unknown> =>
      (await agent.ask('GET', `/history/total?${query}`)).body
    expect(await refused('step=0')).toMatchObject({ code: 'AGENT_REQUEST' })
    expect(await refused('last=nonsense')).toMatchObject({ code: 'AGENT_REQUEST' })
    expect(await refused(`from=${at(START)}&to=${at(START - 1)}`)).toMatchObject({ code: 'AGENT_REQUEST' })
    expect(await refused('last=700h&step=1')).toMatchObject({
      detail: expect.stringContaining('more than 50000') as string,
    })
    expect((await agent.ask('GET', '/history/interfaces/nowhere')).body).toMatchObject({
      code: 'AGENT_UNKNOWN_ITEM',
    })
    await using off = await serve({ config: { history: false } })
    expect((await off.ask('GET', '/history/total')).body).toMatchObject({ code: 'AGENT_NOT_FOUND' })
  })
})
