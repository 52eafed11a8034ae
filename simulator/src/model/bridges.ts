import { RetvalError } from '../errors.ts'
import type { Interface, Interfaces } from './interfaces.ts'
import { LowestFree } from './pool.ts'

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
  /** 0xffffffff for an address that is filtered. */
  readonly swIfIndex: number
  readonly staticMac: boolean
  readonly filterMac: boolean
  readonly bviMac: boolean
}

/** A bridge domain. */
export interface BridgeDomain {
  readonly bdId: number
  /** Place in VPP's list of bridge domains; the smallest free one is taken. */
  readonly index: number
  readonly features: BridgeFeatures
  /** Minutes until a learned address is forgotten; 0 never. */
  readonly macAge: number
  readonly tag: string
  /** The interface that routes for the bridge. */
  readonly bvi: number | undefined
  /** The interface that unknown unicast goes to. */
  readonly uuForward: number | undefined
  /** In VPP's order: the interface that routes first, loopbacks last. */
  readonly members: readonly BridgeMember[]
  readonly macs: ReadonlyMap<string, BridgeMac>
}

/** What an interface is to its bridge domain: `L2_API_PORT_TYPE_…` */
export const PORT_TYPE = { NORMAL: 0, BVI: 1, UU_FWD: 2 } as const

type Mutable = { -readonly [K in keyof BridgeDomain]: BridgeDomain[K] } & {
  macs: Map<string, BridgeMac>
  /** Address of the hardware of `bvi`: the one whose entry goes with it. */
  bviMac: string
}

const HIGHEST_ID = 0xff_ffff
const NONE = 0xffff_ffff
/** What VPP turns on in a bridge domain that an interface is put into before anyone made it. */
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
  /** Addresses that deleted domains left, by their place. */
  readonly #orphans = new Map<number, Map<string, BridgeMac>>()
  readonly #indexes = new LowestFree()
  /** What the domain before had, by index. */
  readonly #lastMacAges = new Map<number, number>()
  /** The domain of each interface that is in bridge mode. */
  readonly #domainOf = new Map<number, Mutable>()
  readonly #crossConnects = new Map<number, number>()
  readonly #interfaces: Interfaces

  constructor(interfaces: Interfaces) {
    this.#interfaces = interfaces
    // VPP has a bridge domain 0 that it shows nobody.
    this.#make(0, ALL_ON)
  }

  /** In the order of their indexes. */
  [Symbol.iterator](): Iterator<BridgeDomain> {
    const shown = [...this.#domains.values()].filter(({ bdId }) => bdId !== 0)
    return shown.sort((a, b) => a.index - b.index)[Symbol.iterator]()
  }

  find(bdId: number): BridgeDomain | undefined {
    return this.#domains.get(bdId)
  }

  /**
   * Makes a bridge domain; without an id VPP makes one up.
   * @throws RetvalError -119 when there is one already or for 0, -122 above 16,777,215
   */
  add(bdId: number | undefined, init: BridgeInit = {}): BridgeDomain {
    const id = bdId ?? this.#unusedId()
    if (this.#domains.has(id)) throw new RetvalError('BD_ALREADY_EXISTS')
    if (id > HIGHEST_ID) throw new RetvalError('BD_ID_EXCEED_MAX')
    return this.#make(id, init)
  }

  #make(id: number, init: BridgeInit): BridgeDomain {
    const { macAge = 0, tag = '', ...features } = init
    const off = { flood: false, uuFlood: false, forward: false, learn: false, arpTerm: false, arpUfwd: false }
    const index = this.#indexes.take()
    const macs = this.#orphans.get(index) ?? new Map<string, BridgeMac>()
    this.#orphans.delete(index)
    const domain: Mutable = {
      bdId: id,
      index,
      features: { ...off, ...features },
      macAge,
      tag,
      bvi: undefined,
      bviMac: '',
      uuForward: undefined,
      members: [],
      macs,
    }
    this.#domains.set(id, domain)
    return domain
  }

  /**
   * Addresses that were set stay, and are those of the next domain in this place, as in VPP.
   * @throws RetvalError -6 when there is none, -120 while it has members, -121 for 0
   */
  delete(bdId: number): void {
    if (bdId === 0) throw new RetvalError('BD_NOT_MODIFIABLE')
    const domain = this.#get(bdId)
    if (domain.members.length > 0) throw new RetvalError('BD_IN_USE')
    this.flushMacs(() => true, bdId)
    if (domain.macs.size > 0) this.#orphans.set(domain.index, domain.macs)
    this.#domains.delete(bdId)
    this.#indexes.give(domain.index)
    this.#lastMacAges.set(domain.index, domain.macAge)
  }

  /** @throws RetvalError -6 when there is none, -121 for 0 */
  setFeatures(bdId: number, features: Partial<BridgeFeatures>): BridgeDomain {
    if (bdId === 0) throw new RetvalError('BD_NOT_MODIFIABLE')
    const domain = this.#get(bdId)
    domain.features = { ...domain.features, ...features }
    return domain
  }

  /** @throws RetvalError -6 when there is none, -121 for 0 */
  setMacAge(bdId: number, minutes: number): void {
    if (bdId === 0) throw new RetvalError('BD_NOT_MODIFIABLE')
    this.#get(bdId).macAge = minutes
  }

  /**
   * Puts an interface into a bridge domain, which is made when there is none, and out of any other.
   * @throws RetvalError -2 for an unknown interface, -122 for an id that is too great, -152 for a second interface that
   * routes; it has left its old domain by then
   */
  join(swIfIndex: number, bdId: number, portType: number = PORT_TYPE.NORMAL, shg = 0): void {
    const mac = this.#interfaces.hardwareMac(swIfIndex)
    if (bdId > HIGHEST_ID) throw new RetvalError('BD_ID_EXCEED_MAX')
    if (!this.#domains.has(bdId)) this.#addInPassing(bdId)
    const domain = this.#get(bdId)
    this.leave(swIfIndex)
    this.#domainOf.set(swIfIndex, domain)
    if (portType === PORT_TYPE.BVI) {
      if (domain.bvi !== undefined) throw new RetvalError('BD_ALREADY_HAS_BVI')
      domain.bvi = swIfIndex
      this.#setBviMac(domain, swIfIndex, mac)
    }
    if (portType === PORT_TYPE.UU_FWD) domain.uuForward = swIfIndex
    else this.#addMember(domain, { swIfIndex, shg })
  }

  /** VPP keeps members by kind, since it floods from the back. */
  #addMember(domain: Mutable, member: BridgeMember): void {
    const rank = this.#rankOf(domain, member)
    const at = domain.members.findIndex((it) => this.#rankOf(domain, it) > rank)
    const place = at < 0 ? domain.members.length : at
    domain.members = [...domain.members.slice(0, place), member, ...domain.members.slice(place)]
  }

  /** The interface that routes first, loopbacks that are not flooded to last. */
  #rankOf({ bvi }: BridgeDomain, { swIfIndex }: BridgeMember): number {
    if (swIfIndex === bvi) return 0
    const { devType, sub } = this.#interfaces.get(swIfIndex)
    if (sub !== undefined) return 1
    return devType === 'Loopback' ? 3 : devType === 'VXLAN' ? 2 : 1
  }

  /** Takes an interface out of its bridge domain or cross connect, if it is in one. */
  leave(swIfIndex: number): void {
    this.#crossConnects.delete(swIfIndex)
    const domain = this.#domainOf.get(swIfIndex)
    if (domain === undefined) return
    this.#domainOf.delete(swIfIndex)
    domain.members = domain.members.filter((it) => it.swIfIndex !== swIfIndex)
    if (domain.bvi === swIfIndex) {
      domain.bvi = undefined
      this.#dropBviMac(domain, swIfIndex)
    }
    if (domain.uuForward === swIfIndex) domain.uuForward = undefined
    this.flushMacs((it) => it.swIfIndex === swIfIndex, domain.bdId)
  }

  /**
   * The entry of a loopback that routes follows its address. That of other kinds and of sub-interfaces keeps the old one,
   * and stays for good when the interface leaves, as in VPP.
   */
  macChanged({ swIfIndex, mac, devType }: Interface): void {
    for (const it of [swIfIndex, ...[...this.#interfaces.subsOf(swIfIndex)].map((sub) => sub.swIfIndex)]) {
      const domain = this.#domainOf.get(it)
      if (domain?.bvi !== it) continue
      if (it === swIfIndex && devType === 'Loopback') {
        this.#dropBviMac(domain, it)
        this.#setBviMac(domain, it, mac)
      }
      domain.bviMac = mac
    }
  }

  /** Overwrites an entry that clients made. */
  #setBviMac(domain: Mutable, swIfIndex: number, mac: string): void {
    domain.bviMac = mac
    // A VPP would not live: strict mode says so.
    if (mac === '') return
    domain.macs.set(mac, { mac, swIfIndex, staticMac: true, filterMac: false, bviMac: true })
  }

  /** Also one that a client made for the same interface, but not one for another. */
  #dropBviMac({ macs, bviMac }: Mutable, swIfIndex: number): void {
    if (macs.get(bviMac)?.swIfIndex === swIfIndex) macs.delete(bviMac)
  }

  /** Addresses that domains left behind. */
  orphans(): BridgeMac[] {
    return [...this.#orphans.values()].flatMap((macs) => [...macs.values()])
  }

  /** Forgets learned addresses that `doomed` picks, of one bridge domain or of all. */
  flushMacs(doomed: (mac: BridgeMac) => boolean, bdId?: number): void {
    for (const domain of this.#domains.values()) {
      if (bdId !== undefined && domain.bdId !== bdId) continue
      for (const mac of domain.macs.values()) {
        if (!mac.staticMac && !mac.filterMac && doomed(mac)) domain.macs.delete(mac.mac)
      }
    }
  }

  /** @throws RetvalError -6 for an unknown bridge domain, -2 for an interface that is in none */
  addMac(bdId: number, { filterMac, ...mac }: BridgeMac): void {
    const domain = this.#get(bdId)
    if (filterMac) {
      const filter = { swIfIndex: NONE, staticMac: true, filterMac, bviMac: false }
      domain.macs.set(mac.mac, { mac: mac.mac, ...filter })
      return
    }
    this.#interfaces.get(mac.swIfIndex)
    if (!this.#domainOf.has(mac.swIfIndex)) throw new RetvalError('INVALID_SW_IF_INDEX')
    domain.macs.set(mac.mac, { ...mac, filterMac })
  }

  /** @throws RetvalError -6 for an unknown bridge domain or address, or one of another interface */
  removeMac(bdId: number, mac: string, swIfIndex: number): void {
    const domain = this.#get(bdId)
    const known = domain.macs.get(mac)
    if (known === undefined || (swIfIndex !== 0 && known.swIfIndex !== swIfIndex))
      throw new RetvalError('NO_SUCH_ENTRY')
    domain.macs.delete(mac)
  }

  /** Sends everything that comes in on one interface out of another. @throws RetvalError -2 for unknown ones */
  crossConnect(rx: number, tx: number): void {
    this.#interfaces.get(rx)
    this.#interfaces.get(tx)
    this.leave(rx)
    this.#crossConnects.set(rx, tx)
  }

  /** Pairs of interfaces, the receiving one first, in its order. */
  crossConnects(): [rx: number, tx: number][] {
    return [...this.#crossConnects].sort(([a], [b]) => a - b)
  }

  /** Made for its first interface: VPP leaves the age that the last domain of this place had. */
  #addInPassing(bdId: number): void {
    const { index } = this.#make(bdId, ALL_ON)
    this.setMacAge(bdId, this.#lastMacAges.get(index) ?? 0)
  }

  #unusedId(): number {
    let id = 0
    while (this.#domains.has(id)) id = Math.floor(Math.random() * HIGHEST_ID)
    return id
  }

  #get(bdId: number): Mutable {
    const domain = this.#domains.get(bdId)
    if (domain === undefined) throw new RetvalError('NO_SUCH_ENTRY')
    return domain
  }
}
