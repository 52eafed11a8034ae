import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { IdleCall } from './testing/idle-call.ts'
import { Waiting } from './waiting.ts'

describe('Waiting', () => {
  it('behaves as a list from which settled calls are removed at once', () => {
    const command = fc.oneof(
      { weight: 5, arbitrary: fc.record({ op: fc.constant('push' as const), at: fc.constant(0) }) },
      { weight: 2, arbitrary: fc.record({ op: fc.constant('shift' as const), at: fc.constant(0) }) },
      { weight: 4, arbitrary: fc.record({ op: fc.constant('settle' as const), at: fc.nat(500) }) },
      { weight: 1, arbitrary: fc.record({ op: fc.constant('all' as const), at: fc.constant(0) }) },
    )
    fc.assert(
      fc.property(fc.array(command, { maxLength: 600, size: 'max' }), (commands) => {
        const waiting = new Waiting()
        let model: IdleCall[] = []
        for (const { op, at } of commands) {
          if (op === 'push') {
            const call = new IdleCall()
            waiting.push(call)
            model.push(call)
          } else if (op === 'shift') expect(waiting.shift()).toBe(model.shift())
          else if (op === 'all') {
            expect(waiting.takeAll()).toEqual(model)
            model = []
          } else if (model.length > 0) {
            const [call] = model.splice(at % model.length, 1)
            if (call === undefined) continue
            call.settle()
            waiting.settled(call)
          }
          expect(waiting.size).toBe(model.length)
        }
      }),
    )
  })

  it('lets go of settled calls, however long the oldest waits', () => {
    const waiting = new Waiting()
    const oldest = new IdleCall()
    waiting.push(oldest)
    for (let i = 0; i < 10_000; i++) {
      const call = new IdleCall()
      waiting.push(call)
      call.settle()
      waiting.settled(call)
    }
    expect(waiting.size).toBe(1)
    expect(waiting.held).toBeLessThanOrEqual(65)
    expect(waiting.shift()).toBe(oldest)
  })
})
