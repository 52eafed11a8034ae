import { describe, expect, it } from 'vitest'
import { ControlPingReply } from '../bootstrap/memclnt.ts'
import { monotonicClock } from '../async/clock.ts'
import { Deferred } from '../async/deferred.ts'
import { Metrics } from '../observe/metrics.ts'
import { Observer } from '../observe/observer.ts'
import type { EventOptions } from '../api/method.ts'
import { EventSubscription } from './event-subscription.ts'

/** Any message does for an event here: id, context, retval, client_index and the pid that tells them apart. */
function message(pid: number): Buffer {
  const bytes = Buffer.alloc(18)
  bytes.writeUInt32BE(pid, 14)
  return bytes
}

function subscribed(options: EventOptions = {}, joined: Promise<void> = Promise.resolve()) {
  const metrics = new Metrics({ inFlight: () => 0, queued: () => 0, abandoned: () => 0 })
  let left = 0
  const subscription = new EventSubscription(
    ControlPingReply,
    options,
    new Observer('/x', monotonicClock, metrics, undefined),
    () => joined,
    () => {
      left++
      return Promise.resolve()
    },
  )
  const deliver = (...pids: number[]) => {
    for (const pid of pids) subscription.deliver(message(pid), 0, 18)
  }
  const read = async () => {
    const pids: number[] = []
    for await (const event of subscription) pids.push(event.vpePid)
    return pids
  }
  return { subscription, deliver, read, metrics, left: () => left }
}

describe('EventSubscription', () => {
  it('reads what was delivered, to the end', async () => {
    const { subscription, deliver, read, left } = subscribed()
    await subscription.ready
    deliver(1, 2, 3)
    subscription.end()
    expect(await read()).toEqual([1, 2, 3])
    expect(left()).toBe(1)
  })

  it('leaves once, however it is ended', async () => {
    const { subscription, deliver, left } = subscribed()
    deliver(1, 2)
    for await (const event of subscription) {
      expect(event.vpePid).toBe(1)
      break
    }
    await subscription.close()
    await subscription[Symbol.asyncDispose]()
    subscription.end(new Error('late'))
    expect(left()).toBe(1)
  })

  it('counts what overflows, and what cannot be read, apart', () => {
    const { subscription, deliver, metrics } = subscribed({ bufferSize: 2 })
    deliver(1, 2, 3)
    subscription.deliver(Buffer.alloc(9), 0, 9)
    expect(subscription.dropped).toBe(1)
    expect(metrics).toMatchObject({ events: 3, eventsDropped: 1, failures: { VPP_DECODE: 1 } })
  })

  it('leaves when it ends by overflow', async () => {
    const { deliver, read, left } = subscribed({ bufferSize: 1, overflow: 'error' })
    deliver(1, 2)
    expect(left()).toBe(1)
    await expect(read()).rejects.toMatchObject({ code: 'VPP_EVENTS_LOST' })
  })

  it('tells a failure to join both who waits for it and who reads', async () => {
    const { subscription, read, left } = subscribed({}, Promise.reject(new Error('refused')))
    await expect(subscription.ready).rejects.toThrow('refused')
    await expect(read()).rejects.toThrow('refused')
    expect(left()).toBe(1)
  })

  it('does not leave `ready` open when it is closed before it was confirmed', async () => {
    const { subscription } = subscribed({}, new Deferred<void>().promise)
    const { ready } = subscription
    await subscription.close()
    await expect(ready).rejects.toMatchObject({ code: 'VPP_CLOSED' })
  })

  it('tells who waits for `ready` why it ended', async () => {
    const { subscription } = subscribed({}, new Deferred<void>().promise)
    const { ready } = subscription
    subscription.end(new Error('gone'))
    await expect(ready).rejects.toThrow('gone')
    const other = subscribed({}, new Deferred<void>().promise).subscription
    other.end()
    await expect(other.ready).rejects.toMatchObject({ code: 'VPP_CLOSED' })
  })

  it('closing and leaving wait for what takes the subscription back', async () => {
    const { subscription, left } = subscribed()
    const over = subscription[Symbol.asyncDispose]()
    expect(over).toBe(subscription.close())
    await over
    const result = await subscription[Symbol.asyncIterator]().return?.()
    expect(result).toStrictEqual({ done: true, value: undefined })
    expect(left()).toBe(1)
  })

  it('ends with its signal, aborted before or later', async () => {
    const early = subscribed({ signal: AbortSignal.abort() }, new Deferred<void>().promise)
    expect(await early.read()).toEqual([])
    await expect(early.subscription.ready).rejects.toMatchObject({ name: 'AbortError' })
    const controller = new AbortController()
    const late = subscribed({ signal: controller.signal })
    const reading = late.read()
    late.deliver(1)
    await Promise.resolve()
    controller.abort()
    expect(await reading).toEqual([1])
    expect(late.left()).toBe(1)
  })

  it.each([
    [{ bufferSize: 0 }, 'bufferSize'],
    [{ bufferSize: NaN }, 'bufferSize'],
    [{ bufferSize: 1.5 }, 'bufferSize'],
    [{ overflow: 'block' }, 'overflow'],
  ])('refuses %j', (options, name) => {
    expect(() => subscribed(options as EventOptions)).toThrow(
      expect.objectContaining({
        code: 'VPP_INVALID_ARGUMENT',
        message: expect.stringContaining(name) as string,
      }) as Error,
    )
  })
})
