import { RetvalError } from '../errors.ts'
import { addEthernet } from './interface-kinds.ts'
import type { Interface, Interfaces } from './interfaces.ts'

/** `MEMIF_MODE_API_…` */
const ETHERNET = 0
/** `MEMIF_ROLE_API_…` */
const SLAVE = 1
/** VPP refuses rings of more than 2^14 descriptors. */
const LARGEST_RING = 1 << 14

/** A memif interface. */
export interface Memif {
  readonly swIfIndex: number
  readonly id: number
  readonly socketId: number
  /** 0 master, 1 slave. */
  readonly role: number
  /** 0 Ethernet, 1 IP, 2 punt/inject. */
  readonly mode: number
  readonly ringSize: number
  readonly bufferSize: number
  readonly zeroCopy: boolean
}

/** How a memif can be made. */
export type MemifInit = Pick<Memif, 'id'> &
  Partial<Omit<Memif, 'swIfIndex'>> & { readonly mac?: string | undefined }

/** Memif sockets and interfaces. Nothing of it touches the file system. */
export class Memifs implements Iterable<Memif> {
  readonly #sockets: Map<number, string>
  readonly #memifs = new Map<number, Memif>()
  readonly #interfaces: Interfaces

  constructor(interfaces: Interfaces, runtimeDir: string) {
    this.#interfaces = interfaces
    this.#sockets = new Map([[0, `${runtimeDir}/memif.sock`]])
  }

  [Symbol.iterator](): Iterator<Memif> {
    return this.#memifs.values()
  }

  find(swIfIndex: number): Memif | undefined {
    return this.#memifs.get(swIfIndex)
  }

  /** Ids of sockets with their file names. */
  sockets(): [id: number, filename: string][] {
    return [...this.#sockets]
  }

  /**
   * Adds a socket; without an id it gets a random one.
   * @throws RetvalError -73 for id 0 or an empty name, -116 when the id is taken
   */
  addSocket(id: number | undefined, filename: string): number {
    const chosen = id ?? Math.floor(Math.random() * 0x7fff_ffff) + 1
    if (chosen === 0 || filename === '') throw new RetvalError('INVALID_ARGUMENT')
    if (this.#sockets.has(chosen)) throw new RetvalError('ENTRY_ALREADY_EXISTS')
    this.#sockets.set(chosen, filename)
    return chosen
  }

  /** @throws RetvalError -73 when there is none, -74 while an interface uses it */
  deleteSocket(id: number): void {
    if (!this.#sockets.has(id) || id === 0) throw new RetvalError('INVALID_ARGUMENT')
    for (const { socketId } of this) if (socketId === id) throw new RetvalError('UNEXPECTED_INTF_STATE')
    this.#sockets.delete(id)
  }

  /** @throws RetvalError -73 for an unknown socket or an odd ring size, -68 when the id or the role does not go with
   * others of the socket */
  add(init: MemifInit): Interface {
    const { id, socketId = 0, role = 0, mode = ETHERNET, ringSize = 0, bufferSize = 0, mac } = init
    if (!this.#sockets.has(socketId)) throw new RetvalError('INVALID_ARGUMENT')
    if (ringSize > LARGEST_RING || (ringSize & (ringSize - 1)) !== 0)
      throw new RetvalError('INVALID_ARGUMENT')
    for (const it of this) {
      // All interfaces of a socket have one role, since it listens or connects.
      if (it.socketId === socketId && (it.id === id || it.role !== role))
        throw new RetvalError('SUBIF_ALREADY_EXISTS')
    }
    const name = `memif${socketId}/${id}`
    const added =
      mode === ETHERNET
        ? addEthernet(this.#interfaces, name, 'memif', mac)
        : this.#interfaces.add({ name, devType: 'memif' })
    const zeroCopy = role === SLAVE && init.zeroCopy !== false
    this.#memifs.set(added.swIfIndex, {
      swIfIndex: added.swIfIndex,
      id,
      socketId,
      role,
      mode,
      ringSize,
      bufferSize,
      zeroCopy,
    })
    return added
  }

  /** @throws RetvalError -2 when it is no memif */
  delete(swIfIndex: number): void {
    if (!this.#memifs.delete(swIfIndex)) throw new RetvalError('INVALID_SW_IF_INDEX')
    this.#interfaces.delete(swIfIndex)
  }
}
