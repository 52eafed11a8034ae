import type { HeaderKind } from './descriptor.ts'
import { storeInteger } from './numbers.ts'

/** Bytes before the first own field of a message, the id included. */
export const HEADER_SIZE: Readonly<Record<HeaderKind, number>> = { request: 10, reply: 6, event: 6, none: 2 }

/** Offset of the context from the start of a message. */
export const CONTEXT_OFFSET: Readonly<Record<HeaderKind, number | undefined>> = {
  request: 6,
  reply: 2,
  event: undefined,
  none: undefined,
}

/** Writes the id and those of the two other fields that the layout has. Numbers are cut to their width. */
export function writeHeader(
  bytes: Uint8Array,
  at: number,
  header: HeaderKind,
  id: number,
  clientIndex: number,
  context: number,
): void {
  storeInteger(bytes, at, 2, id)
  if (header === 'none') return
  storeInteger(bytes, at + 2, 4, header === 'reply' ? context : clientIndex)
  if (header === 'request') storeInteger(bytes, at + 6, 4, context)
}
