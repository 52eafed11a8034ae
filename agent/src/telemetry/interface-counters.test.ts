import { array, assert, constantFrom, integer, property, record } from 'fast-check'
import { expect, it } from 'vitest'
import { InterfaceGrowth, type InterfaceReading } from './interface-counters.ts'

function reading(
  ...interfaces: readonly (readonly [name: string | undefined, count: number])[]
): InterfaceReading {
  return {
    names: interfaces.map(([name]) => name),
    values: Float64Array.from(interfaces.flatMap(([, count]) => [count, count * 64, 0, 0, 0, 0])),
  }
}

function told(
  growth: InterfaceGrowth,
  it: InterfaceReading,
  keys: readonly (string | undefined)[],
  seconds: number | undefined,
): Record<string, number> {
  const rates: Record<string, number> = {}
  growth.update(it, keys, seconds, (_index, key, rate) => {
    expect(rate[1]).toBe((rate[0] ?? 0) * 64)
    rates[key] = rate[0] ?? Number.NaN
  })
  return rates
}

it('rates come with the second reading of an interface, under the name that it has here', () => {
  const growth = new InterfaceGrowth()
  expect(told(growth, reading(['a', 10], ['b', 5]), ['one', undefined], undefined)).toEqual({})
  expect(told(growth, reading(['a', 30], ['b', 6], ['c', 9]), ['one', undefined, 'three'], 2)).toEqual({
    one: 10,
  })
  expect(told(growth, reading(['a', 30], ['b', 7], ['c', 9]), ['one', 'two', 'three'], 1)).toEqual({
    one: 0,
    three: 0,
  })
})

it('an index that is used again, another name here, a clear and another VPP give no rate', () => {
  const growth = new InterfaceGrowth()
  told(growth, reading(['a', 10]), ['one'], undefined)
  expect(told(growth, reading(['b', 1_000_000]), ['one'], 1)).toEqual({})
  expect(told(growth, reading(['b', 1_000_001]), ['two'], 1)).toEqual({})
  expect(told(growth, reading(['b', 1_000_002]), ['two'], 1)).toEqual({ two: 1 })
  expect(told(growth, reading(['b', 3]), ['two'], 1)).toEqual({})
  expect(told(growth, reading(['b', 9]), ['two'], undefined)).toEqual({})
  expect(told(growth, reading([undefined, 9]), [undefined], 1)).toEqual({})
})

it('no rate is greater than what was counted by an interface under its own name', () => {
  const lives = array(
    record({ grows: integer({ min: 0, max: 1000 }), what: constantFrom('goes on', 'cleared', 'reused') }),
    { maxLength: 50 },
  )
  assert(
    property(lives, (steps) => {
      const growth = new InterfaceGrowth()
      let count = 0
      let life = 0
      for (const { grows, what } of steps) {
        if (what === 'cleared') count = 0
        if (what === 'reused') count = 1_000_000 * ++life
        count += grows
        for (const rate of Object.values(told(growth, reading([`if${life}`, count]), ['lan'], 1))) {
          expect(rate).toBeLessThanOrEqual(grows)
        }
      }
    }),
  )
})
