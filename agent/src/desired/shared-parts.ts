/** Different texts and lists that are remembered; what comes later is kept as it is. */
const MOST = 10_000
/** Items in a list that is shared: longer ones are hardly ever the same. */
const LONGEST = 8

/**
 * Parts of items that are the same in many: a full table of the internet has a million routes over a few hundred next
 * hops. Kept once, they take a third of the memory.
 */
export class SharedParts {
  readonly #lists = new Map<string, unknown>()
  readonly #texts = new Map<string, string>()

  /** The same item, its lists those that others have too. */
  ofItem<T extends object>(item: T): T {
    for (const [field, value] of Object.entries(item)) {
      if (!Array.isArray(value) || value.length === 0 || value.length > LONGEST) continue
      const text = JSON.stringify(value)
      const known = this.#lists.get(text)
      if (known !== undefined) Reflect.set(item, field, known)
      else if (this.#lists.size < MOST) this.#lists.set(text, value)
    }
    return item
  }

  /** The same text, in memory once. */
  ofText(text: string): string {
    const known = this.#texts.get(text)
    if (known !== undefined) return known
    if (this.#texts.size < MOST) this.#texts.set(text, text)
    return text
  }
}
