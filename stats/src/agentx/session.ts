import { once } from 'node:events'
import { createConnection, type Socket } from 'node:net'
import { answer } from './answer.ts'
import { agentXError, type AgentXWriter } from './bytes.ts'
import {
  closeBody,
  encodeMessage,
  MESSAGE,
  MessageStream,
  openBody,
  registerBody,
  type Message,
} from './messages.ts'
import { formatOid, type Oid } from './oid.ts'
import type { MibView } from './view.ts'

/** What a session is for. */
export interface SessionOptions {
  /** Path of the master's Unix socket, or `tcp:HOST:PORT`. */
  readonly address: string
  readonly description: string
  /** What this end answers for. */
  readonly subtrees: readonly Oid[]
  /** From 1 to 255; of two that answer for the same the smaller wins. snmpd's own tables have 127. */
  readonly priority: number
  /** The variables as they are now. Must not fail. */
  readonly view: () => Promise<MibView>
}

/** Milliseconds that the master is given for an answer. */
const PATIENCE = 5000

/** One session with an AgentX master (RFC 2741): opened, registered, and answering until either end closes. */
export class AgentXSession {
  readonly #socket: Socket
  readonly #options: SessionOptions
  readonly #stream = new MessageStream()
  readonly #waiting = new Map<number, (message: Message) => void>()
  readonly #abort = new AbortController()
  #session = 0
  #packet = 0

  /** Settles when the session has ended. */
  readonly closed: Promise<void>

  private constructor(socket: Socket, options: SessionOptions) {
    this.#socket = socket
    this.#options = options
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        this.#abort.abort(agentXError('the connection to the master was closed'))
        resolve()
      })
    })
    // `close` follows, and is what counts.
    socket.on('error', () => {})
    socket.on('data', (bytes: Buffer) => this.#receive(bytes))
  }

  /** @throws StatsError `STATS_AGENTX` when there is no master, or it refuses; the reason of the signal */
  static async open(options: SessionOptions, signal: AbortSignal): Promise<AgentXSession> {
    const { address } = options
    const socket = createConnection(target(address))
    try {
      await once(socket, 'connect', { signal })
    } catch (cause) {
      socket.destroy()
      signal.throwIfAborted()
      throw agentXError(`no master at ${address}: ${(cause as Error).message}`, cause)
    }
    const session = new AgentXSession(socket, options)
    try {
      await session.#introduce(signal)
    } catch (error) {
      socket.destroy()
      throw error
    }
    return session
  }

  /** Tells the master, and waits until the connection has ended. */
  async close(): Promise<void> {
    if (!this.#socket.destroyed) this.#socket.end(this.#encode(MESSAGE.close, closeBody()))
    const late = setTimeout(() => this.#socket.destroy(), PATIENCE)
    await this.closed
    clearTimeout(late)
  }

  async #introduce(signal: AbortSignal): Promise<void> {
    const { description, subtrees, priority } = this.#options
    const opened = await this.#ask(MESSAGE.open, openBody(description), 'a session', signal)
    this.#session = opened.session
    for (const subtree of subtrees) {
      await this.#ask(MESSAGE.register, registerBody(subtree, priority), formatOid(subtree), signal)
    }
  }

  /** Sends a request to the master and waits until it has been granted. */
  async #ask(type: number, body: AgentXWriter, what: string, signal: AbortSignal): Promise<Message> {
    const message = this.#encode(type, body)
    const packet = this.#packet
    const late = AbortSignal.timeout(PATIENCE)
    const stopped = AbortSignal.any([signal, this.#abort.signal, late])
    const response = await new Promise<Message>((resolve, reject) => {
      stopped.addEventListener('abort', () => reject(stopped.reason as Error), { once: true })
      this.#waiting.set(packet, resolve)
      this.#socket.write(message)
    })
      .catch((error: unknown) => {
        throw late.aborted ? agentXError(`no answer to ${what} within ${PATIENCE / 1000} s`) : error
      })
      .finally(() => this.#waiting.delete(packet))
    response.body.u32()
    const status = response.body.u16()
    if (status !== 0)
      throw agentXError(`the master refuses ${what}: ${REFUSALS.get(status) ?? `error ${status}`}`)
    return response
  }

  #encode(type: number, body: AgentXWriter): Buffer {
    this.#packet++
    return encodeMessage({ type, session: this.#session, transaction: 0, packet: this.#packet }, body)
  }

  #receive(bytes: Buffer): void {
    try {
      for (const message of this.#stream.push(bytes)) {
        if (message.type === MESSAGE.response) this.#waiting.get(message.packet)?.(message)
        else if (message.type === MESSAGE.close) this.#socket.destroy()
        else void this.#answer(message)
      }
    } catch {
      // Not AgentX, or out of step: the next session begins afresh.
      this.#socket.destroy()
    }
  }

  async #answer(message: Message): Promise<void> {
    const view = await this.#options.view()
    try {
      const body = answer(message, view)
      if (body === undefined || this.#socket.destroyed) return
      this.#socket.write(encodeMessage({ ...message, type: MESSAGE.response }, body))
    } catch {
      this.#socket.destroy()
    }
  }
}

/** RFC 2741, section 6.2.16. */
const REFUSALS: ReadonlyMap<number, string> = new Map([
  [256, 'it takes no sessions now'],
  [257, 'it does not know the session'],
  [263, 'another subagent has registered it with the same priority'],
  [268, 'it does not allow it'],
])

function target(address: string): { path: string } | { host: string; port: number } {
  const [, host, port] = /^tcp:(.+):(\d+)$/.exec(address) ?? []
  if (host === undefined) return { path: address }
  return { host: host.replaceAll(/^\[|\]$/g, ''), port: Number(port) }
}
