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

/** A queue as it was registered. */
interface RxQueue {
  readonly swIfIndex: number
  readonly queueId: number
  /** How many were registered before: workers take them in turn. */
  readonly turn: number
  /** Thread that a client has given it to. */
  placed: number | undefined
  mode: number
}

const LINK_SPEED = 10_000_000
/** `RX_MODE_API_…` */
const POLLING = 1
const DEFAULT_MODE = 4

/**
 * The network cards of the machine, there before any client comes and not to be deleted, and the receive queues of all
 * interfaces that have some.
 */
export class Hardware implements Iterable<Nic> {
  readonly #nics = new Map<number, Nic>()
  readonly #interfaces: Interfaces
  /** By interface, in the order of their numbers. */
  readonly #queues = new Map<number, RxQueue[]>()
  #registered = 0
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
    this.setQueues(swIfIndex, rxQueues)
    return this.#interfaces.get(swIfIndex)
  }

  /** Gives an interface queues, in place of those that it had: a memif has some while it is connected. */
  setQueues(swIfIndex: number, count: number): void {
    if (count === 0) this.#queues.delete(swIfIndex)
    else
      this.#queues.set(
        swIfIndex,
        Array.from({ length: count }, (_, queueId) => this.#register(swIfIndex, queueId)),
      )
  }

  #register(swIfIndex: number, queueId: number): RxQueue {
    return { swIfIndex, queueId, turn: this.#registered++, placed: undefined, mode: POLLING }
  }

  /** Which thread polls which queue. */
  placements(): RxPlacement[] {
    const all = [...this.#queues.values()].flat().map((queue) => ({
      swIfIndex: queue.swIfIndex,
      queueId: queue.queueId,
      workerId: queue.placed ?? (this.workers === 0 ? 0 : (queue.turn % this.workers) + 1),
      mode: queue.mode,
    }))
    return all.sort((a, b) => a.workerId - b.workerId || a.swIfIndex - b.swIfIndex || a.queueId - b.queueId)
  }

  /**
   * Sets how packets are taken from a queue, or from all of an interface, which may have none.
   * @throws RetvalError -9 when there is no such queue
   */
  setRxMode(swIfIndex: number, mode: number, queueId?: number): void {
    const queues = this.#queues.get(swIfIndex) ?? []
    const chosen = queueId === undefined ? queues : queues.slice(queueId, queueId + 1)
    if (queueId !== undefined && chosen.length === 0) throw new RetvalError('UNIMPLEMENTED')
    for (const queue of chosen) queue.mode = mode === DEFAULT_MODE ? POLLING : mode
  }

  /**
   * Gives a queue to a thread.
   * @param worker counted from 0; undefined: the main thread
   * @throws RetvalError -9 when there is no such worker or queue
   */
  place(swIfIndex: number, queueId: number, worker: number | undefined): void {
    const queue = this.#queues.get(swIfIndex)?.[queueId]
    // Without workers VPP counts from the main thread.
    const first = this.workers === 0 ? 0 : 1
    const thread = worker === undefined ? 0 : worker + first
    if (queue === undefined || thread > this.workers) throw new RetvalError('UNIMPLEMENTED')
    queue.placed = thread
  }
}

/** `GigabitEthernet3/0/0` is at bus 3, slot 0, function 0. */
function pciAddressOf(name: string): string {
  const [bus = '0', slot = '0', fn = '0'] =
    /([0-9a-f]+)\/([0-9a-f]+)\/([0-9a-f]+)$/.exec(name)?.slice(1) ?? []
  return `0000:${bus.padStart(2, '0')}:${slot.padStart(2, '0')}.${fn}`
}
