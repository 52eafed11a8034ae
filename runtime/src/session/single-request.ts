import type { ByteWriter } from '../codec/writer.ts'
import type { MessageClass } from '../api/method.ts'
import { patchFrame, unassigned, writeFrame } from './frame-writer.ts'
import { Pending, type CallObserver } from './pending.ts'
import type { Outgoing, Registry } from './registry.ts'

/** Stands for a request that has been encoded. */
const ENCODED = {}

/** A call of one request. */
export abstract class SingleRequest extends Pending {
  #value: object
  #outgoing: Outgoing | undefined = undefined

  constructor(
    request: MessageClass<unknown>,
    value: object,
    started: number,
    timeout: number,
    observer: CallObserver,
  ) {
    super(request, started, timeout, observer)
    this.#value = value
  }

  /** What is encoded is not kept: it may be large, and calls that wait may be many. */
  override freeze(writer: ByteWriter): void {
    super.freeze(writer)
    this.#value = ENCODED
  }

  override prepare(registry: Registry): void {
    this.#outgoing = registry.outgoing(this.request)
  }

  override write(writer: ByteWriter, clientIndex: number, context: number): void {
    writeFrame(writer, this.#outgoing ?? unassigned(this.request), this.#value, clientIndex, context)
  }

  override patch(bytes: Buffer, offset: number, clientIndex: number, context: number): void {
    patchFrame(bytes, offset, this.#outgoing ?? unassigned(this.request), clientIndex, context)
  }
}
