import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createMemfd, EventFd, Fd, LinuxError } from './index.ts'

test('a closed descriptor is refused, never used again', () => {
  const before = readdirSync('/proc/self/fd').length
  const fd = createMemfd('closed', 16)
  expect(readdirSync('/proc/self/fd')).toHaveLength(before + 1)
  fd.close()
  fd.close()
  expect(fd.closed).toBe(true)
  expect(() => fd.number).toThrow(expect.objectContaining({ code: 'LINUX_CLOSED' }))
  expect(() => fd.stat()).toThrow(LinuxError)
  expect(readdirSync('/proc/self/fd')).toHaveLength(before)
})

test('duplicates are the same file with separate lifetimes', () => {
  using first = createMemfd('dup', 16)
  using second = first.dup()
  expect(second.number).not.toBe(first.number)
  expect(second.stat().id).toBe(first.stat().id)
  first.close()
  second.truncate(32)
  expect(second.stat().size).toBe(32)
})

test('ownership can be given up and taken over', () => {
  const fd = createMemfd('release', 16)
  const number = fd.release()
  expect(fd.closed).toBe(true)
  fd.close()
  using again = Fd.adopt(number)
  expect(again.stat().size).toBe(16)
})

test.each([-1, 1.5, Number.NaN, 2 ** 31])('descriptor %s is refused', (number) => {
  expect(() => Fd.adopt(number)).toThrow(expect.objectContaining({ code: 'LINUX_ARGUMENT' }))
})

test('a kernel error has its name, the call and what it was made on', () => {
  const stray = createMemfd('stray', 16)
  const fd = Fd.adopt(stray.release())
  const same = Fd.adopt(fd.number)
  fd.close()
  expect(() => same.setNonBlocking()).toThrow(
    expect.objectContaining({ code: 'LINUX_SYSCALL', errno: 'EBADF', syscall: 'fcntl' }),
  )
  expect(() => same.stat()).toThrow(expect.objectContaining({ errno: 'EBADF', syscall: 'fstat' }))
  expect(() => same.close()).toThrow(expect.objectContaining({ errno: 'EBADF', syscall: 'close' }))
})

test('an eventfd counts, never blocks and saturates', () => {
  using event = EventFd.create()
  expect(event.read()).toBe(0n)
  expect(event.signal()).toBe(true)
  expect(event.signal(41n)).toBe(true)
  expect(event.read()).toBe(42n)
  expect(event.read()).toBe(0n)
  expect(event.signal(2n ** 64n - 2n)).toBe(true)
  expect(event.signal()).toBe(false)
  expect(event.read()).toBe(2n ** 64n - 2n)
  expect(() => event.signal(0n)).toThrow(expect.objectContaining({ code: 'LINUX_ARGUMENT' }))
})

test('a blocking eventfd of a peer becomes non-blocking', () => {
  using first = EventFd.create()
  using second = EventFd.adopt(first.fd.dup())
  first.signal(7n)
  expect(second.read()).toBe(7n)
  expect(first.read()).toBe(0n)
})
