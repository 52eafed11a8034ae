import type { Instance } from '../instance/instance.ts'

/**
 * What the interfaces of the stats segment are called over time: the agent's name of those that it made, VPP's own of
 * others. A name holds while VPP's own name stands at its index.
 */
export class InterfaceNames {
  readonly #instance: Instance
  #generation: number | undefined
  /** When the VPP of this generation was first seen. */
  #since = 0
  #bound = new Map<number, { readonly vppName: string; readonly name: string }>()
  #vppNames = new Map<number, string>()
  #changed = true

  constructor(instance: Instance) {
    this.#instance = instance
  }

  /** Whether the last update found another VPP, or other interfaces than the one before. */
  get changed(): boolean {
    return this.#changed
  }

  /**
   * Names of interfaces that are in the segment now.
   * @param generation of VPP; what was known of another one is dropped
   * @param now milliseconds since 1970
   * @returns by sw_if_index; none of what the agent has not looked at since VPP came
   */
  update(
    interfaces: readonly { readonly swIfIndex: number; readonly name: string }[],
    generation: number,
    now: number,
  ): ReadonlyMap<number, string> {
    const vppNames = new Map(interfaces.map(({ swIfIndex, name }) => [swIfIndex, name]))
    this.#changed =
      generation !== this.#generation ||
      vppNames.size !== this.#vppNames.size ||
      interfaces.some(({ swIfIndex, name }) => this.#vppNames.get(swIfIndex) !== name)
    this.#vppNames = vppNames
    if (generation !== this.#generation) {
      this.#bound.clear()
      // With the first one the agent may have looked before.
      this.#since = this.#generation === undefined ? 0 : now
      this.#generation = generation
    }
    const { lookedAt } = this.#instance.state()
    const isKnown = lookedAt !== undefined && lookedAt.getTime() >= this.#since
    const known = this.#instance.interfaceNames()
    const bound = new Map<number, { vppName: string; name: string }>()
    const names = new Map<number, string>()
    for (const { swIfIndex, name: vppName } of interfaces) {
      const before = this.#bound.get(swIfIndex)
      const same = before?.vppName === vppName ? before : undefined
      const name = isKnown ? (known.get(swIfIndex) ?? same?.name ?? vppName) : same?.name
      if (name === undefined) continue
      bound.set(swIfIndex, { vppName, name })
      names.set(swIfIndex, name)
    }
    this.#bound = bound
    return names
  }
}
