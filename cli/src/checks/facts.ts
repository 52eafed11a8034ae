/** A thread of VPP, as reported by `show_threads`. */
export interface ThreadFact {
  /** 0 is the main thread, workers follow. */
  readonly id: number
  readonly name: string
  readonly cpu: number
  /** Physical core. */
  readonly core: number
  /** NUMA node of the core. */
  readonly socket: number
}

/** An interface. */
export interface InterfaceFact {
  readonly index: number
  readonly name: string
  /** Kind of device, such as `dpdk`, `tap` or `Loopback`. */
  readonly device: string
  readonly isUp: boolean
  /** NUMA node of the card; undefined where it has none. */
  readonly numa: number | undefined
}

/** A receive queue, and the thread that polls it. */
export interface QueueFact {
  readonly interfaceIndex: number
  readonly queue: number
  /** Id of the thread. */
  readonly thread: number
  readonly mode: string
}

/** A pool of buffers. */
export interface PoolFact {
  readonly name: string
  /** NUMA node, if the pool's name has one. */
  readonly numa: number | undefined
  readonly total: number
  /** Neither in the pool nor in the caches of threads. */
  readonly used: number
}

/** Packets that an interface lost on the way in. */
export interface LossFact {
  readonly name: string
  /** Lost because a queue was full. */
  readonly missed: bigint
  /** Lost because there was no buffer. */
  readonly noBuffer: bigint
  readonly received: bigint
}

/** A heap. */
export interface HeapFact {
  readonly name: string
  readonly total: bigint
  readonly used: bigint
}

/** The contents of the stats segment; undefined where it cannot be read. */
export interface StatsFacts {
  readonly pools: readonly PoolFact[]
  readonly losses: readonly LossFact[]
  readonly heaps: readonly HeapFact[]
  /** Packets per frame by thread. */
  readonly vectorRates: readonly number[]
}

/** Everything that checks look at. */
export interface Facts {
  readonly threads: readonly ThreadFact[]
  readonly interfaces: readonly InterfaceFact[]
  readonly queues: readonly QueueFact[]
  /** Pages of the buffers' memory, such as `2M`; undefined where VPP does not report it. */
  readonly bufferPageSizes: readonly string[]
  /** Milliseconds that pings took, sorted. */
  readonly pings: readonly number[]
  readonly stats: StatsFacts | undefined
  /** Why there are no stats. */
  readonly statsProblem: string | undefined
}
