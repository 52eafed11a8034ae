import type { Item, ItemRef } from '../kinds/item.ts'
import type { Cursor } from '../model/cursor.ts'
import { PackedList } from '../model/packed-list.ts'
import { PackedValues } from '../model/packed-values.ts'
import type { Declared } from './declaration.ts'
import type { DesiredKeys } from './desired-keys.ts'

/** The change of one key of the store. */
export interface PlannedWrite {
  readonly ref: ItemRef
  readonly path: string
  /** The value that it comes to have; undefined when it is deleted. */
  readonly value: string | undefined
  /** What the value says; undefined when it is deleted, or has to be read to be known. */
  readonly declared: Declared | undefined
  /** The value that it has; undefined when there is none. */
  readonly before: string | undefined
  /** The item that was in force. */
  readonly was: Item | undefined
}

/** A list for many of them. */
export function plannedWrites(keys: DesiredKeys): PackedList<PlannedWrite> {
  const words = new PackedValues()
  const items = new PackedValues()
  return new PackedList({
    write({ ref, value, before, declared, was }, to) {
      if (declared !== undefined && declared.others.length > 0) return false
      words.write(ref.kind, to)
      to.putText(ref.key)
      putText(value, to)
      putText(before, to)
      words.write(declared?.origin, to)
      return items.write(declared?.item, to) && items.write(was, to)
    },
    read(from) {
      const ref = { kind: words.read(from) as string, key: from.text() }
      const value = textOf(from)
      const before = textOf(from)
      const origin = words.read(from) as string | undefined
      const item = items.read(from) as Item | undefined
      const declared = origin === undefined || item === undefined ? undefined : { origin, item, others: [] }
      const was = items.read(from) as Item | undefined
      return { ref, path: keys.item(ref), value, declared, before, was }
    },
  })
}

function putText(text: string | undefined, to: Cursor): void {
  to.putByte(text === undefined ? 0 : 1)
  if (text !== undefined) to.putText(text)
}

function textOf(from: Cursor): string | undefined {
  return from.byte() === 0 ? undefined : from.text()
}
