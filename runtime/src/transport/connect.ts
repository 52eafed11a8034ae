import { once } from 'node:events'
import { existsSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { dirname } from 'node:path'
import type { Duplex } from 'node:stream'
import { unlessAborted } from '../async/unless-aborted.ts'
import { VppConnectError, type ConnectErrorCode } from '../errors/connection-errors.ts'

/** Opens a byte stream to a VPP: a TCP or TLS connection, a forwarded socket, a pipe in a test. */
export interface StreamTarget {
  /** What the target is called in errors and events. */
  readonly name: string
  /** Resolves when the stream is connected. Called for every attempt. */
  open(signal: AbortSignal): Promise<Duplex>
  /**
   * Identity of the VPP process behind the stream, such as the start time of its container, asked for before and after
   * opening. Without it a reconnect always counts as a restart of VPP: a pid is often the same in the next container.
   */
  bootId?(): Promise<string | undefined>
}

/** A connected stream and how to get what comes. */
export interface ByteStream {
  readonly duplex: Duplex
  /** From now on `take` gets all bytes: `[0, end)` of memory that is valid during the call only. */
  receive(take: (bytes: Buffer, end: number) => void): void
}

/** Bytes of one read. VPP writes in pieces of 4 KiB; many of them fit. */
const READ_SIZE = 64 * 1024

/**
 * Bytes that are read before others have their turn: what VPP sends as fast as it is read, as a dump of a million
 * routes, would hold the event loop for thirty reads.
 */
const READ_AT_A_TIME = 4 * READ_SIZE

/** A socket path, or a way to open a stream. */
export type VppTarget = string | StreamTarget

/** Text of a target for errors. */
export function targetName(target: VppTarget): string {
  return typeof target === 'string' ? target : target.name
}

/**
 * Opens the stream of a target.
 * @throws VppConnectError with a code that says what is wrong
 */
export async function openStream(target: VppTarget, signal: AbortSignal): Promise<ByteStream> {
  if (typeof target === 'string') return openUnixSocket(target, signal)
  try {
    return byteStream(await opened(target.open(signal), signal))
  } catch (error) {
    if (signal.aborted) throw timedOut(target.name)
    throw new VppConnectError('VPP_CONNECT_FAILED', target.name, `${target.name}: ${messageOf(error)}`, {
      cause: error,
    })
  }
}

/** A target need not heed the signal. What it opens too late is closed again. */
async function opened(opening: Promise<Duplex>, signal: AbortSignal): Promise<Duplex> {
  const late = (duplex: Duplex) => {
    if (signal.aborted) duplex.on('error', () => {}).destroy()
  }
  opening.then(late, () => {})
  return unlessAborted(opening, signal)
}

function byteStream(duplex: Duplex): ByteStream {
  return {
    duplex,
    receive: (take) => {
      duplex.on('data', (chunk: Buffer) => {
        take(chunk, chunk.length)
      })
    },
  }
}

/** All reads go into one piece of memory: messages are decoded before the next read. */
async function openUnixSocket(path: string, signal: AbortSignal): Promise<ByteStream> {
  let sink: ((bytes: Buffer, end: number) => void) | undefined
  let read = 0
  const callback = (length: number, bytes: Uint8Array) => {
    sink?.(bytes as Buffer, length)
    read += length
    if (read < READ_AT_A_TIME) return true
    read = 0
    setImmediate(() => duplex.resume())
    return false
  }
  const duplex = connect({ path, onread: { buffer: Buffer.allocUnsafeSlow(READ_SIZE), callback } })
  try {
    await once(duplex, 'connect', { signal })
  } catch (error) {
    duplex.on('error', () => {})
    duplex.destroy()
    if (signal.aborted) throw timedOut(path)
    throw explainConnectError(path, error)
  }
  return {
    duplex,
    receive: (take) => {
      sink = take
    },
  }
}

function timedOut(target: string): VppConnectError {
  return new VppConnectError(
    'VPP_CONNECT_TIMEOUT',
    target,
    `${target}: not connected in time (option connectTimeout)`,
  )
}

/** Makes the four usual reasons four codes, each with what to do. */
export function explainConnectError(path: string, error: unknown): VppConnectError {
  const fail = (code: ConnectErrorCode, text: string) =>
    new VppConnectError(code, path, `${path}: ${text}`, { cause: error })
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
      return existsSync(dirname(path))
        ? fail('VPP_SOCKET_MISSING', 'there is no such socket; is VPP running, and is this its socksvr path?')
        : fail(
            'VPP_DIRECTORY_MISSING',
            `the folder ${dirname(path)} does not exist; VPP creates that of unix { runtime-dir } in its startup.conf ` +
              '(api-segment { prefix } does not move the socket)',
          )
    case 'ENOTDIR':
      return fail('VPP_DIRECTORY_MISSING', `part of ${dirname(path)} is a file, not a folder`)
    case 'EACCES':
    case 'EPERM':
      return fail(
        'VPP_PERMISSION_DENIED',
        "no permission; the user must be in the socket's group (usually vpp)",
      )
    case 'EPROTOTYPE':
      return fail(
        'VPP_CONNECT_FAILED',
        'this is a socket of another kind, such as that of the stats segment; the API socket is usually api.sock',
      )
    case 'ECONNREFUSED':
      return isSocket(path)
        ? fail('VPP_CONNECTION_REFUSED', 'the socket has no listener; VPP has ended and left it behind')
        : fail('VPP_CONNECT_FAILED', 'this is not a socket; the API socket is usually api.sock')
    default:
      return fail('VPP_CONNECT_FAILED', messageOf(error))
  }
}

/** The system refuses a connection to a file or a folder as it does one to a socket without a listener. */
function isSocket(path: string): boolean {
  try {
    return statSync(path).isSocket()
  } catch {
    return true
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
