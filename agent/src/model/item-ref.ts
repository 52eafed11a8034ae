/** What names an item: its kind and a key that is natural for the kind. */
export interface ItemRef {
  readonly kind: string
  readonly key: string
}

/** Text that names an item or object among all kinds; kinds contain no blanks. */
export function idOf({ kind, key }: ItemRef): string {
  return `${kind} ${key}`
}

/** Kind and key of an id. */
export function splitId(id: string): ItemRef {
  const blank = id.indexOf(' ')
  return { kind: id.slice(0, blank), key: id.slice(blank + 1) }
}

/** An id as people read it: `interface "lan"`. */
export function called({ kind, key }: ItemRef): string {
  return `${kind} ${JSON.stringify(key)}`
}
