import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { ControlPing, ControlPingReply } from '../bootstrap/memclnt.ts'
import { ByteWriter } from '../codec/writer.ts'
import { atCaller } from '../errors/caller-stack.ts'
import { VppConnectionLostError, VppNotConnectedError } from '../errors/connection-errors.ts'
import { FrameParser } from '../transport/frame.ts'
import type { ByteStream } from '../transport/connect.ts'
import type { Clock } from '../async/clock.ts'
import type { Observer } from '../observe/observer.ts'
import type { Deadlines } from './deadlines.ts'
import { Freezer } from './freezer.ts'
import type { Pending } from './pending.ts'
import { PendingTable } from './pending-table.ts'
import { USUAL_CONTEXT_OFFSET, type Incoming, type Outgoing, type Registry } from './registry.ts'
import type { SentBatch } from './sent-request.ts'
import { UnaryCall } from './unary-call.ts'
import { Waiting } from './waiting.ts'

/** What a session needs of the connection that it belongs to. */
export interface SessionHost {
  readonly target: string
  readonly clock: Clock
  readonly deadlines: Deadlines
  readonly observer: Observer
  /** Requests under way at most; further ones wait. */
  readonly maxOutstanding: number
  readonly maxMessageLength: number
  /** A message has come that no call asked for; false when there is no reader for it. */
  unsolicited(incoming: Incoming, bytes: Buffer, start: number, end: number): boolean
  /** A request has been answered or given up. */
  roomMade(): void
  /** The stream has ended; its calls are failed next. */
  sessionEnded(session: Session, error: Error): void
}

/** Memory that requests of one tick are put together in. */
const OUTPUT_SIZE = 64 * 1024
/** Smaller output is copied, so that the writer keeps its memory. */
const COPY_BELOW = 4096

const PING = { request: ControlPing, reply: ControlPingReply }

/** A message with an id that is not in the table. */
const UNKNOWN = {
  name: 'a message with an unknown id',
  crc: '',
  contextOffset: USUAL_CONTEXT_OFFSET,
  listeners: [],
}

/** One connection to one VPP process, from handshake to end: framing, ids, contexts, flow control. */
export class Session {
  /** Handle that VPP gave to this client. */
  clientIndex = 0
  registry: Registry
  /** VPP's process id, as its ping reply says. */
  pid = 0
  /** Identity of this run of VPP, from outside the API; undefined when there is none. */
  bootId: string | undefined
  /** Clock reading of the last bytes from VPP. */
  lastReceived: number

  readonly #stream: Duplex
  readonly #host: SessionHost
  readonly #parser: FrameParser
  readonly #pending: PendingTable
  readonly #waiting = new Waiting()
  /** Calls that were given up after they were written. They count until VPP has answered: it queues without bound. */
  readonly #abandoned = new Set<Pending>()
  #fenced = false
  readonly #output = new ByteWriter(OUTPUT_SIZE)
  readonly #freezer = new Freezer()
  /** The requests that are in the output. */
  #batch: SentBatch = { bytes: undefined }
  /** Messages in the output that get no answer. They count until they are written: nothing else limits them. */
  #oneWay = 0
  /** True while a request is being encoded. */
  #writing = false
  #flushPlanned = false
  #blocked = false
  #ended: Error | undefined
  readonly #over = new AbortController()

  /** @param firstContext where contexts begin; a test of wrapping begins near the end */
  constructor(
    { duplex: stream, receive }: ByteStream,
    registry: Registry,
    host: SessionHost,
    firstContext = 1,
  ) {
    this.#stream = stream
    this.#host = host
    this.registry = registry
    this.lastReceived = host.clock.now()
    this.#pending = new PendingTable(host.maxOutstanding, firstContext)
    this.#parser = new FrameParser((bytes, start, end) => {
      this.#receive(bytes, start, end)
    }, host.maxMessageLength)
    receive(this.#take)
    stream.on('drain', this.#drained)
    stream.once('error', (error: Error) => {
      this.end(error)
    })
    stream.once('close', () => {
      this.end(new Error('VPP closed the connection'))
    })
    stream.once('end', () => {
      this.end(new Error('VPP closed the connection'))
    })
  }

  /** Takes over what VPP said of itself and this client. */
  introduced(clientIndex: number, registry: Registry): void {
    this.clientIndex = clientIndex
    this.registry = registry
    this.#pending.avoided = clientIndex
  }

  /** The process may end though the session goes on, or may not again. */
  keepAlive(on: boolean): void {
    const { ref, unref } = this.#stream as Partial<Pick<Socket, 'ref' | 'unref'>>
    ;(on ? ref : unref)?.call(this.#stream)
  }

  /** Aborts when the session ends, with the error that its calls get. */
  get over(): AbortSignal {
    return this.#over.signal
  }

  /** Calls that were written and have not ended. */
  get outstanding(): number {
    return this.#pending.size - this.#abandoned.size - (this.#fenced ? 1 : 0)
  }

  /** Requests that were given up, and that VPP has not answered. */
  get abandoned(): number {
    return this.#abandoned.size
  }

  /** Requests that wait to be written. */
  get queued(): number {
    return this.#waiting.size
  }

  /** Sends a call now, or as soon as there is room. It is failed when that is not possible. */
  submit(pending: Pending): void {
    if (this.#ended !== undefined) {
      this.#host.deadlines.remove(pending)
      pending.fail(new VppNotConnectedError(this.#host.target, { cause: this.#ended }))
      return
    }
    try {
      const outgoing = pending.prepare(this.registry)
      if (this.#hasRoom() && this.#waiting.size === 0 && !this.#writing) this.#write(pending, outgoing)
      else this.#enqueue(pending)
    } catch (error) {
      this.#release(pending)
      pending.fail(atCaller(error))
    }
  }

  /** The call was settled from outside: it waits no longer, and a reply that still comes is dropped. */
  forget(pending: Pending): void {
    this.#host.deadlines.remove(pending)
    if (pending.queued) {
      pending.dropContent()
      this.#waiting.settled(pending)
    } else if (this.#pending.get(pending.context) === pending) {
      this.#abandon(pending)
    }
  }

  /** Fails all calls; the session itself continues. */
  failAll(error: Error): void {
    this.#abandoned.clear()
    for (const pending of [...this.#pending.takeAll(), ...this.#waiting.takeAll()]) {
      this.#host.deadlines.remove(pending)
      pending.fail(error)
    }
  }

  /**
   * Writes what is in the output and ends the stream in order.
   * @param last is written too, even if there is no room
   */
  finish(cause: Error = new Error('closed by this program'), last?: Pending): void {
    if (last !== undefined && this.#ended === undefined) {
      this.#write(last, last.prepare(this.registry))
    }
    this.#flush()
    this.end(cause)
  }

  /** Ends the session at once: every call fails with `VPP_CONNECTION_LOST`. */
  end(cause: Error): void {
    if (this.#ended !== undefined) return
    this.#ended = cause
    this.#parser.stop()
    this.#stream.off('drain', this.#drained)
    // A stream that fails while it is being destroyed has no one left to notify.
    this.#stream.on('error', () => {})
    this.#stream.destroy()
    const error = new VppConnectionLostError(this.#host.target, { cause })
    // First: what a failed call brings about at once must not come to this session.
    this.#host.sessionEnded(this, cause)
    this.failAll(error)
    this.#over.abort(error)
  }

  readonly #take = (bytes: Buffer, end: number): void => {
    if (this.#ended !== undefined) return
    this.lastReceived = this.#host.clock.now()
    try {
      this.#parser.push(bytes, end)
    } catch (error) {
      this.end(error as Error)
    }
  }

  readonly #drained = (): void => {
    this.#blocked = false
    this.#flush()
    this.#pump()
  }

  #receive(bytes: Buffer, start: number, end: number): void {
    const id = bytes.readUInt16BE(start)
    const incoming = this.registry.byId(id)
    const { observer } = this.#host
    if (incoming === undefined) {
      if (!this.#receiveMisnamed({ ...UNKNOWN, id }, bytes, start, end)) observer.unknown(id)
      return
    }
    const at = start + incoming.contextOffset
    const context = incoming.contextOffset < 0 || at + 4 > end ? 0 : bytes.readUInt32BE(at)
    const pending = this.#pending.get(context)
    if (incoming.listeners.length > 0) {
      if (incoming.contextOffset < 0 && this.#receiveMisnamed(incoming, bytes, start, end)) return
      for (const listener of incoming.listeners) listener.deliver(bytes, start, end)
      // Events have no context, but a listener may also ask for a message that answers a call.
      if (pending === undefined) {
        observer.received(incoming.name, 0, 0, bytes, start, end)
        this.#host.unsolicited(incoming, bytes, start, end)
        return
      }
    }
    if (pending === undefined || pending.settled) {
      if (
        incoming.contextOffset !== USUAL_CONTEXT_OFFSET &&
        this.#receiveMisnamed(incoming, bytes, start, end)
      )
        return
      if (pending === undefined && this.#host.unsolicited(incoming, bytes, start, end)) {
        observer.received(incoming.name, 0, 0, bytes, start, end)
        return
      }
      observer.unmatched(incoming.name, context)
      if (pending?.ends(incoming) !== true) return
      this.#answered(pending)
      pending.late()
      return
    }
    observer.received(incoming.name, context, pending.channel, bytes, start, end)
    this.#dispatch(pending, incoming, bytes, start, end)
  }

  /**
   * VPP sends some replies with an id that lacks their plugin's base, which is that of any other message or of none.
   * Context and length tell which call they belong to.
   */
  #receiveMisnamed(incoming: Incoming, bytes: Buffer, start: number, end: number): boolean {
    const at = start + USUAL_CONTEXT_OFFSET
    const pending = at + 4 > end ? undefined : this.#pending.get(bytes.readUInt32BE(at))
    if (pending === undefined || pending.settled || !pending.fits(end - start)) return false
    this.#host.observer.received(incoming.name, pending.context, pending.channel, bytes, start, end)
    this.#dispatch(pending, incoming, bytes, start, end)
    return true
  }

  #dispatch(pending: Pending, incoming: Incoming, bytes: Buffer, start: number, end: number): void {
    try {
      if (!pending.receive(incoming, bytes, start, end)) return
      this.#host.observer.replied(pending)
    } catch (error) {
      pending.fail(error)
    }
    if (pending.ends(incoming)) this.#answered(pending)
    else this.forget(pending)
  }

  /** VPP sends nothing more for this call: its place is free. */
  #answered(pending: Pending): void {
    this.#abandoned.delete(pending)
    this.#release(pending)
    if (this.#waiting.size > 0) this.#pump()
    this.#host.roomMade()
  }

  #abandon(pending: Pending): void {
    this.#abandoned.add(pending)
    if (this.#waiting.size > 0) this.#fence()
  }

  /**
   * VPP answers in order, but some requests never. When abandoned calls keep others waiting, a ping behind them tells
   * which of them VPP has passed.
   */
  #fence(): void {
    if (this.#fenced || this.#ended !== undefined || this.#abandoned.size === 0 || this.#hasRoom()) return
    this.#fenced = true
    const open = () => {
      this.#fenced = false
      for (const pending of this.#abandoned) {
        if ((ping.context - pending.context) >>> 0 < 0x8000_0000) this.#answered(pending)
      }
      if (this.#waiting.size > 0) this.#fence()
    }
    const failed = (reason: Promise<never>) => {
      reason.catch(() => {})
      this.#fenced = false
    }
    const ping = new UnaryCall(PING, {}, this.#host.clock.now(), Infinity, this.#host.observer, (reply) => {
      if (reply instanceof Promise) failed(reply)
      else open()
    })
    this.#write(ping, ping.prepare(this.registry))
  }

  #release(pending: Pending): void {
    if (pending.context !== 0) {
      this.#pending.remove(pending)
      pending.context = 0
    }
    pending.dropContent()
    this.#host.deadlines.remove(pending)
  }

  #hasRoom(): boolean {
    return !this.#blocked && this.#pending.size + this.#oneWay < this.#host.maxOutstanding
  }

  #write(pending: Pending, outgoing: Outgoing): void {
    const context = pending.oneWay ? 0 : this.#pending.add(pending)
    const start = this.#output.length
    if (pending.waitsEncoded) pending.write(this.#output, outgoing, this.clientIndex, context)
    else this.#encode(pending, outgoing, context)
    pending.sent(this.#batch, start)
    this.#host.observer.sent(pending.messageName, context, pending.channel, this.#output.bytes, start)
    if (pending.oneWay) {
      this.#oneWay++
      this.#release(pending)
      pending.written()
    }
    this.#planFlush()
  }

  /** A getter of the request may call back into this session: what it sends waits until the request is whole. */
  #encode(pending: Pending, outgoing: Outgoing, context: number): void {
    this.#writing = true
    try {
      pending.write(this.#output, outgoing, this.clientIndex, context)
    } finally {
      this.#writing = false
      if (this.#waiting.size > 0) process.nextTick(this.#pumpLater)
    }
  }

  /** The frames are made at once: a caller may change its request as soon as the call returned. */
  #enqueue(pending: Pending): void {
    this.#freezer.freeze(pending)
    this.#waiting.push(pending)
    this.#fence()
  }

  readonly #pumpLater = (): void => {
    this.#pump()
  }

  #pump(): void {
    while (this.#waiting.size > 0 && this.#ended === undefined && this.#hasRoom()) {
      const pending = this.#waiting.shift()
      if (pending !== undefined) this.#write(pending, pending.prepare(this.registry))
    }
  }

  /** All requests of one tick, and those that its replies bring about, go out in one write. */
  #planFlush(): void {
    if (this.#flushPlanned) return
    this.#flushPlanned = true
    process.nextTick(this.#flush)
  }

  readonly #flush = (): void => {
    this.#flushPlanned = false
    const { length } = this.#output
    if (length === 0 || this.#blocked || this.#ended !== undefined) return
    let bytes: Buffer
    if (length < COPY_BELOW) {
      bytes = Buffer.from(this.#output.bytes.subarray(0, length))
      this.#output.clear()
    } else {
      bytes = this.#output.take()
    }
    this.#batch.bytes = bytes
    this.#batch = { bytes: undefined }
    if (!this.#stream.write(bytes)) this.#blocked = true
    if (this.#oneWay === 0) return
    this.#oneWay = 0
    if (this.#waiting.size > 0) this.#pump()
    this.#host.roomMade()
  }
}
