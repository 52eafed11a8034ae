import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Queue } from './queue.ts'

describe('Queue', () => {
  it('agrees with an array, whatever is done to it', () => {
    const steps = fc.array(fc.constantFrom('push', 'push', 'shift', 'takeAll'), { maxLength: 200 })
    const property = fc.property(steps, fc.integer({ min: 1, max: 200 }), (list, times) => {
      const queue = new Queue<number>()
      const model: number[] = []
      let next = 0
      for (const step of list) {
        if (step === 'takeAll') expect(queue.takeAll()).toEqual(model.splice(0))
        for (let i = 0; i < times && step !== 'takeAll'; i++) {
          if (step === 'push') {
            queue.push(next)
            model.push(next++)
          } else expect(queue.shift()).toBe(model.shift())
        }
        expect(queue.size).toBe(model.length)
      }
    })
    fc.assert(property, { numRuns: 100 })
  })

  it('keeps its order over 100,000 elements that pass through', () => {
    const queue = new Queue<number>()
    for (let i = 0; i < 10_000; i++) queue.push(i)
    for (let i = 0; i < 100_000; i++) {
      expect(queue.shift()).toBe(i)
      queue.push(i + 10_000)
    }
    expect(queue.size).toBe(10_000)
  })
})
