import { describe, expect, it } from 'vitest'
import { fieldDifferences } from './field-differences.ts'

describe('field differences', () => {
  it('names leaves by their paths', () => {
    const from = { prefix: '10.0.0.0/8', paths: [{ nextHop: '192.0.2.1', weight: 1 }], tags: ['a', 'b'] }
    const to = {
      prefix: '10.0.0.0/8',
      paths: [{ nextHop: '192.0.2.2', weight: 1 }, { drop: true }],
      tags: ['a'],
    }
    expect(fieldDifferences(from, to)).toEqual([
      { field: 'paths.0.nextHop', from: '192.0.2.1', to: '192.0.2.2' },
      { field: 'paths.1.drop', from: null, to: true },
      { field: 'tags', from: ['a', 'b'], to: ['a'] },
    ])
  })

  it('tells what is made and what goes field by field, and nothing of what is the same', () => {
    expect(fieldDifferences(undefined, { mtu: 1500 })).toEqual([{ field: 'mtu', from: null, to: 1500 }])
    expect(fieldDifferences({ mtu: 1500 }, undefined)).toEqual([{ field: 'mtu', from: 1500, to: null }])
    expect(fieldDifferences({ a: { b: 1 } }, { a: { b: 1 } })).toEqual([])
    expect(fieldDifferences({ a: 1 }, { a: { b: 1 } })).toEqual([{ field: 'a', from: 1, to: { b: 1 } }])
  })
})
