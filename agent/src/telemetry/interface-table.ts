import { InterfaceClient, type SwInterfaceDetails } from '@vpp-ts/binapi-interface'
import { IfStatusFlags, IfType, SubIfFlags } from '@vpp-ts/binapi-interface-types'
import { LcpClient } from '@vpp-ts/binapi-lcp'
import type { Instance } from '../instance/instance.ts'

const { IF_STATUS_API_FLAG_ADMIN_UP: ADMIN_UP, IF_STATUS_API_FLAG_LINK_UP: LINK_UP } = IfStatusFlags

/** "All interfaces" */
const ALL = 0xffff_ffff
/** Milliseconds after which VPP is asked again even though no event has reported a change. */
const LONGEST = 5000

/** An interface as VPP's API reports it. */
export interface KnownInterface {
  readonly swIfIndex: number
  /** The agent's name for interfaces that it created, VPP's name for others. */
  readonly name: string
  readonly vppName: string
  /** VPP's name of the device or driver. */
  readonly device: string
  /** sw_if_index of the interface that a sub-interface belongs to; its own otherwise. */
  readonly supSwIfIndex: number
  readonly owned: boolean
  readonly adminUp: boolean
  readonly linkUp: boolean
  /** L3 MTU in bytes. */
  readonly mtu: number
  readonly mac: string
  /** Kbit/s; 0 when unknown. */
  readonly linkSpeed: number
  /** Tags of the packets that a sub-interface takes, as `100` or `100.7`; null for other interfaces. */
  readonly vlan: string | null
  /** Tag that a client set, as the agent's mark; empty: none. */
  readonly tag: string
}

/**
 * VPP's interfaces, fetched again when an event shows that they may have changed, and every few seconds. Nothing is
 * asked while nobody reads.
 */
export class InterfaceTable {
  readonly #instance: Instance
  readonly #stop: () => void
  #interfaces: readonly KnownInterface[] = []
  #readAt = -Infinity
  #stale = true
  #reading: Promise<void> | undefined

  constructor(instance: Instance) {
    this.#instance = instance
    this.#stop = instance.events.listen(() => (this.#stale = true))
  }

  /** The interfaces, by index; as they were last known while VPP does not answer. */
  async read(): Promise<readonly KnownInterface[]> {
    const { status } = this.#instance.connection.state
    if (status !== 'connected' && status !== 'not-responding') return []
    if (this.#stale || performance.now() - this.#readAt > LONGEST) {
      this.#reading ??= this.#read().finally(() => (this.#reading = undefined))
      await this.#reading
    }
    return this.#interfaces
  }

  /** The same, asked for now. @throws VppError when VPP does not answer */
  async readNow(): Promise<readonly KnownInterface[]> {
    await this.#ask()
    return this.#interfaces
  }

  /** Names of the devices in Linux that stand for interfaces, by sw_if_index; none without VPP's plugin for them. */
  async hostDevices(): Promise<ReadonlyMap<number, string>> {
    try {
      const pairs = await new LcpClient(this.#instance.connection).lcpItfPairGet().toArray()
      return new Map(pairs.map(({ phySwIfIndex, hostIfName }) => [phySwIfIndex, hostIfName]))
    } catch {
      // Without the plugin there are none; when VPP is away, its interfaces are not reported either.
      return new Map()
    }
  }

  close(): void {
    this.#stop()
  }

  async #read(): Promise<void> {
    try {
      await this.#ask()
    } catch {
      // VPP disconnected meanwhile: the state of the connection says so.
    }
  }

  async #ask(): Promise<void> {
    // What happens from now on may be missing from the answer.
    this.#stale = false
    const client = new InterfaceClient(this.#instance.connection)
    const details = await client.swInterfaceDump({ swIfIndex: ALL }).toArray()
    const names = this.#instance.interfaceNames()
    this.#readAt = performance.now()
    this.#interfaces = details
      .map((it) => this.#known(it, names))
      .sort((one, other) => one.swIfIndex - other.swIfIndex)
  }

  #known(it: SwInterfaceDetails, names: ReadonlyMap<number, string>): KnownInterface {
    const name = names.get(it.swIfIndex) ?? it.interfaceName
    return {
      swIfIndex: it.swIfIndex,
      name,
      vppName: it.interfaceName,
      device: it.interfaceDevType,
      supSwIfIndex: it.supSwIfIndex,
      owned: this.#instance.status({ kind: 'interface', key: name }) !== undefined,
      adminUp: (it.flags & ADMIN_UP) !== 0,
      linkUp: (it.flags & LINK_UP) !== 0,
      mtu: it.mtu[0] ?? 0,
      mac: String(it.l2Address),
      linkSpeed: it.linkSpeed,
      vlan: it.type === IfType.IF_API_TYPE_SUB ? vlanOf(it) : null,
      tag: it.tag,
    }
  }
}

const { SUB_IF_API_FLAG_NO_TAGS, SUB_IF_API_FLAG_DEFAULT, SUB_IF_API_FLAG_TWO_TAGS } = SubIfFlags
const { SUB_IF_API_FLAG_OUTER_VLAN_ID_ANY, SUB_IF_API_FLAG_INNER_VLAN_ID_ANY } = SubIfFlags

function vlanOf({ subIfFlags: flags, subOuterVlanId, subInnerVlanId }: SwInterfaceDetails): string {
  const has = (flag: number): boolean => (flags & flag) !== 0
  if (has(SUB_IF_API_FLAG_NO_TAGS)) return 'untagged'
  if (has(SUB_IF_API_FLAG_DEFAULT)) return 'default'
  const outer = has(SUB_IF_API_FLAG_OUTER_VLAN_ID_ANY) ? 'any' : String(subOuterVlanId)
  if (!has(SUB_IF_API_FLAG_TWO_TAGS)) return outer
  return `${outer}.${has(SUB_IF_API_FLAG_INNER_VLAN_ID_ANY) ? 'any' : subInnerVlanId}`
}
