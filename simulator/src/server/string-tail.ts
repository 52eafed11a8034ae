import type { FieldSpec, MessageDescriptor } from '@vpp-ts/runtime/internal'
import { HEADER_SIZE, layoutOfFields } from '@vpp-ts/runtime/internal'

/** A fixed string of a message: where it begins in the message, and its size. */
interface Span {
  readonly offset: number
  readonly size: number
}

const spans = new WeakMap<MessageDescriptor, readonly Span[]>()

/** Puts garbage behind the NUL of every fixed string of a message that begins at `start`. */
export function fillStringTails(descriptor: MessageDescriptor, bytes: Uint8Array, start: number): void {
  for (const { offset, size } of spansOf(descriptor)) {
    const from = start + offset
    const end = from + size
    const nul = bytes.indexOf(0, from)
    if (nul >= from && nul + 1 < end) bytes.fill(0xa5, nul + 1, end)
  }
}

function spansOf(descriptor: MessageDescriptor): readonly Span[] {
  let found = spans.get(descriptor)
  if (found === undefined) {
    found = [...stringsIn(descriptor.fields, HEADER_SIZE[descriptor.header])]
    spans.set(descriptor, found)
  }
  return found
}

/** Fixed strings at the top and in structs that occur once; what lies in arrays is left alone. */
function* stringsIn(fields: readonly FieldSpec[], base: number): Iterable<Span> {
  for (const [index, [, , type, length]] of fields.entries()) {
    const offset = base + layoutOfFields(fields.slice(0, index)).size
    if (type === 'string') {
      if (typeof length === 'number' && length > 0) yield { offset, size: length }
    } else if (typeof type !== 'string' && length === undefined && type.descriptor.kind === 'struct') {
      yield* stringsIn(type.descriptor.fields, offset)
    }
  }
}
