import { RetvalError } from '../errors.ts'
import type { Interface, Interfaces } from './interfaces.ts'
import { familyOf } from './prefix.ts'

/** A static mapping of endpoint-dependent NAT44, by the names of the API. */
export interface StaticMapping {
  readonly flags: number
  readonly localIpAddress: string
  readonly externalIpAddress: string
  readonly protocol: number
  readonly localPort: number
  readonly externalPort: number
  readonly externalSwIfIndex: number
  readonly vrfId: number
  readonly tag: string
}

/** An address of the pool. */
export interface NatAddress {
  readonly ipAddress: string
  readonly flags: number
  readonly vrfId: number
}

/** Keeps tables that NAT uses. */
export interface NatTables {
  /** One more use of an IPv4 table, which is made when there is none. */
  use(tableId: number): void
  /** One use fewer. */
  release(tableId: number): void
}

/** `NAT_IS_…` */
const TWICE_NAT = 1
const SELF_TWICE_NAT = 2
const OUT_TO_IN_ONLY = 4
const ADDRESS_ONLY = 8
const INSIDE = 0x20
const OUTSIDE = 0x10
const MAPPING_FLAGS = TWICE_NAT | SELF_TWICE_NAT | OUT_TO_IN_ONLY | ADDRESS_ONLY
const NONE = 0xffff_ffff

/** Endpoint-dependent NAT44, as far as it is configuration. */
export class Nat44 {
  enabled = false
  /** By what packets from outside are looked up with. */
  readonly #mappings = new Map<string, StaticMapping>()
  /** By what packets from inside are looked up with. */
  readonly #locals = new Set<string>()
  /** Mappings to whatever address an interface has. */
  readonly #toInterfaces = new Map<string, StaticMapping>()
  readonly #addresses = new Map<string, NatAddress>()
  readonly #twiceNatAddresses = new Map<string, NatAddress>()
  readonly #features = new Map<number, number>()
  readonly #interfaces: Interfaces
  readonly #tables: NatTables

  constructor(interfaces: Interfaces, tables: NatTables) {
    this.#interfaces = interfaces
    this.#tables = tables
  }

  /** @throws RetvalError -170 or -169 when it is so already */
  setEnabled(on: boolean): void {
    if (on === this.enabled)
      throw new RetvalError(on ? 'FEATURE_ALREADY_ENABLED' : 'FEATURE_ALREADY_DISABLED')
    for (const { vrfId } of this.#mappings.values()) this.#tables.release(vrfId)
    for (const { vrfId } of this.#addresses.values()) if (vrfId !== NONE) this.#tables.release(vrfId)
    for (const { vrfId } of this.#twiceNatAddresses.values()) if (vrfId !== NONE) this.#tables.release(vrfId)
    this.enabled = on
    this.#mappings.clear()
    this.#locals.clear()
    this.#toInterfaces.clear()
    this.#addresses.clear()
    this.#twiceNatAddresses.clear()
    this.#features.clear()
  }

  /** Those to addresses first, then those to interfaces. */
  mappings(): StaticMapping[] {
    const toInterfaces = [...this.#toInterfaces.values()].map((it) => ({
      ...it,
      flags: it.flags & (ADDRESS_ONLY | TWICE_NAT),
    }))
    return [...this.#mappings.values(), ...toInterfaces]
  }

  /** Those for outside first, then those for twice NAT. */
  addresses(): NatAddress[] {
    return [...this.#addresses.values(), ...this.#twiceNatAddresses.values()]
  }

  /** Interfaces with their `NAT_IS_INSIDE` and `NAT_IS_OUTSIDE` bits. */
  features(): [swIfIndex: number, flags: number][] {
    return [...this.#features]
  }

  /**
   * Adds a mapping, or one to the address of an interface.
   * @throws RetvalError -126 while the feature is off or for flags that do not go together, -81 when packets from outside
   * or from inside match another one already
   */
  addMapping(asked: StaticMapping): void {
    this.#needEnabled()
    const mapping = settled(asked)
    if (asked.externalSwIfIndex !== NONE) {
      const key = interfaceKeyOf(asked)
      if (this.#toInterfaces.has(key)) throw new RetvalError('VALUE_EXIST')
      const address = this.#firstAddress(asked.externalSwIfIndex)
      if (address !== undefined) this.#add(inTable({ ...mapping, externalIpAddress: address }))
      this.#toInterfaces.set(key, { ...mapping, externalIpAddress: '0.0.0.0' })
      return
    }
    this.#add(inTable(mapping))
  }

  /** @throws RetvalError -126 while the feature is off, -6 when there is none */
  removeMapping(asked: StaticMapping): void {
    this.#needEnabled()
    const mapping = settled(asked)
    let external = mapping.externalIpAddress
    if (asked.externalSwIfIndex !== NONE) {
      if (!this.#toInterfaces.delete(interfaceKeyOf(asked))) throw new RetvalError('NO_SUCH_ENTRY')
      const address = this.#firstAddress(asked.externalSwIfIndex)
      if (address === undefined) return
      external = address
    }
    const key = outsideKeyOf({ ...mapping, externalIpAddress: external })
    const known = this.#mappings.get(key)
    if (known === undefined) throw new RetvalError('NO_SUCH_ENTRY')
    this.#mappings.delete(key)
    this.#locals.delete(insideKeyOf({ ...mapping, vrfId: known.vrfId }))
    this.#tables.release(known.vrfId)
  }

  /** @throws RetvalError -126 while the feature is off, -81 when it is there already */
  addAddress(ipAddress: string, flags: number, vrfId: number): void {
    this.#needEnabled()
    const pool = this.#poolOf(flags)
    if (pool.has(ipAddress)) throw new RetvalError('VALUE_EXIST')
    pool.set(ipAddress, { ipAddress, flags: flags & TWICE_NAT, vrfId })
    if (vrfId !== NONE) this.#tables.use(vrfId)
  }

  /** @throws RetvalError -6 when there is none */
  removeAddress(ipAddress: string, flags: number): void {
    const pool = this.#poolOf(flags)
    const known = pool.get(ipAddress)
    if (known === undefined) throw new RetvalError('NO_SUCH_ENTRY')
    pool.delete(ipAddress)
    if (known.vrfId !== NONE) this.#tables.release(known.vrfId)
  }

  /** @throws RetvalError -126 while the feature is off, -2 for an unknown interface, -6 when it is not on */
  setFeature(swIfIndex: number, flags: number, on: boolean): void {
    this.#interfaces.get(swIfIndex)
    this.#needEnabled()
    const bit = (flags & INSIDE) !== 0 ? INSIDE : OUTSIDE
    const before = this.#features.get(swIfIndex) ?? 0
    if (!on && before === 0) throw new RetvalError('NO_SUCH_ENTRY')
    // Switching one side off switches the other off, too, when it is the only one.
    const after = on ? before | bit : before === (INSIDE | OUTSIDE) ? before & ~bit : 0
    if (after === 0) this.#features.delete(swIfIndex)
    else this.#features.set(swIfIndex, after)
  }

  /** The interface has got an address: mappings to its address take the first one. */
  addressAdded({ swIfIndex }: Interface): void {
    const address = this.#firstAddress(swIfIndex)
    for (const mapping of this.#toInterfaces.values()) {
      if (mapping.externalSwIfIndex !== swIfIndex || address === undefined) continue
      const added = { ...mapping, externalIpAddress: address }
      if (!this.#mappings.has(outsideKeyOf(added))) this.#add(added)
    }
  }

  /** The interface has lost an address: without any, mappings to its address are gone. */
  addressRemoved({ swIfIndex }: Interface): void {
    if (this.#firstAddress(swIfIndex) !== undefined) return
    const waiting = [...this.#toInterfaces.values()].filter((it) => it.externalSwIfIndex === swIfIndex)
    for (const { localIpAddress, localPort, externalPort, protocol } of waiting) {
      for (const [key, known] of this.#mappings) {
        const same =
          known.localIpAddress === localIpAddress &&
          known.localPort === localPort &&
          known.externalPort === externalPort &&
          known.protocol === protocol
        if (!same) continue
        this.#mappings.delete(key)
        this.#locals.delete(insideKeyOf(known))
        this.#tables.release(known.vrfId)
      }
    }
  }

  /** Forgets an interface. */
  forget(swIfIndex: number): void {
    this.#features.delete(swIfIndex)
  }

  #add(mapping: StaticMapping): void {
    const vrfId = mapping.vrfId === NONE ? 0 : mapping.vrfId
    const added = { ...mapping, vrfId, externalSwIfIndex: NONE }
    const outside = outsideKeyOf(added)
    const inside = insideKeyOf(added)
    if (this.#mappings.has(outside)) throw new RetvalError('VALUE_EXIST')
    this.#tables.use(vrfId)
    if ((added.flags & OUT_TO_IN_ONLY) === 0) {
      // VPP does not give the table back that it has taken by now.
      if (this.#locals.has(inside)) throw new RetvalError('VALUE_EXIST')
      this.#locals.add(inside)
    }
    this.#mappings.set(outside, added)
  }

  #firstAddress(swIfIndex: number): string | undefined {
    const found = this.#interfaces.find(swIfIndex)?.addresses.find((it) => familyOf(it) === 4)
    return found?.slice(0, found.indexOf('/'))
  }

  #poolOf(flags: number): Map<string, NatAddress> {
    return (flags & TWICE_NAT) === 0 ? this.#addresses : this.#twiceNatAddresses
  }

  #needEnabled(): void {
    if (!this.enabled) throw new RetvalError('UNSUPPORTED')
  }
}

/** Without what the flags make meaningless. @throws RetvalError -126 for flags that do not go together */
function settled(mapping: StaticMapping): StaticMapping {
  const flags = mapping.flags & MAPPING_FLAGS
  const addressOnly = (flags & ADDRESS_ONLY) !== 0
  if (addressOnly && (flags & (TWICE_NAT | SELF_TWICE_NAT)) !== 0) throw new RetvalError('UNSUPPORTED')
  return { ...mapping, flags, ...(addressOnly ? { localPort: 0, externalPort: 0, protocol: 0 } : {}) }
}

/** Without a table a mapping is in table 0. */
function inTable(mapping: StaticMapping): StaticMapping {
  return mapping.vrfId === NONE ? { ...mapping, vrfId: 0 } : mapping
}

function outsideKeyOf({ externalIpAddress, externalPort, protocol }: StaticMapping): string {
  return `${externalIpAddress} ${externalPort} ${protocol}`
}

function insideKeyOf({ localIpAddress, localPort, protocol, vrfId }: StaticMapping): string {
  return `${localIpAddress} ${localPort} ${protocol} ${vrfId}`
}

function interfaceKeyOf(mapping: StaticMapping): string {
  return `${mapping.externalSwIfIndex} ${mapping.flags & MAPPING_FLAGS} ${insideKeyOf(mapping)} ${mapping.externalPort}`
}
