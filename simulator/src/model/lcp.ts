import { RetvalError } from '../errors.ts'
import type { Interfaces } from './interfaces.ts'
import type { Taps } from './taps.ts'

/** An interface with its twin in Linux, by the names of the API. */
export interface LcpPair {
  readonly phySwIfIndex: number
  readonly hostSwIfIndex: number
  /** What Linux would call its interface's number. */
  readonly vifIndex: number
  readonly hostIfName: string
  /** 0 tap, 1 tun. */
  readonly hostIfType: number
  readonly netns: string
}

const LONGEST_NAME = 15
const EXACT_MATCH = 16

/** Pairs of linux-cp. No kernel takes part: the tap is one of the model, the number of the host's interface made up. */
export class Lcp implements Iterable<LcpPair> {
  defaultNetns = ''
  readonly #pairs = new Map<number, LcpPair>()
  readonly #interfaces: Interfaces
  readonly #taps: Taps
  #nextVif = 100

  constructor(interfaces: Interfaces, taps: Taps) {
    this.#interfaces = interfaces
    this.#taps = taps
  }

  [Symbol.iterator](): Iterator<LcpPair> {
    return this.#pairs.values()
  }

  find(phySwIfIndex: number): LcpPair | undefined {
    return this.#pairs.get(phySwIfIndex)
  }

  /**
   * @throws RetvalError -81 when the interface has a pair, -2 when there is no such interface or its parent has no pair,
   * -73 for a name that Linux would not take, or a sub-interface without exact match
   */
  add(phySwIfIndex: number, hostIfName: string, hostIfType = 0, netns = this.defaultNetns): LcpPair {
    if (this.#pairs.has(phySwIfIndex)) throw new RetvalError('VALUE_EXIST')
    const phy = this.#interfaces.get(phySwIfIndex)
    if (!/^[^\s/]+$/.test(hostIfName) || hostIfName.length > LONGEST_NAME)
      throw new RetvalError('INVALID_ARGUMENT')
    const hostSwIfIndex =
      phy.sub === undefined ? this.#addTap(phySwIfIndex, hostIfName) : this.#addSub(phySwIfIndex)
    const pair = { phySwIfIndex, hostSwIfIndex, vifIndex: this.#nextVif++, hostIfName, hostIfType, netns }
    this.#pairs.set(phySwIfIndex, pair)
    return pair
  }

  /** @throws RetvalError -2 when the interface has no pair */
  delete(phySwIfIndex: number): void {
    const pair = this.#pairs.get(phySwIfIndex)
    if (pair === undefined) throw new RetvalError('INVALID_SW_IF_INDEX')
    this.#pairs.delete(phySwIfIndex)
    const host = this.#interfaces.find(pair.hostSwIfIndex)
    if (host === undefined) return
    if (host.sub === undefined) this.#taps.delete(pair.hostSwIfIndex)
    else this.#interfaces.delete(pair.hostSwIfIndex)
  }

  /** Forgets an interface that is deleted; its twin goes too. */
  forget(swIfIndex: number): void {
    if (this.#pairs.has(swIfIndex)) this.delete(swIfIndex)
  }

  #addTap(phySwIfIndex: number, hostIfName: string): number {
    const { mac } = this.#interfaces.get(phySwIfIndex)
    const host = { hostIfName, hostMacAddr: mac === '' ? '00:00:00:00:00:00' : mac }
    const tap = this.#taps.add({ host })
    this.#interfaces.setAdminUp(tap.swIfIndex, true)
    return tap.swIfIndex
  }

  #addSub(phySwIfIndex: number): number {
    const phy = this.#interfaces.get(phySwIfIndex)
    if (phy.sub === undefined || (phy.sub.flags & EXACT_MATCH) === 0)
      throw new RetvalError('INVALID_ARGUMENT')
    const parent = this.#pairs.get(phy.supSwIfIndex)
    if (parent === undefined) throw new RetvalError('INVALID_SW_IF_INDEX')
    const host = this.#interfaces.get(parent.hostSwIfIndex)
    const twin = this.#interfaces.add({
      name: `${host.name}.${phy.sub.id}`,
      devType: host.devType,
      supSwIfIndex: host.swIfIndex,
      linkUp: host.linkUp,
      linkMtu: host.linkMtu,
      mtu: [0, 0, 0, 0],
      sub: phy.sub,
    })
    this.#interfaces.setAdminUp(twin.swIfIndex, true)
    return twin.swIfIndex
  }
}
