import { ControlPing, ControlPingReply, SockclntCreate, SockclntCreateReply } from '../bootstrap/memclnt.ts'
import { LONGEST_TIMER } from '../async/clock.ts'
import { unlessAborted } from '../async/unless-aborted.ts'
import { VppClosedError, VppConnectError, VppProtocolError } from '../errors/connection-errors.ts'
import { openStream, type VppTarget } from '../transport/connect.ts'
import { Registry, tableName } from '../session/registry.ts'
import { bootIdOf } from './boot.ts'
import { sessionCaller } from '../rpc/session-caller.ts'
import { Session, type SessionHost } from '../session/session.ts'

/** Ids that are the same in every VPP; everything else comes from the table in the reply. */
const FIXED_IDS = [
  { index: 15, name: tableName(SockclntCreate) },
  { index: 16, name: tableName(SockclntCreateReply) },
]

/** What opening a session takes. */
export interface SessionOptions {
  readonly clientName: string
  /** Milliseconds for all of it. */
  readonly connectTimeout: number
  /** Milliseconds that the handshake may continue after `close`. */
  readonly closeTimeout: number
}

/**
 * Connects and introduces this client: name out; handle, message table and process id back.
 * @param close ends an attempt to connect at once. An introduction is brought to its end, so that the client can say
 *   goodbye: VPP may spin on the socket of one that leaves without
 * @throws VppConnectError, VppConnectionLostError, VppProtocolError, VppMessageUnavailableError
 */
export async function openSession(
  target: VppTarget,
  host: SessionHost,
  { clientName, connectTimeout, closeTimeout }: SessionOptions,
  close: AbortSignal,
): Promise<Session> {
  const opening = new AbortController()
  let session: Session | undefined
  let late: VppConnectError | undefined
  let timer = setTimeout(
    () => {
      late = new VppConnectError(
        'VPP_CONNECT_TIMEOUT',
        host.target,
        `${host.target}: connected, but VPP did not complete the handshake in time (option connectTimeout)`,
      )
      opening.abort()
      session?.end(late)
    },
    Math.min(connectTimeout, LONGEST_TIMER),
  )
  const hurry = () => {
    opening.abort()
    clearTimeout(timer)
    const closed = new VppClosedError(`the connection to ${host.target}`)
    timer = setTimeout(() => session?.end(closed), closeTimeout)
  }
  if (close.aborted) hurry()
  else close.addEventListener('abort', hurry, { once: true })
  try {
    const before = await bootId(target, opening.signal)
    session = new Session(await openStream(target, opening.signal), new Registry(FIXED_IDS), host)
    await introduce(session, host, clientName)
    // A VPP that was started meanwhile has another identity: which of the two answered is not known.
    const after = await bootId(target, session.over)
    session.bootId = before === after ? after : undefined
    session.over.throwIfAborted()
    return session
  } catch (error) {
    session?.end(error as Error)
    throw session === undefined ? error : (late ?? error)
  } finally {
    clearTimeout(timer)
    close.removeEventListener('abort', hurry)
  }
}

/** Without an answer in time, or with an error, there is no identity: that does not prevent a connection. */
function bootId(target: VppTarget, signal: AbortSignal): Promise<string | undefined> {
  return unlessAborted(bootIdOf(target), signal).catch(() => undefined)
}

/** Its calls have no separate timeouts: what limits the attempt limits them. */
async function introduce(
  session: Session,
  { clock, deadlines, observer }: SessionHost,
  name: string,
): Promise<void> {
  const caller = sessionCaller(session, { clock, deadlines, observer, timeout: Infinity })
  const create = { kind: 'unary', request: SockclntCreate, reply: SockclntCreateReply } as const
  const { response, index, messageTable } = await caller.call(create, { name })
  if (response !== 0) throw new VppProtocolError(`VPP refused the client: response ${response}`)
  session.introduced(index, new Registry(messageTable))
  const ping = { kind: 'unary', request: ControlPing, reply: ControlPingReply } as const
  session.pid = (await caller.call(ping, {})).vpePid
}
