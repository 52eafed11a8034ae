import { readlinkSync } from 'node:fs'
import { EventFd, LinuxError, Mapping, Seal, addSeals, createMemfd, getSeals, type Fd } from '@vpp-ts/linux'
import type { Announcement } from '../control/client-handshake.ts'
import type { AddRegionMessage, AddRingMessage } from '../control/messages.ts'
import { MAX_REGION_BYTES } from '../control/protocol.ts'
import { MemifError } from '../errors.ts'
import { clientLayout, type MemoryShape } from './layout.ts'
import { Ring, checkCookie } from './ring.ts'

/** A region: its descriptor (kept for worker threads) and its bytes. */
export interface Region {
  readonly fd: Fd
  readonly mapping: Mapping
  readonly bytes: Uint8Array
}

/** A ring with the eventfd that its sender signals. */
export interface RingEnd {
  readonly ring: Ring
  readonly region: number
  readonly offset: number
  readonly log2RingSize: number
  readonly event: EventFd
  /** Where its buffers start in region 0; only a client knows. */
  readonly buffers: number | undefined
}

/** All that one connection shares: descriptors and mappings, released together. */
export class SharedMemory {
  readonly regions: Region[] = []
  readonly clientToServer: RingEnd[] = []
  readonly serverToClient: RingEnd[] = []

  /** Bytes of every region, by index. */
  get bytes(): readonly Uint8Array[] {
    return this.regions.map((region) => region.bytes)
  }

  /**
   * A client's memory: one sealed memfd with rings and buffers, and an eventfd for each ring.
   *
   * @throws LinuxError when the system refuses; nothing is left open then
   */
  static create(shape: MemoryShape): SharedMemory {
    const memory = new SharedMemory()
    try {
      memory.#create(shape)
      return memory
    } catch (error) {
      memory.close()
      throw error
    }
  }

  #create(shape: MemoryShape): void {
    const layout = clientLayout(shape)
    const fd = createMemfd('memif region 0', layout.bytes)
    try {
      addSeals(fd, Seal.SHRINK)
      const mapping = Mapping.create(fd, { writable: true })
      this.regions.push({ fd, mapping, bytes: new Uint8Array(mapping.buffer) })
    } catch (error) {
      fd.close()
      throw error
    }
    const { log2RingSize } = shape
    for (const [ends, places] of [
      [this.clientToServer, layout.tx],
      [this.serverToClient, layout.rx],
    ] as const) {
      for (const { ring: offset, buffers } of places) {
        const ring = new Ring(this.regions[0]!.bytes, offset, log2RingSize)
        ring.format()
        ends.push({ ring, region: 0, offset, log2RingSize, event: EventFd.create(), buffers })
      }
    }
  }

  /** What a client tells the server of this memory. */
  announcement(): Announcement<Fd> {
    return {
      regions: this.regions.map(({ fd, mapping }) => ({ size: BigInt(mapping.length), fd })),
      rings: [...announceRings(this.clientToServer, true), ...announceRings(this.serverToClient, false)],
    }
  }

  /**
   * A server maps a region of the client. Takes the descriptor over, also when it throws.
   *
   * @throws MemifError `MEMIF_REGION_INVALID` when the file is shorter than announced, or could become so
   */
  addRegion(message: AddRegionMessage, fd: Fd, acceptUnsealed: boolean): void {
    try {
      checkRegion(message, fd, acceptUnsealed)
      const length = Number(message.size < BigInt(MAX_REGION_BYTES) ? message.size : BigInt(MAX_REGION_BYTES))
      const mapping = Mapping.create(fd, { length, writable: true })
      this.regions.push({ fd, mapping, bytes: new Uint8Array(mapping.buffer) })
    } catch (error) {
      fd.close()
      if (!(error instanceof LinuxError)) throw error
      throw new MemifError(
        'MEMIF_REGION_INVALID',
        `region ${message.index} cannot be mapped: ${error.message}`,
        {
          cause: error,
          reason: 'region cannot be mapped',
        },
      )
    }
  }

  /**
   * A server takes a ring of the client. Takes the descriptor over, also when it throws.
   *
   * @throws MemifError `MEMIF_RING_INVALID` when the ring is not inside its region
   */
  addRing(message: AddRingMessage, fd: Fd): void {
    try {
      checkEventFd(fd)
      const { region, offset, log2RingSize } = message
      const ring = new Ring(this.regions[region]!.bytes, offset, log2RingSize)
      const ends = message.clientToServer ? this.clientToServer : this.serverToClient
      ends.push({ ring, region, offset, log2RingSize, event: EventFd.foreign(fd), buffers: undefined })
    } catch (error) {
      fd.close()
      throw error
    }
  }

  /** @throws MemifError `MEMIF_RING_INVALID` when a ring lacks its cookie */
  checkCookies(): void {
    for (const [index, end] of this.clientToServer.entries()) checkCookie(end.ring, `rx ring ${index}`)
    for (const [index, end] of this.serverToClient.entries()) checkCookie(end.ring, `tx ring ${index}`)
  }

  /** Unmaps and closes everything; a second call does nothing. */
  close(): void {
    for (const { event } of [...this.clientToServer, ...this.serverToClient]) event.close()
    for (const { fd, mapping } of this.regions) {
      mapping.close()
      fd.close()
    }
    this.clientToServer.length = 0
    this.serverToClient.length = 0
    this.regions.length = 0
  }
}

function announceRings(ends: readonly RingEnd[], clientToServer: boolean): Announcement<Fd>['rings'] {
  return ends.map(({ region, offset, log2RingSize, event }, index) => ({
    clientToServer,
    index,
    region,
    offset,
    log2RingSize,
    fd: event.fd,
  }))
}

/** Anything but an eventfd could block, stay readable forever, or be a foreign file to write to. */
function checkEventFd(fd: Fd): void {
  const kind = readlinkSync(`/proc/self/fd/${fd.number}`)
  if (kind === 'anon_inode:[eventfd]') return
  throw new MemifError(
    'MEMIF_RING_INVALID',
    `the interrupt descriptor of a ring is ${kind}, not an eventfd`,
    {
      reason: 'ring interrupt fd is not an eventfd',
    },
  )
}

function checkRegion({ index, size }: AddRegionMessage, fd: Fd, acceptUnsealed: boolean): void {
  const actual = fd.stat().size
  if (size === 0n || size > BigInt(actual)) {
    throw new MemifError(
      'MEMIF_REGION_INVALID',
      `region ${index} is announced with ${size} bytes, its file has ${actual}`,
      { reason: 'region size mismatch' },
    )
  }
  if (!acceptUnsealed && ((getSeals(fd) ?? 0) & Seal.SHRINK) === 0) {
    throw new MemifError(
      'MEMIF_REGION_INVALID',
      `region ${index} is not sealed against shrinking, which could end this process: ` +
        'set acceptUnsealedRegions if you trust the client',
      { reason: 'region not sealed' },
    )
  }
}
