import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { createMemfd, EventFd, Reactor, SeqpacketSocket, type Readiness } from './index.ts'

/** Resolves with the first readiness of a watch, which it closes. */
function firstReady(reactor: Reactor, socket: SeqpacketSocket): Promise<Readiness> {
  return new Promise((resolve) => {
    const watch = reactor.watch(socket.fd, { readable: true }, (ready) => {
      watch.close()
      resolve(ready)
    })
  })
}

test('calls back when readable, with promise jobs run after it', async () => {
  using reactor = new Reactor()
  using event = EventFd.create()
  const seen: bigint[] = []
  await new Promise<void>((resolve) => {
    const watch = reactor.watch(event.fd, { readable: true }, (ready) => {
      expect(ready).toEqual({ readable: true, writable: false, hangup: false, error: false })
      seen.push(event.read())
      void Promise.resolve().then(() => {
        if (seen.length < 3) return event.signal(BigInt(seen.length + 1))
        watch.close()
        return resolve()
      })
    })
    event.signal()
  })
  expect(seen).toEqual([1n, 2n, 3n])
  expect(reactor.size).toBe(0)
})

test('a hangup leaves the last message to be read', async () => {
  using reactor = new Reactor()
  const [a, b] = SeqpacketSocket.pair()
  a.send(Buffer.from('bye'))
  a.close()
  expect(await firstReady(reactor, b)).toMatchObject({ readable: true, hangup: true })
  expect(b.receive()).toMatchObject({ end: false })
  expect(b.receive()).toMatchObject({ end: true })
  b.close()
})

test('interest can be changed to writable and to nothing', async () => {
  using reactor = new Reactor()
  const [a, b] = SeqpacketSocket.pair()
  const events: Readiness[] = []
  const wake: (() => void)[] = []
  const next = () => new Promise<void>((resolve) => wake.push(resolve))
  const watch = reactor.watch(a.fd, { readable: true }, (ready) => {
    events.push(ready)
    watch.modify({})
    wake.shift()?.()
  })
  watch.modify({ writable: true })
  await next()
  expect(events).toEqual([{ readable: false, writable: true, hangup: false, error: false }])
  b.close()
  await next()
  expect(events[1]).toMatchObject({ hangup: true })
  watch.close()
  expect(() => watch.modify({})).toThrow(expect.objectContaining({ code: 'LINUX_CLOSED' }))
  a.close()
})

test('a watch closed by another call back of the same turn is silent', async () => {
  using reactor = new Reactor()
  const events = Array.from({ length: 10 }, () => EventFd.create())
  let calls = 0
  await new Promise<void>((resolve) => {
    const watches = events.map((event) =>
      reactor.watch(event.fd, { readable: true }, () => {
        calls++
        for (const watch of watches) watch.close()
        setImmediate(() => setImmediate(resolve))
      }),
    )
    for (const event of events) event.signal()
  })
  expect(calls).toBe(1)
  for (const event of events) event.close()
})

test('many descriptors are all served', async () => {
  using reactor = new Reactor()
  const events = Array.from({ length: 300 }, () => EventFd.create())
  const seen = new Set<number>()
  await new Promise<void>((resolve) => {
    events.forEach((event, index) =>
      reactor.watch(event.fd, { readable: true }, () => {
        event.read()
        seen.add(index)
        if (seen.size === events.length) resolve()
      }),
    )
    for (const event of events) event.signal()
  })
  expect(reactor.size).toBe(300)
  for (const event of events) event.fd.close()
})

test('files that are always ready are refused, closed reactors too', () => {
  const reactor = new Reactor()
  using file = createMemfd('file', 16)
  expect(() => reactor.watch(file, { readable: true }, () => {})).toThrow(
    expect.objectContaining({ errno: 'EPERM', syscall: 'epoll_ctl' }),
  )
  expect(reactor.size).toBe(0)
  reactor.close()
  reactor.close()
  using event = EventFd.create()
  expect(() => reactor.watch(event.fd, {}, () => {})).toThrow(
    expect.objectContaining({ code: 'LINUX_CLOSED' }),
  )
})

test('waiting takes no slot of the thread pool', async () => {
  const reactors = Array.from({ length: 16 }, () => new Reactor())
  using event = EventFd.create()
  for (const reactor of reactors) reactor.watch(event.fd, { readable: true }, () => {}).unref()
  expect(await readFile('/proc/self/comm', 'utf8')).not.toBe('')
  for (const reactor of reactors) reactor.close()
})
