import { assert, double, property } from 'fast-check'
import { expect, test } from 'vitest'
import { rateCode, rateOf, UNKNOWN } from './rate-code.ts'

test('a rate comes back within 0.05 %, in 16 bits', () => {
  assert(
    property(double({ min: 2 ** -15.9, max: 2 ** 47, noNaN: true }), (value) => {
      const code = rateCode(value)
      expect(code > 0 && code < UNKNOWN).toBe(true)
      expect(Math.abs(rateOf(code) - value) / value).toBeLessThan(0.0005)
    }),
  )
})

test('codes are in the order of their values', () => {
  const rate = double({ min: 0, max: 2 ** 50, noNaN: true })
  assert(
    property(rate, rate, (one, other) => {
      expect(Math.sign(rateCode(one) - rateCode(other)) * Math.sign(one - other)).toBeGreaterThanOrEqual(0)
    }),
  )
})

test('zero is exact, what is too small is zero, what is too great the greatest, NaN unknown', () => {
  expect([rateCode(0), rateCode(-1), rateCode(2 ** -20)]).toEqual([0, 0, 0])
  expect([rateCode(2 ** 60), rateCode(Infinity)]).toEqual([UNKNOWN - 1, UNKNOWN - 1])
  expect(rateCode(Number.NaN)).toBe(UNKNOWN)
  expect(rateOf(UNKNOWN)).toBeNaN()
  expect(rateOf(rateCode(1))).toBe(1)
})
