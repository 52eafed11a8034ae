import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KINDS } from '../kinds/built-in.ts'
import { ITEM_KINDS, keyOf, parseItem } from '../kinds/item.ts'
import { collectionsOf, refOfPath } from './collections.ts'
import { RequestError } from '../web/request-error.ts'

describe('paths of items', () => {
  it('every kind has one', () => {
    expect(
      collectionsOf(KINDS)
        .map(({ kind }) => kind)
        .sort(),
    ).toEqual([...ITEM_KINDS].sort())
  })

  it('a route is found by any spelling of its prefix', () => {
    expect(refOfPath(KINDS, 'route', '10.1.2.3/8', 5)).toEqual({ kind: 'route', key: '5/10.0.0.0/8' })
    expect(refOfPath(KINDS, 'route', '2001:DB8:0::1/32', 0)).toEqual({
      kind: 'route',
      key: '0/2001:db8::/32',
    })
    const item = parseItem({ kind: 'route', prefix: '10.1.2.3/8', drop: true, table: 5 })
    expect(keyOf(item)).toBe('5/10.0.0.0/8')
  })

  it('a neighbour is found by any spelling of its address, also behind a name with slashes', () => {
    expect(refOfPath(KINDS, 'neighbour', 'Gig0/8/0/2001:DB8::1', 0).key).toBe('Gig0/8/0/2001:db8::1')
  })

  it('what can be no key is refused as a request that is wrong', () => {
    for (const text of ['', '10.0.0.0', '10.0.0.0/33', '0/10.0.0.0/8', '../../x']) {
      expect(() => refOfPath(KINDS, 'route', text, 0)).toThrow(RequestError)
    }
    for (const text of ['', 'lan', '/192.0.2.1', 'lan/', 'lan/nonsense']) {
      expect(() => refOfPath(KINDS, 'neighbour', text, 0)).toThrow(RequestError)
    }
  })

  it('whatever comes is a key or refused', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ITEM_KINDS), fc.string({ unit: 'binary' }), (kind, text) => {
        try {
          expect(typeof refOfPath(KINDS, kind, text, 0).key).toBe('string')
        } catch (error) {
          expect(error).toBeInstanceOf(RequestError)
        }
      }),
    )
  })
})
