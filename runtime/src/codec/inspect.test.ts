import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { decodeMessage, encodeMessage } from './message.ts'
import { AddressUnion, Enums, Noticed, Outer, Ping, Tagged, Unions } from '../testing/codec/demo.ts'

const show = (value: unknown): string => inspect(value, { depth: 5, breakLength: Infinity, compact: true })

describe('console.log', () => {
  it('shows the class and its properties', () => {
    expect(show(new Noticed({ pid: 7 }))).toBe('Noticed { pid: 7 }')
    expect(show(new Ping())).toBe('Ping {}')
  })

  it('shows names beside the numbers of enums and flags', () => {
    expect(show(new Enums({ color: 5, level: 9, bits: 193, wide: 0, colors: [4, 7], bitsList: [1] }))).toBe(
      'Enums { color: BLUE (5), level: 9, bits: A | C | 64 (193), wide: 0, ' +
        'colors: [ RED (4), 7 ], bitsList: [ A (1) ] }',
    )
  })

  it('shows a union by its discriminator, its arm, or its bytes', () => {
    expect(show(AddressUnion.ip6('1::'))).toBe("AddressUnion { ip6: '1::' }")
    const value = Outer.fromBytes(Uint8Array.of(1, 2, 3, 4, 0, 0, 0, 0, 0))
    expect(show(new Tagged({ kind: 5, value }))).toBe(
      "Tagged { kind: BLUE (5), value: Outer { mac: '01:02:03:04:00:00' } }",
    )
  })

  it('goes as deep as it is told', () => {
    const message = new Unions({ tagged: { value: { mac: '00:00:00:00:00:01' } } })
    expect(inspect(message, { depth: 0 })).toContain('tagged: [Tagged]')
    expect(inspect({ message }, { depth: 0 })).toBe('{ message: [Unions] }')
    expect(inspect(message, { depth: null })).toContain("mac: '00:00:00:00:00:01'")
  })

  it('shows what was added or set to nonsense', () => {
    const message = decodeMessage(Noticed, encodeMessage(Noticed, { pid: 1 }))
    Object.assign(message, { pid: 'oops', note: 'mine' })
    expect(show(message)).toBe("Noticed { pid: 'oops', note: 'mine' }")
    expect(show(Object.assign(new Tagged(), { value: undefined }))).toBe(
      'Tagged { kind: 0, value: undefined }',
    )
  })

  it('uses colours when asked to', () => {
    expect(inspect(new Enums({ color: 5 }), { colors: true })).toContain('\u001b[33mBLUE (5)\u001b[39m')
  })
})
