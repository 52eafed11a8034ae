import { EventEmitter } from 'node:events'
import type { MemifError } from '../errors.ts'
import { DEFAULT_SOCKET } from './address.ts'
import { Memif, type MemifCallbacks } from './memif.ts'
import { resolveConfig, type MemifSettings } from '../options.ts'
import { SocketHub, type SocketSettings } from './socket-hub.ts'

/** Which socket to use, and how. */
export interface MemifSocketOptions extends SocketSettings {
  /** A path, or an abstract name written `abstract:name` or `@name`; default `/run/vpp/memif.sock`. */
  readonly socket?: string
}

/** What `createInterface` takes. */
export interface InterfaceOptions extends MemifSettings {
  /** Closes the interface when it aborts. */
  readonly signal?: AbortSignal | undefined
}

/** What `createMemif` takes: the interface's settings and its socket's. */
export interface MemifOptions extends InterfaceOptions, MemifSocketOptions {}

/** Events of a `MemifSocket`, with their arguments. */
export interface MemifSocketEvents {
  /** A connection ended before it had named an interface: refused, malformed, or gone again. */
  failure: [error: MemifError]
}

/**
 * One socket shared by several interfaces: listens while it has server interfaces, each found by its id; client
 * interfaces connect through it.
 */
export class MemifSocket extends EventEmitter<MemifSocketEvents> implements AsyncDisposable {
  readonly #hub: SocketHub
  readonly #interfaces = new Set<Memif>()

  /** @throws MemifError `MEMIF_ADDRESS_INVALID` or `MEMIF_OPTION_INVALID` */
  constructor({ socket = DEFAULT_SOCKET, ...settings }: MemifSocketOptions = {}) {
    super()
    this.#hub = new SocketHub(socket, settings, (error) => this.emit('failure', error))
  }

  /** The socket as it was named. */
  get name(): string {
    return this.#hub.name
  }

  /** The interfaces that are not closed. */
  get interfaces(): readonly Memif[] {
    return [...this.#interfaces]
  }

  /**
   * Adds an interface. A server listens from now on; a client connects, and tries again until it succeeds.
   *
   * @throws MemifError `MEMIF_OPTION_INVALID`, `MEMIF_ID_TAKEN`, `MEMIF_LISTENER_ACTIVE`, `MEMIF_SYSTEM`
   */
  createInterface({ signal, ...settings }: InterfaceOptions, callbacks: MemifCallbacks = {}): Memif {
    const memif = open(this.#hub, settings, callbacks, signal)
    this.#interfaces.add(memif)
    memif.once('close', () => this.#interfaces.delete(memif))
    return memif
  }

  /** Closes all interfaces. */
  async close(): Promise<void> {
    await Promise.all(this.interfaces.map((memif) => memif.close()))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

/**
 * Makes one interface on its own socket. For several server interfaces on one socket see `MemifSocket`.
 *
 * @throws MemifError `MEMIF_OPTION_INVALID`, `MEMIF_ADDRESS_INVALID`, `MEMIF_LISTENER_ACTIVE`, `MEMIF_SYSTEM`
 */
export function createMemif(options: MemifOptions, callbacks: MemifCallbacks = {}): Memif {
  const { socket = DEFAULT_SOCKET, appName, backlog, fileMode, signal, ...settings } = options
  let memif: Memif | undefined
  const hub = new SocketHub(socket, { appName, backlog, fileMode }, (error) => memif?.emit('failure', error))
  memif = open(hub, settings, callbacks, signal)
  return memif
}

function open(
  hub: SocketHub,
  settings: MemifSettings,
  callbacks: MemifCallbacks,
  signal?: AbortSignal,
): Memif {
  signal?.throwIfAborted()
  const memif = new Memif(hub, resolveConfig(settings), callbacks)
  const abort = () => void memif.close('aborted')
  signal?.addEventListener('abort', abort, { once: true })
  memif.once('close', () => signal?.removeEventListener('abort', abort))
  return memif
}
