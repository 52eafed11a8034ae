import { chmodSync, statSync, unlinkSync } from 'node:fs'
import { encodeSocketAddress, formatSocketAddress, type SocketAddress } from './address.ts'
import { argumentError, fromNodeError, isErrno } from './errors.ts'
import { Fd } from './fd.ts'
import {
  MESSAGE_FD_LIMIT,
  MESSAGE_LIMIT,
  prepareReceive,
  readControl,
  readCredentials,
  readPayload,
  writeMessage,
  type Credentials,
} from './message.ts'
import { native } from './native.ts'
import { inNetworkNamespace } from './network-namespace.ts'

const AF_UNIX = 1
const SOCK_SEQPACKET = 5
const SOCK_NONBLOCK = 0o4000
const SOCK_CLOEXEC = 0o2000000
const TYPE = SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC
const SOL_SOCKET = 1
const SO_PASSCRED = 16
const SO_PEERCRED = 17
const SO_PEERPIDFD = 77
const MSG_NOSIGNAL = 0x4000
const MSG_CMSG_CLOEXEC = 0x40000000
const WOULD_BLOCK = ['EAGAIN']

/** One message as received. */
export interface ReceivedMessage {
  /** The payload, a copy. May be empty in a message that only carries descriptors. */
  readonly bytes: Uint8Array
  /** Descriptors that came along, closed on exec. They are the receiver's to close, every one. */
  readonly fds: readonly Fd[]
  /** Who sent it, when the socket has {@link SeqpacketSocket.passCredentials} set. */
  readonly credentials: Credentials | undefined
  /** The payload was longer than `maxLength`: the rest is lost. */
  readonly truncated: boolean
  /** Control data were cut (the process has no descriptors left): some descriptors are missing. */
  readonly controlTruncated: boolean
  /**
   * The other side has closed: neither payload nor descriptors. (On this kind of socket an empty message
   * without descriptors looks the same; no VPP protocol sends one.)
   */
  readonly end: boolean
}

/** A connected SEQPACKET socket: whole messages, in order, with descriptors. Never blocks. */
export class SeqpacketSocket {
  readonly fd: Fd

  private constructor(fd: Fd) {
    this.fd = fd
  }

  /**
   * Connects at once or throws: `ENOENT` nobody has bound the path, `ECONNREFUSED` nobody listens (any more),
   * `EPROTOTYPE` another kind of socket, `EAGAIN` the listener's backlog is full (try again later).
   */
  static connect(address: SocketAddress): SeqpacketSocket {
    const bytes = encodeSocketAddress(address)
    const fd = newSocket(address)
    try {
      withAddress('connect', address, bytes, fd)
      return new SeqpacketSocket(fd)
    } catch (error) {
      fd.close()
      throw error
    }
  }

  /** Two sockets connected to each other. */
  static pair(): [SeqpacketSocket, SeqpacketSocket] {
    const { scratch } = native()
    native().call('socketpair', '', AF_UNIX, TYPE, 0, scratch.address)
    const ends = [0, 4].map((at) => new SeqpacketSocket(Fd.adopt(scratch.view.getInt32(at, true))))
    return ends as [SeqpacketSocket, SeqpacketSocket]
  }

  /** Takes over a connected SEQPACKET descriptor, from {@link SeqpacketListener.accept} or another thread. */
  static adopt(fd: Fd): SeqpacketSocket {
    fd.setNonBlocking()
    return new SeqpacketSocket(fd)
  }

  /**
   * Sends one message of at most 64 KiB with at most 253 descriptors (the sender keeps its own).
   * False when the receiver's queue is full: wait until writable. `EPIPE` when the other side has closed,
   * once `ECONNRESET` before that when it left messages unread.
   */
  send(bytes: Uint8Array, fds: readonly Fd[] = []): boolean {
    if (bytes.length > MESSAGE_LIMIT) {
      throw argumentError('bytes', `a message has at most ${MESSAGE_LIMIT} bytes, not ${bytes.length}`)
    }
    if (fds.length > MESSAGE_FD_LIMIT) {
      throw argumentError('fds', `a message has at most ${MESSAGE_FD_LIMIT} descriptors, not ${fds.length}`)
    }
    const own = this.fd.number
    const numbers = fds.map((fd) => fd.number)
    const message = writeMessage(native().scratch, bytes, numbers)
    return native().attempt('sendmsg', own, WOULD_BLOCK, own, message, MSG_NOSIGNAL) !== undefined
  }

  /** Takes one message of up to `maxLength` bytes (default and limit 64 KiB); undefined when there is none yet. */
  receive(maxLength = MESSAGE_LIMIT): ReceivedMessage | undefined {
    if (!Number.isInteger(maxLength) || maxLength < 1 || maxLength > MESSAGE_LIMIT) {
      throw argumentError('maxLength', `room is 1 to ${MESSAGE_LIMIT} bytes, not ${maxLength}`)
    }
    const own = this.fd.number
    const { scratch } = native()
    const message = prepareReceive(scratch, maxLength)
    const length = native().attempt('recvmsg', own, WOULD_BLOCK, own, message, MSG_CMSG_CLOEXEC)
    if (length === undefined) return undefined
    const { fds, ...control } = readControl(scratch)
    return {
      bytes: readPayload(scratch, Math.min(length, maxLength)),
      fds: fds.map((fd) => Fd.adopt(fd)),
      ...control,
      end: length === 0 && fds.length === 0 && !control.controlTruncated,
    }
  }

  /** Process, user and group that made the other end, as of connect or listen. Pid 0: another pid namespace. */
  peerCredentials(): Credentials {
    const { scratch } = native()
    scratch.view.setUint32(16, 12, true)
    const { address } = scratch
    const own = this.fd.number
    native().call('getsockopt', own, own, SOL_SOCKET, SO_PEERCRED, address, address + 16)
    return readCredentials(scratch.view, 0)
  }

  /**
   * A descriptor of the process that made the other end, readable once that process has ended: also where its number
   * cannot be seen (another pid namespace), and never another process of the same number. Undefined where the kernel has
   * none to give: before Linux 6.5, or when the process is gone.
   */
  peerProcess(): Fd | undefined {
    const { scratch } = native()
    const { address, view } = scratch
    view.setUint32(16, 4, true)
    const own = this.fd.number
    const expected = ['ENOPROTOOPT', 'ESRCH', 'EINVAL', 'ENODATA']
    const done = native().attempt(
      'getsockopt',
      own,
      expected,
      own,
      SOL_SOCKET,
      SO_PEERPIDFD,
      address,
      address + 16,
    )
    return done === undefined ? undefined : Fd.adopt(view.getInt32(0, true))
  }

  /** Has the kernel add the sender's credentials to each message received. */
  passCredentials(on: boolean): void {
    setFlag(this.fd, SO_PASSCRED, on)
  }

  close(): void {
    this.fd.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

/** How {@link SeqpacketListener.listen} binds. */
export interface ListenOptions {
  /** Connections that wait to be accepted; default 16. */
  readonly backlog?: number
  /** Permission bits of the socket file, for example 0o770; without it, the umask decides. */
  readonly mode?: number
  /** Replace a socket file that nobody listens on any more (default false: `EADDRINUSE`). */
  readonly replaceStale?: boolean
}

/** A listening SEQPACKET socket. Never blocks. */
export class SeqpacketListener {
  readonly fd: Fd
  readonly address: SocketAddress
  readonly #file: { path: string; id: string } | undefined

  private constructor(fd: Fd, address: SocketAddress, file: { path: string; id: string } | undefined) {
    this.fd = fd
    this.address = address
    this.#file = file
  }

  /** Binds and listens. `EADDRINUSE` when the address is taken. */
  static listen(address: SocketAddress, options: ListenOptions = {}): SeqpacketListener {
    const bytes = encodeSocketAddress(address)
    const path = typeof address === 'string' ? address : 'path' in address ? address.path : undefined
    if (options.replaceStale === true && path !== undefined) removeStale(path)
    const fd = newSocket(address)
    try {
      withAddress('bind', address, bytes, fd)
      const id = path === undefined ? undefined : socketFileId(path)
      const file = path === undefined || id === undefined ? undefined : { path, id }
      if (file !== undefined && options.mode !== undefined) chmodSync(file.path, options.mode)
      native().call('listen', formatSocketAddress(address), fd.number, options.backlog ?? 16)
      return new SeqpacketListener(fd, address, file)
    } catch (error) {
      fd.close()
      throw fromNodeError(error, formatSocketAddress(address))
    }
  }

  /** Takes one waiting connection; undefined when there is none. */
  accept(): SeqpacketSocket | undefined {
    const own = this.fd.number
    // A client that has gone again while it waited (ECONNABORTED) does not count as a connection either.
    const expected = ['EAGAIN', 'ECONNABORTED']
    const accepted = native().attempt('accept4', own, expected, own, 0, 0, SOCK_NONBLOCK | SOCK_CLOEXEC)
    return accepted === undefined ? undefined : SeqpacketSocket.adopt(Fd.adopt(accepted))
  }

  /** Stops listening and removes the socket file if it is still this one. */
  close(): void {
    if (this.fd.closed) return
    this.fd.close()
    if (this.#file !== undefined && socketFileId(this.#file.path) === this.#file.id)
      unlinkSync(this.#file.path)
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

/**
 * Identity of a socket file, or undefined when there is none. It changes when a server that was restarted binds
 * the path again: device, inode and, since file systems give the number of a deleted inode to the next, the time
 * of binding.
 */
export function socketFileId(path: string): string | undefined {
  try {
    const stat = statSync(path, { throwIfNoEntry: false, bigint: true })
    return stat?.isSocket() === true ? `${stat.dev}:${stat.ino}:${stat.mtimeNs}` : undefined
  } catch (error) {
    throw fromNodeError(error, path)
  }
}

/** A socket of the network namespace that the address names: it stays there. */
function newSocket(address: SocketAddress): Fd {
  const network = typeof address === 'object' && 'abstract' in address ? address.network : undefined
  return network === undefined ? socketHere() : inNetworkNamespace(network, socketHere)
}

function socketHere(): Fd {
  return Fd.adopt(native().call('socket', 'AF_UNIX, SOCK_SEQPACKET', AF_UNIX, TYPE, 0))
}

function withAddress(call: 'connect' | 'bind', address: SocketAddress, bytes: Uint8Array, fd: Fd): void {
  const { scratch } = native()
  scratch.bytes.set(bytes)
  native().call(call, formatSocketAddress(address), fd.number, scratch.address, bytes.length)
}

function setFlag(fd: Fd, option: number, on: boolean): void {
  const { scratch } = native()
  scratch.view.setInt32(0, on ? 1 : 0, true)
  native().call('setsockopt', fd.number, fd.number, SOL_SOCKET, option, scratch.address, 4)
}

/** Removes a socket file whose listener has gone; any other file stays, and bind will say so. */
function removeStale(path: string): void {
  try {
    SeqpacketSocket.connect(path).close()
  } catch (error) {
    if (isErrno(error, 'ECONNREFUSED') && socketFileId(path) !== undefined) unlinkSync(path)
  }
}
