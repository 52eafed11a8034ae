import { describe, expect, it } from 'vitest'
import { circleAmong, type Step } from './graph.ts'

function stepOf(key: string): Step {
  const change = { action: 'create', kind: 'x', key, desired: undefined, actual: undefined } as const
  return { change, phase: 'make', pending: 0, next: undefined }
}

describe('a circle among steps', () => {
  it('has no members that only wait for it', () => {
    const [after, a, b, c, last] = ['after', 'a', 'b', 'c', 'last'].map(stepOf) as [
      Step,
      Step,
      Step,
      Step,
      Step,
    ]
    a.next = [after, b]
    b.next = [c]
    c.next = [a, last]
    for (const first of [after, a, b, c, last]) {
      const steps = new Set([first, after, a, b, c, last])
      const circle = circleAmong([...steps])
      expect([...circle].sort()).toEqual(['x "a"', 'x "b"', 'x "c"'])
      // In the order in which each waits for the one before.
      const at = circle.indexOf('x "a"')
      expect(circle[(at + 1) % 3]).toBe('x "b"')
    }
  })
})
