import { isItemKind, type ItemRef } from '../kinds/item.ts'

/** Where something of the desired state is in the store. */
export interface Place {
  /** `gone`: what VPP was to have and may have still. */
  readonly shelf: 'item' | 'gone'
  readonly ref: ItemRef
}

/** Keys of the store for one instance: `instance/shelf/kind/key`. */
export class DesiredKeys {
  /** What all of them begin with. */
  readonly prefix: string

  constructor(instance: string) {
    this.prefix = `${instance}/`
  }

  item({ kind, key }: ItemRef): string {
    return `${this.prefix}item/${kind}/${key}`
  }

  gone({ kind, key }: ItemRef): string {
    return `${this.prefix}gone/${kind}/${key}`
  }

  /** Undefined for what is none of this version's. */
  placeOf(path: string): Place | undefined {
    const afterShelf = path.indexOf('/', this.prefix.length)
    const afterKind = path.indexOf('/', afterShelf + 1)
    if (afterShelf < 0 || afterKind < 0) return undefined
    const shelf = path.slice(this.prefix.length, afterShelf)
    const kind = path.slice(afterShelf + 1, afterKind)
    if ((shelf !== 'item' && shelf !== 'gone') || !isItemKind(kind)) return undefined
    return { shelf, ref: { kind, key: path.slice(afterKind + 1) } }
  }
}
