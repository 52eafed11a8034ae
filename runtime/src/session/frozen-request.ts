import { HEADER_SIZE } from '../codec/header.ts'
import { planBlock } from '../codec/make-plan.ts'
import { ByteWriter } from '../codec/writer.ts'
import { FRAME_HEADER_SIZE } from '../transport/frame.ts'
import type { MessageClass } from '../api/method.ts'
import { writeFrame } from './frame-writer.ts'
import { Outgoing } from './registry.ts'

/**
 * A request as it was at the call, for a call that is sent later or in several pages: encoded at once, so that what the
 * caller does to the object afterwards changes nothing.
 */
export class FrozenRequest {
  readonly type: MessageClass<unknown>
  readonly #frame: Buffer
  readonly #cursorAt: number | undefined

  /** @throws VppEncodeError */
  constructor(type: MessageClass<unknown>, value: object) {
    const outgoing = new Outgoing(type.descriptor)
    const writer = new ByteWriter(FRAME_HEADER_SIZE + outgoing.codec.minimumSize)
    writeFrame(writer, outgoing, value, 0, 0)
    this.type = type
    this.#frame = writer.take()
    this.#cursorAt = cursorOffset(type)
  }

  /** Bytes of the frame. */
  get length(): number {
    return this.#frame.length
  }

  /** Where the first page begins; undefined when the request has no cursor, so that VPP does not answer in pages. */
  get cursor(): number | undefined {
    return this.#cursorAt === undefined ? undefined : this.#frame.readUInt32BE(this.#cursorAt)
  }

  /** Appends the frame, from another cursor if one is given; gives back where it begins. */
  append(writer: ByteWriter, cursor: number | undefined): number {
    const at = writer.reserve(this.#frame.length)
    this.#frame.copy(writer.bytes, at)
    if (cursor !== undefined && this.#cursorAt !== undefined)
      writer.bytes.writeUInt32BE(cursor, at + this.#cursorAt)
    return at
  }
}

function cursorOffset({ descriptor }: MessageClass<unknown>): number | undefined {
  const field = planBlock(descriptor).fields.find(({ wireName }) => wireName === 'cursor')
  if (field === undefined || field.plan.kind !== 'scalar' || field.plan.type !== 'u32') return undefined
  return FRAME_HEADER_SIZE + HEADER_SIZE[descriptor.header] + field.offset
}
