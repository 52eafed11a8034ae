import { RetvalError } from '../errors.ts'
import type { Interfaces } from './interfaces.ts'
import { smallestFree } from './pool.ts'

/** What a bridge domain does with packets. */
export interface BridgeFeatures {
  readonly flood: boolean
  readonly uuFlood: boolean
  readonly forward: boolean
  readonly learn: boolean
  readonly arpTerm: boolean
  readonly arpUfwd: boolean
}

/** An interface in a bridge domain. */
export interface BridgeMember {
  readonly swIfIndex: number
  /** Split-horizon group: members of one group do not talk to each other, unless it is 0. */
  readonly shg: number
}

/** A static or learned MAC address. */
export interface BridgeMac {
  readonly mac: string
  readonly swIfIndex: number
  readonly staticMac: boolean
  readonly filterMac: boolean
  readonly bviMac: boolean
}

/** A bridge domain. */
export interface BridgeDomain {
  readonly bdId: number
  readonly features: BridgeFeatures
  /** Minutes until a learned address is forgotten; 0 never. */
  readonly macAge: number
  readonly tag: string
  /** The interface that routes for the bridge. */
  readonly bvi: number | undefined
  /** The interface that unknown unicast goes to. */
  readonly uuForward: number | undefined
  /** Last added first, as VPP lists them. */
  readonly members: readonly BridgeMember[]
  readonly macs: readonly BridgeMac[]
}

/** What an interface is to its bridge domain: `L2_API_PORT_TYPE_…` */
export const PORT_TYPE = { NORMAL: 0, BVI: 1, UU_FWD: 2 } as const

type Mutable = { -readonly [K in keyof BridgeDomain]: BridgeDomain[K] }

const HIGHEST_ID = 0xff_ffff
/** What VPP turns on in a bridge domain that an interface is put into before anybody made it. */
const ALL_ON: BridgeFeatures = {
  flood: true,
  uuFlood: true,
  forward: true,
  learn: true,
  arpTerm: false,
  arpUfwd: false,
}

/** How a bridge domain can be made. */
export interface BridgeInit extends Partial<BridgeFeatures> {
  readonly macAge?: number
  readonly tag?: string
}

/** The bridge domains, and cross connects between pairs of interfaces. */
export class Bridges implements Iterable<BridgeDomain> {
  readonly #domains = new Map<number, Mutable>()
  readonly #crossConnects = new Map<number, number>()
  readonly #interfaces: Interfaces

  constructor(interfaces: Interfaces) {
    this.#interfaces = interfaces
  }

  [Symbol.iterator](): Iterator<BridgeDomain> {
    return this.#domains.values()
  }

  find(bdId: number): BridgeDomain | undefined {
    return this.#domains.get(bdId)
  }

  /**
   * Makes a bridge domain; without an id it gets the smallest free one.
   * @throws RetvalError -119 when there is one already or for 0, -122 above 16,777,215
   */
  add(bdId: number | undefined, init: BridgeInit = {}): BridgeDomain {
    const id = bdId ?? smallestFree((candidate) => this.#domains.has(candidate), 1)
    if (id === 0 || this.#domains.has(id)) throw new RetvalError('BD_ALREADY_EXISTS')
    if (id > HIGHEST_ID) throw new RetvalError('BD_ID_EXCEED_MAX')
    const { macAge = 0, tag = '', ...features } = init
    const off = { flood: false, uuFlood: false, forward: false, learn: false, arpTerm: false, arpUfwd: false }
    const domain: Mutable = {
      bdId: id,
      features: { ...off, ...features },
      macAge,
      tag,
      bvi: undefined,
      uuForward: undefined,
      members: [],
      macs: [],
    }
    this.#domains.set(id, domain)
    return domain
  }

  /** @throws RetvalError -6 when there is none, -120 while it has members, -121 for 0 */
  delete(bdId: number): void {
    if (bdId === 0) throw new RetvalError('BD_NOT_MODIFIABLE')
    const domain = this.#get(bdId)
    if (domain.members.length > 0) throw new RetvalError('BD_IN_USE')
    this.#domains.delete(bdId)
  }

  /** @throws RetvalError -6 when there is none */
  setFeatures(bdId: number, features: Partial<BridgeFeatures>): BridgeFeatures {
    const domain = this.#get(bdId)
    domain.features = { ...domain.features, ...features }
    return domain.features
  }

  /** @throws RetvalError -6 when there is none */
  setMacAge(bdId: number, minutes: number): void {
    this.#get(bdId).macAge = minutes
  }

  /**
   * Puts an interface into a bridge domain, which is made when there is none, and out of any other.
   * @throws RetvalError -2 for an unknown interface, -152 for a second interface that routes
   */
  join(swIfIndex: number, bdId: number, portType: number = PORT_TYPE.NORMAL, shg = 0): void {
    this.#interfaces.get(swIfIndex)
    if (!this.#domains.has(bdId)) this.add(bdId, ALL_ON)
    const domain = this.#get(bdId)
    if (portType === PORT_TYPE.BVI && domain.bvi !== undefined && domain.bvi !== swIfIndex) {
      throw new RetvalError('BD_ALREADY_HAS_BVI')
    }
    this.leave(swIfIndex)
    if (portType === PORT_TYPE.UU_FWD) {
      domain.uuForward = swIfIndex
      return
    }
    if (portType === PORT_TYPE.BVI) domain.bvi = swIfIndex
    domain.members = [{ swIfIndex, shg }, ...domain.members]
  }

  /** Takes an interface out of its bridge domain or cross connect, if it is in one. */
  leave(swIfIndex: number): void {
    this.#crossConnects.delete(swIfIndex)
    for (const domain of this.#domains.values()) {
      domain.members = domain.members.filter((it) => it.swIfIndex !== swIfIndex)
      if (domain.bvi === swIfIndex) domain.bvi = undefined
      if (domain.uuForward === swIfIndex) domain.uuForward = undefined
    }
  }

  /** @throws RetvalError -6 for an unknown bridge domain, -2 for an interface that is not in it */
  addMac(bdId: number, mac: BridgeMac): void {
    const domain = this.#get(bdId)
    if (!mac.filterMac && !domain.members.some((it) => it.swIfIndex === mac.swIfIndex)) {
      throw new RetvalError('INVALID_SW_IF_INDEX')
    }
    domain.macs = [...domain.macs.filter((it) => it.mac !== mac.mac), mac]
  }

  /** @throws RetvalError -6 for an unknown bridge domain */
  removeMac(bdId: number, mac: string): void {
    const domain = this.#get(bdId)
    domain.macs = domain.macs.filter((it) => it.mac !== mac)
  }

  /** Sends everything that comes in on one interface out of another. @throws RetvalError -2, -10 for unknown ones */
  crossConnect(rx: number, tx: number): void {
    this.#interfaces.get(rx)
    if (this.#interfaces.find(tx) === undefined) throw new RetvalError('INVALID_SW_IF_INDEX_2')
    this.leave(rx)
    this.#crossConnects.set(rx, tx)
  }

  /** Pairs of interfaces, the receiving one first. */
  crossConnects(): [rx: number, tx: number][] {
    return [...this.#crossConnects]
  }

  #get(bdId: number): Mutable {
    const domain = this.#domains.get(bdId)
    if (domain === undefined) throw new RetvalError('NO_SUCH_ENTRY')
    return domain
  }
}
