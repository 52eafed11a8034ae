import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressOf, readAddress } from './address.ts'

describe('addresses of the page', () => {
  it('name whatever items are called', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, unit: 'grapheme' }),
        fc.array(fc.string({ minLength: 1, unit: 'grapheme' })),
        fc.string({ unit: 'grapheme' }),
        (view, parts, state) => {
          const read = readAddress(addressOf(view, parts, { state }))
          expect(read).toMatchObject({ view, parts })
          expect(read.query.get('state')).toBe(state)
        },
      ),
    )
  })

  it('that are not encoded properly are taken as they stand', () => {
    expect(readAddress('#items/100%/a')).toMatchObject({ view: 'items', parts: ['100%', 'a'] })
    expect(readAddress('')).toMatchObject({ view: '', parts: [] })
  })
})
