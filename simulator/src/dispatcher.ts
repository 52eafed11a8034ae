import { setTimeout as sleep } from 'node:timers/promises'
import type { DynamicMessage } from '@vpp-ts/runtime/dynamic'
import { VppSchemaError } from '@vpp-ts/runtime/dynamic'
import { BUILT_INS } from './builtin/index.ts'
import type { BuiltIn } from './builtin/built-in.ts'
import { subscribe, subscribes } from './builtin/subscribe.ts'
import { unmodelled } from './builtin/unmodelled.ts'
import type { Unmodelled } from './builtin/unmodelled.ts'
import { RETVAL, RetvalError } from './errors.ts'
import type { Faults } from './faults/faults.ts'
import type { TableEntry } from './release/message-table.ts'
import { Call } from './server/call.ts'
import type { Answer } from './server/call.ts'
import type { UserHandler } from './server/handler.ts'
import type { RequestLog } from './server/request-log.ts'
import type { Run } from './server/run.ts'
import { sendAnswer, sendRetval } from './server/send-answer.ts'
import type { Session } from './server/session.ts'
import type { Strict } from './server/strict.ts'

/** What a dispatcher works with. */
export interface DispatcherParts {
  readonly run: () => Run
  readonly handlers: ReadonlyMap<string, UserHandler>
  readonly faults: Faults
  readonly log: RequestLog
  readonly pageSize: number
  readonly unmodelled: Unmodelled
  readonly strict: Strict
  /** A fault says that VPP crashes. */
  readonly onCrash: () => void
  /** Told of errors that no client can be told of. */
  readonly onFailure: (error: unknown, message: string) => void
}

/**
 * Finds out what a message is, and has it answered. As in VPP there is no answer, not even an error, to an unknown id,
 * to a message too short for its layout, and to one that names a client that is not there.
 */
export class Dispatcher {
  readonly #parts: DispatcherParts

  constructor(parts: DispatcherParts) {
    this.#parts = parts
  }

  /** A promise when the client's later messages have to wait. */
  handle(session: Session, bytes: Buffer, start: number, end: number): Promise<void> | undefined {
    const call = this.#receive(session, bytes, start, end)
    if (call === undefined) return undefined
    const { effect } = call
    switch (effect?.kind) {
      case undefined:
        return this.#carryOut(call)
      case 'ignore':
        return undefined
      case 'crash':
        this.#parts.onCrash()
        return undefined
      case 'disconnect':
        session.destroy()
        return undefined
      case 'retval':
        this.#failed(call, new RetvalError(effect.retval))
        return undefined
      case 'delay':
        return this.#later(call, effect.milliseconds)
      default:
        return this.#carryOut(call)
    }
  }

  #receive(session: Session, bytes: Buffer, start: number, end: number): Call | undefined {
    const run = this.#parts.run()
    const entry = this.#requestIn(run, bytes, start, end)
    if (entry === undefined) return undefined
    const request = this.#decode(entry, bytes, start, end)
    if (request === undefined) return undefined
    const { contextOffset, descriptor } = entry.codec
    const named = descriptor.header === 'request'
    const clientIndex = named ? bytes.readUInt32BE(start + 2) : session.clientIndex
    const target = named ? run.clients.get(clientIndex) : session
    // What changes something is carried out all the same; what only reports has nobody to report to.
    if (target === undefined && entry.service?.details !== undefined) return undefined
    const context = contextOffset === undefined ? 0 : bytes.readUInt32BE(start + contextOffset)
    this.#parts.log.add({ message: entry.name, request, connection: session.number, context })
    this.#parts.strict.request({ message: entry.name, request, connection: session.number }, run.model)
    const effect = this.#parts.faults.strike(entry.name, session.number)
    return new Call({ entry, request, session, target, clientIndex, context, effect }, run.table)
  }

  #requestIn(run: Run, bytes: Buffer, start: number, end: number): TableEntry | undefined {
    if (end - start < 2) return undefined
    try {
      const entry = run.table.byId(bytes.readUInt16BE(start))
      return entry?.service === undefined || end - start < entry.codec.minimumSize ? undefined : entry
    } catch (error) {
      if (error instanceof VppSchemaError) return undefined
      throw error
    }
  }

  #decode(entry: TableEntry, bytes: Buffer, start: number, end: number): DynamicMessage | undefined {
    try {
      const handler = this.#parts.handlers.get(entry.name)
      if (handler === undefined) return entry.codec.decode(bytes, start, end)
      return handler.decode(bytes, start, end, entry.codec) as DynamicMessage
    } catch {
      return undefined
    }
  }

  #carryOut(call: Call): Promise<void> | undefined {
    const run = this.#parts.run()
    const handler = this.#parts.handlers.get(call.entry.name)
    const builtIn = (): Answer | Promise<Answer> => this.#builtIn(call)(call.request as never, run, call)
    try {
      const answer =
        handler === undefined
          ? builtIn()
          : run.events.within(call, () => handler.handle(call, run.model, builtIn))
      if (answer instanceof Promise) return this.#await(run, call, answer)
      const sending = this.#answer(call, answer)
      if (sending !== undefined)
        return this.#await(
          run,
          call,
          sending.then(() => undefined),
        )
    } catch (error) {
      this.#failed(call, error)
    }
    run.events.release(call)
    return undefined
  }

  async #await(run: Run, call: Call, pending: Promise<Answer | void>): Promise<void> {
    try {
      await this.#answer(call, await pending)
    } catch (error) {
      this.#failed(call, error)
    }
    run.events.release(call)
  }

  async #later(call: Call, milliseconds: number): Promise<void> {
    try {
      await sleep(milliseconds, undefined, { signal: this.#parts.run().signal })
    } catch {
      return
    }
    await this.#carryOut(call)
  }

  #builtIn(call: Call): BuiltIn {
    const { name, service } = call.entry
    const known = Object.hasOwn(BUILT_INS, name) ? BUILT_INS[name] : undefined
    if (known !== undefined) return known
    return service !== undefined && subscribes(service) ? subscribe : unmodelled(this.#parts.unmodelled)
  }

  /** A promise while a long answer is on its way. */
  #answer(call: Call, answer: Answer | void): Promise<void> | undefined {
    const { pageSize } = this.#parts
    return sendAnswer(call, answer, { pageSize, lastCursor: this.#parts.run().wire.lastCursor })
  }

  #refuse(call: Call, retval: number): void {
    const { reply } = call
    sendRetval(call, retval, reply === undefined ? undefined : this.#parts.run().table.byName(reply))
  }

  #failed(call: Call, error: unknown): void {
    if (!(error instanceof RetvalError)) this.#parts.onFailure(error, call.entry.name)
    try {
      this.#refuse(call, error instanceof RetvalError ? error.retval : RETVAL.UNSPECIFIED)
    } catch (refusal) {
      // Definitions from elsewhere may have a broken reply.
      this.#parts.onFailure(refusal, call.entry.name)
    }
  }
}
