import type { Item, ItemRef } from '../kinds/item.ts'
import type { AlikeItems } from '../kinds/descriptor.ts'
import type { Kinds } from '../kinds/kinds.ts'
import { givenOfStored, readStored, type Declared } from './declaration.ts'

/** Texts around the name of an item that are remembered. */
const MOST = 4096

/** What values say whose texts are the same but for one name. */
interface Known {
  /** The text before the name. */
  readonly before: string
  readonly declared: Declared
}

/**
 * Reads values of the store. Those that are alike but for one name, as the routes over one next hop, are parsed once: of
 * the others only the name is taken, at a tenth of the work.
 */
export class StoredReader {
  readonly #kinds: Kinds
  /** By kind, then by the text behind the name. */
  readonly #known = new Map<string, Map<string, Known>>()
  #used = 0

  constructor(kinds: Kinds) {
    this.#kinds = kinds
  }

  /** @throws InvalidItemError when this version cannot read it */
  read({ kind, key }: ItemRef, text: string): Declared {
    const alike = this.#kinds.items.get(kind)?.alike
    const name = alike?.nameOf(key)
    const at = name === undefined ? -1 : text.indexOf(name)
    if (alike === undefined || name === undefined || at < 0) return this.#parse(kind, key, text)
    const behind = text.slice(at + name.length)
    const known = this.#known.get(kind)?.get(behind)
    if (known?.before.length === at && text.startsWith(known.before)) {
      this.#used++
      return { ...known.declared, item: alike.named(known.declared.item, name) as Item }
    }
    const declared = this.#parse(kind, key, text)
    this.#remember(kind, { alike, name, before: text.slice(0, at), behind, declared })
    return declared
  }

  #parse(kind: string, key: string, text: string): Declared {
    return readStored(text, `${kind} ${key}`, this.#kinds)
  }

  /** The same text with another name has to say the same of another name: then it does so of all. */
  #remember(kind: string, { alike, name, before, behind, declared }: Sample): void {
    const known = this.#known.get(kind) ?? new Map<string, Known>()
    if (known.size === MOST) {
      // If all values are different, nothing is gained.
      if (this.#used < MOST) return
      this.#used = 0
      known.clear()
    }
    const sample = alike.sample === name ? undefined : alike.sample
    if (sample === undefined || declared.others.length > 0) return
    const text = before + sample + behind
    // What the schema has to look at may depend on the name.
    if (this.#kinds.item(kind).plain?.(givenOfStored(text)) === undefined) return
    const other = this.#parse(kind, sample, text)
    const item = alike.named(declared.item, sample)
    if (JSON.stringify({ ...declared, item }) !== JSON.stringify(other)) return
    if (JSON.stringify(alike.named(item, name)) !== JSON.stringify(declared.item)) return
    this.#known.set(kind, known.set(behind, { before, declared }))
  }
}

interface Sample {
  readonly alike: AlikeItems
  readonly name: string
  readonly before: string
  readonly behind: string
  readonly declared: Declared
}
