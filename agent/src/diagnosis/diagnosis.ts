import type { Agent, Closable } from '../instance/agent.ts'
import type { Instance } from '../instance/instance.ts'
import { PacketCapture } from './packet-capture.ts'
import { PacketTracer } from './packet-tracer.ts'

/** Which tools may be used. */
export interface DiagnosisOptions {
  readonly trace: boolean
  readonly pcap: boolean
}

/** The tools of one VPP; undefined: not allowed. */
export interface InstanceDiagnosis {
  readonly tracer: PacketTracer | undefined
  readonly capture: PacketCapture | undefined
}

/** Packet tools of all VPPs of an agent. */
export class Diagnosis implements Closable {
  readonly #tools: ReadonlyMap<string, InstanceDiagnosis>
  readonly #stops: (() => void)[]
  readonly #ended = new AbortController()

  constructor(agent: Agent, { trace, pcap }: DiagnosisOptions) {
    const instances = [...agent.instances.values()]
    this.#tools = new Map(
      instances.map(({ name, connection }) => [
        name,
        {
          tracer: trace ? new PacketTracer(connection) : undefined,
          capture: pcap ? new PacketCapture(connection) : undefined,
        },
      ]),
    )
    this.#stops = instances.map((instance) => this.#recover(instance))
  }

  /** Ends when the agent does: what is under way is ended then. */
  get signal(): AbortSignal {
    return this.#ended.signal
  }

  of({ name }: Instance): InstanceDiagnosis {
    return this.#tools.get(name) ?? { tracer: undefined, capture: undefined }
  }

  async close(): Promise<void> {
    this.#ended.abort()
    for (const stop of this.#stops) stop()
    const tools = [...this.#tools.values()].flatMap(({ tracer, capture }) => [tracer, capture])
    await Promise.all(tools.map((tool) => tool?.idle()))
  }

  /** Ends what an agent that was killed has left behind, when VPP is connected. */
  #recover({ name, connection, events }: Instance): () => void {
    const { capture } = this.#tools.get(name) ?? {}
    if (capture === undefined) return () => undefined
    if (connection.state.status === 'connected') void capture.recover()
    return events.listen(({ event }) => {
      if (event.type === 'connection' && event.status === 'connected') void capture.recover()
    })
  }
}
