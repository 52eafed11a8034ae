import type { InterfaceStats, NodeStats } from '@vpp-ts/stats'
import { describe, expect, it } from 'vitest'
import { InterfaceRates, NodeRates } from './rates.ts'

function counted(swIfIndex: number, packets: bigint, rxErrors = 0n): InterfaceStats {
  const pair = { packets, bytes: packets * 64n }
  const none = { packets: 0n, bytes: 0n }
  const casts = {
    rxUnicast: none,
    rxMulticast: none,
    rxBroadcast: none,
    txUnicast: none,
    txMulticast: none,
    txBroadcast: none,
  }
  const simple = {
    drops: 0n,
    punts: 0n,
    ip4: 0n,
    ip6: 0n,
    mpls: 0n,
    rxNoBuffer: 0n,
    rxMiss: 1n,
    txErrors: 0n,
  }
  return { swIfIndex, name: `if${swIfIndex}`, rx: pair, tx: none, ...casts, ...simple, rxErrors }
}

function node(index: number, calls: bigint, vectors: bigint, clocks: bigint): NodeStats {
  const vectorsPerCall = Number(vectors) / Number(calls)
  return { index, name: `n${index}`, calls, vectors, suspends: 0n, clocks, vectorsPerCall, averageClocks: 5 }
}

describe('rates of interfaces', () => {
  it('come with the second reading, not over a restart of VPP, and not for what is new', () => {
    const rates = new InterfaceRates()
    const first = rates.update([counted(1, 100n)], { time: 0, generation: 1 })
    expect(first.get(1)).toMatchObject({
      counters: { rxPackets: 100, rxBytes: 6400, errors: 1 },
      rates: null,
    })
    const second = rates.update([counted(1, 300n, 4n), counted(2, 9n)], { time: 2000, generation: 1 })
    expect(second.get(1)?.rates).toEqual({
      rxPackets: 100,
      rxBytes: 6400,
      txPackets: 0,
      txBytes: 0,
      drops: 0,
      errors: 2,
    })
    expect(second.get(2)?.rates).toBeNull()
    expect(rates.update([counted(1, 5n)], { time: 3000, generation: 2 }).get(1)?.rates).toBeNull()
  })
})

describe('rates of nodes', () => {
  it('are of the time between two updates by VPP, however often they are read', () => {
    const rates = new NodeRates()
    const before = [node(0, 10n, 40n, 1000n), node(1, 1n, 1n, 9000n)]
    const first = rates.update(before, 1n, { time: 0, generation: 1 })
    expect(first.map(({ name }) => name)).toEqual(['n1', 'n0'])
    expect(first[0]).toMatchObject({ callsPerSecond: null, vectorsPerSecond: null, vectorsPerCall: 1 })
    const after = [node(0, 20n, 240n, 2000n), node(1, 1n, 1n, 9000n)]
    const second = rates.update(after, 2n, { time: 10_000, generation: 1 })
    expect(second.map(({ name }) => name)).toEqual(['n0', 'n1'])
    expect(second[0]).toMatchObject({ callsPerSecond: 1, vectorsPerSecond: 20, vectorsPerCall: 20 })
    // The same update of VPP, read again a second later.
    expect(rates.update(after, 2n, { time: 11_000, generation: 1 })).toEqual(second)
  })

  it('leave out nodes that handled nothing, and all but the busiest', () => {
    const nodes = Array.from({ length: 50 }, (_, i) => node(i, 1n, i === 49 ? 0n : 1n, BigInt(i)))
    const shown = new NodeRates().update(nodes, 1n, { time: 0, generation: 1 })
    expect(shown).toHaveLength(20)
    expect(shown[0]?.name).toBe('n48')
  })
})
