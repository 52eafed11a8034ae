import { RetvalError } from '../errors.ts'
import { addEthernet } from './interface-kinds.ts'
import type { Interface, Interfaces } from './interfaces.ts'

/** `MEMIF_MODE_API_…` */
const ETHERNET = 0
/** `MEMIF_ROLE_API_…` */
const SLAVE = 1
const IP = 1

interface MemifSocket {
  readonly filename: string
  /** Of its interfaces. */
  role: number
  /** `sw_if_index` by memif id. */
  readonly ids: Map<number, number>
}

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
  /** Rings of a slave. */
  readonly rxQueues: number
  readonly txQueues: number
  /** Empty when clients need none. */
  readonly secret: string
}

/** Carries the packets of memif interfaces. */
export interface MemifBackend {
  /** An interface was made: a master listens from now on. @throws Error when it cannot listen */
  open(memif: Memif, socket: string): void
  close(memif: Memif): void
}

/** How a memif can be made. */
export type MemifInit = Pick<Memif, 'id'> &
  Partial<Omit<Memif, 'swIfIndex'>> & { readonly mac?: string | undefined }

/** Memif sockets and interfaces. Without a backend nothing of it touches the file system. */
export class Memifs implements Iterable<Memif> {
  backend: MemifBackend | undefined
  readonly #sockets = new Map<number, MemifSocket>()
  readonly #runtimeDir: string
  readonly #memifs = new Map<number, Memif>()
  readonly #interfaces: Interfaces

  constructor(interfaces: Interfaces, runtimeDir: string) {
    this.#interfaces = interfaces
    this.#runtimeDir = runtimeDir
    this.#sockets.set(0, { filename: `${runtimeDir}/memif.sock`, role: 0, ids: new Map() })
  }

  [Symbol.iterator](): Iterator<Memif> {
    return this.#memifs.values()
  }

  find(swIfIndex: number): Memif | undefined {
    return this.#memifs.get(swIfIndex)
  }

  /** Ids of sockets with their file names. */
  sockets(): [id: number, filename: string][] {
    return [...this.#sockets].map(([id, { filename }]) => [id, filename])
  }

  /**
   * Adds a socket; without an id it gets a random one. A name that is not an absolute path and has no prefix of VPP's
   * (`abstract:`, `unix:`, `tcp:`) is a file below the runtime directory, whatever it begins with.
   * @throws RetvalError -73 for id 0 or an empty name, -116 when the id has another name
   */
  addSocket(id: number | undefined, filename: string): number {
    const chosen = id ?? Math.floor(Math.random() * 0x7fff_ffff) + 1
    if (chosen === 0 || filename === '') throw new RetvalError('INVALID_ARGUMENT')
    const name = /^(\/|abstract:|unix:|tcp:|vsock:)/.test(filename)
      ? filename
      : `${this.#runtimeDir}/${filename}`
    const known = this.#sockets.get(chosen)
    if (known !== undefined && known.filename !== name) throw new RetvalError('ENTRY_ALREADY_EXISTS')
    if (known === undefined) this.#sockets.set(chosen, { filename: name, role: 0, ids: new Map() })
    return chosen
  }

  /** @throws RetvalError -73 when there is none, -74 while an interface uses it */
  deleteSocket(id: number): void {
    const known = this.#sockets.get(id)
    if (known === undefined || id === 0) throw new RetvalError('INVALID_ARGUMENT')
    if (known.ids.size > 0) throw new RetvalError('UNEXPECTED_INTF_STATE')
    this.#sockets.delete(id)
  }

  /** @throws RetvalError -73 for an unknown socket or an odd ring size, -68 when the id or the role does not go with
   * others of the socket, -12 for a mode that VPP lacks, -14 when its socket cannot listen */
  add(init: MemifInit): Interface {
    const { id, socketId = 0, role = 0, mode = ETHERNET, ringSize = 0, bufferSize = 0, mac } = init
    if ((ringSize & (ringSize - 1)) !== 0) throw new RetvalError('INVALID_ARGUMENT')
    const socket = this.#sockets.get(socketId)
    if (socket === undefined) throw new RetvalError('INVALID_ARGUMENT')
    // All interfaces of a socket have one role, since it listens or connects.
    if (socket.ids.size > 0 && (socket.ids.has(id) || socket.role !== role))
      throw new RetvalError('SUBIF_ALREADY_EXISTS')
    if (mode > IP) throw new RetvalError('SYSCALL_ERROR_2')
    const name = `memif${socketId}/${id}`
    const added =
      mode === ETHERNET
        ? addEthernet(this.#interfaces, name, 'memif', mac)
        : this.#interfaces.add({ name, devType: 'memif' })
    const zeroCopy = role === SLAVE && init.zeroCopy !== false
    socket.role = role
    socket.ids.set(id, added.swIfIndex)
    const { rxQueues = 1, txQueues = 1, secret = '' } = init
    const memif: Memif = {
      swIfIndex: added.swIfIndex,
      id,
      socketId,
      role,
      mode,
      ringSize,
      bufferSize,
      zeroCopy,
      rxQueues,
      txQueues,
      secret,
    }
    this.#memifs.set(added.swIfIndex, memif)
    try {
      this.backend?.open(memif, socket.filename)
    } catch {
      this.delete(added.swIfIndex)
      throw new RetvalError('SYSCALL_ERROR_4')
    }
    return added
  }

  /** @throws RetvalError -2 when it is not a memif */
  delete(swIfIndex: number): void {
    const memif = this.#memifs.get(swIfIndex)
    if (memif === undefined) throw new RetvalError('INVALID_SW_IF_INDEX')
    this.backend?.close(memif)
    this.#memifs.delete(swIfIndex)
    this.#sockets.get(memif.socketId)?.ids.delete(memif.id)
    this.#interfaces.delete(swIfIndex)
  }
}
