import { expect, it } from 'vitest'
import { Counters } from './counters.ts'
import { Interfaces } from './interfaces.ts'
import { Nodes } from './nodes.ts'
import { Traffic } from './traffic.ts'

function trafficOf(counters: Counters): Traffic {
  return new Traffic(counters, new Nodes([], new Interfaces(() => undefined), counters))
}

it('counts exactly what a flow sends, however time is cut', () => {
  const counters = new Counters()
  const traffic = trafficOf(counters)
  const stop = traffic.add({ swIfIndex: 1, counter: 'rx', packetsPerSecond: 3, packetSize: 100 })
  for (let i = 0; i < 100; i++) traffic.advance(0.1)
  expect(counters.of(1, 'rx')).toEqual({ packets: 30n, bytes: 3000n })
  stop()
  traffic.advance(100)
  expect(counters.of(1, 'rx').packets).toBe(30n)
})

it('pauses between bursts', () => {
  const counters = new Counters()
  const traffic = trafficOf(counters)
  traffic.add({ swIfIndex: 1, counter: 'drops', packetsPerSecond: 10, burst: { on: 1, off: 3 } })
  for (const seconds of [0.5, 0.5, 1, 2, 0.5]) traffic.advance(seconds)
  expect(counters.of(1, 'drops')).toEqual({ packets: 15n, bytes: 0n })
})

it('adds up threads, and begins again when it is cleared', () => {
  const counters = new Counters()
  const changes: bigint[] = []
  const stop = counters.listen(({ packets }) => changes.push(packets))
  counters.add(1, 'tx', 5n, 50n, 1)
  counters.add(1, 'tx', 2n, 20n, 2)
  expect(counters.of(1, 'tx')).toEqual({ packets: 7n, bytes: 70n })
  counters.clear(2)
  expect(counters.of(1, 'tx').packets).toBe(7n)
  counters.clear()
  expect(counters.of(1, 'tx')).toEqual({ packets: 0n, bytes: 0n })
  expect(changes).toEqual([5n, 2n, 0n, 0n])
  stop()
  counters.add(1, 'tx', 1n)
  expect(changes).toHaveLength(4)
})
