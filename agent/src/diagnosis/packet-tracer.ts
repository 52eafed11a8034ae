import { TracedumpClient } from '@vpp-ts/binapi-tracedump'
import { VlibClient } from '@vpp-ts/binapi-vlib'
import { VppApiError, type VppConnection } from '@vpp-ts/runtime'
import { AgentError } from '../model/errors.ts'
import { Alone, pause } from './alone.ts'
import { stepsOf, type PacketTrace, type TraceStep } from './packet-trace.ts'

/** Threads from which packets are read. */
const ALL_THREADS = 0xffff_ffff
/** What VPP prints for a thread without traced packets. */
const NONE = 'No packets in trace buffer'
const START = /^-+ Start of thread/

/** What is to be traced. */
export interface TraceRequest {
  /** Graph node at which packets come in. */
  readonly node: string
  /** Packets of each thread at most. */
  readonly packets: number
  /** Milliseconds. */
  readonly time: number
  /** Ends it sooner. */
  readonly signal: AbortSignal
}

/** What was traced. */
export interface TraceResult {
  readonly packets: readonly PacketTrace[]
  /** False when another client has begun to trace meanwhile: VPP's buffer was left as it is. */
  readonly cleared: boolean
}

/**
 * VPP's packet trace, for one at a time. VPP has one buffer for all who trace, so it is not used while there is
 * anything in it.
 */
export class PacketTracer {
  readonly #connection: VppConnection
  readonly #alone = new Alone('a packet trace')

  constructor(connection: VppConnection) {
    this.#connection = connection
  }

  /** True while packets are being traced. */
  get busy(): boolean {
    return this.#alone.busy
  }

  /** Settles when nothing is traced any more. */
  async idle(): Promise<void> {
    await this.#alone.idle()
  }

  /**
   * Traces packets for a time, returns them, and clears VPP's buffer.
   * @throws AgentError `AGENT_BUSY`, `AGENT_REQUEST`; VppError
   */
  async trace(request: TraceRequest): Promise<TraceResult> {
    return await this.#alone.run(async () => {
      const nodeIndex = await this.#indexOf(request.node)
      if (await this.#hasPackets()) {
        const remedy = 'wait until it ends, or clear it with "vpp-ts-agent trace --clear"'
        throw new AgentError('AGENT_BUSY', `VPP's trace buffer holds packets of another client; ${remedy}`)
      }
      return await this.#trace(nodeIndex, request)
    })
  }

  /** Stops and clears any trace, whoever started it. @throws AgentError `AGENT_BUSY` while this agent traces; VppError */
  async clear(): Promise<void> {
    await this.#alone.run(async () => {
      await this.#client.traceClearCapture()
    })
  }

  get #client(): TracedumpClient {
    return new TracedumpClient(this.#connection)
  }

  async #trace(nodeIndex: number, { node, packets, time, signal }: TraceRequest): Promise<TraceResult> {
    const client = this.#client
    await client.traceCapturePackets({ nodeIndex, maxPackets: packets })
    try {
      await pause(time, signal)
    } finally {
      // Workers write into traces under way, which VPP reads without stopping them: no more may begin before they are read.
      await client.traceCapturePackets({ nodeIndex, maxPackets: 0 })
    }
    // With one more than there can be of ours, a packet of another client is seen in any case.
    const request = { threadId: ALL_THREADS, position: 0, max: packets + 1, clearCache: true }
    const details = await client.traceV2Dump(request).toArray()
    // It points into the buffer that is cleared next.
    await client.traceClearCache()
    const traced = details.map((it) => ({
      thread: it.threadId,
      position: it.position,
      steps: stepsOf(it.traceData),
    }))
    const cleared = traced.every(({ position, steps }) => position < packets && isFrom(node, steps))
    if (cleared) await client.traceClearCapture()
    return { packets: traced.map(({ thread, steps }) => ({ thread, steps })), cleared }
  }

  /** @throws AgentError `AGENT_REQUEST` */
  async #indexOf(node: string): Promise<number> {
    try {
      return (await new VlibClient(this.#connection).getNodeIndex({ nodeName: node })).nodeIndex
    } catch (error) {
      if (!(error instanceof VppApiError)) throw error
      const message = `VPP has no graph node "${node}"; its input nodes are in "show node"`
      throw new AgentError('AGENT_REQUEST', message, { cause: error })
    }
  }

  /** By a command: VPP stops its workers for it, and reads nothing that they write into. */
  async #hasPackets(): Promise<boolean> {
    const { reply } = await new VlibClient(this.#connection).cliInband({ cmd: 'show trace max 1' })
    return reply
      .split('\n')
      .map((line) => line.trim())
      .some((line) => line !== '' && line !== NONE && !START.test(line))
  }
}

function isFrom(node: string, [first]: readonly TraceStep[]): boolean {
  return first === undefined || first.node === node
}
