import * as fc from 'fast-check'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { Timestamp } from './timestamp.ts'

describe('Timestamp', () => {
  it.each([
    [0, '1970-01-01T00:00:00.000000Z'],
    [1700000000.123456, '2023-11-14T22:13:20.123456Z'],
    [-0.25, '1969-12-31T23:59:59.750000Z'],
    [-1, '1969-12-31T23:59:59.000000Z'],
    [-86400.000001, '1969-12-30T23:59:59.999999Z'],
    [0.9999999, '1970-01-01T00:00:01.000000Z'],
    [253402300800, '+010000-01-01T00:00:00.000000Z'],
    [-62198755200, '-000001-01-01T00:00:00.000000Z'],
  ])('writes %d as %s', (seconds, text) => {
    expect(String(new Timestamp(seconds))).toBe(text)
    expect(Timestamp.parse(text).seconds).toBeCloseTo(seconds, 6)
  })

  it.each([
    ['2023-11-14T22:13:20Z', 1700000000],
    ['2023-11-14T23:13:20.5+01:00', 1700000000.5],
    ['2023-11-14 20:13:20.000001-0200', 1700000000.000001],
    ['1969-12-31T23:59:59.75z', -0.25],
    ['-0.25s', -0.25],
    ['1e3s', 1000],
  ])('reads %s', (text, seconds) => {
    expect(Timestamp.parse(text).seconds).toBe(seconds)
  })

  it.each([
    '',
    'now',
    '2023-11-14',
    '2023-11-14T22:13:20',
    '2023-13-14T22:13:20Z',
    '2023-02-30T25:00:00Z',
    '2023-02-30T12:00:00Z',
    '2023-02-29T12:00:00Z',
    '2023-04-31T12:00:00Z',
    '2023-01-00T12:00:00Z',
    '12',
    's',
  ])('refuses %j', (text) => {
    expect(() => Timestamp.parse(text)).toThrow(RangeError)
  })

  it('takes the days that there are, leap days and years before 100 too', () => {
    expect(Timestamp.parse('2024-02-29T00:00:00Z').seconds).toBe(1_709_164_800)
    expect(Timestamp.parse('0004-02-29T00:00:00Z').seconds).toBe(-62_035_891_200)
  })

  it('refuses a long text at once', () => {
    const before = process.cpuUsage().user
    for (const text of ['1'.repeat(50_000), `${'1'.repeat(50_000)}s`, ` ${'0'.repeat(1_000_000)}`])
      expect(() => Timestamp.parse(text)).toThrow(/text of \d+ characters/)
    expect(process.cpuUsage().user - before).toBeLessThan(1_000_000)
  })

  it('refuses an invalid Date', () => {
    expect(() => Timestamp.fromDate(new Date(Number.NaN))).toThrow(RangeError)
  })

  it('keeps microseconds both ways, before 1970 too', () => {
    const micros = fc.integer({ min: -3e15, max: 4e15 })
    fc.assert(
      fc.property(micros, (value) => {
        const seconds = value / 1e6
        expect(Timestamp.parse(new Timestamp(seconds).toString()).seconds).toBe(seconds)
      }),
    )
  })

  it('keeps the milliseconds of a Date, as far as a double of seconds has room for them', () => {
    const dates = fc.date({ noInvalidDate: true, min: new Date(-60e12), max: new Date(60e12) })
    fc.assert(
      fc.property(dates, (date) => {
        expect(Timestamp.fromDate(date).toDate()).toEqual(date)
      }),
    )
  })

  it('spells out what no calendar holds', () => {
    expect(String(new Timestamp(NaN))).toBe('NaNs')
    expect(String(new Timestamp(Infinity))).toBe('Infinitys')
    expect(String(new Timestamp(1e18))).toBe('1000000000000000000s')
    expect(JSON.stringify([new Timestamp(NaN), new Timestamp(-0), new Timestamp(1.5)])).toBe(
      '["NaN","-0",1.5]',
    )
  })

  it('compares, subtracts and shows', () => {
    const [early, late] = [new Timestamp(1.5), new Timestamp(2)]
    expect(early < late).toBe(true)
    expect(Number(late) - Number(early)).toBe(0.5)
    expect(inspect(early)).toBe('Timestamp 1970-01-01T00:00:01.500000Z')
    expect(() => new Timestamp('1' as never)).toThrow(TypeError)
  })
})
