import { describe, expect, it } from 'vitest'
import { ControlPing } from '../bootstrap/memclnt.ts'
import { OneWayCall } from './one-way-call.ts'
import { observing } from './testing/observer.ts'

describe('OneWayCall', () => {
  it('needs no context, and is over when it is written', () => {
    const told: unknown[] = []
    const call = new OneWayCall(ControlPing, {}, 0, 100, observing(), (written) => told.push(written))
    expect([call.oneWay, call.continues, call.fits(18), call.extend(0)]).toEqual([true, false, false, false])
    expect([call.receive(), call.ends(), call.sentRequest]).toEqual([true, true, undefined])
    call.written()
    expect([call.settled, told]).toEqual([true, [undefined]])
    call.fail(new Error('late'))
    expect(told).toHaveLength(1)
  })
})
