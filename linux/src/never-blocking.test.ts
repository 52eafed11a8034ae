import { expect, test } from 'vitest'
import { EventFd, Reactor, type Fd } from './index.ts'
import { native } from './native.ts'
import { signalForeign } from './never-blocking.ts'

const F_SETFL = 4

/** An eventfd that its owner has made blocking and filled, as a hostile peer would. */
function trap(): { owner: EventFd; ours: EventFd } {
  const owner = EventFd.create()
  const ours = EventFd.foreign(owner.fd.dup())
  return { owner, ours }
}

function makeBlocking(fd: Fd): void {
  native().call('fcntl', fd.number, fd.number, F_SETFL, 'int', 0)
}

test('a signal to a full eventfd that blocks returns at once', () => {
  const { owner, ours } = trap()
  owner.signal(2n ** 64n - 2n)
  makeBlocking(owner.fd)
  // With write(2) this line would never return.
  expect(ours.signal()).toBe(true)
  owner.fd.setNonBlocking()
  expect(owner.read()).toBeGreaterThanOrEqual(2n ** 64n - 2n)
  owner.close()
  ours.close()
})

test('signals are counted by the other side, also more than the kernel keeps completions of', () => {
  const { owner, ours } = trap()
  for (let n = 0; n < 2000; n++) ours.signal()
  expect(owner.read()).toBe(2000n)
  expect(() => ours.signal(2n)).toThrow(expect.objectContaining({ code: 'LINUX_ARGUMENT' }))
  expect(() => ours.read()).toThrow(expect.objectContaining({ code: 'LINUX_ARGUMENT' }))
  owner.close()
  ours.close()
})

test('with edge, each write calls back once, and nobody has to read', async () => {
  using reactor = new Reactor()
  using event = EventFd.create()
  let calls = 0
  const called: (() => void)[] = []
  reactor.watch(event.fd, { readable: true, edge: true }, () => {
    calls++
    called.shift()?.()
  })
  for (let n = 1; n <= 3; n++) {
    const next = new Promise<void>((resolve) => called.push(resolve))
    event.signal()
    await next
    for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate)
    expect(calls).toBe(n)
  }
  expect(event.read()).toBe(3n)
})

test('without asynchronous I/O of the kernel signals arrive all the same', () => {
  const { owner, ours } = trap()
  signalForeign(ours.fd, 0)
  signalForeign(ours.fd, 0)
  expect(owner.read()).toBe(2n)
  owner.signal(2n ** 64n - 2n)
  makeBlocking(owner.fd)
  expect(signalForeign(ours.fd, 0)).toBe(true)
  owner.close()
  ours.close()
})
