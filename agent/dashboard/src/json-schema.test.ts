import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { choicesOf, discriminatorOf, isEqual, isScalar, labelOf, takes } from './json-schema.ts'

describe('schemas of items', () => {
  it('offer what they take of certain values', () => {
    expect(choicesOf({ enum: ['a', 'b'] })).toEqual(['a', 'b'])
    expect(choicesOf({ anyOf: [{ const: 256 }, { anyOf: [{ const: 512 }] }] })).toEqual([256, 512])
    expect(choicesOf({ anyOf: [{ const: 'any' }, { type: 'integer' }] })).toBeUndefined()
  })

  it('know fields from lists', () => {
    expect(isScalar({ anyOf: [{ enum: ['tcp'] }, { type: 'integer' }] })).toBe(true)
    expect(isScalar({ anyOf: [{ const: 'external' }, { type: 'array' }] })).toBe(false)
  })

  it('are told apart by a property', () => {
    const variant = (type: string, more = {}) => ({
      type: 'object',
      properties: { kind: { const: 'interface' }, type: { const: type }, ...more },
    })
    expect(discriminatorOf({ oneOf: [variant('tap'), variant('bond')] })).toBe('type')
    expect(discriminatorOf({ oneOf: [variant('tap')] })).toBeUndefined()
    expect(takes(variant('tap'), { kind: 'interface', type: 'bond' })).toBe(false)
    expect(takes(variant('tap'), { kind: 'interface', type: 'tap', mtu: 1500 })).toBe(true)
  })

  it('take the kind of value that they describe', () => {
    expect(takes({ anyOf: [{ const: 'external' }, { type: 'array' }] }, ['192.0.2.1/24'])).toBe(true)
    expect(takes({ type: 'integer' }, '7')).toBe(false)
  })
})

describe('values', () => {
  it('are equal when their JSON is, whatever the order of fields', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        expect(isEqual(one, JSON.parse(JSON.stringify(one)))).toBe(true)
        if (JSON.stringify(one) === JSON.stringify(other)) expect(isEqual(one, other)).toBe(true)
      }),
    )
    expect(isEqual({ a: 1, b: [2] }, { b: [2], a: 1 })).toBe(true)
    expect(isEqual([], {})).toBe(false)
  })
})

describe('labels', () => {
  it.each([
    ['linkMtu', 'Link MTU'],
    ['mac', 'MAC'],
    ['sourcePorts', 'Source ports'],
    ['bridge-domain', 'Bridge domain'],
    ['nat44-static', 'NAT44 static'],
  ])('%s is %s', (name, label) => expect(labelOf(name)).toBe(label))
})
