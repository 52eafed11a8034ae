import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backoffDelay } from './backoff.ts'

describe('backoffDelay', () => {
  const plain = { initialDelay: 100, maximumDelay: 5000, jitter: 0 }

  it('doubles up to its cap', () => {
    const delays = [1, 2, 3, 4, 5, 6, 7, 8].map((attempt) => backoffDelay(attempt, plain, 0.3))
    expect(delays).toEqual([100, 200, 400, 800, 1600, 3200, 5000, 5000])
  })

  it('leaves a part to chance', () => {
    const half = { ...plain, jitter: 0.5 }
    expect(backoffDelay(1, half, 0)).toBe(50)
    expect(backoffDelay(1, half, 0.5)).toBe(75)
    expect(backoffDelay(1, { ...plain, jitter: 1 }, 0)).toBe(0)
  })

  it('stays between its limits for any attempt', () => {
    const property = fc.property(
      fc.integer({ min: 1, max: 1e9 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (attempt, random, jitter) => {
        const delay = backoffDelay(attempt, { ...plain, jitter }, random)
        expect(delay).toBeGreaterThanOrEqual(0)
        expect(delay).toBeLessThanOrEqual(5000)
        expect(Number.isFinite(delay)).toBe(true)
      },
    )
    fc.assert(property)
  })
})
