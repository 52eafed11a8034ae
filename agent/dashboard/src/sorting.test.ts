import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sorted } from './sorting.ts'

describe('sorting', () => {
  it('counts numbers in names as numbers', () => {
    const names = ['eth10', 'Eth2', 'eth1', 'bond0', 'eth10.2', 'eth10.10']
    expect(sorted(names, (name) => name, false)).toEqual([
      'bond0',
      'eth1',
      'Eth2',
      'eth10',
      'eth10.2',
      'eth10.10',
    ])
  })

  it('keeps the order of equals, and has the same rows in either direction', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ id: fc.nat(), rate: fc.nat({ max: 3 }) })), (rows) => {
        const by = ({ rate }: { rate: number }): number => rate
        expect(sorted(rows, by, false)).toEqual([...rows].sort((one, other) => one.rate - other.rate))
        expect(sorted(rows, by, true)).toEqual([...rows].sort((one, other) => other.rate - one.rate))
      }),
    )
  })
})
