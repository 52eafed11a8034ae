import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { enumName, enumNumber, enumValue, hasFlag, joinFlags, listFlags } from './enum.ts'
import { Bits, Color, WideBits } from '../testing/codec/demo.ts'

describe('enums', () => {
  it('are objects with their members, and nothing else in sight', () => {
    expect({ ...Color }).toEqual({ RED: 4, BLUE: 5 })
    expect(Object.keys(Color)).toEqual(['RED', 'BLUE'])
    expect(Object.isFrozen(Color)).toBe(true)
  })

  it('give names for values and values for names', () => {
    expect(enumName(Color, 5)).toBe('BLUE')
    expect(enumName(Color, 6)).toBeUndefined()
    expect(enumValue(Color, 'RED')).toBe(4)
    expect(enumValue(Color, 'toString')).toBeUndefined()
  })

  it('join flags from names and numbers', () => {
    expect(joinFlags(Bits, 'A', 'C', 64)).toBe(193)
    expect(joinFlags(WideBits, WideBits.TOP, 'LOW')).toBe(0x80000001)
    expect(() => joinFlags(Bits, 'D')).toThrow('bits has no member D')
  })

  it('test flags, the highest included', () => {
    expect(hasFlag(0x80000001, WideBits.TOP)).toBe(true)
    expect(hasFlag(1, WideBits.TOP)).toBe(false)
    expect(hasFlag(1, Bits.AB)).toBe(false)
  })

  it('list flags, single bits first, the rest as a number', () => {
    expect(listFlags(Bits, 131)).toEqual(['A', 'B', 'C'])
    expect(listFlags(Bits, 0)).toEqual([])
    expect(listFlags(Bits, 65)).toEqual(['A', 64])
    expect(listFlags(WideBits, 0xc0000000)).toEqual(['TOP', 0x40000000])
  })

  it('give the value back when the list is joined', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffffff }), (value) => {
        expect(joinFlags(WideBits, ...listFlags(WideBits, value))).toBe(value)
      }),
    )
  })

  it('take numbers, names and lists of both, but no other input', () => {
    expect(enumNumber(Color.descriptor, 77)).toBe(77)
    expect(enumNumber(Color.descriptor, 'RED')).toBe(4)
    expect(enumNumber(Bits.descriptor, ['A', 64])).toBe(65)
    for (const input of ['PINK', ['RED'], {}, null, 5n])
      expect(enumNumber(Color.descriptor, input)).toBeUndefined()
    for (const input of [['D'], [true], 'A|B', [2 ** 32], [0.5], [-(2 ** 31) - 1]])
      expect(enumNumber(Bits.descriptor, input)).toBeUndefined()
  })
})
