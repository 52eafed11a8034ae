import { InterfaceClient } from '@vpp-ts/binapi-interface'
import { IfStatusFlags, IfType } from '@vpp-ts/binapi-interface-types'
import { LcpClient } from '@vpp-ts/binapi-lcp'
import type { VppConnection } from '@vpp-ts/runtime'
import type { SeriesLabels } from '../prometheus/definitions.ts'

const { IF_STATUS_API_FLAG_ADMIN_UP: ADMIN_UP, IF_STATUS_API_FLAG_LINK_UP: LINK_UP } = IfStatusFlags

/** Tag that the agent of vpp-ts sets on the interfaces it makes: mark, fingerprint, name of the item. */
const AGENT_TAG = /^vpp-ts-agent\/[^/]+\/(.+)$/s

/** What VPP's API tells of an interface and the stats segment does not. */
export interface InterfaceFacts {
  readonly swIfIndex: number
  /** VPP's present name, also after a rename. */
  readonly name: string
  /** Tag that a client set; empty: none. */
  readonly tag: string
  /** Name of the agent's item that the interface belongs to; empty: none. */
  readonly item: string
  /** Name of the Linux device that mirrors the interface (plugin linux-cp); empty: none. */
  readonly lcp: string
  /** Whether it is a sub-interface of another. */
  readonly isSub: boolean
  /** VPP's name of what drives it, as in `Loopback`. */
  readonly device: string
  readonly adminUp: boolean
  readonly linkUp: boolean
  /** Layer 3 MTU in bytes; 0: not set. */
  readonly mtu: number
  /** MAC address as `02:fe:…`; all zeros for interfaces that have none. */
  readonly mac: string
  /** Speed of the link in kbit/s; 0: unknown. */
  readonly linkSpeed: number
}

/**
 * Facts about interfaces by sw_if_index, from a connection to VPP's API.
 *
 * Nothing here fails because the API is away: the counters matter more. While VPP is connected but does not answer, the
 * last facts are given; without a connection there are none, since another VPP may number its interfaces otherwise.
 */
export class InterfaceFactsSource {
  readonly #vpp: VppConnection
  readonly #timeout: number
  #facts: ReadonlyMap<number, InterfaceFacts> = new Map()
  #pid = 0

  /** @param options `timeout`: milliseconds that VPP's API is given to answer, default 1000 */
  constructor(vpp: VppConnection, { timeout = 1000 }: { readonly timeout?: number } = {}) {
    this.#vpp = vpp
    this.#timeout = timeout
  }

  /** Asks VPP. */
  async read(): Promise<ReadonlyMap<number, InterfaceFacts>> {
    if (!this.#isConnected) return new Map()
    const { pid } = this.#vpp
    try {
      this.#facts = await this.#ask()
      this.#pid = pid
    } catch {
      if (!this.#isConnected || this.#pid !== this.#vpp.pid) return new Map()
    }
    return this.#facts
  }

  /** Labels `tag`, `item` and `lcp` by sw_if_index, each only where there is one: for option `interfaceLabels`. */
  readonly labels: SeriesLabels = async () => {
    const facts = await this.read()
    return new Map(Array.from(facts.values(), ({ swIfIndex, ...it }) => [swIfIndex, labelsOf(it)]))
  }

  get #isConnected(): boolean {
    const { status } = this.#vpp.state
    return status === 'connected' || status === 'not-responding'
  }

  async #ask(): Promise<ReadonlyMap<number, InterfaceFacts>> {
    const options = { timeout: this.#timeout }
    const [interfaces, devices] = await Promise.all([
      new InterfaceClient(this.#vpp).swInterfaceDump({}, options).toArray(),
      this.#hostDevices(options),
    ])
    return new Map(
      interfaces.map((it) => [
        it.swIfIndex,
        {
          swIfIndex: it.swIfIndex,
          name: it.interfaceName,
          tag: it.tag,
          item: AGENT_TAG.exec(it.tag)?.[1] ?? '',
          lcp: devices.get(it.swIfIndex) ?? '',
          isSub: it.type === IfType.IF_API_TYPE_SUB,
          device: it.interfaceDevType,
          adminUp: (it.flags & ADMIN_UP) !== 0,
          linkUp: (it.flags & LINK_UP) !== 0,
          mtu: it.mtu[0] ?? 0,
          mac: String(it.l2Address),
          linkSpeed: it.linkSpeed,
        },
      ]),
    )
  }

  async #hostDevices(options: { readonly timeout: number }): Promise<ReadonlyMap<number, string>> {
    try {
      const pairs = await new LcpClient(this.#vpp).lcpItfPairGet({}, options).toArray()
      return new Map(pairs.map(({ phySwIfIndex, hostIfName }) => [phySwIfIndex, hostIfName]))
    } catch {
      // VPP without the plugin linux-cp has no such message.
      return new Map()
    }
  }
}

function labelsOf({ tag, item, lcp }: Pick<InterfaceFacts, 'tag' | 'item' | 'lcp'>): Record<string, string> {
  return Object.fromEntries(Object.entries({ tag, item, lcp }).filter(([, value]) => value !== ''))
}
