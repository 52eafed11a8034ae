import type { ByteWriter } from '../codec/writer.ts'
import { keepRequest, writeFrame, writeKept } from './frame-writer.ts'
import { Pending } from './pending.ts'
import { Outgoing, type Registry } from './registry.ts'

/** A call of one request. */
export abstract class SingleRequest extends Pending {
  override freeze(writer: ByteWriter): void {
    if (this.waitsEncoded) return
    const at = writer.length
    keepRequest(writer, new Outgoing(this.request.descriptor), this.value)
    this.keep(writer.bytes, at)
  }

  override prepare(registry: Registry): Outgoing {
    return registry.outgoing(this.request)
  }

  override write(writer: ByteWriter, outgoing: Outgoing, clientIndex: number, context: number): void {
    const { kept } = this
    if (kept === undefined) writeFrame(writer, outgoing, this.value, clientIndex, context)
    else writeKept(writer, kept, this.keptAt, outgoing, clientIndex, context)
  }
}
