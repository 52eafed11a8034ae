import { RetvalError } from '../errors.ts'
import type { Fib } from './fib.ts'
import { addEthernet } from './interface-kinds.ts'
import type { Interface, Interfaces } from './interfaces.ts'
import { FreeNumbers } from './pool.ts'
import { familyOf, parseAddress } from './prefix.ts'

/** A VXLAN tunnel, by the names of the API. */
export interface VxlanTunnel {
  readonly swIfIndex: number
  readonly instance: number
  readonly srcAddress: string
  readonly dstAddress: string
  readonly srcPort: number
  readonly dstPort: number
  readonly mcastSwIfIndex: number
  readonly encapVrfId: number
  readonly decapNextIndex: number
  readonly vni: number
}

/** What a VXLAN tunnel is made from. */
export type VxlanInit = Omit<VxlanTunnel, 'swIfIndex' | 'instance'> & {
  readonly instance: number | undefined
  readonly isL3?: boolean
}

/** A GRE tunnel, by the names of the API. */
export interface GreTunnel {
  readonly swIfIndex: number
  /** 0 L3, 1 transparent Ethernet, 2 ERSPAN. */
  readonly type: number
  /** 0 point to point, 1 multipoint. */
  readonly mode: number
  readonly flags: number
  readonly sessionId: number
  readonly instance: number
  readonly outerTableId: number
  readonly src: string
  readonly dst: string
  /** 0 without one; only the second version of the messages has it. */
  readonly key: number
}

/** What a GRE tunnel is made from. */
export type GreInit = Omit<GreTunnel, 'swIfIndex' | 'instance' | 'key'> & {
  readonly instance: number | undefined
  readonly key?: number
}

const NONE = 0xffff_ffff
const VXLAN_PORT = 4789
const TRANSPARENT_ETHERNET = 1
const ERSPAN = 2
const GRE_LINK_MTU = 65_512
const GRE_ETHERNET_LINK_MTU = 8998
const GRE_MTU = [9000, 0, 0, 0]

/** Tunnels over IP. */
export class Tunnels {
  readonly #vxlans = new Map<number, VxlanTunnel>()
  readonly #gres = new Map<number, GreTunnel>()
  readonly #vxlanInstances = new Instances()
  readonly #greInstances = new Instances()
  readonly #interfaces: Interfaces
  readonly #fib: Fib

  constructor(interfaces: Interfaces, fib: Fib) {
    this.#interfaces = interfaces
    this.#fib = fib
  }

  vxlans(): VxlanTunnel[] {
    return [...this.#vxlans.values()]
  }

  gres(): GreTunnel[] {
    return [...this.#gres.values()]
  }

  /**
   * @throws RetvalError -3 for an unknown table, -7 for two families, -82 for equal ends, -2 for a group without an
   * interface, -75 when there is one already, -147 when the instance is taken
   */
  addVxlan(init: VxlanInit): Interface {
    this.#checkVxlan(init)
    if (this.#findVxlan(init) !== undefined) throw new RetvalError('TUNNEL_EXIST')
    const instance = this.#vxlanInstances.take(init.instance)
    const name = `vxlan_tunnel${instance}`
    const added =
      init.isL3 === true
        ? this.#interfaces.add({ name, devType: 'VXLAN' })
        : addEthernet(this.#interfaces, name, 'VXLAN')
    this.#interfaces.setAdminUp(added.swIfIndex, true)
    const { srcAddress, dstAddress, srcPort, dstPort, mcastSwIfIndex, encapVrfId, vni } = init
    const decapNextIndex = init.decapNextIndex === NONE ? 1 : init.decapNextIndex
    this.#vxlans.set(added.swIfIndex, {
      swIfIndex: added.swIfIndex,
      instance,
      srcAddress,
      dstAddress,
      srcPort: srcPort || VXLAN_PORT,
      dstPort: dstPort || VXLAN_PORT,
      mcastSwIfIndex,
      encapVrfId,
      decapNextIndex,
      vni,
    })
    if (!isMulticast(dstAddress)) this.#fib.track(encapVrfId, dstAddress, 1)
    return added
  }

  /** @throws RetvalError as `addVxlan`, -6 when there is none */
  deleteVxlan(init: VxlanInit): number {
    this.#checkVxlan(init)
    const found = this.#findVxlan(init)
    if (found === undefined) throw new RetvalError('NO_SUCH_ENTRY')
    this.#vxlans.delete(found.swIfIndex)
    this.#vxlanInstances.give(found.instance)
    if (!isMulticast(found.dstAddress)) this.#fib.track(found.encapVrfId, found.dstAddress, -1)
    this.#interfaces.delete(found.swIfIndex)
    return found.swIfIndex
  }

  /**
   * @throws RetvalError -153 for two families, -82 for equal ends, -3 for an unknown table, -116 when there is one
   * already, -147 when the instance is taken
   */
  addGre(init: GreInit): Interface {
    checkGre(init)
    this.#fib.table(familyOf(init.src), init.outerTableId)
    if (this.#findGre(init) !== undefined) throw new RetvalError('IF_ALREADY_EXISTS')
    const instance = this.#greInstances.take(init.instance)
    const place = this.#greInstances.placeOf(instance)
    const name = `gre${instance}`
    const bridged = init.type === TRANSPARENT_ETHERNET || init.type === ERSPAN
    const device = { name, devType: 'GRE tunnel device', mtu: GRE_MTU }
    const [high, low] = [place >> 8, place].map((it) => (it & 255).toString(16).padStart(2, '0'))
    const added = bridged
      ? this.#interfaces.add({ ...device, linkMtu: GRE_ETHERNET_LINK_MTU, mac: `d0:0b:ee:d0:${high}:${low}` })
      : this.#interfaces.add({ ...device, linkMtu: GRE_LINK_MTU })
    this.#gres.set(added.swIfIndex, { ...init, key: init.key ?? 0, instance, swIfIndex: added.swIfIndex })
    return added
  }

  /** @throws RetvalError -153 for two families, -82 for equal ends, -3 for an unknown table, -6 when there is none */
  deleteGre(init: GreInit): number {
    checkGre(init)
    this.#fib.table(familyOf(init.src), init.outerTableId)
    const found = this.#findGre(init)
    if (found === undefined) throw new RetvalError('NO_SUCH_ENTRY')
    this.#gres.delete(found.swIfIndex)
    this.#greInstances.give(found.instance)
    this.#interfaces.delete(found.swIfIndex)
    return found.swIfIndex
  }

  #checkVxlan({ srcAddress, dstAddress, encapVrfId, mcastSwIfIndex }: VxlanInit): void {
    const family = familyOf(srcAddress)
    this.#fib.table(family, encapVrfId)
    if (family !== familyOf(dstAddress)) throw new RetvalError('INVALID_VALUE')
    if (srcAddress === dstAddress) throw new RetvalError('SAME_SRC_DST')
    if (isMulticast(dstAddress)) this.#interfaces.get(mcastSwIfIndex)
  }

  #findVxlan({ srcAddress, dstAddress, srcPort, encapVrfId, vni }: VxlanInit): VxlanTunnel | undefined {
    // A group stands for itself, whatever the source; of IPv6 VPP never looks at the source.
    const anySource = isMulticast(dstAddress) || familyOf(dstAddress) === 6
    return this.vxlans().find(
      (it) =>
        it.dstAddress === dstAddress &&
        (anySource || it.srcAddress === srcAddress) &&
        it.srcPort === (srcPort || VXLAN_PORT) &&
        it.encapVrfId === encapVrfId &&
        it.vni === vni,
    )
  }

  #findGre({ src, dst, outerTableId, type, mode, sessionId, key = 0 }: GreInit): GreTunnel | undefined {
    return this.gres().find(
      (it) =>
        it.src === src &&
        it.dst === dst &&
        it.outerTableId === outerTableId &&
        it.type === type &&
        it.mode === mode &&
        it.sessionId === sessionId &&
        it.key === key,
    )
  }
}

/** Numbers in the names of tunnels: chosen by the client, or the place in VPP's list. */
class Instances {
  readonly #taken = new Map<number, number>()
  readonly #places = new FreeNumbers()

  /** @throws RetvalError -147 when it is taken */
  take(wanted: number | undefined): number {
    const place = this.#places.take()
    const instance = wanted ?? place
    if (this.#taken.has(instance)) {
      this.#places.give(place)
      throw new RetvalError('INSTANCE_IN_USE')
    }
    this.#taken.set(instance, place)
    return instance
  }

  placeOf(instance: number): number {
    return this.#taken.get(instance) ?? 0
  }

  give(instance: number): void {
    const place = this.#taken.get(instance)
    if (place === undefined) return
    this.#taken.delete(instance)
    this.#places.give(place)
  }
}

function checkGre({ src, dst }: GreInit): void {
  if (familyOf(src) !== familyOf(dst)) throw new RetvalError('INVALID_PROTOCOL')
  if (src === dst) throw new RetvalError('SAME_SRC_DST')
}

function isMulticast(address: string): boolean {
  const [first = 0] = parseAddress(address)
  return familyOf(address) === 4 ? first >> 4 === 0xe : first === 0xff
}
