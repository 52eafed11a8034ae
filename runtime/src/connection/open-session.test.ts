import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { monotonicClock } from '../async/clock.ts'
import { Metrics } from '../observe/metrics.ts'
import { Observer } from '../observe/observer.ts'
import { Deadlines } from '../session/deadlines.ts'
import { openSession } from './open-session.ts'

const metrics = new Metrics({ inFlight: () => 0, queued: () => 0, abandoned: () => 0 })
const host = {
  target: 'nowhere',
  clock: monotonicClock,
  deadlines: new Deadlines(monotonicClock, () => {}),
  observer: new Observer('nowhere', monotonicClock, metrics, undefined),
  maxOutstanding: 16,
  maxMessageLength: 1024,
  unsolicited: () => false,
  roomMade: () => {},
  sessionEnded: () => {},
}

describe('openSession', () => {
  it('leaves no listener on the signal of its connection, however many attempts fail', async () => {
    const close = new AbortController()
    const target = { name: 'nowhere', open: () => Promise.reject(new Error('refused')) }
    const options = { clientName: 'test', connectTimeout: 60_000, closeTimeout: 0 }
    for (let i = 0; i < 5; i++) {
      await expect(openSession(target, host, options, close.signal)).rejects.toMatchObject({
        code: 'VPP_CONNECT_FAILED',
        message: 'nowhere: refused',
      })
    }
    expect(getEventListeners(close.signal, 'abort')).toEqual([])
  })

  it('connects though the identity of VPP cannot be learned', async () => {
    const close = new AbortController()
    let opened = 0
    const target = {
      name: 'nowhere',
      open: () => {
        opened++
        return Promise.reject(new Error('refused'))
      },
      bootId: () => Promise.reject(new Error('no container')),
    }
    const options = { clientName: 'test', connectTimeout: 60_000, closeTimeout: 0 }
    await expect(openSession(target, host, options, close.signal)).rejects.toThrow('refused')
    expect(opened).toBe(1)
  })
})
