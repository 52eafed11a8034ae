import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { addSeals, createMemfd, EventFd, getSeals, Mapping, Seal } from './index.ts'

const mapped = (name: string) =>
  readFileSync('/proc/self/maps', 'utf8')
    .split('\n')
    .filter((line) => line.includes(`/memfd:${name}`)).length

test('two mappings of one memfd show the same memory', () => {
  using fd = createMemfd('coherent', 8192)
  using writer = Mapping.create(fd, { writable: true })
  using reader = Mapping.create(fd)
  new Uint32Array(writer.buffer)[1] = 0xdeadbeef
  expect(new Uint32Array(reader.buffer)[1]).toBe(0xdeadbeef)
  expect(reader.length).toBe(8192)
  expect(reader.buffer).toBe(reader.buffer)
})

test('a mapping outlives its descriptor', () => {
  const fd = createMemfd('outlive', 4096)
  using mapping = Mapping.create(fd, { writable: true })
  fd.close()
  new Uint8Array(mapping.buffer)[4095] = 1
  expect(new Uint8Array(mapping.buffer)[4095]).toBe(1)
})

test('part of a file is mapped by offset and length', () => {
  using fd = createMemfd('part', 12_288)
  using whole = Mapping.create(fd, { writable: true })
  using part = Mapping.create(fd, { offset: 4096, length: 100 })
  new Uint8Array(whole.buffer)[4096 + 99] = 9
  expect(part.buffer.byteLength).toBe(100)
  expect(new Uint8Array(part.buffer)[99]).toBe(9)
})

test.each([
  ['past the end', { length: 4097 }],
  ['nothing', { length: 0 }],
  ['negative', { length: -1 }],
  ['offset past the end', { offset: 4096 }],
  ['negative offset', { offset: -4096 }],
  ['no number', { length: Number.NaN }],
])('a range that would fault is refused: %s', (_, options) => {
  using fd = createMemfd('range', 4096)
  expect(() => Mapping.create(fd, options)).toThrow(expect.objectContaining({ code: 'LINUX_ARGUMENT' }))
})

test('what cannot be mapped is a kernel error', () => {
  using fd = createMemfd('unaligned', 8192)
  expect(() => Mapping.create(fd, { offset: 1 })).toThrow(
    expect.objectContaining({ errno: 'EINVAL', syscall: 'mmap' }),
  )
})

test('closing lets go of the memory at once and leaves nothing to crash on', () => {
  using fd = createMemfd('let-go', 4096)
  const mapping = Mapping.create(fd, { writable: true })
  const stale = new Uint8Array(mapping.buffer)
  stale[0] = 7
  expect(mapped('let-go')).toBe(1)
  mapping.close()
  mapping.close()
  expect(mapped('let-go')).toBe(0)
  expect(mapping.closed).toBe(true)
  expect(() => mapping.buffer).toThrow(expect.objectContaining({ code: 'LINUX_CLOSED' }))
  expect(stale[0]).toBe(0)
  expect(stale.subarray(0, 8)).toEqual(new Uint8Array(8))
  stale[1] = 1
  using again = Mapping.create(fd)
  expect(new Uint8Array(again.buffer)[0]).toBe(7)
  expect(new Uint8Array(again.buffer)[1]).toBe(0)
})

test('seals are added, read and kept by the kernel', () => {
  using fd = createMemfd('seals', 4096)
  expect(getSeals(fd)).toBe(0)
  addSeals(fd, Seal.SHRINK)
  expect(getSeals(fd)).toBe(Seal.SHRINK)
  expect(() => fd.truncate(0)).toThrow(expect.objectContaining({ errno: 'EPERM', syscall: 'ftruncate' }))
  fd.truncate(8192)
  addSeals(fd, Seal.GROW | Seal.SEAL)
  expect(() => fd.truncate(16_384)).toThrow(expect.objectContaining({ errno: 'EPERM' }))
  expect(() => addSeals(fd, Seal.WRITE)).toThrow(
    expect.objectContaining({ errno: 'EPERM', syscall: 'fcntl' }),
  )
  using event = EventFd.create()
  expect(getSeals(event.fd)).toBeUndefined()
})

test.each(['a\0b', 'x'.repeat(250)])('the name of a memfd is checked', (name) => {
  expect(() => createMemfd(name, 1)).toThrow(expect.objectContaining({ code: 'LINUX_ARGUMENT' }))
})
