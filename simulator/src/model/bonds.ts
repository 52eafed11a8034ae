import { RetvalError } from '../errors.ts'
import { addEthernet } from './interface-kinds.ts'
import type { Interface, Interfaces } from './interfaces.ts'
import { FreeNumbers } from './pool.ts'

/** `BOND_API_MODE_…` */
export const BOND_MODE = { ROUND_ROBIN: 1, ACTIVE_BACKUP: 2, XOR: 3, BROADCAST: 4, LACP: 5 } as const
/** `BOND_API_LB_ALGO_…`; the last three go with their modes. */
export const BOND_BALANCE = { L2: 0, L34: 1, L23: 2, RR: 3, BC: 4, AB: 5 } as const

/** A member of a bond. */
export interface BondMember {
  readonly swIfIndex: number
  readonly isPassive: boolean
  readonly isLongTimeout: boolean
  readonly weight: number
}

/** A bond interface. */
export interface Bond {
  readonly swIfIndex: number
  readonly id: number
  /** `BOND_API_MODE_…` */
  readonly mode: number
  /** `BOND_API_LB_ALGO_…` */
  readonly lb: number
  readonly numaOnly: boolean
  /** In the order in which they were added. */
  readonly members: readonly BondMember[]
}

/** How a bond can be made. */
export type BondInit = Pick<Bond, 'mode'> &
  Partial<Pick<Bond, 'lb' | 'numaOnly'>> & {
    /** The smallest free one when left out. */
    readonly id?: number | undefined
    readonly mac?: string | undefined
  }

type Mutable = { -readonly [K in keyof Bond]: Bond[K] } & {
  readonly ownMac: boolean
  /** What members get: an address that the bond is given later is not passed on, as in VPP. */
  memberMac: string
  readonly instance: number
}

const BALANCE_OF_MODE: Readonly<Record<number, number>> = {
  [BOND_MODE.ROUND_ROBIN]: BOND_BALANCE.RR,
  [BOND_MODE.BROADCAST]: BOND_BALANCE.BC,
  [BOND_MODE.ACTIVE_BACKUP]: BOND_BALANCE.AB,
}

/** Bond interfaces and their members. */
export class Bonds implements Iterable<Bond> {
  readonly #bonds = new Map<number, Mutable>()
  readonly #ids = new Set<number>()
  readonly #instances = new FreeNumbers()
  /** The bond of each member. */
  readonly #bondOf = new Map<number, Mutable>()
  /** MAC addresses that members had before. */
  readonly #macs = new Map<number, string>()
  readonly #interfaces: Interfaces

  constructor(interfaces: Interfaces) {
    this.#interfaces = interfaces
  }

  [Symbol.iterator](): Iterator<Bond> {
    return this.#bonds.values()
  }

  find(swIfIndex: number): Bond | undefined {
    return this.#bonds.get(swIfIndex)
  }

  /** @throws RetvalError -73 for an unknown mode or balance, -147 when the id is taken */
  add(init: BondInit): Interface {
    const { mode, lb = BOND_BALANCE.L2, numaOnly = false, mac } = init
    if (mode < BOND_MODE.ROUND_ROBIN || mode > BOND_MODE.LACP || lb > BOND_BALANCE.L23)
      throw new RetvalError('INVALID_ARGUMENT')
    const instance = this.#instances.take()
    const id = init.id ?? instance
    if (this.#ids.has(id)) {
      this.#instances.give(instance)
      throw new RetvalError('INSTANCE_IN_USE')
    }
    this.#ids.add(id)
    const added = addEthernet(this.#interfaces, `BondEthernet${id}`, 'bond', mac)
    this.#bonds.set(added.swIfIndex, {
      swIfIndex: added.swIfIndex,
      id,
      mode,
      lb: BALANCE_OF_MODE[mode] ?? lb,
      numaOnly,
      members: [],
      ownMac: mac !== undefined,
      memberMac: added.mac,
      instance,
    })
    return added
  }

  /** @throws RetvalError -2 when it is not a bond */
  delete(swIfIndex: number): void {
    const bond = this.#bonds.get(swIfIndex)
    if (bond === undefined) throw new RetvalError('INVALID_SW_IF_INDEX')
    for (const { swIfIndex: member } of bond.members) this.#release(member)
    this.#bonds.delete(swIfIndex)
    this.#ids.delete(bond.id)
    this.#instances.give(bond.instance)
    this.#interfaces.delete(swIfIndex)
  }

  /** @throws RetvalError -2 for an unknown interface, -71 for no bond, -81 for a member of any bond */
  addMember(bondIndex: number, swIfIndex: number, how: Partial<Omit<BondMember, 'swIfIndex'>> = {}): void {
    const member = this.#interfaces.get(swIfIndex)
    const bond = this.#bonds.get(bondIndex)
    if (bond === undefined) throw new RetvalError('INVALID_INTERFACE')
    if (this.#bondOf.has(swIfIndex)) throw new RetvalError('VALUE_EXIST')
    if (member.devType === 'bond') throw new RetvalError('INVALID_INTERFACE')
    const { isPassive = false, isLongTimeout = false, weight = 0 } = how
    bond.members = [...bond.members, { swIfIndex, isPassive, isLongTimeout, weight }]
    this.#bondOf.set(swIfIndex, bond)
    const { mac } = this.#hardwareOf(swIfIndex)
    this.#macs.set(swIfIndex, mac)
    if (bond.members.length === 1 && !bond.ownMac) {
      bond.memberMac = mac
      this.#interfaces.setMac(bondIndex, mac)
    } else {
      this.#setMac(swIfIndex, bond.memberMac)
    }
    this.#updateLink(bond)
  }

  /** @throws RetvalError -2 for an unknown interface, -71 when it is not a member */
  detach(swIfIndex: number): void {
    this.#interfaces.get(swIfIndex)
    const bond = this.#bondOf.get(swIfIndex)
    if (bond === undefined) throw new RetvalError('INVALID_INTERFACE')
    bond.members = bond.members.filter((it) => it.swIfIndex !== swIfIndex)
    this.#release(swIfIndex)
    this.#updateLink(bond)
  }

  /** Members that take part: up, with a link. LACP needs a peer, which there is none of. */
  activeMembers({ mode, members }: Bond): BondMember[] {
    if (mode === BOND_MODE.LACP) return []
    return members.filter(({ swIfIndex }) => {
      const member = this.#interfaces.find(swIfIndex)
      return member?.adminUp === true && member.linkUp
    })
  }

  /** An interface went up or down: so may its bond. */
  memberChanged(swIfIndex: number): void {
    const bond = this.#bondOf.get(swIfIndex)
    if (bond !== undefined) this.#updateLink(bond)
  }

  /** @throws RetvalError -2 for an unknown interface, -71 when it is not a member */
  setWeight(swIfIndex: number, weight: number): void {
    this.#interfaces.get(swIfIndex)
    const bond = this.#bondOf.get(swIfIndex)
    if (bond === undefined) throw new RetvalError('INVALID_INTERFACE')
    bond.members = bond.members.map((it) => (it.swIfIndex === swIfIndex ? { ...it, weight } : it))
  }

  /** Forgets an interface that is deleted. */
  forget(swIfIndex: number): void {
    const bond = this.#bondOf.get(swIfIndex)
    if (bond === undefined) return
    bond.members = bond.members.filter((it) => it.swIfIndex !== swIfIndex)
    this.#bondOf.delete(swIfIndex)
    this.#macs.delete(swIfIndex)
    this.#updateLink(bond)
  }

  /** The member has its own MAC address again. */
  #release(swIfIndex: number): void {
    this.#bondOf.delete(swIfIndex)
    const mac = this.#macs.get(swIfIndex)
    this.#macs.delete(swIfIndex)
    if (mac !== undefined) this.#setMac(swIfIndex, mac)
  }

  /** VPP does not look whether the interface can take the address. */
  #setMac(swIfIndex: number, mac: string): void {
    const hardware = this.#hardwareOf(swIfIndex)
    if (hardware.mac !== '') this.#interfaces.setMac(hardware.swIfIndex, mac)
  }

  /** The addresses are those of the interface below: a sub-interface as a member gives its parent another. */
  #hardwareOf(swIfIndex: number): Interface {
    return this.#interfaces.get(this.#interfaces.get(swIfIndex).supSwIfIndex)
  }

  #updateLink(bond: Bond): void {
    this.#interfaces.setLinkUp(bond.swIfIndex, this.activeMembers(bond).length > 0)
  }
}
