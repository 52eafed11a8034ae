import { setTimeout as sleep } from 'node:timers/promises'
import { Reactor, SeqpacketSocket, type Fd, type ReceivedMessage, type SocketAddress } from '@vpp-ts/linux'
import { StatsError } from './errors.ts'

/** What a stats socket gives. */
export interface Handshake {
  /** The segment's memory. The receiver closes it. */
  readonly fd: Fd
  /** VPP's process id; 0 when it lives in another pid namespace. */
  readonly pid: number
  /** VPP's process, where the kernel gives it. The receiver closes it. */
  readonly process: Fd | undefined
}

/**
 * Connects and takes the segment's descriptor. VPP sends one empty message that carries it, and closes; its main
 * thread does so when it gets round to it.
 */
export async function takeSegment(
  address: SocketAddress,
  timeout: number,
  signal: AbortSignal,
): Promise<Handshake> {
  using socket = SeqpacketSocket.connect(address)
  const { pid } = socket.peerCredentials()
  const process = socket.peerProcess()
  try {
    return { fd: await takeDescriptor(socket, timeout, signal), pid, process }
  } catch (error) {
    process?.close()
    throw error
  }
}

async function takeDescriptor(socket: SeqpacketSocket, timeout: number, signal: AbortSignal): Promise<Fd> {
  const message = await nextMessage(socket, timeout, signal)
  const [fd, ...more] = message.fds
  for (const other of more) other.close()
  if (fd === undefined) {
    throw new StatsError(
      'STATS_HANDSHAKE',
      `the socket gave ${message.end ? 'nothing' : `${message.bytes.length} bytes`} instead of a descriptor: ` +
        'is it the stats socket?',
    )
  }
  return fd
}

async function nextMessage(
  socket: SeqpacketSocket,
  timeout: number,
  signal: AbortSignal,
): Promise<ReceivedMessage> {
  using reactor = new Reactor()
  const stop = new AbortController()
  const late = sleep(timeout, undefined, { signal: AbortSignal.any([stop.signal, signal]) }).then(() => {
    throw new StatsError('STATS_CONNECT_TIMEOUT', `no answer from the stats socket within ${timeout} ms`)
  })
  const message = new Promise<ReceivedMessage>((resolve, reject) => {
    reactor.watch(socket.fd, { readable: true }, () => {
      try {
        const received = socket.receive(4096)
        if (received !== undefined) resolve(received)
      } catch (error) {
        reject(error as Error)
      }
    })
  })
  try {
    return await Promise.race([message, late])
  } finally {
    late.catch(() => {})
    stop.abort()
  }
}

/**
 * Reads a socket address as VPP's configuration has it: a path, `unix:PATH`, or `abstract:NAME`. A network
 * namespace cannot be entered from here: connect from within it.
 */
export function parseAddress(text: string): SocketAddress {
  if (text.startsWith('unix:')) return text.slice('unix:'.length)
  if (!text.startsWith('abstract:')) return text
  const name = text.slice('abstract:'.length)
  if (!name.includes(',')) return { abstract: name }
  throw new StatsError('STATS_ARGUMENT', `'${text}': run inside the network namespace and leave it out here`)
}
