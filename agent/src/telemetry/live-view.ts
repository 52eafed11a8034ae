/**
 * What `GET /live` sends once a second: server-sent events of type `live`, each with a {@link LiveView} as JSON. The
 * parameter `instance` names the VPP that is shown in full; left out, it is the first. Counters are JSON numbers:
 * beyond 2^53 they lose their last digits.
 */
export interface LiveView {
  /** When it was taken, ISO 8601. */
  readonly at: string
  /** All VPPs of the agent, in the order of its configuration. */
  readonly instances: readonly LiveInstance[]
  /** The one that is shown in full. */
  readonly detail: LiveDetail
}

/** How one VPP stands. */
export interface LiveInstance {
  readonly name: string
  /** `connected` and `not-responding` (calls are still sent) are the states in which VPP is there. */
  readonly status: 'connecting' | 'connected' | 'not-responding' | 'disconnected' | 'failed' | 'closed'
  /** Why it is not connected; null when it is. */
  readonly message: string | null
  /** Process id of VPP; null when it is not connected. */
  readonly pid: number | null
  /** True while this agent, and no other, programs the VPP. */
  readonly leading: boolean
  /** Items by state. */
  readonly items: LiveItems
  /** Sources that are not as they should be. */
  readonly sources: readonly LiveSource[]
  /** The change that is undone unless it is confirmed; null when there is none. */
  readonly confirmation: LiveConfirmation | null
  /** The last comparison with all that VPP has. */
  readonly lastResync: LiveResync | null
  /** Id of the newest event of its log; 0 before the first. */
  readonly lastEvent: number
}

/** Number of items in each state. */
export interface LiveItems {
  readonly applied: number
  readonly pending: number
  readonly waiting: number
  readonly failed: number
  readonly blocked: number
  readonly conflict: number
  readonly drifted: number
  readonly frozen: number
  readonly removing: number
}

/** A source that something is wrong with; `GET /sources` says what. */
export interface LiveSource {
  readonly origin: string
  readonly state: 'partial' | 'held' | 'failed'
  /** Number of problems. */
  readonly problems: number
}

/** A change that is undone unless it is confirmed. */
export interface LiveConfirmation {
  readonly revision: number
  /** When it is undone, ISO 8601. */
  readonly until: string
}

/** How a comparison with all that VPP has ended. */
export interface LiveResync {
  /** When it ended, ISO 8601. */
  readonly at: string
  /** Milliseconds that it took. */
  readonly duration: number
  readonly applied: number
  readonly failed: number
  readonly waiting: number
}

/** One VPP in full. */
export interface LiveDetail {
  readonly name: string
  /** By sw_if_index. */
  readonly interfaces: readonly LiveInterface[]
  /** VPP as a whole; null while its stats segment cannot be read. */
  readonly system: LiveSystem | null
  /** The busiest graph nodes, those first that take most clock cycles. */
  readonly nodes: readonly LiveNode[]
  /** Error counters that have counted: the fastest first, then the greatest. */
  readonly errors: readonly LiveError[]
  /** What all error counters together count per second; null with the first view, and after a restart of VPP. */
  readonly errorsPerSecond: number | null
}

/** An interface of VPP. */
export interface LiveInterface {
  readonly swIfIndex: number
  /** The agent's name for interfaces that it created, VPP's name for others. What `/interfaces/{name}` takes. */
  readonly name: string
  /** VPP's own name. */
  readonly vppName: string
  /** VPP's name of what drives it, as `Loopback`. */
  readonly device: string
  /** True when the interface is an item of the agent. */
  readonly owned: boolean
  readonly adminUp: boolean
  readonly linkUp: boolean
  /** L3 MTU in bytes. */
  readonly mtu: number
  readonly mac: string
  /** Null while the stats segment cannot be read. */
  readonly counters: LiveCounters | null
  /** Per second since the last view; null with the first one, and after a restart of VPP. */
  readonly rates: LiveCounters | null
}

/** What is counted of an interface, or the same per second. */
export interface LiveCounters {
  readonly rxPackets: number
  readonly rxBytes: number
  readonly txPackets: number
  readonly txBytes: number
  readonly drops: number
  /** Packets received with errors, lost for want of room or buffers, or not sent. */
  readonly errors: number
}

/** VPP as a whole. VPP brings these up to date once per `statseg { update-interval }`. */
export interface LiveSystem {
  /** Average packets per frame over all workers. */
  readonly vectorRate: number
  /** Packets received per second. */
  readonly inputRate: number
  /** Worker threads, the main thread not counted. */
  readonly workers: number
  /** When VPP was started, ISO 8601. */
  readonly bootTime: string
}

/** A graph node. Rates are of the last two updates of VPP; null before there were two. */
export interface LiveNode {
  readonly name: string
  readonly calls: number
  readonly vectors: number
  /** Packets per call: of late when there were calls of late, else since VPP's start. */
  readonly vectorsPerCall: number
  /** Clock cycles per packet, since VPP's start. */
  readonly clocksPerPacket: number
  readonly callsPerSecond: number | null
  readonly vectorsPerSecond: number | null
}

/** An error counter. */
export interface LiveError {
  readonly node: string
  readonly reason: string
  readonly count: number
  /** Null with the first view. */
  readonly perSecond: number | null
}
