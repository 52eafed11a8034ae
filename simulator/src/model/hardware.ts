import { RetvalError } from '../errors.ts'
import { addEthernet } from './interface-kinds.ts'
import type { Interface, Interfaces } from './interfaces.ts'

/** A network card. */
export interface NicInit {
  /** As VPP would call it: `GigabitEthernet3/0/0`. */
  readonly name: string
  /** Driver as interfaces show it; default `dpdk`. */
  readonly driver?: string
  readonly mac?: string
  /** As in `0000:03:00.0`; default from the name. */
  readonly pciAddress?: string
  /** Default 1. */
  readonly rxQueues?: number
  /** Kilobits a second; default 10,000,000. */
  readonly linkSpeed?: number
  /** Whether a cable is in it; default true. The interface itself is down until a client switches it on. */
  readonly linkUp?: boolean
}

/** What is known of a card beside its interface. */
export interface Nic {
  readonly swIfIndex: number
  readonly pciAddress: string
  readonly rxQueues: number
}

/** A queue and the thread that polls it; 0 is the main thread. */
export interface RxPlacement {
  readonly swIfIndex: number
  readonly queueId: number
  /** Thread: 0 is the main one, 1 the first worker. */
  readonly workerId: number
  readonly mode: number
}

const LINK_SPEED = 10_000_000
const POLLING = 1

/** The network cards of the machine: there before any client comes, and not to be deleted. */
export class Hardware implements Iterable<Nic> {
  readonly #nics = new Map<number, Nic>()
  readonly #interfaces: Interfaces
  /** Threads of queues that a client has placed, and modes that a client has set. */
  readonly #placed = new Map<string, number>()
  readonly #modes = new Map<number, number>()
  /** Worker threads that queues are spread over. */
  workers = 0

  constructor(interfaces: Interfaces) {
    this.#interfaces = interfaces
  }

  [Symbol.iterator](): Iterator<Nic> {
    return this.#nics.values()
  }

  find(swIfIndex: number): Nic | undefined {
    return this.#nics.get(swIfIndex)
  }

  /** Plugs a card in. */
  add(init: NicInit): Interface {
    const { name, driver = 'dpdk', mac, rxQueues = 1, linkSpeed = LINK_SPEED, linkUp = true } = init
    const { swIfIndex } = addEthernet(this.#interfaces, name, driver, mac)
    this.#interfaces.setLinkSpeed(swIfIndex, linkSpeed)
    if (linkUp) this.#interfaces.setLinkUp(swIfIndex, true)
    this.#nics.set(swIfIndex, { swIfIndex, pciAddress: init.pciAddress ?? pciAddressOf(name), rxQueues })
    return this.#interfaces.get(swIfIndex)
  }

  /** Which thread polls which queue: workers in turn. */
  placements(): RxPlacement[] {
    let turn = 0
    return [...this.#nics.values()].flatMap(({ swIfIndex, rxQueues }) =>
      Array.from({ length: rxQueues }, (_, queueId) => {
        const own = this.workers === 0 ? 0 : (turn++ % this.workers) + 1
        const workerId = this.#placed.get(`${swIfIndex}/${queueId}`) ?? own
        return { swIfIndex, queueId, workerId, mode: this.#modes.get(swIfIndex) ?? POLLING }
      }),
    )
  }

  /** Sets how packets are taken from all queues of a card. Other interfaces have no queues here. */
  setRxMode(swIfIndex: number, mode: number): void {
    if (this.#nics.has(swIfIndex)) this.#modes.set(swIfIndex, mode)
  }

  /**
   * Gives a queue to a thread.
   * @param worker counted from 0; undefined: the main thread
   * @throws RetvalError -9 when there is no such worker or queue
   */
  place(swIfIndex: number, queueId: number, worker: number | undefined): void {
    const nic = this.#nics.get(swIfIndex)
    // Without workers VPP counts from the main thread.
    const first = this.workers === 0 ? 0 : 1
    const thread = worker === undefined ? 0 : worker + first
    if (nic === undefined || queueId >= nic.rxQueues || thread > this.workers)
      throw new RetvalError('UNIMPLEMENTED')
    this.#placed.set(`${swIfIndex}/${queueId}`, thread)
  }
}

/** `GigabitEthernet3/0/0` is at bus 3, slot 0, function 0. */
function pciAddressOf(name: string): string {
  const [bus = '0', slot = '0', fn = '0'] =
    /([0-9a-f]+)\/([0-9a-f]+)\/([0-9a-f]+)$/.exec(name)?.slice(1) ?? []
  return `0000:${bus.padStart(2, '0')}:${slot.padStart(2, '0')}.${fn}`
}
