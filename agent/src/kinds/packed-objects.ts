import type { Packing } from '../model/packed-map.ts'
import { PackedValues } from '../model/packed-values.ts'
import type { Actual } from './descriptor.ts'

const FOREIGN = 1
const INDEXED = 2

/** How objects are kept if there are many of a kind. Those that say the same have the same bytes. */
export class PackedObjects {
  readonly #packings = new Map<string, Packing<Actual>>()

  /** For objects of a kind; the same for all who ask. */
  readonly packingOf = (kind: string): Packing<Actual> => {
    const known = this.#packings.get(kind)
    if (known !== undefined) return known
    const packing = packingFor(kind)
    this.#packings.set(kind, packing)
    return packing
  }
}

function packingFor(kind: string): Packing<Actual> {
  const values = new PackedValues()
  return {
    write({ value, foreign, index }, to) {
      to.putByte((foreign === true ? FOREIGN : 0) | (index === undefined ? 0 : INDEXED))
      if (index !== undefined) to.putWhole(index)
      return values.write(value, to)
    },
    read(key, from) {
      const flags = from.byte()
      const index = (flags & INDEXED) === 0 ? undefined : from.whole()
      const value = values.read(from)
      if (flags === 0) return { kind, key, value }
      return {
        kind,
        key,
        value,
        ...((flags & FOREIGN) === 0 ? {} : { foreign: true }),
        ...(index === undefined ? {} : { index }),
      }
    },
  }
}
