import type { DynamicMessage } from '@vpp-ts/runtime/dynamic'
import type { FaultEffect } from '../faults/effect.ts'
import { MISNAMED_REPLIES } from '../faults/misnamed.ts'
import type { MessageTable, TableEntry } from '../release/message-table.ts'
import type { FrameShape } from './output.ts'
import type { Session } from './session.ts'

/**
 * What a handler gives back. Of a request with one reply: the reply's fields, or a list of several replies. Of a dump:
 * its details. Of a `…_get`: its details (the reply then says 0), or details and reply. Nothing: nothing is sent.
 */
export type Answer = Fields | Iterable<Fields> | StreamAnswer | undefined

/** Fields of a message by the names of its class; those left out take the default of the API, or zero. */
export type Fields = object

/** Answer to a `…_get`. */
export interface StreamAnswer {
  readonly details: Iterable<Fields>
  readonly reply: Fields
}

/** What VPP sends beside a file descriptor. */
const FD_MESSAGE = Buffer.from('fdmsg')

/** One request on its way through the simulator. */
export class Call {
  readonly entry: TableEntry
  readonly request: DynamicMessage
  /** Who sent it. */
  readonly session: Session
  /** Whom the answer goes to: the client that the request names, as in VPP. Undefined: nobody. */
  readonly target: Session | undefined
  /** The client handle in the request. */
  readonly clientIndex: number
  readonly context: number
  /** What goes wrong with the answer. */
  readonly effect: FaultEffect | undefined
  /** True once nothing more is answered. */
  settled = false
  readonly #table: MessageTable
  #sent = 0

  constructor(
    parts: Pick<Call, 'entry' | 'request' | 'session' | 'target' | 'clientIndex' | 'context' | 'effect'>,
    table: MessageTable,
  ) {
    this.entry = parts.entry
    this.request = parts.request
    this.session = parts.session
    this.target = parts.target
    this.clientIndex = parts.clientIndex
    this.context = parts.context
    this.effect = parts.effect
    this.#table = table
  }

  /** Name of the reply that VPP sends, which is that of another request for some; undefined for a dump. */
  get reply(): string | undefined {
    const { name, service } = this.entry
    const other = Object.hasOwn(MISNAMED_REPLIES, name) ? MISNAMED_REPLIES[name] : undefined
    return other !== undefined && this.#table.idOf(other) !== undefined ? other : service?.reply
  }

  /**
   * Sends a message with the context of the request to whoever gets the answer.
   * @param tail bytes of garbage behind it, as VPP sends with some messages
   */
  send(message: string, fields: Fields, tail?: number): void {
    const { target, effect } = this
    if (target === undefined || !target.alive) return
    const entry = this.#table.byName(effect?.kind === 'reply-as' ? effect.name : message)
    if (effect === undefined) {
      const shape = tail === undefined ? undefined : { tail }
      target.output.message(entry, fields, this.clientIndex, this.context, shape)
    } else {
      this.#sendFaulty(target, entry, fields, effect)
    }
    this.#sent++
  }

  #sendFaulty(target: Session, entry: TableEntry, fields: Fields, effect: FaultEffect): void {
    if (effect.kind === 'lose-answer') return
    if (effect.kind === 'fdmsg' && this.#sent === 0) target.output.raw(FD_MESSAGE)
    if (effect.kind === 'garbage' && this.#sent === 0) target.output.raw(effect.bytes)
    if (effect.kind === 'event') {
      target.output.message(this.#table.byName(effect.name), effect.fields ?? {}, this.clientIndex, 0)
    }
    const send = (): void =>
      target.output.message(entry, fields, this.clientIndex, this.context, shapeOf(effect))
    send()
    if (effect.kind === 'twice') send()
    if (effect.kind === 'cut') target.close()
  }
}

function shapeOf(effect: FaultEffect): FrameShape | undefined {
  switch (effect.kind) {
    case 'cut':
      return { keep: effect.bytes }
    case 'trailing':
      return { tail: effect.bytes }
    case 'announce':
      return { announce: effect.length }
    case 'id':
      return { id: effect.id }
    default:
      return undefined
  }
}
