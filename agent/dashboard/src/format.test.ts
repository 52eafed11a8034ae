import { describe, expect, it } from 'vitest'
import { average, bitRate, counted, full, packetRate, perSecond, short, span } from './format.ts'

describe('numbers', () => {
  it.each([
    [0, '0'],
    [7, '7'],
    [0.25, '0.25'],
    [12.34, '12.3'],
    [999.4, '999'],
    [999.6, '1.00 k'],
    [12_345, '12.3 k'],
    [999_600, '1.00 M'],
    [4.2e9, '4.20 G'],
    [5e17, '500 P'],
    [-1500, '-1.50 k'],
  ])('%d has three digits that count: %s', (value, text) => {
    expect(short(value)).toBe(text)
  })

  it('have units, and a dash where there is none', () => {
    expect([bitRate(125), packetRate(1e6), perSecond(3), full(1234567), average(38.04)]).toEqual([
      '1.00 kbit/s',
      '1.00 Mpps',
      '3 /s',
      '1,234,567',
      '38.0',
    ])
    expect([average(0), average(0.011), average(255.97)]).toEqual(['0.0', '0.01', '256'])
    expect([bitRate(null), packetRate(undefined), full(null), average(null)]).toEqual(['–', '–', '–', '–'])
  })

  it('agree with what is counted', () => {
    expect([counted(1, 'route'), counted(2000, 'route')]).toEqual(['1 route', '2,000 routes'])
  })
})

describe('times', () => {
  it.each([
    [-5, '0 s'],
    [400, '0 s'],
    [61_000, '1 min 1 s'],
    [3_600_000, '1 h'],
    [93_784_000, '1 d 2 h'],
  ])('%d ms are %s', (milliseconds, text) => {
    expect(span(milliseconds)).toBe(text)
  })
})
