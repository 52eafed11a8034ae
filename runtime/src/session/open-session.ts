import { ControlPing, ControlPingReply, SockclntCreate, SockclntCreateReply } from '../bootstrap/memclnt.ts'
import { VppProtocolError } from '../connection/errors.ts'
import { Caller } from '../rpc/caller.ts'
import { openStream, type VppTarget } from '../transport/connect.ts'
import { Registry } from './registry.ts'
import { Session, type SessionHost } from './session.ts'

/** Ids that are the same in every VPP; everything else comes from the table in the reply. */
const FIXED_IDS = [
  { index: 15, message: SockclntCreate },
  { index: 16, message: SockclntCreateReply },
]

/** What opening a session takes. */
export interface SessionOptions {
  readonly clientName: string
  readonly connectTimeout: number
}

/**
 * Connects and introduces this client: name out; handle, message table and process id back.
 * @throws VppConnectError, VppProtocolError, VppReplyTimeoutError
 */
export async function openSession(
  target: VppTarget,
  host: SessionHost,
  options: SessionOptions,
  abort: AbortSignal,
): Promise<Session> {
  const { connectTimeout, clientName } = options
  const limit = Number.isFinite(connectTimeout) ? [AbortSignal.timeout(connectTimeout)] : []
  const stream = await openStream(target, AbortSignal.any([abort, ...limit]))
  const table = FIXED_IDS.map(({ index, message: { descriptor } }) => ({
    index,
    name: `${descriptor.name}_${descriptor.crc}`,
  }))
  const session = new Session(stream, new Registry(table), host)
  const end = () => {
    session.end(new Error('closed by this program'))
  }
  abort.addEventListener('abort', end, { once: true })
  try {
    await introduce(session, host, clientName, connectTimeout)
  } catch (error) {
    session.end(error as Error)
    throw error
  } finally {
    abort.removeEventListener('abort', end)
  }
  return session
}

async function introduce(session: Session, host: SessionHost, name: string, timeout: number): Promise<void> {
  const caller = new Caller({
    clock: host.clock,
    deadlines: host.deadlines,
    replyTimeout: timeout,
    submit: (pending) => {
      session.submit(pending)
    },
    forget: (pending) => {
      session.forget(pending)
    },
  })
  const create = { kind: 'unary', request: SockclntCreate, reply: SockclntCreateReply } as const
  const { response, index, messageTable } = await caller.call(create, { name })
  if (response !== 0) throw new VppProtocolError(`VPP refused the client: response ${response}`)
  session.clientIndex = index
  session.registry = new Registry(messageTable)
  const ping = { kind: 'unary', request: ControlPing, reply: ControlPingReply } as const
  session.pid = (await caller.call(ping, {})).vpePid
}
