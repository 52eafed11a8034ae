import { codecOf } from '../codec/codec.ts'
import type { JsonValue } from '../codec/json.ts'
import { planBlock } from '../codec/make-plan.ts'
import { withoutSecrets } from '../codec/without-secrets.ts'
import { FRAME_HEADER_SIZE, FRAME_LENGTH_OFFSET } from '../transport/frame.ts'
import type { MessageClass } from '../api/method.ts'

/**
 * Bytes that went to the socket together. Calls refer to them until they end, so that the error of one that VPP refuses
 * shows the request as it was sent; nothing is copied for it.
 */
export interface SentBatch {
  /** Undefined until they are written. */
  bytes: Buffer | undefined
}

/** The request whose frame begins at an offset of a batch: as JSON, what is secret hidden. */
export function requestOf(
  { bytes }: SentBatch,
  start: number,
  { descriptor }: MessageClass<unknown>,
): JsonValue | undefined {
  if (bytes === undefined) return undefined
  const begin = start + FRAME_HEADER_SIZE
  const end = begin + bytes.readUInt32BE(start + FRAME_LENGTH_OFFSET)
  const message = codecOf(descriptor).decode(bytes, begin, end) as object
  return withoutSecrets(planBlock(descriptor), message)
}
