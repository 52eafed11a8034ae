import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Histories, KEPT } from './histories.ts'
import { History } from './history.ts'
import type { LiveInterface, LiveView } from './live-view.js'

const ZERO = { rxPackets: 0, rxBytes: 0, txPackets: 0, txBytes: 0, drops: 0, errors: 0 }

function view(pid: number, rates: Readonly<Record<string, number | null>>, second = 0): LiveView {
  const interfaces = Object.entries(rates).map(
    ([vppName, rxBytes], swIfIndex) =>
      ({
        swIfIndex,
        vppName,
        rates: rxBytes === null ? null : { ...ZERO, rxBytes, txBytes: rxBytes * 2 },
      }) as LiveInterface,
  )
  return {
    at: new Date(second * 1000).toISOString(),
    instances: [{ name: 'one', pid }],
    detail: { name: 'one', interfaces },
  } as unknown as LiveView
}

describe('a history', () => {
  it('has the last values in order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.array(fc.nat()), (capacity, values) => {
        const history = new History(capacity)
        for (const value of values) history.push(value, 2 * value)
        const kept = values.slice(-capacity)
        expect(history.rx()).toEqual(kept)
        expect(history.tx()).toEqual(kept.map((value) => 2 * value))
      }),
    )
  })
})

describe('histories', () => {
  it('count what goes over a sub-interface once', () => {
    const histories = new Histories()
    histories.take(view(1, { eth0: 100, 'eth0.7': 30, loop0: 1 }))
    expect([histories.total.rx(), histories.total.tx()]).toEqual([[101], [202]])
    expect(histories.of(1)?.rx()).toEqual([30])
  })

  it('begin when rates are known, keep two minutes, and start again after a restart of VPP', () => {
    const histories = new Histories()
    histories.take(view(1, { eth0: null }))
    expect(histories.total.length).toBe(0)
    for (let second = 0; second < KEPT + 5; second++) histories.take(view(1, { eth0: second }, second))
    expect(histories.times).toEqual(Array.from({ length: KEPT }, (_, index) => index + 5))
    expect(histories.of(0)?.rx()[0]).toBe(5)
    histories.take(view(2, { eth0: 7 }))
    expect([histories.total.rx(), histories.times.length]).toEqual([[7], 1])
  })

  it('forget interfaces that are gone', () => {
    const histories = new Histories()
    histories.take(view(1, { eth0: 1, loop0: 2 }))
    histories.take(view(1, { eth0: 1 }))
    expect(histories.of(1)).toBeUndefined()
  })
})
