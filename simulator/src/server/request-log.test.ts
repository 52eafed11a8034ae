import { describe, expect, it } from 'vitest'
import { RequestLog } from './request-log.ts'

function logged(message: string, context: number) {
  return { message, request: {}, connection: 1, context }
}

describe('the request log', () => {
  it('keeps the last requests in their order, and counts all', () => {
    const log = new RequestLog(3)
    for (let i = 1; i <= 5; i++) log.add(logged(i % 2 === 0 ? 'even' : 'odd', i))
    expect([...log].map(({ context }) => context)).toEqual([3, 4, 5])
    expect(log.of('odd').map(({ context }) => context)).toEqual([3, 5])
    expect([log.count(), log.count('odd'), log.count('even'), log.count('none')]).toEqual([5, 3, 2, 0])
  })

  it('may keep nothing and still count', () => {
    const log = new RequestLog(0)
    log.add(logged('ping', 1))
    expect([[...log], log.count('ping')]).toEqual([[], 1])
  })

  it('forgets when told to', () => {
    const log = new RequestLog(3)
    for (let i = 1; i <= 5; i++) log.add(logged('ping', i))
    log.clear()
    log.add(logged('ping', 6))
    expect([[...log].map(({ context }) => context), log.count()]).toEqual([[6], 1])
  })

  it('tells of the next request, of any kind or one', async () => {
    const log = new RequestLog(3)
    const any = log.next()
    const dump = log.next('dump')
    log.add(logged('ping', 1))
    log.add(logged('dump', 2))
    expect((await any).context).toBe(1)
    expect((await dump).context).toBe(2)
  })
})
