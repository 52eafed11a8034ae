import { RetvalError } from '../errors.ts'
import type { Interface, Interfaces } from './interfaces.ts'

/** What an interface advertises, by the names of the API. */
export interface Advertisement {
  readonly curHopLimit: number
  readonly advManagedFlag: boolean
  readonly advOtherFlag: boolean
  readonly advRouterLifetime: number
  readonly advLinkMtu: number
  readonly sendRadv: boolean
  readonly ceaseRadv: boolean
  readonly sendUnicast: boolean
  readonly advLinkLayerAddress: boolean
  readonly maxRadvInterval: number
  readonly minRadvInterval: number
  readonly initialAdvertsCount: number
  readonly initialAdvertsInterval: number
}

const DEFAULTS: Omit<Advertisement, 'advLinkMtu'> = {
  curHopLimit: 64,
  advManagedFlag: false,
  advOtherFlag: false,
  advRouterLifetime: 600,
  sendRadv: false,
  ceaseRadv: false,
  sendUnicast: false,
  advLinkLayerAddress: true,
  maxRadvInterval: 200,
  minRadvInterval: 150,
  initialAdvertsCount: 3,
  initialAdvertsInterval: 16,
}

/** Router advertisements of IPv6: there for every Ethernet interface on which IPv6 is on. */
export class RouterAdvertisements {
  readonly #changed = new Map<number, Partial<Advertisement>>()
  readonly #interfaces: Interfaces

  constructor(interfaces: Interfaces) {
    this.#interfaces = interfaces
  }

  /** Interfaces with what they advertise. */
  *[Symbol.iterator](): Iterator<[swIfIndex: number, Advertisement]> {
    for (const it of this.#interfaces) if (advertises(it)) yield [it.swIfIndex, this.#of(it)]
  }

  /** @throws RetvalError -2 for an unknown interface or one without IPv6 */
  change(swIfIndex: number, changes: Partial<Advertisement>): void {
    if (!advertises(this.#interfaces.get(swIfIndex))) throw new RetvalError('INVALID_SW_IF_INDEX')
    this.#changed.set(swIfIndex, { ...this.#changed.get(swIfIndex), ...changes })
  }

  /** Forgets an interface that is deleted. */
  forget(swIfIndex: number): void {
    this.#changed.delete(swIfIndex)
  }

  #of({ swIfIndex, linkMtu }: Interface): Advertisement {
    return { ...DEFAULTS, advLinkMtu: linkMtu, ...this.#changed.get(swIfIndex) }
  }
}

function advertises({ ip6, mac, sub }: Interface): boolean {
  return ip6 !== undefined && (mac !== '' || sub !== undefined)
}
