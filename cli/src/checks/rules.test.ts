import { describe, expect, it } from 'vitest'
import type { Facts, StatsFacts, ThreadFact } from './facts.ts'
import { bufferPages, numaNodes } from './gather.ts'
import { findings } from './rules.ts'

const thread = (id: number, cpu: number, socket = 0, core = cpu): ThreadFact => ({
  ...{ id, cpu, core, socket },
  name: id === 0 ? 'vpp_main' : `vpp_wk_${id - 1}`,
})
const queue = (interfaceIndex: number, number: number, on: number) => ({
  ...{ interfaceIndex, queue: number, thread: on },
  mode: 'RX_MODE_API_POLLING',
})
const card = (index: number, numa: number | undefined, isUp = true) => ({
  ...{ index, numa, isUp },
  name: `eth${index}`,
  device: 'dpdk',
})

const STATS: StatsFacts = {
  pools: [{ name: 'default-numa-0', numa: 0, total: 1000, used: 10 }],
  losses: [{ name: 'eth1', missed: 0n, noBuffer: 0n, received: 9n }],
  heaps: [{ name: 'main heap', total: 1_048_576n, used: 1000n }],
  vectorRates: [0, 3],
}
const WELL: Facts = {
  threads: [thread(0, 1), thread(1, 2), thread(2, 3)],
  interfaces: [card(1, 0)],
  queues: [queue(1, 0, 1), queue(1, 1, 2)],
  bufferPageSizes: ['2M'],
  pings: [0.1, 0.2, 0.3],
  stats: STATS,
  statsProblem: undefined,
}

const with_ = (change: Partial<Facts>): Facts => ({ ...WELL, ...change })
const stats = (change: Partial<StatsFacts>): Facts => with_({ stats: { ...STATS, ...change } })
const not = (facts: Facts) =>
  findings(facts)
    .filter(({ result }) => result !== 'good')
    .map(({ check, result, finding }) => `${result} ${check}: ${finding}`)

describe('checks', () => {
  it('find nothing where all is well', () => {
    expect(not(WELL)).toEqual([])
  })

  it.each([
    ['no workers', with_({ threads: [thread(0, 1)], queues: [queue(1, 0, 0)] }), /^look workers: none/],
    [
      'a shared CPU',
      with_({ threads: [thread(0, 1), thread(1, 2), thread(2, 2)] }),
      /^bad a core.*vpp_wk_0, vpp_wk_1/,
    ],
    [
      'hyper-threads',
      with_({ threads: [thread(0, 1), thread(1, 2, 0, 9), thread(2, 3, 0, 9)] }),
      /^look a core.*hyper/,
    ],
    [
      'an idle worker',
      with_({ queues: [queue(1, 0, 1)] }),
      /^look queues on workers: vpp_wk_1 polls no queue/,
    ],
    [
      'a lopsided placement',
      with_({ queues: [queue(1, 0, 1), queue(1, 1, 1), queue(1, 2, 1), queue(1, 3, 2)] }),
      /^look queues on workers: between 1 and 3/,
    ],
    [
      'a card of the other node',
      with_({ interfaces: [card(1, 1)] }),
      /^bad NUMA node.*eth1 queue 0 by vpp_wk_0/,
    ],
    [
      'no buffers there',
      with_({ threads: [thread(0, 1, 1), thread(1, 2), thread(2, 3)] }),
      /^bad buffers on each NUMA node/,
    ],
    [
      'few buffers',
      stats({ pools: [{ name: 'p', numa: 0, total: 100, used: 75 }] }),
      /^look buffers in use: p: 75 of 100/,
    ],
    ['no buffers', stats({ pools: [{ name: 'p', numa: 0, total: 100, used: 95 }] }), /^bad buffers in use/],
    [
      'losses',
      stats({ losses: [{ name: 'e', missed: 5n, noBuffer: 0n, received: 5n }] }),
      /^look packets lost.*5 of 10/,
    ],
    [
      'starvation',
      stats({ losses: [{ name: 'e', missed: 5n, noBuffer: 1n, received: 5n }] }),
      /^bad packets lost/,
    ],
    ['full frames', stats({ vectorRates: [0, 200] }), /^look load of the threads: thread 1: 200/],
    ['a full heap', stats({ heaps: [{ name: 'h', total: 100n, used: 96n }] }), /^bad heaps: h: 96 %/],
    ['small pages', with_({ bufferPageSizes: ['4K'] }), /^look pages of the buffers/],
    ['a slow main thread', with_({ pings: [1, 30, 40] }), /^look main thread: answers after 30/],
    ['a stuck main thread', with_({ pings: [300] }), /^bad main thread/],
    ['a card that is down', with_({ interfaces: [card(1, 0, false)] }), /^look interfaces: down: eth1/],
  ])('find %s, and nothing else', (_, facts, reason) => {
    expect(not(facts)).toEqual([expect.stringMatching(reason)])
  })

  it('say what they cannot see', () => {
    const blind = with_({
      stats: undefined,
      statsProblem: 'no socket',
      bufferPageSizes: [],
      pings: [],
      threads: [],
    })
    expect(not(blind).filter((it) => it.startsWith('unknown')).length).toBe(8)
  })
})

describe("texts of VPP's command line", () => {
  it('tell the NUMA nodes of cards and the pages of buffers', () => {
    const text = `              Name                Idx   Link  Hardware
eth0/1                             1     up   eth0/1
  Link speed: 10 Gbps
    pci: device 8086:1572 subsystem 8086:0000 address 0000:82:00.00 numa 1
loop0                              2    down  loop0
tap0                               3     up   tap0
    pci: device 0:0 subsystem 0:0 address 0000:00:00.00 numa unknown
`
    expect([...numaNodes(text)]).toEqual([['eth0/1', 1]])
    const physmem =
      "  arena 'buffers-numa-0' pages 16 subpage-size 2M numa-node 0 shared fd 5\n  arena 'x' subpage-size 1G\n"
    expect(bufferPages(physmem)).toEqual(['2M'])
  })
})
