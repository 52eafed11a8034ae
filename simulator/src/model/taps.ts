import { RetvalError } from '../errors.ts'
import { addEthernet } from './interface-kinds.ts'
import type { Interface, Interfaces } from './interfaces.ts'
import { LowestFree } from './pool.ts'

/** A tap interface; what its host side is like is only remembered. */
export interface Tap {
  readonly swIfIndex: number
  readonly id: number
  readonly txRingSz: number
  readonly rxRingSz: number
  readonly host: TapHost
}

/** The host side of a tap, by the names of `sw_interface_tap_v2_details`. */
export interface TapHost {
  readonly hostMtuSize: number
  readonly hostMacAddr: string
  readonly hostIp4Prefix: string
  readonly hostIp6Prefix: string
  readonly tapFlags: number
  readonly hostIfName: string
  readonly hostNamespace: string
  readonly hostBridge: string
}

/** How a tap can be made. */
export interface TapInit extends Partial<Omit<Tap, 'swIfIndex' | 'host'>> {
  readonly mac?: string | undefined
  readonly tag?: string
  readonly host?: Partial<TapHost>
}

const NO_HOST: TapHost = {
  hostMtuSize: 0,
  hostMacAddr: '00:00:00:00:00:00',
  hostIp4Prefix: '0.0.0.0/0',
  hostIp6Prefix: '::/0',
  tapFlags: 0,
  hostIfName: '',
  hostNamespace: '',
  hostBridge: '',
}

/** Tap interfaces. Nothing of it touches the host's network. */
export class Taps implements Iterable<Tap> {
  readonly #taps = new Map<number, Tap>()
  readonly #ids = new LowestFree()
  readonly #interfaces: Interfaces

  constructor(interfaces: Interfaces) {
    this.#interfaces = interfaces
  }

  [Symbol.iterator](): Iterator<Tap> {
    return this.#taps.values()
  }

  /** @throws RetvalError -71 when the id is taken */
  add(init: TapInit = {}): Interface {
    if (init.id !== undefined && this.#ids.has(init.id)) throw new RetvalError('INVALID_INTERFACE')
    const id = this.#ids.take(init.id)
    const { swIfIndex } = addEthernet(this.#interfaces, `tap${id}`, 'virtio', init.mac)
    if (init.tag !== undefined) this.#interfaces.setTag(swIfIndex, init.tag)
    const host = { ...NO_HOST, hostIfName: `tap${id}`, ...init.host }
    const { txRingSz = 256, rxRingSz = 256 } = init
    this.#taps.set(swIfIndex, { swIfIndex, id, txRingSz, rxRingSz, host })
    return this.#interfaces.get(swIfIndex)
  }

  /** @throws RetvalError -2 when it is not a tap */
  delete(swIfIndex: number): void {
    const tap = this.#taps.get(swIfIndex)
    if (tap === undefined) throw new RetvalError('INVALID_SW_IF_INDEX')
    this.#taps.delete(swIfIndex)
    this.#ids.give(tap.id)
    this.#interfaces.delete(swIfIndex)
  }
}
