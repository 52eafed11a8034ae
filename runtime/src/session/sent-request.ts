import { codecOf } from '../codec/codec.ts'
import type { JsonValue } from '../codec/json.ts'
import { planBlock } from '../codec/make-plan.ts'
import { withoutSecrets } from '../codec/without-secrets.ts'
import { FRAME_HEADER_SIZE, frameLength } from '../transport/frame.ts'
import type { DescribedMessage } from './registry.ts'

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
  { descriptor }: DescribedMessage,
): JsonValue | undefined {
  if (bytes === undefined) return undefined
  const end = start + frameLength(bytes, start)
  const message = codecOf(descriptor).decode(bytes, start + FRAME_HEADER_SIZE, end) as object
  return withoutSecrets(planBlock(descriptor), message)
}
