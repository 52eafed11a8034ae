import { ControlPing, ControlPingReply, SockclntCreate, SockclntCreateReply } from '../bootstrap/memclnt.ts'
import { LONGEST_TIMER } from '../clock.ts'
import { VppClosedError, VppProtocolError } from '../connection/errors.ts'
import { openStream, type ByteStream, type VppTarget } from '../transport/connect.ts'
import { Registry } from './registry.ts'
import { sessionCaller } from './session-caller.ts'
import { Session, type SessionHost } from './session.ts'

/** Ids that are the same in every VPP; everything else comes from the table in the reply. */
const FIXED_IDS = [
  { index: 15, message: SockclntCreate },
  { index: 16, message: SockclntCreateReply },
]

/** What opening a session takes. */
export interface SessionOptions {
  readonly clientName: string
  /** Milliseconds for all of it. */
  readonly connectTimeout: number
  /** Milliseconds that an introduction may go on after `close`. */
  readonly closeTimeout: number
}

/**
 * Connects and introduces this client: name out; handle, message table and process id back.
 * @param close ends an attempt to connect at once. An introduction is brought to its end, so that the client can say
 *   goodbye: VPP may spin on the socket of one that leaves without
 * @throws VppConnectError, VppProtocolError, VppReplyTimeoutError, VppClosedError
 */
export async function openSession(
  target: VppTarget,
  host: SessionHost,
  options: SessionOptions,
  close: AbortSignal,
): Promise<Session> {
  const started = host.clock.now()
  const stream = await openStreamInTime(target, options.connectTimeout, close)
  const table = FIXED_IDS.map(({ index, message: { descriptor } }) => ({
    index,
    name: `${descriptor.name}_${descriptor.crc}`,
  }))
  const session = new Session(stream, new Registry(table), host)
  let timer: NodeJS.Timeout | undefined
  const hurry = () => {
    timer = setTimeout(() => {
      session.end(new VppClosedError(`the connection to ${host.target}`))
    }, options.closeTimeout)
  }
  if (close.aborted) hurry()
  else close.addEventListener('abort', hurry, { once: true })
  try {
    await introduce(session, host, options, started)
  } catch (error) {
    session.end(error as Error)
    throw error
  } finally {
    clearTimeout(timer)
    close.removeEventListener('abort', hurry)
  }
  return session
}

/** A controller of its own: what `AbortSignal.any` hangs on the signal of a long-lived connection stays there. */
async function openStreamInTime(
  target: VppTarget,
  connectTimeout: number,
  close: AbortSignal,
): Promise<ByteStream> {
  const attempt = new AbortController()
  const abort = () => {
    attempt.abort()
  }
  const timer = setTimeout(abort, Math.min(connectTimeout, LONGEST_TIMER))
  close.addEventListener('abort', abort, { once: true })
  try {
    return await openStream(target, attempt.signal)
  } finally {
    clearTimeout(timer)
    close.removeEventListener('abort', abort)
  }
}

async function introduce(
  session: Session,
  { clock, deadlines }: SessionHost,
  { clientName: name, connectTimeout }: SessionOptions,
  started: number,
): Promise<void> {
  const caller = sessionCaller(session, { clock, deadlines, replyTimeout: connectTimeout })
  const left = () => Math.max(1, connectTimeout - (clock.now() - started))
  const create = { kind: 'unary', request: SockclntCreate, reply: SockclntCreateReply } as const
  const { response, index, messageTable } = await caller.call(create, { name }, { timeout: left() })
  if (response !== 0) throw new VppProtocolError(`VPP refused the client: response ${response}`)
  session.introduced(index, new Registry(messageTable))
  const ping = { kind: 'unary', request: ControlPing, reply: ControlPingReply } as const
  session.pid = (await caller.call(ping, {}, { timeout: left() })).vpePid
}
