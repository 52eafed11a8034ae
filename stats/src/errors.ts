/** Reasons a {@link StatsError} can have. */
export type StatsErrorCode =
  /** The memory is not a stats segment of a version this reader knows. */
  | 'STATS_VERSION_UNSUPPORTED'
  /** A length, pointer or index in the segment points out of it: the segment is damaged or hostile. */
  | 'STATS_SEGMENT_INVALID'
  /** The snapshot would be larger than `limits.snapshotBytes`. */
  | 'STATS_SNAPSHOT_TOO_LARGE'
  /** The segment was being changed until the deadline: VPP may have died in the middle of a change. */
  | 'STATS_BUSY'
  /** No connection to VPP within the time allowed. */
  | 'STATS_CONNECT_TIMEOUT'
  /** VPP has gone, and did not come back within the time allowed. */
  | 'STATS_DISCONNECTED'
  /** What the socket gave is not what a stats socket gives. */
  | 'STATS_HANDSHAKE'
  /** The client or the set of entries was closed. */
  | 'STATS_CLOSED'
  /** No entry of that name, or of another type than asked for. */
  | 'STATS_NO_ENTRY'
  /** An option or pattern is out of range. */
  | 'STATS_ARGUMENT'
  /** The SNMP daemon cannot be reached, refuses the subagent, or does not speak AgentX. */
  | 'STATS_AGENTX'

/** The only error class of this package; tell cases apart by `code`. */
export class StatsError extends Error {
  override readonly name = 'StatsError'
  readonly code: StatsErrorCode

  constructor(code: StatsErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}

/** Damage found at `what`. */
export function invalidSegment(what: string): StatsError {
  return new StatsError('STATS_SEGMENT_INVALID', `damaged stats segment: ${what}`)
}

/** True for damage that a change under way can explain: reading again decides. */
export function mayBeTransient(error: unknown): boolean {
  return (
    error instanceof StatsError &&
    (error.code === 'STATS_SEGMENT_INVALID' || error.code === 'STATS_SNAPSHOT_TOO_LARGE')
  )
}
