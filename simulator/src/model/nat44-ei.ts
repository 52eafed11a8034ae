import { RetvalError } from '../errors.ts'
import type { Fib } from './fib.ts'
import { SOURCE } from './fib-sources.ts'
import type { Interface, Interfaces } from './interfaces.ts'
import { NatRoutes, NatSides } from './nat-sides.ts'
import type { NatSide } from './nat-sides.ts'
import { ADDRESS_ONLY, NONE, StaticMappings } from './nat-static.ts'
import type { Mapping, NatTables, StaticMapping } from './nat-static.ts'
import { DEFAULT_FRAME_QUEUE, DEFAULT_TIMEOUTS, bucketsOf, firstAddress, refuses, swapOut } from './nat44.ts'
import type { NatAddress, NatConfig, NatSession } from './nat44.ts'
import type { NatTimeouts } from './nat64.ts'
import { Pool } from './pool.ts'
import { familyOf } from './prefix.ts'

/** What NAT44 in this mode is switched on with. */
export interface NatEiConfig extends NatConfig {
  readonly users: number
  readonly userSessions: number
}

/** How outside ports are chosen. */
export interface PortAllocation {
  readonly alg: number
  readonly psidOffset: number
  readonly psidLength: number
  readonly psid: number
  readonly startPort: number
  readonly endPort: number
}

/** `NAT44_EI_…` */
const STATIC_MAPPING_ONLY = 1
const OUT2IN_DPO = 4
const OFF: NatEiConfig = { insideVrf: 0, outsideVrf: 0, sessions: 0, flags: 0, users: 0, userSessions: 0 }
/** VPP takes a feature away that it has not added where packets come back by their own table. */
const NO_HAIRPINNING = 1
const DEFAULT_SESSIONS = 10 * 1024
const DEFAULT_USERS = 1024
/** `NAT44_EI_ADDR_AND_PORT_ALLOC_ALG_…` */
const MAP_E = 1
const RANGE = 2
/** What VPP keeps of a protocol that is none of TCP, UDP and ICMP, and what it tells of it. */
const OTHER_PROTOCOL = 0
const OTHER_PROTOCOL_TOLD = 255
const ICMP = 1
const ICMP6 = 58

/** Endpoint-independent NAT44, as far as it is configuration. */
export class Nat44Ei {
  enabled = false
  config = OFF
  forwarding = false
  timeouts: NatTimeouts = { udp: 0, tcpEstablished: 0, tcpTransitory: 0, icmp: 0 }
  mssClamping = 0
  translationBuckets = 0
  userBuckets = 0
  frameQueueSize = 0
  allocation: PortAllocation = { alg: 0, psidOffset: 0, psidLength: 0, psid: 0, startPort: 0, endPort: 0 }
  /** Sessions that `nat44_ei_user_session_dump` tells; the model translates nothing. */
  readonly sessions: NatSession[] = []
  readonly sides: NatSides
  readonly #mappings: StaticMappings
  #addresses: NatAddress[] = []
  readonly #taken = new Set<string>()
  #ofInterfaces: number[] = []
  /** Interfaces as the older output feature names them; it forgets none of them. */
  readonly #named = new Pool<NatSide>()
  #isStaticOnly = false
  #isDpo = false
  readonly #interfaces: Interfaces
  readonly #tables: NatTables
  readonly #routes: NatRoutes

  constructor(interfaces: Interfaces, fib: Fib, tables: NatTables) {
    this.#interfaces = interfaces
    this.#tables = tables
    this.#routes = new NatRoutes(interfaces, fib, SOURCE.NAT44_EI_LOW)
    this.sides = new NatSides(interfaces, (swIfIndex, isAdd) => this.#sideChanged(swIfIndex, isAdd))
    this.#mappings = new StaticMappings(
      tables,
      {
        insideVrf: () => this.config.insideVrf,
        reserve: (mapping) => this.#reserve(mapping),
        free: (mapping) => this.#free(mapping),
        changed: (mapping, isAdd) => this.#mappingChanged(mapping, isAdd),
        forgives: true,
        forgets: false,
      },
      (swIfIndex) => firstAddress(interfaces, swIfIndex),
    )
  }

  /** @throws RetvalError -170 or -169 when it is so already */
  setEnabled(on: boolean, config: NatEiConfig = OFF): void {
    if (on === this.enabled)
      throw new RetvalError(on ? 'FEATURE_ALREADY_ENABLED' : 'FEATURE_ALREADY_DISABLED')
    if (on) this.#enable(config)
    else this.#disable()
  }

  /** Those to addresses first, then those to interfaces. */
  mappings(): StaticMapping[] {
    const toInterfaces = this.#mappings.toResolve.filter(({ isIdentity }) => !isIdentity)
    const all = [...this.#mappings].filter(({ kind }) => kind === 'static')
    return [
      ...all.map((it) => told({ ...it, externalSwIfIndex: NONE })),
      ...toInterfaces.map((it) => told({ ...it, externalIpAddress: '0.0.0.0' })),
    ]
  }

  /** Identity mappings, by table; those to interfaces are last. */
  identityMappings(): StaticMapping[] {
    const all = [...this.#mappings].filter(({ kind }) => kind === 'identity')
    const settled = all.flatMap((it) =>
      Array.from(it.locals, ({ vrfId }) => ({ ...it, vrfId, externalSwIfIndex: NONE })),
    )
    const toInterfaces = this.#mappings.toResolve.filter(({ isIdentity }) => isIdentity)
    return [...settled, ...toInterfaces].map((it) => ({ ...it, protocol: toldProtocol(it.protocol) }))
  }

  get addresses(): readonly NatAddress[] {
    return this.#addresses
  }

  /** Interfaces whose address is in the pool. */
  get interfaceAddresses(): readonly number[] {
    return this.#ofInterfaces
  }

  /** Interfaces as the older output feature names them. */
  get named(): Iterable<NatSide> {
    return this.#named
  }

  /** @throws RetvalError -169 while it is off, -81 when packets from outside or inside match another one, -6 for a port that is not in the pool */
  addMapping(asked: StaticMapping, isIdentity = false): void {
    const mapping = known(asked)
    if (asked.externalSwIfIndex === NONE) this.#needEnabled()
    this.#mappings.add(mapping, isIdentity)
  }

  /** @throws RetvalError -169 while it is off, -6 when there is none */
  removeMapping(asked: StaticMapping, isIdentity = false): void {
    if (asked.externalSwIfIndex === NONE) this.#needEnabled()
    this.#mappings.remove(known(asked), isIdentity)
  }

  /** @throws RetvalError -30 for static mappings only, -169 while it is off, -81 when it is there already */
  addAddress(ipAddress: string, vrfId: number): void {
    this.#needEnabled()
    if (this.#addresses.some((it) => it.ipAddress === ipAddress)) throw new RetvalError('VALUE_EXIST')
    this.#addresses.push({ ipAddress, vrfId })
    if (vrfId !== NONE) this.#tables.use(vrfId)
    this.#announceOutside(ipAddress, true)
  }

  /** @throws RetvalError -169 while it is off, -6 when there is none, -1 when a mapping of a port uses it */
  removeAddress(ipAddress: string, withMappings = false): void {
    this.#needEnabled()
    const index = this.#addresses.findIndex((it) => it.ipAddress === ipAddress)
    const found = this.#addresses[index]
    if (found === undefined) throw new RetvalError('NO_SUCH_ENTRY')
    const isUsed = [...this.#mappings].some(
      ({ kind, flags, externalIpAddress }) =>
        kind === 'static' && (flags & ADDRESS_ONLY) === 0 && externalIpAddress === ipAddress,
    )
    if (withMappings) this.#mappings.removeOutside(ipAddress)
    else if (isUsed) throw new RetvalError('UNSPECIFIED')
    this.#announceOutside(ipAddress, false)
    if (found.vrfId !== NONE) this.#tables.release(found.vrfId)
    swapOut(this.#addresses, index)
  }

  /** @throws RetvalError -30 where only static mappings are used */
  needDynamic(): void {
    if (this.#isStaticOnly) throw new RetvalError('FEATURE_DISABLED')
  }

  /** It need not be on. @throws RetvalError -2 for an unknown interface, -81 when it is there */
  addInterfaceAddress(swIfIndex: number): void {
    this.#interfaces.get(swIfIndex)
    if (this.#ofInterfaces.includes(swIfIndex)) throw new RetvalError('VALUE_EXIST')
    this.#ofInterfaces.push(swIfIndex)
    const address = firstAddress(this.#interfaces, swIfIndex)
    if (address !== undefined) refuses(() => this.addAddress(address, NONE))
  }

  /** @throws RetvalError -2, -169 while it is off, -6 when it is not there */
  removeInterfaceAddress(swIfIndex: number): void {
    this.#interfaces.get(swIfIndex)
    this.#needEnabled()
    const index = this.#ofInterfaces.indexOf(swIfIndex)
    if (index < 0) throw new RetvalError('NO_SUCH_ENTRY')
    const address = firstAddress(this.#interfaces, swIfIndex)
    if (address === undefined) this.#mappings.forgetRecords(swIfIndex)
    else refuses(() => this.removeAddress(address, true))
    swapOut(this.#ofInterfaces, index)
  }

  /** @throws RetvalError -2, -169 while it is off, -126 for the outside with out2in-dpo, -6 when it is not on, -81 beside the output feature */
  setFeature(swIfIndex: number, isInside: boolean, on: boolean): void {
    this.#interfaces.get(swIfIndex)
    this.#needEnabled()
    if (this.#isDpo && !isInside) throw new RetvalError('UNSUPPORTED')
    if (on) this.sides.add(swIfIndex, isInside)
    else if (this.#isDpo && this.#isInside(swIfIndex)) throw new RetvalError(NO_HAIRPINNING)
    else this.sides.remove(swIfIndex, isInside)
  }

  /** @throws RetvalError -2, -169 while it is off, -81 when it is on or beside another feature, -6 when it is not on */
  setOutput(swIfIndex: number, on: boolean): void {
    this.#interfaces.get(swIfIndex)
    this.#needEnabled()
    if (on) this.sides.addOutput(swIfIndex)
    else this.sides.removeOutput(swIfIndex)
  }

  /** The older output feature: of an inside interface it only keeps the name. @throws RetvalError as `setOutput`, and 1 for one that is so already */
  setNamedOutput(swIfIndex: number, isInside: boolean, on: boolean): void {
    this.#interfaces.get(swIfIndex)
    const index = this.#named.indexOf((it) => it.swIfIndex === swIfIndex)
    const isDone = on ? index === undefined : index !== undefined
    if (on && index === undefined)
      this.#named.add(() => ({ swIfIndex, inside: isInside, outside: !isInside }))
    if (!on && index !== undefined) this.#named.delete(index)
    if (!isInside) this.setOutput(swIfIndex, on)
    else if (!isDone) throw new RetvalError(1)
  }

  /** @throws RetvalError -7 for an unknown way or an empty range */
  setAllocation(asked: PortAllocation): void {
    const { alg, psid, psidOffset, psidLength, startPort, endPort } = asked
    if (alg === 0) this.allocation = { ...this.allocation, alg }
    else if (alg === MAP_E) this.allocation = { ...this.allocation, alg, psid, psidOffset, psidLength }
    else if (alg === RANGE && endPort > startPort)
      this.allocation = { ...this.allocation, alg, startPort, endPort }
    else throw new RetvalError('INVALID_VALUE')
  }

  /** @throws RetvalError -170 while it is on */
  setFrameQueueSize(size: number): void {
    if (this.enabled) throw new RetvalError('FEATURE_ALREADY_ENABLED')
    this.frameQueueSize = size
  }

  /** @throws RetvalError -169 while it is off, -6 when there is none */
  removeSession(fits: (session: NatSession) => boolean): void {
    this.#needEnabled()
    const index = this.sessions.findIndex(fits)
    if (index < 0) throw new RetvalError('NO_SUCH_ENTRY')
    this.sessions.splice(index, 1)
  }

  /** The interface has got an address: the pool takes it where it is asked to, and then mappings do. */
  addressAdded({ swIfIndex }: Interface, address: string): void {
    if (!this.enabled || familyOf(address) !== 4 || !this.#ofInterfaces.includes(swIfIndex)) return
    const ip = address.slice(0, address.indexOf('/'))
    if (refuses(() => this.addAddress(ip, NONE))) return
    this.#mappings.wait(swIfIndex)
    this.#mappings.resolve(swIfIndex, ip, ({ flags }) => (flags & ADDRESS_ONLY) !== 0)
  }

  /** The interface has lost an address: it goes from the pool, with all its mappings. */
  addressRemoved({ swIfIndex }: Interface, address: string): void {
    if (!this.enabled || familyOf(address) !== 4 || !this.#ofInterfaces.includes(swIfIndex)) return
    refuses(() => this.removeAddress(address.slice(0, address.indexOf('/')), true))
  }

  /** Forgets an interface. */
  forget(swIfIndex: number): void {
    this.sides.forget(swIfIndex)
  }

  #enable(config: NatEiConfig): void {
    this.enabled = true
    const sessions = config.sessions === 0 ? DEFAULT_SESSIONS : config.sessions
    const users = config.users === 0 ? DEFAULT_USERS : config.users
    const userSessions = config.userSessions === 0 ? sessions : config.userSessions
    this.config = { ...config, sessions, users, userSessions }
    this.translationBuckets = bucketsOf(sessions)
    this.userBuckets = bucketsOf(users)
    this.#isStaticOnly = (config.flags & STATIC_MAPPING_ONLY) !== 0
    this.#isDpo = (config.flags & OUT2IN_DPO) !== 0
    this.forwarding = false
    this.mssClamping = 0
    this.timeouts = DEFAULT_TIMEOUTS
    this.allocation = { ...this.allocation, alg: 0 }
    if (this.frameQueueSize === 0) this.frameQueueSize = DEFAULT_FRAME_QUEUE
    // VPP keeps these tables for good.
    this.#tables.use(config.insideVrf)
    this.#tables.use(config.outsideVrf)
  }

  #disable(): void {
    for (const mapping of this.#mappings) this.#mappingChanged(mapping, false)
    this.#mappings.clear()
    this.#taken.clear()
    for (const { ipAddress } of this.#addresses.slice()) this.removeAddress(ipAddress)
    this.#addresses = []
    this.#ofInterfaces = []
    const isStuck = this.#isDpo && [...this.sides.features].length > 0
    this.sides.clear()
    this.sessions.length = 0
    this.config = OFF
    this.forwarding = false
    this.enabled = false
    if (isStuck) throw new RetvalError('BUG')
  }

  #isInside(swIfIndex: number): boolean {
    return [...this.sides.features].some((it) => it.swIfIndex === swIfIndex)
  }

  #reserve({ flags, externalIpAddress, externalPort, protocol }: Mapping): void {
    if ((flags & ADDRESS_ONLY) !== 0 || this.#isStaticOnly) return
    const key = `${externalIpAddress} ${externalPort} ${protocol}`
    const isPooled = this.#addresses.some(({ ipAddress }) => ipAddress === externalIpAddress)
    if (!isPooled || this.#taken.has(key)) throw new RetvalError('NO_SUCH_ENTRY')
    this.#taken.add(key)
  }

  #free({ flags, externalIpAddress, externalPort, protocol }: Mapping): void {
    if ((flags & ADDRESS_ONLY) !== 0 || this.#isStaticOnly) return
    const isPooled = this.#addresses.some(({ ipAddress }) => ipAddress === externalIpAddress)
    if (!isPooled) throw new RetvalError('INVALID_VALUE')
    this.#taken.delete(`${externalIpAddress} ${externalPort} ${protocol}`)
  }

  #mappingChanged({ flags, kind, externalIpAddress }: Mapping, isAdd: boolean): void {
    if ((flags & ADDRESS_ONLY) === 0 || (!isAdd && kind === 'identity')) return
    this.#announceOutside(externalIpAddress, isAdd)
  }

  #sideChanged(swIfIndex: number, isAdd: boolean): void {
    for (const { ipAddress } of this.#addresses) this.#routes.set(swIfIndex, ipAddress, isAdd)
    for (const { flags, localIpAddress, externalIpAddress } of this.#mappings) {
      const isTold = (flags & ADDRESS_ONLY) !== 0 && localIpAddress !== externalIpAddress
      if (isTold) this.#routes.set(swIfIndex, externalIpAddress, isAdd)
    }
  }

  #announceOutside(address: string, isAdd: boolean): void {
    if (this.#isDpo) return
    for (const swIfIndex of this.sides.outsides()) this.#routes.set(swIfIndex, address, isAdd)
  }

  #needEnabled(): void {
    if (!this.enabled) throw new RetvalError('FEATURE_ALREADY_DISABLED')
  }
}

/** As VPP keeps it: it knows three protocols, and of a whole address none. */
function known(asked: StaticMapping): StaticMapping {
  const flags = asked.flags & ADDRESS_ONLY
  if (flags !== 0) return { ...asked, flags, localPort: 0, externalPort: 0, protocol: OTHER_PROTOCOL }
  const protocol = asked.protocol === ICMP6 ? ICMP : asked.protocol
  return { ...asked, flags, protocol: [ICMP, 6, 17].includes(protocol) ? protocol : OTHER_PROTOCOL }
}

function told(mapping: StaticMapping): StaticMapping {
  const isPort = (mapping.flags & ADDRESS_ONLY) === 0
  return { ...mapping, protocol: isPort ? toldProtocol(mapping.protocol) : 0 }
}

function toldProtocol(protocol: number): number {
  return protocol === OTHER_PROTOCOL ? OTHER_PROTOCOL_TOLD : protocol
}
