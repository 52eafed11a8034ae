import { RetvalError } from '../errors.ts'
import type { Fib } from './fib.ts'
import { SOURCE } from './fib-sources.ts'
import type { Interface, Interfaces } from './interfaces.ts'
import { NatRoutes, NatSides } from './nat-sides.ts'
import { ADDRESS_ONLY, NONE, StaticMappings } from './nat-static.ts'
import type { Backend, Mapping, NatTables, StaticMapping } from './nat-static.ts'
import type { NatTimeouts } from './nat64.ts'
import { Pool } from './pool.ts'
import { familyOf } from './prefix.ts'

export type { StaticMapping } from './nat-static.ts'

/** An address of a pool. */
export interface NatAddress {
  readonly ipAddress: string
  readonly vrfId: number
}

/** What NAT44 is switched on with. */
export interface NatConfig {
  readonly insideVrf: number
  readonly outsideVrf: number
  readonly sessions: number
  readonly flags: number
}

/** A mapping that balances load, as it is asked for. */
export interface BalancedMapping {
  readonly externalAddr: string
  readonly externalPort: number
  readonly protocol: number
  readonly flags: number
  readonly affinity: number
  readonly tag: string
  readonly locals: readonly Backend[]
}

/** A session; tests may put some in. */
export interface NatSession {
  readonly insideIpAddress: string
  readonly insidePort: number
  readonly outsideIpAddress: string
  readonly outsidePort: number
  readonly extHostAddress: string
  readonly extHostPort: number
  readonly protocol: number
  readonly vrfId: number
  readonly isStatic: boolean
}

/** `NAT_IS_…` */
const TWICE_NAT = 1
const SELF_TWICE_NAT = 2
const OUT_TO_IN_ONLY = 4
const MAPPING_FLAGS = TWICE_NAT | SELF_TWICE_NAT | OUT_TO_IN_ONLY | ADDRESS_ONLY
/** `NAT44_IS_STATIC_MAPPING_ONLY` and `NAT44_IS_CONNECTION_TRACKING`, which this mode has not. */
const UNSUPPORTED_OPTIONS = 0x02 | 0x04
const DEFAULT_SESSIONS = 63 * 1024
const OFF: NatConfig = { insideVrf: 0, outsideVrf: 0, sessions: 0, flags: 0 }
/** Fewest servers of a mapping that balances load. */
const FEWEST_BACKENDS = 2

/** Timeouts of a NAT that was just switched on, in seconds. */
export const DEFAULT_TIMEOUTS: NatTimeouts = { udp: 300, tcpEstablished: 7440, tcpTransitory: 240, icmp: 60 }

/** Endpoint-dependent NAT44, as far as it is configuration. */
export class Nat44 {
  enabled = false
  config = OFF
  forwarding = false
  timeouts: NatTimeouts = { udp: 0, tcpEstablished: 0, tcpTransitory: 0, icmp: 0 }
  mssClamping = 0
  translationBuckets = 0
  frameQueueSize = 0
  /** Sessions that `nat44_user_session_dump` tells; the model translates nothing. */
  readonly sessions: NatSession[] = []
  readonly sides: NatSides
  /** Maximum number of sessions by table. */
  readonly sessionLimits = new Map<number, number>()
  readonly #mappings: StaticMappings
  #addresses: NatAddress[] = []
  #twiceNatAddresses: NatAddress[] = []
  #ofInterfaces: { readonly swIfIndex: number; readonly isTwiceNat: boolean; isResolved: boolean }[] = []
  #vrfTables = new Pool<{ readonly tableVrfId: number; readonly routes: Pool<number> }>()
  readonly #interfaces: Interfaces
  readonly #tables: NatTables
  /** Number of reasons for a route, by address and interface. */
  readonly #announced = new Map<string, number>()
  readonly #routes: NatRoutes

  constructor(interfaces: Interfaces, fib: Fib, tables: NatTables) {
    this.#interfaces = interfaces
    this.#tables = tables
    this.#routes = new NatRoutes(interfaces, fib, SOURCE.NAT44_ED_LOW)
    this.sides = new NatSides(interfaces, (swIfIndex, isAdd) => this.#sideChanged(swIfIndex, isAdd))
    this.#mappings = new StaticMappings(
      tables,
      {
        insideVrf: () => this.config.insideVrf,
        changed: ({ externalIpAddress }, isAdd) => this.#announceOutside(externalIpAddress, isAdd),
        forgives: false,
        forgets: true,
      },
      (swIfIndex) => firstAddress(interfaces, swIfIndex),
    )
  }

  /** @throws RetvalError -170 or -169 when it is so already, -126 for options of the other mode */
  setEnabled(on: boolean, config: NatConfig = OFF): void {
    if (on && (config.flags & UNSUPPORTED_OPTIONS) !== 0) throw new RetvalError('UNSUPPORTED')
    if (on === this.enabled)
      throw new RetvalError(on ? 'FEATURE_ALREADY_ENABLED' : 'FEATURE_ALREADY_DISABLED')
    if (on) this.#enable(config)
    else this.#disable()
  }

  /** Those to addresses first, then those to interfaces. */
  mappings(): StaticMapping[] {
    const toInterfaces = this.#mappings.toResolve
      .filter(({ isIdentity }) => !isIdentity)
      .map((it) => ({
        ...(withoutPorts(it) as StaticMapping),
        externalIpAddress: '0.0.0.0',
        flags: it.flags & (ADDRESS_ONLY | TWICE_NAT),
      }))
    const all = [...this.#mappings].filter(({ kind }) => kind === 'static')
    return [...all.map((it) => ({ ...it, externalSwIfIndex: NONE })), ...toInterfaces]
  }

  /** Identity mappings, by table; those to interfaces are last. */
  identityMappings(): StaticMapping[] {
    const all = [...this.#mappings].filter(({ kind }) => kind === 'identity')
    const settled = all.flatMap((it) =>
      Array.from(it.locals, ({ vrfId }) => ({ ...it, vrfId, externalSwIfIndex: NONE })),
    )
    return [...settled, ...this.#mappings.toResolve.filter(({ isIdentity }) => isIdentity)]
  }

  /** Mappings that balance load. */
  balancedMappings(): Mapping[] {
    return [...this.#mappings].filter(({ kind }) => kind === 'balanced')
  }

  /** Addresses for outside. */
  get addresses(): readonly NatAddress[] {
    return this.#addresses
  }

  /** Addresses for twice NAT. */
  get twiceNatAddresses(): readonly NatAddress[] {
    return this.#twiceNatAddresses
  }

  /** Interfaces whose address is in a pool. */
  get interfaceAddresses(): readonly { readonly swIfIndex: number; readonly isTwiceNat: boolean }[] {
    return this.#ofInterfaces
  }

  /** Tables from which packets may go to others. */
  get vrfTables(): Iterable<{ readonly tableVrfId: number; readonly routes: Iterable<number> }> {
    return this.#vrfTables
  }

  /**
   * Adds a mapping, or one to the address of an interface.
   * @throws RetvalError -126 while the feature is off or for flags that do not go together, -81 when packets from outside
   * or from inside match another one already
   */
  addMapping(asked: StaticMapping, isIdentity = false): void {
    this.#needEnabled()
    this.#mappings.add(checked(asked, isIdentity), isIdentity)
  }

  /** @throws RetvalError -126 while the feature is off, -6 when there is none */
  removeMapping(asked: StaticMapping, isIdentity = false): void {
    this.#needEnabled()
    this.#mappings.remove(checked(asked, isIdentity), isIdentity)
  }

  /** @throws RetvalError -126 while it is off, -81 for an outside in use, -7 for one server, -6 for an outside that is not in the pool */
  addBalanced(asked: BalancedMapping): void {
    this.#needEnabled()
    const { externalAddr, externalPort, protocol, locals, affinity, tag } = asked
    const isTwice = (asked.flags & TWICE_NAT) !== 0
    const flags = asked.flags & (OUT_TO_IN_ONLY | (isTwice ? TWICE_NAT : SELF_TWICE_NAT))
    if (this.#mappings.find(externalAddr, { flags: 0, externalPort, protocol }) !== undefined)
      throw new RetvalError('VALUE_EXIST')
    if (locals.length < FEWEST_BACKENDS) throw new RetvalError('INVALID_VALUE')
    const isPooled = this.#addresses.some(({ ipAddress }) => ipAddress === externalAddr)
    if ((flags & OUT_TO_IN_ONLY) === 0 && !isPooled) throw new RetvalError('NO_SUCH_ENTRY')
    const backends = new Pool<Backend>()
    for (const it of locals) backends.add(() => it)
    this.#mappings.addBalanced({
      kind: 'balanced',
      flags,
      localIpAddress: '0.0.0.0',
      localPort: 0,
      externalIpAddress: externalAddr,
      externalPort,
      protocol,
      vrfId: 0,
      tag,
      affinity,
      locals: backends,
    })
  }

  /** @throws RetvalError -126 while it is off, -6 without one, -7 for one of another kind */
  removeBalanced(
    outside: Pick<BalancedMapping, 'externalAddr' | 'externalPort' | 'protocol' | 'flags'>,
  ): void {
    this.#mappings.removeBalanced(this.#balanced(outside), outside.flags)
  }

  /** @throws RetvalError as above, and -81 for a server that is there */
  addBackend(
    outside: Pick<BalancedMapping, 'externalAddr' | 'externalPort' | 'protocol'>,
    backend: Backend,
  ): void {
    const mapping = this.#balanced(outside)
    if (backendOf(mapping, backend) !== undefined) throw new RetvalError('VALUE_EXIST')
    this.#mappings.addBackend(mapping, backend)
  }

  /** @throws RetvalError as above, and -6 for a server that is not there, -1 for the last but one */
  removeBackend(
    outside: Pick<BalancedMapping, 'externalAddr' | 'externalPort' | 'protocol'>,
    backend: Backend,
  ): void {
    const mapping = this.#balanced(outside)
    const found = backendOf(mapping, backend)
    if (found === undefined) throw new RetvalError('NO_SUCH_ENTRY')
    if ([...mapping.locals].length <= FEWEST_BACKENDS) throw new RetvalError('UNSPECIFIED')
    this.#mappings.removeBackend(mapping, found)
  }

  /** @throws RetvalError -126 while the feature is off, -81 when it is there already */
  addAddress(ipAddress: string, isTwiceNat: boolean, vrfId: number): void {
    this.#needEnabled()
    const pool = isTwiceNat ? this.#twiceNatAddresses : this.#addresses
    if (pool.some((it) => it.ipAddress === ipAddress)) throw new RetvalError('VALUE_EXIST')
    pool.push({ ipAddress, vrfId })
    if (vrfId !== NONE) this.#tables.use(vrfId)
    if (!isTwiceNat) this.#announceOutside(ipAddress, true)
  }

  /** @throws RetvalError -6 when there is none */
  removeAddress(ipAddress: string, isTwiceNat: boolean): void {
    const pool = isTwiceNat ? this.#twiceNatAddresses : this.#addresses
    const index = pool.findIndex((it) => it.ipAddress === ipAddress)
    const known = pool[index]
    if (known === undefined) throw new RetvalError('NO_SUCH_ENTRY')
    if (!isTwiceNat) this.#announceOutside(ipAddress, false)
    if (known.vrfId !== NONE) this.#tables.release(known.vrfId)
    swapOut(pool, index)
  }

  /** @throws RetvalError -2 for an unknown interface, -126 while it is off, -81 when it is there or its address is */
  addInterfaceAddress(swIfIndex: number, isTwiceNat: boolean): void {
    this.#interfaces.get(swIfIndex)
    this.#needEnabled()
    if (this.#recordOf(swIfIndex, isTwiceNat) !== undefined) throw new RetvalError('VALUE_EXIST')
    const address = firstAddress(this.#interfaces, swIfIndex)
    if (address !== undefined) this.addAddress(address, isTwiceNat, NONE)
    this.#ofInterfaces.push({ swIfIndex, isTwiceNat, isResolved: address !== undefined })
  }

  /** @throws RetvalError -2, -126, -6 when it is not there */
  removeInterfaceAddress(swIfIndex: number, isTwiceNat: boolean): void {
    this.#interfaces.get(swIfIndex)
    this.#needEnabled()
    const record = this.#recordOf(swIfIndex, isTwiceNat)
    if (record === undefined) throw new RetvalError('NO_SUCH_ENTRY')
    swapOut(this.#ofInterfaces, this.#ofInterfaces.indexOf(record))
    const address = firstAddress(this.#interfaces, swIfIndex)
    if (address !== undefined) this.removeAddress(address, isTwiceNat)
  }

  /** @throws RetvalError -126 while the feature is off, -2 for an unknown interface, -6 when it is not on, -81 beside the output feature */
  setFeature(swIfIndex: number, isInside: boolean, on: boolean): void {
    this.#interfaces.get(swIfIndex)
    this.#needEnabled()
    if (on) this.sides.add(swIfIndex, isInside)
    else this.sides.remove(swIfIndex, isInside)
  }

  /** @throws RetvalError -2, -126, -81 when it is on or beside another feature, -6 when it is not on */
  setOutput(swIfIndex: number, on: boolean): void {
    this.#interfaces.get(swIfIndex)
    this.#needEnabled()
    if (on) this.sides.addOutput(swIfIndex)
    else this.sides.removeOutput(swIfIndex)
  }

  /** It need not be on. @throws RetvalError -81 or -6 when it is so already */
  setVrfTable(tableVrfId: number, on: boolean): void {
    const index = this.#vrfTables.indexOf((it) => it.tableVrfId === tableVrfId)
    if (on) {
      if (index !== undefined) throw new RetvalError('VALUE_EXIST')
      this.#vrfTables.add(() => ({ tableVrfId, routes: new Pool() }))
      this.#tables.use(tableVrfId)
      return
    }
    const known = index === undefined ? undefined : this.#vrfTables.get(index)
    if (index === undefined || known === undefined) throw new RetvalError('NO_SUCH_ENTRY')
    for (const vrfId of known.routes) this.#tables.release(vrfId)
    this.#tables.release(tableVrfId)
    this.#vrfTables.delete(index)
  }

  /** @throws RetvalError -6 without the table, -81 or -6 when it is so already */
  setVrfRoute(tableVrfId: number, vrfId: number, on: boolean): void {
    const { routes } = [...this.#vrfTables].find((it) => it.tableVrfId === tableVrfId) ?? {}
    if (routes === undefined) throw new RetvalError('NO_SUCH_ENTRY')
    const index = routes.indexOf((it) => it === vrfId)
    if (on) {
      if (index !== undefined) throw new RetvalError('VALUE_EXIST')
      routes.add(() => vrfId)
      this.#tables.use(vrfId)
      return
    }
    if (index === undefined) throw new RetvalError('NO_SUCH_ENTRY')
    this.#tables.release(vrfId)
    routes.delete(index)
  }

  /** @throws RetvalError -1 without the table */
  setSessionLimit(vrfId: number, limit: number): void {
    if (!this.#tables.has(vrfId)) throw new RetvalError('UNSPECIFIED')
    this.sessionLimits.set(vrfId, limit)
  }

  /** @throws RetvalError -170 while it is on */
  setFrameQueueSize(size: number): void {
    if (this.enabled) throw new RetvalError('FEATURE_ALREADY_ENABLED')
    this.frameQueueSize = size
  }

  /** @throws RetvalError -126 while it is off, -6 when there is none */
  removeSession(fits: (session: NatSession) => boolean): void {
    this.#needEnabled()
    const index = this.sessions.findIndex(fits)
    if (index < 0) throw new RetvalError('NO_SUCH_ENTRY')
    this.sessions.splice(index, 1)
  }

  /** The interface has got an address: mappings to its address take it. */
  addressAdded({ swIfIndex }: Interface, address: string): void {
    if (!this.enabled || familyOf(address) !== 4) return
    const ip = address.slice(0, address.indexOf('/'))
    this.#mappings.resolve(swIfIndex, ip)
    const record = this.#recordOf(swIfIndex, false) ?? this.#recordOf(swIfIndex, true)
    if (record === undefined || record.isResolved) return
    if (refuses(() => this.addAddress(ip, record.isTwiceNat, NONE))) return
    record.isResolved = true
  }

  /** The interface has lost an address: mappings to it are gone, whatever addresses are left. */
  addressRemoved({ swIfIndex }: Interface, address: string): void {
    if (!this.enabled || familyOf(address) !== 4) return
    const ip = address.slice(0, address.indexOf('/'))
    this.#mappings.unresolve(swIfIndex, ip)
    const record = this.#recordOf(swIfIndex, false) ?? this.#recordOf(swIfIndex, true)
    if (record === undefined || !record.isResolved) return
    if (refuses(() => this.removeAddress(ip, record.isTwiceNat))) return
    record.isResolved = false
  }

  /** Forgets an interface. */
  forget(swIfIndex: number): void {
    this.sides.forget(swIfIndex)
  }

  #enable(config: NatConfig): void {
    this.enabled = true
    this.forwarding = false
    this.mssClamping = 0
    const sessions = config.sessions === 0 ? DEFAULT_SESSIONS : config.sessions
    this.config = { ...config, sessions }
    this.translationBuckets = bucketsOf(sessions)
    this.timeouts = DEFAULT_TIMEOUTS
    if (this.frameQueueSize === 0) this.frameQueueSize = DEFAULT_FRAME_QUEUE
    // VPP keeps these tables for good.
    this.#tables.use(config.insideVrf)
    this.#tables.use(config.outsideVrf)
  }

  #disable(): void {
    for (const { externalIpAddress, kind } of this.#mappings)
      if (kind !== 'balanced') this.#announceOutside(externalIpAddress, false)
    this.#mappings.clear()
    for (const { ipAddress } of this.#addresses.slice()) this.removeAddress(ipAddress, false)
    for (const { ipAddress } of this.#twiceNatAddresses.slice()) this.removeAddress(ipAddress, true)
    this.#ofInterfaces = []
    this.sides.clear()
    for (const { tableVrfId } of this.#vrfTables) this.setVrfTable(tableVrfId, false)
    this.#vrfTables = new Pool()
    this.sessionLimits.clear()
    this.sessions.length = 0
    this.config = OFF
    this.forwarding = false
    this.enabled = false
  }

  #balanced(outside: Pick<BalancedMapping, 'externalAddr' | 'externalPort' | 'protocol'>): Mapping {
    this.#needEnabled()
    const found = this.#mappings.find(outside.externalAddr, { flags: 0, ...outside })
    if (found === undefined) throw new RetvalError('NO_SUCH_ENTRY')
    if (found.kind !== 'balanced') throw new RetvalError('INVALID_VALUE')
    return found
  }

  #recordOf(swIfIndex: number, isTwiceNat: boolean) {
    return this.#ofInterfaces.find((it) => it.swIfIndex === swIfIndex && it.isTwiceNat === isTwiceNat)
  }

  #sideChanged(swIfIndex: number, isAdd: boolean): void {
    for (const { ipAddress } of this.#addresses) this.#announce(swIfIndex, ipAddress, isAdd)
    for (const { externalIpAddress } of this.#mappings) this.#announce(swIfIndex, externalIpAddress, isAdd)
  }

  #announceOutside(address: string, isAdd: boolean): void {
    for (const swIfIndex of this.sides.outsides()) this.#announce(swIfIndex, address, isAdd)
  }

  /** There is one route, however many reasons for it. */
  #announce(swIfIndex: number, address: string, isAdd: boolean): void {
    const key = `${swIfIndex} ${address}`
    const before = this.#announced.get(key) ?? 0
    if (!isAdd && before === 0) return
    const after = before + (isAdd ? 1 : -1)
    if (after === 0) this.#announced.delete(key)
    else this.#announced.set(key, after)
    if (before === 0 || after === 0) this.#routes.set(swIfIndex, address, isAdd)
  }

  #needEnabled(): void {
    if (!this.enabled) throw new RetvalError('UNSUPPORTED')
  }
}

/** Frames between threads when nothing else is said. */
export const DEFAULT_FRAME_QUEUE = 64

/** @throws RetvalError -126 for flags that do not go together */
function checked(mapping: StaticMapping, isIdentity: boolean): StaticMapping {
  const flags = mapping.flags & (isIdentity ? ADDRESS_ONLY : MAPPING_FLAGS)
  const addressOnly = (flags & ADDRESS_ONLY) !== 0
  if (addressOnly && (flags & (TWICE_NAT | SELF_TWICE_NAT)) !== 0) throw new RetvalError('UNSUPPORTED')
  return withoutPorts({ ...mapping, flags })
}

/** Of a mapping of a whole address ports and protocol do not count. */
export function withoutPorts(mapping: StaticMapping): StaticMapping {
  if ((mapping.flags & ADDRESS_ONLY) === 0) return mapping
  return { ...mapping, localPort: 0, externalPort: 0, protocol: 0 }
}

function backendOf({ locals }: Mapping, { addr, port, vrfId }: Backend): Backend | undefined {
  return [...locals].find((it) => it.addr === addr && it.port === port && it.vrfId === vrfId)
}

/** The address that VPP takes for that of an interface. */
export function firstAddress(interfaces: Interfaces, swIfIndex: number): string | undefined {
  const found = interfaces.find(swIfIndex)?.addresses.find((it) => familyOf(it) === 4)
  return found?.slice(0, found.indexOf('/'))
}

/** As in VPP's vectors the last item takes the place. */
export function swapOut<T>(list: T[], index: number): void {
  const last = list.pop()
  if (last !== undefined && index < list.length) list[index] = last
}

/** Whether something is refused, of which nobody is told. */
export function refuses(act: () => void): boolean {
  try {
    act()
    return false
  } catch (error) {
    if (error instanceof RetvalError) return true
    throw error
  }
}

/** Size of a hash table: the power of two that is nearest to the entries by 2.5. */
export function bucketsOf(entries: number): number {
  const wanted = Math.floor(entries / 2.5)
  let lower = 1
  while (lower * 2 < wanted) lower *= 2
  const upper = lower * 2
  return upper - wanted < wanted - lower ? upper : lower
}
