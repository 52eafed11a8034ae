import { assert, bigInt, property } from 'fast-check'
import { expect, test } from 'vitest'
import { growth, RateMeter } from './rates.ts'

const at = (time: number, generation = 1) => ({ time, generation })

test('a rate is the growth per second', () => {
  const meter = new RateMeter<string>()
  expect(meter.update([['a', 100n]], at(0))).toEqual(new Map())
  expect(meter.update([['a', 300n]], at(2000))).toEqual(new Map([['a', 100]]))
  expect(meter.update([['a', 300n]], at(3000))).toEqual(new Map([['a', 0]]))
})

test('a clear counts from zero, it does not give a negative rate', () => {
  const meter = new RateMeter<string>()
  meter.update([['a', 2n ** 60n]], at(0))
  expect(meter.update([['a', 50n]], at(1000))).toEqual(new Map([['a', 50]]))
})

test('a restart, a new counter and a clock that stands still give no rate', () => {
  const meter = new RateMeter<string>()
  meter.update([['a', 10n]], at(0))
  expect(meter.update([['a', 99n]], at(1000, 2))).toEqual(new Map())
  expect(
    meter.update(
      [
        ['a', 100n],
        ['b', 5n],
      ],
      at(2000, 2),
    ),
  ).toEqual(new Map([['a', 1]]))
  expect(meter.update([['a', 200n]], at(2000, 2))).toEqual(new Map())
  expect(meter.update([['b', 1n]], at(3000, 2))).toEqual(new Map())
})

test('growth is never negative and never more than the counter', () => {
  const counter = bigInt({ min: 0n, max: 2n ** 64n - 1n })
  assert(
    property(counter, counter, (before, after) => {
      const by = growth(before, after)
      expect(by >= 0n && by <= after).toBe(true)
    }),
  )
})
