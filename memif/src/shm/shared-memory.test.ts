import { closeSync, openSync, readdirSync } from 'node:fs'
import { EventFd, Fd, LinuxError, Seal, addSeals, createMemfd, getSeals } from '@vpp-ts/linux'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { MAX_REGION_BYTES } from '../control/protocol.ts'
import { ringBytes } from './layout.ts'
import { SharedMemory } from './shared-memory.ts'

const SHAPE = { txQueues: 2, rxQueues: 1, log2RingSize: 3, bufferSize: 256 }
const RING = {
  type: 'addRing',
  clientToServer: true,
  index: 0,
  region: 0,
  offset: 0,
  log2RingSize: 3,
  privateHeaderSize: 0,
} as const

const open: { close(): void }[] = []
afterEach(() => {
  vi.restoreAllMocks()
  for (const it of open.splice(0)) it.close()
})

const region = (size: bigint, index = 0) => ({ type: 'addRegion', index, size }) as const
const descriptors = () => readdirSync('/proc/self/fd').length
const failure = (code: string, reason: string) => expect.objectContaining({ code, reason })

function memfd(size: number, seals: number = Seal.SHRINK): Fd {
  const fd = createMemfd('memif test', size)
  addSeals(fd, seals)
  return fd
}

function client(shape = SHAPE): SharedMemory {
  const memory = SharedMemory.create(shape)
  open.push(memory)
  return memory
}

/** A server's memory with one region, as large as given. */
function server(size = 4096): SharedMemory {
  const memory = new SharedMemory()
  open.push(memory)
  memory.addRegion(region(BigInt(size)), memfd(size), false)
  return memory
}

describe('the memory of a client', () => {
  test('is one region that cannot shrink, with formatted rings and an eventfd for each', () => {
    const memory = client()
    expect(memory.regions.map(({ fd }) => (getSeals(fd) ?? 0) & Seal.SHRINK)).toEqual([Seal.SHRINK])
    expect(memory.bytes).toEqual([memory.regions[0]!.bytes])
    expect(memory.bytes[0]).toHaveLength(3 * (ringBytes(3) + 8 * 256))
    memory.checkCookies()
    const ends = [...memory.clientToServer, ...memory.serverToClient]
    expect(
      ends.map(({ region, offset, log2RingSize, buffers }) => [region, offset, log2RingSize, buffers]),
    ).toEqual([0, 1, 2].map((index) => [0, index * ringBytes(3), 3, 3 * ringBytes(3) + index * 8 * 256]))
    expect(new Set(ends.map(({ event }) => event.fd.number)).size).toBe(3)
  })

  test('is announced with its size, and each ring by its direction, index and descriptor', () => {
    const memory = client()
    const [tx0, tx1] = memory.clientToServer
    const [rx0] = memory.serverToClient
    const { fd, bytes } = memory.regions[0]!
    const common = { region: 0, log2RingSize: 3 }
    expect(memory.announcement()).toEqual({
      regions: [{ size: BigInt(bytes.length), fd }],
      rings: [
        { ...common, clientToServer: true, index: 0, offset: tx0!.offset, fd: tx0!.event.fd },
        { ...common, clientToServer: true, index: 1, offset: tx1!.offset, fd: tx1!.event.fd },
        { ...common, clientToServer: false, index: 0, offset: rx0!.offset, fd: rx0!.event.fd },
      ],
    })
  })

  test.each([0, 1])('leaves nothing open when it cannot be made whole, after %i eventfds', (made) => {
    const before = descriptors()
    const create = EventFd.create.bind(EventFd)
    let left = made
    vi.spyOn(EventFd, 'create').mockImplementation(() => {
      if (left-- === 0) throw new Error('no descriptors')
      return create()
    })
    expect(() => SharedMemory.create(SHAPE)).toThrow('no descriptors')
    expect(descriptors()).toBe(before)
  })

  test('closes all that it has, once', () => {
    const before = descriptors()
    const memory = SharedMemory.create(SHAPE)
    expect(descriptors()).toBe(before + 4)
    const { mapping, fd } = memory.regions[0]!
    memory.close()
    expect(descriptors()).toBe(before)
    expect(fd.closed).toBe(true)
    expect(() => mapping.buffer).toThrowError(expect.objectContaining({ code: 'LINUX_CLOSED' }))
    expect([memory.regions, memory.clientToServer, memory.serverToClient]).toEqual([[], [], []])
    expect(() => memory.close()).not.toThrow()
  })
})

describe('a region that a server is given', () => {
  test('is mapped as long as announced: the same memory, at most as long as its file', () => {
    const made = client()
    const memory = new SharedMemory()
    open.push(memory)
    const { fd, bytes } = made.regions[0]!
    memory.addRegion(region(BigInt(bytes.length)), fd.dup(), false)
    memory.addRegion(region(4096n, 1), memfd(8192), false)
    expect(memory.bytes.map(({ length }) => length)).toEqual([bytes.length, 4096])
    memory.bytes[0]![100] = 0xab
    expect(bytes[100]).toBe(0xab)
  })

  test('has nothing beyond what a descriptor can name', () => {
    const memory = new SharedMemory()
    open.push(memory)
    memory.addRegion(region(BigInt(MAX_REGION_BYTES) + 4096n), memfd(MAX_REGION_BYTES + 4096), false)
    expect(memory.bytes[0]).toHaveLength(MAX_REGION_BYTES)
  })

  test.each([
    ['nothing', 0n, 'region size mismatch'],
    ['more than its file', 4097n, 'region size mismatch'],
  ])('is refused when it announces %s', (_, size, reason) => {
    const memory = new SharedMemory()
    const fd = memfd(4096)
    expect(() => memory.addRegion(region(size, 3), fd, true)).toThrowError(
      failure('MEMIF_REGION_INVALID', reason),
    )
    expect(fd.closed).toBe(true)
    expect(memory.regions).toEqual([])
  })

  test('is refused when it could shrink, unless that is accepted', () => {
    const memory = new SharedMemory()
    open.push(memory)
    const fd = memfd(4096, Seal.GROW)
    expect(() => memory.addRegion(region(4096n), fd, false)).toThrowError(
      failure('MEMIF_REGION_INVALID', 'region not sealed'),
    )
    expect(fd.closed).toBe(true)
    memory.addRegion(region(4096n), memfd(4096, Seal.GROW), true)
    expect(memory.regions).toHaveLength(1)
  })

  test('is refused when it has no seals at all: a file that is not a memfd', () => {
    const memory = new SharedMemory()
    const fd = Fd.adopt(openSync(import.meta.filename, 'r'))
    expect(() => memory.addRegion(region(1n), fd, false)).toThrowError(
      failure('MEMIF_REGION_INVALID', 'region not sealed'),
    )
  })

  test('is refused with the kernel error when it cannot be mapped for writing', () => {
    const memory = new SharedMemory()
    const whole = memfd(4096)
    open.push(whole)
    const fd = Fd.adopt(openSync(`/proc/self/fd/${whole.number}`, 'r'))
    expect(() => memory.addRegion(region(4096n), fd, false)).toThrowError(
      expect.objectContaining({
        code: 'MEMIF_REGION_INVALID',
        reason: 'region cannot be mapped',
        cause: expect.any(LinuxError),
      }),
    )
    expect(fd.closed).toBe(true)
  })
})

describe('a ring that a server is given', () => {
  test('goes where its direction says, and is the memory of its region', () => {
    const memory = server()
    memory.addRing(RING, EventFd.create().fd)
    memory.addRing({ ...RING, clientToServer: false, offset: 512 }, EventFd.create().fd)
    const [rx] = memory.clientToServer
    const [tx] = memory.serverToClient
    expect([memory.clientToServer.length, memory.serverToClient.length]).toEqual([1, 1])
    expect(rx).toMatchObject({ region: 0, offset: 0, log2RingSize: 3, buffers: undefined })
    expect(tx).toMatchObject({ region: 0, offset: 512, log2RingSize: 3, buffers: undefined })
    tx!.ring.descriptors[0] = 0x01020304
    expect([...memory.bytes[0]!.subarray(512 + 128, 512 + 132)]).toEqual([4, 3, 2, 1])
  })

  test('is refused with a descriptor that is not an eventfd, which is closed', () => {
    const memory = server()
    const number = openSync('/dev/null', 'r')
    expect(() => memory.addRing(RING, Fd.adopt(number))).toThrowError(
      failure('MEMIF_RING_INVALID', 'ring interrupt fd is not an eventfd'),
    )
    expect(() => closeSync(number)).toThrow('EBADF')
    expect(memory.clientToServer).toEqual([])
  })

  test('is refused where it leaves its region, and its descriptor closed', () => {
    const memory = server()
    const { fd } = EventFd.create()
    expect(() => memory.addRing({ ...RING, offset: 4096 - 252 }, fd)).toThrowError(
      failure('MEMIF_RING_INVALID', 'ring outside region'),
    )
    expect(fd.closed).toBe(true)
  })

  test('is refused without its cookie, by name', () => {
    const memory = server()
    for (const [n, clientToServer] of [true, true, false, false].entries()) {
      memory.addRing({ ...RING, clientToServer, offset: n * 256 }, EventFd.create().fd)
    }
    const all = [...memory.clientToServer, ...memory.serverToClient]
    const missing = ['rx ring 0', 'rx ring 1', 'tx ring 0', 'tx ring 1']
    for (const [n, name] of missing.entries()) {
      expect(() => memory.checkCookies()).toThrowError(
        failure('MEMIF_RING_INVALID', `wrong cookie on ${name}`),
      )
      all[n]!.ring.format()
    }
    expect(() => memory.checkCookies()).not.toThrow()
  })
})
