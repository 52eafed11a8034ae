import { describe, expect, it } from 'vitest'
import { escapeText, toJsonText, toYamlText } from './escape.ts'
import { drawHistogram, summarize } from './histogram.ts'
import { cellText, flatten, flattenBlocks, formatTable } from './table.ts'

describe('tables', () => {
  it('have numbers on the right and text on the left, without trailing spaces', () => {
    const rows = [
      { name: 'a', count: 5 },
      { name: 'long', count: 1234 },
    ]
    expect(formatTable(['name', 'count'], rows, (text) => `*${text}*`)).toBe(
      '*name  count*\na         5\nlong   1234\n',
    )
    expect(formatTable([], rows, (text) => text)).toBe('')
  })

  it.each([
    [undefined, ''],
    [['A', 7], 'A,7'],
    [4294967295, '~0'],
    [{ a: 0, b: { c: '', d: 7 }, e: [], f: false }, '{b.d=7}'],
    [[{ a: 0 }, { a: 1 }], '{a=1}'],
    ['x\u001B[1m', 'x\\u001b[1m'],
  ])('show %j as %s', (value, text) => {
    expect(cellText(value)).toBe(text)
  })

  it('have nested fields by path', () => {
    const row = { a: { b: { c: 1 } }, d: [{ e: 1 }], f: [] }
    expect(flattenBlocks(row)).toEqual({ 'a.b.c': 1, d: [{ e: 1 }], f: [] })
    expect(flatten(row)).toEqual([
      ['a.b.c', 1],
      ['d[0].e', 1],
      ['f', []],
    ])
  })
})

describe('what a terminal gets', () => {
  it('has no control characters, and means the same', () => {
    const hostile = { text: 'a\u001B\u009B\u007F\u202E\u2028\n"\ud800', tab: 'a\tb' }
    expect(JSON.parse(toJsonText(hostile))).toEqual(hostile)
    for (const text of [escapeText(hostile.text), toJsonText(hostile), toYamlText(hostile)]) {
      expect(text).not.toMatch(/[^\P{Cc}\n]|[\u2028\u202E]/u)
    }
    expect(toYamlText({ a: '0123', b: 7, c: ['true'] })).toBe('a: "0123"\nb: 7\nc:\n  - "true"\n')
  })
})

describe('histograms', () => {
  it('have quantiles and a bar for each range', () => {
    const durations = [...Array.from({ length: 90 }, () => 20), ...Array.from({ length: 10 }, () => 300)]
    expect(summarize(durations)).toEqual({
      ...{ count: 100, min_us: 20, mean_us: 48, p50_us: 20 },
      ...{ p90_us: 300, p99_us: 300, max_us: 300 },
    })
    const drawn = drawHistogram(durations).split('\n')
    expect(drawn).toHaveLength(5)
    expect(drawn[0]).toMatch(/16 us - 32 us +90 +90\.0% {2}#{50}$/)
    expect(drawn[1]).toMatch(/0 +0\.0%$/)
    expect(summarize([])).toMatchObject({ count: 0, p99_us: 0, mean_us: 0 })
    expect(drawHistogram([])).toBe('')
    expect(drawHistogram([20_000])).toMatch(/16 ms - 33 ms/)
  })
})
