import { BITS, canonicalPrefix, familyOf } from '../model/ip.ts'

/** The network of an address or a prefix. */
export function networkOf(text: string): string {
  return canonicalPrefix(text) ?? text
}

/** Number of bits of a prefix. */
export function lengthOf(prefix: string): number {
  return Number(prefix.slice(prefix.lastIndexOf('/') + 1))
}

/** True when a prefix has all addresses of another one. */
export function covers(prefix: string, other: string): boolean {
  if (familyOf(prefix) !== familyOf(other)) return false
  const length = lengthOf(prefix)
  if (length > lengthOf(other)) return false
  return networkOf(`${other.slice(0, other.lastIndexOf('/'))}/${length}`) === networkOf(prefix)
}

/** Prefixes of one family that can be asked which of them is around another one. */
export class Networks<T> {
  readonly #byLength = new Map<number, Map<string, T>>()

  /** @returns what is there already */
  add(prefix: string, value: T): T | undefined {
    const length = lengthOf(prefix)
    const known = this.#byLength.get(length) ?? new Map<string, T>()
    this.#byLength.set(length, known)
    const before = known.get(prefix)
    if (before === undefined) known.set(prefix, value)
    return before
  }

  /** What has the longest prefix around this one, other than itself. */
  around(prefix: string): T | undefined {
    const address = prefix.slice(0, prefix.lastIndexOf('/'))
    const bits = Math.min(lengthOf(prefix) - 1, BITS[familyOf(prefix)])
    for (let length = bits; length >= 0; length--) {
      const known = this.#byLength.get(length)
      const found = known?.get(networkOf(`${address}/${length}`))
      if (found !== undefined) return found
    }
    return undefined
  }
}
