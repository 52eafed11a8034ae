import { RetvalError } from '../errors.ts'
import { AddressIndex } from './address-index.ts'
import type { OwnedAddress } from './address-index.ts'
import { FreeNumbers, LowestFree, Pool } from './pool.ts'
import { familyOf } from './prefix.ts'
import type { Family } from './prefix.ts'

/** How an interface looks to others; change it with the methods of `Interfaces`. */
export interface Interface {
  readonly swIfIndex: number
  /** Of a sub-interface the one it belongs to; otherwise itself. */
  readonly supSwIfIndex: number
  /** Index among those that are not sub-interfaces; of a sub-interface that of the other. */
  readonly hwIfIndex: number
  readonly name: string
  /** `Loopback`, `memif`, `virtio`, `local`. */
  readonly devType: string
  /** Empty when it has none. */
  readonly mac: string
  readonly adminUp: boolean
  readonly linkUp: boolean
  /** Largest packet of the link. */
  readonly linkMtu: number
  /** Kilobits a second; 0 when it is unknown. */
  readonly linkSpeed: number
  /** L3, IPv4, IPv6 and MPLS MTU; 0 means that of the link. */
  readonly mtu: readonly number[]
  readonly tag: string
  readonly sub: SubInterface | undefined
  /** Of a loopback: its number, which stays when it is renamed. */
  readonly loopback: number | undefined
  /** Table of each family. */
  readonly tableId: Readonly<Record<Family, number>>
  /** As `192.0.2.1/24`, of both families. */
  readonly addresses: readonly string[]
  /** The interface whose addresses it uses. */
  readonly unnumbered: number | undefined
  /** What becomes of the VLAN tags of packets that are bridged. */
  readonly tagRewrite: TagRewrite
  /** Packets to the broadcast address of its networks are sent on. */
  readonly directedBroadcast: boolean
  /** Set while IPv6 is on. */
  readonly ip6: Ip6Link | undefined
}

/** A rewrite of VLAN tags, by the names of the API: `L2_VTR_…` and its arguments. */
export interface TagRewrite {
  readonly op: number
  readonly pushDot1q: number
  readonly tag1: number
  readonly tag2: number
}

/** IPv6 on an interface: on for as long as anything needs it. */
export interface Ip6Link {
  readonly linkLocal: string
  /** Addresses, and clients that switched it on. */
  readonly users: number
  /** What hangs on it goes when IPv6 is switched off: another object each time that it is switched on. */
  readonly since: object
}

/** What makes an interface a part of another. */
export interface SubInterface {
  readonly id: number
  readonly outerVlan: number
  readonly innerVlan: number
  readonly tags: number
  /** `SUB_IF_API_FLAG_…` */
  readonly flags: number
}

/** What an interface can be made with. */
export type InterfaceInit = Pick<Interface, 'name' | 'devType'> &
  Partial<Pick<Interface, 'mac' | 'linkMtu' | 'mtu' | 'linkUp' | 'tag' | 'sub' | 'supSwIfIndex' | 'loopback'>>

type Mutable = { -readonly [K in keyof Interface]: Interface[K] } & { addresses: string[] }

/** What happened to an interface. */
export type InterfaceChange =
  | 'created'
  | 'deleted'
  | 'admin'
  | 'link'
  | 'address-added'
  | 'address-removed'
  | 'tables'
  | 'mac'
  | 'renamed'
  | 'broadcast'

/** Told of changes, so that routes and events follow. */
export type InterfaceListener = (change: InterfaceChange, interfaces: Interface, detail: ChangeDetail) => void

/** What else belongs to a change. */
export interface ChangeDetail {
  /** The address that came or went; one that went with the length that was asked for. */
  readonly address?: string
  /** The tables before the change. */
  readonly tables?: Readonly<Record<Family, number>>
}

/** Kinds whose link is up while they are switched on. */
const LINK_FOLLOWS: ReadonlySet<string> = new Set([
  'Loopback',
  'VXLAN',
  'GRE tunnel device',
  'MPLS tunnel device',
])
/** Kinds whose driver cannot change the largest packet. */
const FIXED_LINK_MTU: ReadonlySet<string> = new Set(['Loopback', 'bond', 'GRE tunnel device'])
const NO_REWRITE: TagRewrite = { op: 0, pushDot1q: 0, tag1: 0, tag2: 0 }
const NO_TABLES: Readonly<Record<Family, number>> = { 4: 0, 6: 0 }

/** The interfaces of the simulated VPP. `local0` is always there, with index 0. */
export class Interfaces implements Iterable<Interface> {
  /** Numbers of loopbacks. */
  readonly loopbacks = new LowestFree()
  /** The addresses of all interfaces, by table. */
  readonly addresses = new AddressIndex()
  readonly #pool = new Pool<Mutable>()
  readonly #hardware = new FreeNumbers()
  readonly #subs = new Map<number, Set<Mutable>>()
  readonly #tableUsers = new Map<string, number>()
  readonly #byName = new Map<string, Mutable>()
  readonly #owned = new Map<number, Map<string, OwnedAddress>>()
  readonly #listener: InterfaceListener

  constructor(listener: InterfaceListener) {
    this.#listener = listener
    this.add({ name: 'local0', devType: 'local' })
  }

  [Symbol.iterator](): Iterator<Interface> {
    return this.#pool[Symbol.iterator]()
  }

  find(swIfIndex: number): Interface | undefined {
    return this.#pool.get(swIfIndex)
  }

  byName(name: string): Interface | undefined {
    return this.#byName.get(name)
  }

  /** @throws RetvalError -2 when there is no such interface */
  get(swIfIndex: number): Interface {
    return this.#get(swIfIndex)
  }

  /**
   * MAC address of the hardware that an interface belongs to; empty when there is none.
   * @throws RetvalError -2 when there is no such interface
   */
  hardwareMac(swIfIndex: number): string {
    return this.find(this.#get(swIfIndex).supSwIfIndex)?.mac ?? ''
  }

  /** Sub-interfaces of an interface. */
  subsOf(swIfIndex: number): Iterable<Interface> {
    return this.#subs.get(swIfIndex)?.values() ?? []
  }

  /** Adds an interface of any kind, down. */
  add(init: InterfaceInit): Interface {
    const added = this.#pool.add((swIfIndex) => ({
      swIfIndex,
      supSwIfIndex: swIfIndex,
      hwIfIndex: this.#hwIfIndexFor(init),
      mac: '',
      adminUp: false,
      linkUp: false,
      linkMtu: 0,
      linkSpeed: 0,
      mtu: [init.linkMtu ?? 0, 0, 0, 0],
      tag: '',
      sub: undefined,
      loopback: undefined,
      tableId: NO_TABLES,
      addresses: [],
      unnumbered: undefined,
      tagRewrite: NO_REWRITE,
      directedBroadcast: false,
      ip6: undefined,
      ...init,
    }))
    if (added.supSwIfIndex !== added.swIfIndex) {
      const siblings = this.#subs.get(added.supSwIfIndex) ?? new Set()
      this.#subs.set(added.supSwIfIndex, siblings.add(added))
    }
    this.#byName.set(added.name, added)
    this.#useTables(added, 1)
    this.#listener('created', added, {})
    return added
  }

  /**
   * Removes an interface with its sub-interfaces.
   * @throws RetvalError -2 when there is none, or it is `local0`
   */
  delete(swIfIndex: number): void {
    const doomed = this.#get(swIfIndex)
    if (swIfIndex === 0) throw new RetvalError('INVALID_SW_IF_INDEX')
    const subs = [...(this.#subs.get(swIfIndex) ?? [])]
    this.#subs.delete(swIfIndex)
    this.#subs.get(doomed.supSwIfIndex)?.delete(doomed)
    // The index of the interface itself is the next to be used again, as in VPP.
    for (const it of [...subs, doomed]) this.#pool.delete(it.swIfIndex)
    for (const it of [doomed, ...subs]) {
      if (this.#byName.get(it.name) === it) this.#byName.delete(it.name)
      if (it.sub === undefined) this.#hardware.give(it.hwIfIndex)
      if (it.loopback !== undefined) this.loopbacks.give(it.loopback)
      it.adminUp = false
      it.linkUp = false
      this.#useTables(it, -1)
      this.#listener('deleted', it, {})
      this.#disown(it)
    }
  }

  /**
   * Switches an interface on or off. A loopback's link follows; a sub-interface cannot be up while the other is down.
   * @throws RetvalError -2 when there is none, -1 for such a sub-interface
   */
  setAdminUp(swIfIndex: number, up: boolean): void {
    const it = this.#get(swIfIndex)
    const parent = this.#get(it.supSwIfIndex)
    if (up && !parent.adminUp && it !== parent) throw new RetvalError('UNSPECIFIED')
    if (it.adminUp !== up) {
      it.adminUp = up
      this.#listener('admin', it, {})
    }
    if (LINK_FOLLOWS.has(it.devType) && it === parent) this.setLinkUp(swIfIndex, up)
  }

  /** Raises or drops the link, as the peer of a memif does. @throws RetvalError -2 when there is none */
  setLinkUp(swIfIndex: number, up: boolean): void {
    const it = this.#get(swIfIndex)
    if (it.linkUp === up) return
    it.linkUp = up
    for (const sub of this.#subs.get(swIfIndex) ?? []) sub.linkUp = up
    this.#listener('link', it, {})
  }

  /** @throws RetvalError -2 when there is none */
  setMtu(swIfIndex: number, mtu: readonly number[]): void {
    this.#get(swIfIndex).mtu = [0, 1, 2, 3].map((index) => mtu[index] ?? 0)
  }

  /** @throws RetvalError -2 when there is none */
  setLinkSpeed(swIfIndex: number, kilobits: number): void {
    this.#get(swIfIndex).linkSpeed = kilobits
  }

  /**
   * Sets the largest packet of the link, and with it the MTU of the interface and its sub-interfaces.
   * @throws RetvalError -2 when there is none, -7 for a sub-interface, -30 without Ethernet, -126 when its driver cannot
   */
  setLinkMtu(swIfIndex: number, mtu: number): void {
    const it = this.#get(swIfIndex)
    if (it.sub !== undefined) throw new RetvalError('INVALID_VALUE')
    if (it.mac === '') throw new RetvalError('FEATURE_DISABLED')
    // VPP asks no driver for what it has already.
    if (it.linkMtu === mtu) return
    if (FIXED_LINK_MTU.has(it.devType)) throw new RetvalError('UNSUPPORTED')
    it.linkMtu = mtu
    it.mtu = [mtu, ...it.mtu.slice(1)]
    for (const sub of this.#subs.get(swIfIndex) ?? []) {
      sub.linkMtu = mtu
      sub.mtu = [mtu, ...sub.mtu.slice(1)]
    }
  }

  /** @throws RetvalError -2 when there is none, -9 when it can have none */
  setMac(swIfIndex: number, mac: string): void {
    const it = this.#get(swIfIndex)
    if (it.mac === '') throw new RetvalError('UNIMPLEMENTED')
    it.mac = mac
    this.#listener('mac', it, {})
  }

  /** @throws RetvalError -2 when there is none */
  setTag(swIfIndex: number, tag: string): void {
    this.#get(swIfIndex).tag = tag
  }

  /** @throws RetvalError -2 when there is none */
  rename(swIfIndex: number, name: string): void {
    const it = this.#get(swIfIndex)
    if (this.#byName.get(it.name) === it) this.#byName.delete(it.name)
    it.name = name
    this.#byName.set(name, it)
    this.#listener('renamed', it, {})
  }

  /** @throws RetvalError -2 when there is none */
  setTable(swIfIndex: number, family: Family, tableId: number): void {
    const it = this.#get(swIfIndex)
    const owned = [...(this.#owned.get(swIfIndex)?.values() ?? [])].filter(
      ({ address }) => familyOf(address) === family,
    )
    for (const address of owned) this.addresses.remove(family, it.tableId[family], address)
    const tables = it.tableId
    this.#useTables(it, -1)
    it.tableId = { ...tables, [family]: tableId }
    this.#useTables(it, 1)
    for (const address of owned) this.addresses.add(family, tableId, address)
    this.#listener('tables', it, { tables })
  }

  /**
   * Gives an interface an address without a look at others; `addAddress` looks. One that uses the addresses of another
   * gets the routes only, as in VPP.
   * @throws RetvalError -2 when there is none
   */
  addAddress(swIfIndex: number, address: string): void {
    const it = this.#get(swIfIndex)
    const family = familyOf(address)
    if (it.unnumbered !== undefined) {
      this.#listener('address-added', it, { address })
      return
    }
    const owned = this.#owned.get(swIfIndex) ?? new Map<string, OwnedAddress>()
    this.#owned.set(swIfIndex, owned)
    if (owned.has(address)) return
    const added = { swIfIndex, address }
    owned.set(address, added)
    it.addresses.push(address)
    this.addresses.add(family, it.tableId[family], added)
    this.#listener('address-added', it, { address })
  }

  /**
   * Takes an address away. @param asked with the length that was asked for; routes of another length stay
   * @throws RetvalError -2 when there is no such interface
   */
  removeAddress(swIfIndex: number, address: string, asked = address): void {
    const it = this.#get(swIfIndex)
    const family = familyOf(address)
    const owned = this.#owned.get(swIfIndex)?.get(address)
    if (owned === undefined) return
    this.#owned.get(swIfIndex)?.delete(address)
    it.addresses.splice(it.addresses.indexOf(address), 1)
    this.addresses.remove(family, it.tableId[family], owned)
    this.#listener('address-removed', it, { address: asked })
  }

  /** @throws RetvalError -2 when there is none */
  setTagRewrite(swIfIndex: number, rewrite: TagRewrite): void {
    this.#get(swIfIndex).tagRewrite = rewrite
  }

  /** @throws RetvalError -2 when there is none */
  setDirectedBroadcast(swIfIndex: number, on: boolean): void {
    const it = this.#get(swIfIndex)
    it.directedBroadcast = on
    this.#listener('broadcast', it, {})
  }

  /** Switches IPv6 on for one more user, or changes what it is like. @throws RetvalError -2 when there is none */
  setIp6(swIfIndex: number, ip6: Ip6Link | undefined): void {
    this.#get(swIfIndex).ip6 = ip6
  }

  /** @throws RetvalError -2 when there is none */
  setUnnumbered(swIfIndex: number, lender: number | undefined): void {
    this.#get(swIfIndex).unnumbered = lender
  }

  /** True while an interface is bound to a table. */
  usesTable(family: Family, tableId: number): boolean {
    return this.#tableUsers.has(`${family} ${tableId}`)
  }

  #useTables({ tableId }: Interface, change: 1 | -1): void {
    for (const family of [4, 6] as const) {
      const key = `${family} ${tableId[family]}`
      const users = (this.#tableUsers.get(key) ?? 0) + change
      if (users === 0) this.#tableUsers.delete(key)
      else this.#tableUsers.set(key, users)
    }
  }

  #hwIfIndexFor({ sub, supSwIfIndex }: InterfaceInit): number {
    if (sub !== undefined && supSwIfIndex !== undefined) return this.#get(supSwIfIndex).hwIfIndex
    return this.#hardware.take()
  }

  #disown({ swIfIndex, tableId }: Interface): void {
    for (const owned of this.#owned.get(swIfIndex)?.values() ?? []) {
      const family = familyOf(owned.address)
      this.addresses.remove(family, tableId[family], owned)
    }
    this.#owned.delete(swIfIndex)
  }

  #get(swIfIndex: number): Mutable {
    const it = this.#pool.get(swIfIndex)
    if (it === undefined) throw new RetvalError('INVALID_SW_IF_INDEX')
    return it
  }
}
