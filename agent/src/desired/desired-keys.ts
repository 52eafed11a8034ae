import type { ItemRef } from '../kinds/item.ts'

/**
 * An item with all its declarations, (`gone`) what VPP had to have under its key and may still have, or (`made`) an
 * object that the agent made and that carries no mark.
 */
export interface ItemPlace {
  readonly shelf: 'item' | 'gone' | 'made'
  readonly kind: string
  readonly key: string
}

/** What a key of the store is about. */
export type Place =
  | ItemPlace
  /** The last revision. */
  | { readonly shelf: 'head' }
  /** The change that awaits confirmation. */
  | { readonly shelf: 'confirm' }
  /** What the agent made is recorded. */
  | { readonly shelf: 'records' }

/** Digits of a number within a key, so that keys are in the order of their numbers. */
const DIGITS = 12

/**
 * Keys of the store for one instance:
 *
 * - `instance/item/KIND/KEY`: declarations of an item
 * - `instance/gone/KIND/KEY`: what VPP may still have, though it keeps no mark on it
 * - `instance/made`: the objects that the agent made are recorded
 * - `instance/made/KIND/KEY`: an object that it made, or was about to make, and on which VPP keeps no mark
 * - `instance/head`: number of the last revision, and the change set that is being written out
 * - `instance/revision/N`: who made a revision, when, and how many items it changed
 * - `instance/undo/ID/PART`: what a change set has changed, as it was before
 * - `instance/staged/ID/PART`: a change set that is larger than one transaction
 * - `instance/confirm`: the revision that is undone unless it is confirmed
 */
export class DesiredKeys {
  /** What all of them begin with. */
  readonly prefix: string
  readonly head: string
  readonly confirm: string
  readonly records: string
  /** What keys of revisions begin with. */
  readonly revisions: string
  /** What keys of all staged change sets begin with. */
  readonly allStaged: string
  /** What keys of all records of what was changed begin with. */
  readonly allUndo: string
  /** What the last key of an item began with: those of a kind follow one another. */
  #last: { readonly shelf: ItemPlace['shelf']; readonly kind: string; readonly start: string }

  constructor(instance: string) {
    this.prefix = `${instance}/`
    this.head = `${this.prefix}head`
    this.confirm = `${this.prefix}confirm`
    this.records = `${this.prefix}made`
    this.revisions = `${this.prefix}revision/`
    this.allStaged = `${this.prefix}staged/`
    this.allUndo = `${this.prefix}undo/`
    this.#last = { shelf: 'made', kind: '', start: `${this.records}//` }
  }

  item({ kind, key }: { readonly kind: string; readonly key: string }): string {
    return `${this.prefix}item/${kind}/${key}`
  }

  gone({ kind, key }: ItemRef): string {
    return `${this.prefix}gone/${kind}/${key}`
  }

  made({ kind, key }: { readonly kind: string; readonly key: string }): string {
    return `${this.records}/${kind}/${key}`
  }

  revision(number: number): string {
    return `${this.revisions}${padded(number)}`
  }

  /** What keys of the parts of the record of a change set begin with. */
  undo(id: string): string {
    return `${this.allUndo}${id}/`
  }

  /** What keys of the parts of a change set begin with. */
  staged(id: string): string {
    return `${this.allStaged}${id}/`
  }

  /** A part of a record or change set. */
  part(prefix: string, number: number): string {
    return `${prefix}${padded(number)}`
  }

  /** Undefined for what says nothing about the items now in force, and for keys that only a newer version knows. */
  placeOf(path: string): Place | undefined {
    if (path === this.head) return { shelf: 'head' }
    if (path === this.confirm) return { shelf: 'confirm' }
    if (path === this.records) return { shelf: 'records' }
    const { shelf: lastShelf, kind: lastKind, start } = this.#last
    if (path.startsWith(start)) return { shelf: lastShelf, kind: lastKind, key: path.slice(start.length) }
    const afterShelf = path.indexOf('/', this.prefix.length)
    const afterKind = path.indexOf('/', afterShelf + 1)
    if (afterShelf < 0 || afterKind < 0) return undefined
    const shelf = path.slice(this.prefix.length, afterShelf)
    if (shelf !== 'item' && shelf !== 'gone' && shelf !== 'made') return undefined
    const kind = path.slice(afterShelf + 1, afterKind)
    this.#last = { shelf, kind, start: path.slice(0, afterKind + 1) }
    return { shelf, kind, key: path.slice(afterKind + 1) }
  }
}

function padded(number: number): string {
  return String(number).padStart(DIGITS, '0')
}
