import { rowKey } from '../history/levels.ts'
import type { Instance } from '../instance/instance.ts'

/**
 * What the interfaces of the stats segment are kept under over time: the agent's name of those that it made, VPP's own of
 * others. A name holds while VPP's own name stands at its index.
 */
export class InterfaceKeys {
  readonly #instance: Pick<Instance, 'state' | 'interfaceNames'>
  #generation: number | undefined
  /** When the VPP of this generation was first seen. */
  #since = 0
  #vppNames: readonly (string | undefined)[] = []
  #bound: readonly (string | undefined)[] = []
  /** By name, so that a key is made once. */
  #keys = new Map<string, string>()
  #changed = true

  constructor(instance: Pick<Instance, 'state' | 'interfaceNames'>) {
    this.#instance = instance
  }

  /** Whether the last update found another VPP, or other interfaces than the one before. */
  get changed(): boolean {
    return this.#changed
  }

  /**
   * Keys of the interfaces that are in the segment now.
   * @param vppNames by sw_if_index; the same list as long as nothing has changed
   * @param generation of VPP; what was known of another one is dropped
   * @param now milliseconds since 1970
   * @returns by sw_if_index; none of what the agent has not looked at since VPP came
   */
  update(
    vppNames: readonly (string | undefined)[],
    generation: number,
    now: number,
  ): readonly (string | undefined)[] {
    const isOther = generation !== this.#generation
    this.#changed = isOther || vppNames !== this.#vppNames
    if (isOther) {
      this.#bound = []
      // With the first one the agent may have looked before.
      this.#since = this.#generation === undefined ? 0 : now
      this.#generation = generation
    }
    const { lookedAt } = this.#instance.state()
    const isKnown = lookedAt !== undefined && lookedAt.getTime() >= this.#since
    const known = this.#instance.interfaceNames()
    const before = this.#bound
    this.#bound = vppNames.map((vppName, index) => {
      if (vppName === undefined) return undefined
      const held = this.#vppNames[index] === vppName ? before[index] : undefined
      if (!isKnown) return held
      const name = known.get(index)
      return name === undefined ? (held ?? this.#keyOf(vppName)) : this.#keyOf(name)
    })
    this.#vppNames = vppNames
    // Names of interfaces that have gone are not kept for ever.
    if (this.#keys.size > 2 * vppNames.length + 1000) this.#keys.clear()
    return this.#bound
  }

  #keyOf(name: string): string {
    let key = this.#keys.get(name)
    if (key === undefined) this.#keys.set(name, (key = rowKey('interface', name)))
    return key
  }
}
