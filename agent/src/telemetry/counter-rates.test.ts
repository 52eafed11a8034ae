import { array, assert, boolean, integer, property, record } from 'fast-check'
import { expect, it } from 'vitest'
import { CounterRates } from './counter-rates.ts'

const of = (...values: number[]) => Float64Array.from(values)

it('rates are of the growth of all counters', () => {
  const rates = new CounterRates<number>()
  expect(rates.update([[1, 'a', of(10, 100)]], undefined).size).toBe(0)
  expect(rates.update([[1, 'a', of(20, 400)]], 2).get(1)).toEqual(of(5, 150))
})

it('there is none after a clear, for another thing of the same number, for what is new, after another VPP', () => {
  const rates = new CounterRates<number>()
  rates.update([[1, 'a', of(10, 100)]], undefined)
  expect(rates.update([[1, 'a', of(20, 5)]], 1).has(1)).toBe(false)
  expect(rates.update([[1, 'a', of(30, 6)]], 1).get(1)).toEqual(of(10, 1))
  expect(rates.update([[1, 'b', of(1_000_000, 7)]], 1).has(1)).toBe(false)
  expect(
    rates.update(
      [
        [1, 'b', of(1_000_001, 7)],
        [2, 'c', of(9, 9)],
      ],
      1,
    ),
  ).toEqual(new Map([[1, of(1, 0)]]))
  expect(rates.update([[1, 'b', of(2_000_000, 8)]], undefined).size).toBe(0)
})

it('what began at zero has a rate with the first reading that tells of it', () => {
  const rates = new CounterRates<string>()
  rates.update([], undefined)
  expect(rates.update([['n/r', '', of(4)]], 2, true).get('n/r')).toEqual(of(2))
})

it('no rate is greater than what was counted by a thing under its own name', () => {
  const life = array(
    record({ grows: integer({ min: 0, max: 1000 }), cleared: boolean(), reused: boolean() }),
    {
      maxLength: 50,
    },
  )
  assert(
    property(life, (steps) => {
      const rates = new CounterRates<number>()
      let value = 0
      let identity = 0
      for (const { grows, cleared, reused } of steps) {
        if (cleared) value = 0
        if (reused) {
          identity++
          value = 1_000_000
        }
        value += grows
        const rate = rates.update([[1, String(identity), of(value)]], 1).get(1)?.[0]
        if (rate !== undefined) expect(rate).toBeLessThanOrEqual(grows)
      }
    }),
  )
})
