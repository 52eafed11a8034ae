import type { RxCounters, TxCounters } from '../data/counters.ts'
import type { Remote } from './connection.ts'
import type { MemifConfig, RxMode } from '../options.ts'

/** One queue of a connected interface. */
export interface QueueDetails {
  readonly queue: number
  /** Slots of its ring. */
  readonly ringSize: number
  /** Bytes of its buffers; undefined for a server, whose client may use buffers of any sizes. */
  readonly bufferSize: number | undefined
  /** A worker thread has it. */
  readonly inWorker: boolean
}

/** State of an interface at one moment. */
export interface MemifDetails extends Pick<MemifConfig, 'interfaceName' | 'id' | 'role' | 'mode'> {
  readonly appName: string
  /** The socket as it was named by the user. */
  readonly socket: string
  /** Whether clients have to know a secret. */
  readonly hasSecret: boolean
  readonly connected: boolean
  /** The peer; undefined while there is none. */
  readonly remote: Remote | undefined
  /** Queues of the connection, fewer than configured when the peer has fewer; empty while there is none. */
  readonly rxQueues: readonly (QueueDetails & { readonly rxMode: RxMode })[]
  readonly txQueues: readonly QueueDetails[]
  /** Bytes of the shared regions. */
  readonly regions: readonly number[]
}

/** Counters of an interface since it was made, over all its connections. */
export interface MemifCounters {
  readonly rx: RxCounters
  readonly tx: TxCounters
  readonly rxQueues: readonly RxCounters[]
  readonly txQueues: readonly TxCounters[]
  /** Handshakes completed, connections ended after that, and attempts that failed. */
  readonly connects: number
  readonly disconnects: number
  readonly failures: number
}
