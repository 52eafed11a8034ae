import { isErrno, socketFileId, type Fd, type SocketAddress } from '@vpp-ts/linux'
import { StatsError } from './errors.ts'
import { takeSegment } from './handshake.ts'
import { HeartbeatWatch } from './heartbeat.ts'
import type { StatsOptions } from './options.ts'
import { SegmentReader } from './segment/reader.ts'
import { openSource, type OpenSource } from './source.ts'

/** Why a connection is no longer usable. */
export type LossReason =
  /** VPP's process has ended. */
  | 'process-gone'
  /** Another process has bound the socket path. */
  | 'socket-replaced'
  /** The socket file is gone, and VPP's process cannot be seen from here. */
  | 'socket-gone'
  /** VPP offers another segment than the one in use. */
  | 'segment-replaced'
  /** The segment could not be read any more: it was cut. */
  | 'segment-lost'

/** The state of VPP as seen through the segment. */
export type Liveness = { readonly state: 'alive' | 'stalled' } | { readonly state: LossReason }

/** One VPP life: its segment, and how to tell when it is over. */
export class SegmentConnection {
  readonly pid: number
  readonly reader: SegmentReader
  readonly mapped: boolean
  /** Device and inode of the memory. */
  readonly segmentId: string
  readonly #path: string | undefined
  readonly #socketId: string | undefined
  readonly #source: OpenSource
  readonly #process: Fd | undefined
  readonly #heartbeat = new HeartbeatWatch()

  private constructor(parts: {
    pid: number
    segmentId: string
    path: string | undefined
    socketId: string | undefined
    source: OpenSource
    reader: SegmentReader
    process: Fd | undefined
  }) {
    this.pid = parts.pid
    this.segmentId = parts.segmentId
    this.#path = parts.path
    this.#socketId = parts.socketId
    this.#source = parts.source
    this.reader = parts.reader
    this.#process = parts.process
    this.mapped = parts.source.mapped
  }

  /** Connects once. */
  static async open(
    address: SocketAddress,
    options: StatsOptions,
    timeout: number,
    signal: AbortSignal,
  ): Promise<SegmentConnection> {
    const path = typeof address === 'string' ? address : 'path' in address ? address.path : undefined
    // Before connecting: a server that comes later then differs.
    const socketId = path === undefined ? undefined : socketFileId(path)
    const { fd, pid, process } = await takeSegment(address, timeout, signal)
    let source: OpenSource | undefined
    try {
      const segmentId = fd.stat().id
      source = openSource(fd, options.limits.segmentBytes, options.unsealed)
      const reader = new SegmentReader(source, options.limits)
      return new SegmentConnection({ pid, segmentId, path, socketId, source, reader, process })
    } catch (error) {
      source?.close()
      process?.close()
      throw error
    }
  }

  /**
   * Looks at process, socket file and heartbeat. A few microseconds. Never throws: what cannot be looked at is unknown,
   * and a segment that cannot be read has no heartbeat.
   */
  check(now: number): Liveness {
    const process = this.#processState()
    if (process === 'gone') return { state: 'process-gone' }
    const file = this.#fileState()
    if (file === 'gone' && process === 'unknown') return { state: 'socket-gone' }
    if (file === 'replaced') return { state: 'socket-replaced' }
    try {
      return { state: this.#heartbeat.observe(this.reader.heartbeat(), now) ? 'alive' : 'stalled' }
    } catch (error) {
      if (error instanceof StatsError && error.code === 'STATS_DISCONNECTED') return { state: 'segment-lost' }
      return { state: this.#heartbeat.observe(undefined, now) ? 'alive' : 'stalled' }
    }
  }

  /** Milliseconds since the heartbeat was seen to move; undefined before the first look. */
  heartbeatAge(now: number): number | undefined {
    return this.#heartbeat.age(now)
  }

  close(): void {
    this.#source.close()
    this.#process?.close()
  }

  #fileState(): 'same' | 'gone' | 'replaced' | 'unknown' {
    if (this.#path === undefined || this.#socketId === undefined) return 'unknown'
    try {
      const id = socketFileId(this.#path)
      if (id === undefined) return 'gone'
      return id === this.#socketId ? 'same' : 'replaced'
    } catch {
      // The folder cannot be searched (any more).
      return 'unknown'
    }
  }

  #processState(): 'alive' | 'gone' | 'unknown' {
    if (this.#process !== undefined) return this.#process.isReadable() ? 'gone' : 'alive'
    if (this.pid <= 0) return 'unknown'
    try {
      process.kill(this.pid, 0)
      return 'alive'
    } catch (error) {
      // EPERM: it is there, and belongs to someone else.
      return (error as NodeJS.ErrnoException).code === 'ESRCH' ? 'gone' : 'alive'
    }
  }
}

/** True for failures that a VPP which is starting explains: worth another try. */
export function isWorthRetrying(error: unknown): boolean {
  return isErrno(error, 'ENOENT', 'ECONNREFUSED', 'EAGAIN', 'ECONNRESET', 'EPIPE', 'ENOTDIR')
}
