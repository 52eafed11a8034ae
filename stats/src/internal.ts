/*
 * For sibling packages only, without promises: the layout of the segment, and reading one without a socket.
 */
export {
  ENTRY_NAME,
  ENTRY_NAME_SIZE,
  ENTRY_SIZE,
  ENTRY_VALUE,
  HeaderQuad,
  Kind,
  RING_CACHE_LINE,
  RingMetadata,
  RingOffset,
  VERSION,
} from './segment/layout.ts'
export { RETRY, SegmentReader, type SegmentSource } from './segment/reader.ts'
export type { StatEntry } from './entries.ts'
export { selectIndexes } from './prepared.ts'
