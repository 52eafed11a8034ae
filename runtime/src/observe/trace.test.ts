import { describe, expect, it } from 'vitest'
import { Trace, type TraceRecord } from './trace.ts'

const record = (context: number, channel = 0): TraceRecord => ({
  time: 1000 + context,
  direction: 'sent',
  message: 'poke',
  context,
  channel,
  bytes: Buffer.of(0, 1),
})

describe('Trace', () => {
  it('keeps the last records, oldest first, and knows how many there were', () => {
    const trace = new Trace(3)
    for (let context = 1; context <= 2; context++) trace.add(record(context))
    expect(trace.records().map((it) => it.context)).toEqual([1, 2])
    for (let context = 3; context <= 8; context++) trace.add(record(context))
    expect(trace.records().map((it) => it.context)).toEqual([6, 7, 8])
    expect(trace.total).toBe(8)
  })

  it('tells channels apart', () => {
    const trace = new Trace(10)
    for (let context = 1; context <= 6; context++) trace.add(record(context, context % 2))
    expect(trace.records(1).map((it) => it.context)).toEqual([1, 3, 5])
    expect(trace.records(2)).toEqual([])
  })

  it('keeps no record with capacity 0', () => {
    const trace = new Trace(0)
    trace.add(record(1))
    expect(trace.records()).toEqual([])
  })

  it('sums up durations by request, the most frequent first', () => {
    const trace = new Trace(0)
    for (let i = 1; i <= 100; i++) trace.addDuration('poke', i)
    trace.addDuration('rare', 7)
    expect(trace.statistics()).toEqual([
      { message: 'poke', count: 100, minimum: 1, mean: 50.5, maximum: 100, p50: 51, p90: 91, p99: 100 },
      { message: 'rare', count: 1, minimum: 7, mean: 7, maximum: 7, p50: 7, p90: 7, p99: 7 },
    ])
  })

  it('takes quantiles from the newest durations and extremes from all', () => {
    const trace = new Trace(0)
    trace.addDuration('poke', 1_000_000)
    for (let i = 0; i < 5000; i++) trace.addDuration('poke', 5)
    expect(trace.statistics()).toEqual([
      expect.objectContaining({ count: 5001, minimum: 5, maximum: 1_000_000, p50: 5, p99: 5 }),
    ])
  })

  it('begins again when cleared', () => {
    const trace = new Trace(2)
    for (let context = 1; context <= 3; context++) trace.add(record(context))
    trace.addDuration('poke', 1)
    trace.clear()
    trace.add(record(9))
    expect(trace.records().map((it) => it.context)).toEqual([9])
    expect(trace.statistics()).toEqual([])
    expect(trace.total).toBe(1)
  })
})
