import type { ItemKind, ItemRef } from '../kinds/item.ts'
import { AgentError } from '../model/errors.ts'
import type { Store } from '../store/store.ts'
import type { DesiredKeys } from './desired-keys.ts'
import { readKeyWrites, type KeyWrite } from './key-writes.ts'

/** Revisions that are kept for rollback. */
export const KEPT_REVISIONS = 100
/** Values asked of the store at a time. */
const AT_A_TIME = 100

/** A change that was accepted. */
export interface Revision {
  /** Counts from 1. */
  readonly number: number
  readonly at: Date
  readonly author: string
  /** Who declared; the author's own word where it came from a person. */
  readonly origin: string
  readonly comment: string | undefined
  readonly created: number
  readonly changed: number
  readonly removed: number
  /** Id of the change set, under which what it changed is kept. */
  readonly id: string
}

/** What a revision has changed of one item. */
export interface ItemDifference {
  readonly ref: ItemRef
  /** Declarations before it, as the store had them; undefined: there was none. */
  readonly before: string | undefined
  /** Declarations after it. */
  readonly after: string | undefined
}

/** The value of the store for a revision. */
export function revisionText({ at, ...rest }: Revision): string {
  return JSON.stringify({ ...rest, at: at.toISOString() })
}

function readRevision(text: string): Revision {
  const { at, ...rest } = JSON.parse(text) as Omit<Revision, 'at'> & { at: string }
  return { ...rest, comment: rest.comment, at: new Date(at) }
}

/** What the store knows of the changes of one VPP's items. */
export class Revisions {
  readonly #store: Store
  readonly #keys: DesiredKeys

  constructor(store: Store, keys: DesiredKeys) {
    this.#store = store
    this.#keys = keys
  }

  /** All that are kept, the oldest first. */
  async list(): Promise<Revision[]> {
    const { entries } = await this.#store.list(this.#keys.revisions)
    return entries.map(({ value }) => readRevision(value))
  }

  /** @throws AgentError `AGENT_UNKNOWN_REVISION` */
  async get(number: number): Promise<Revision> {
    const entry = await this.#store.get(this.#keys.revision(number))
    if (entry === undefined) throw unknown(number)
    return readRevision(entry.value)
  }

  /** What a revision has changed. @throws AgentError `AGENT_UNKNOWN_REVISION` */
  async difference(number: number): Promise<ItemDifference[]> {
    const revision = await this.get(number)
    const before = new Map(await this.#undoOf(revision))
    const after = new Map<string, string | undefined>()
    for (const later of await this.#after(number)) {
      for (const [path, value] of await this.#undoOf(later)) {
        if (before.has(path) && !after.has(path)) after.set(path, value)
      }
    }
    const rest = [...before.keys()].filter((path) => !after.has(path))
    for (const [path, value] of await this.#current(rest)) after.set(path, value)
    return Array.from(before, ([path, value]) => ({
      ref: this.#refOf(path),
      before: value,
      after: after.get(path),
    }))
  }

  /** Revisions that changed an item, the newest first, each with what it changed. */
  async ofItem(ref: ItemRef): Promise<{ revision: Revision; before?: string; after?: string }[]> {
    const path = this.#keys.item(ref)
    const found: { revision: Revision; before?: string; after?: string }[] = []
    let after = (await this.#store.get(path))?.value
    for (const revision of (await this.list()).toReversed()) {
      for (const [key, before] of await this.#undoOf(revision)) {
        if (key !== path) continue
        found.push({
          revision,
          ...(before === undefined ? {} : { before }),
          ...(after === undefined ? {} : { after }),
        })
        after = before
      }
    }
    return found
  }

  /**
   * What differs between the items as they were after two revisions.
   * @throws AgentError `AGENT_UNKNOWN_REVISION` when not all that came later is kept
   */
  async between(from: number, to: number, head: number): Promise<ItemDifference[]> {
    const [old, now] = [await this.#backTo(from, head), await this.#backTo(to, head)]
    const paths = [...new Set([...old.keys(), ...now.keys()])].sort()
    const current = new Map(await this.#current(paths))
    const at = (back: ReadonlyMap<string, string | undefined>, path: string): string | undefined =>
      back.has(path) ? back.get(path) : current.get(path)
    return paths.flatMap((path) => {
      const [before, after] = [at(old, path), at(now, path)]
      return before === after ? [] : [{ ref: this.#refOf(path), before, after }]
    })
  }

  /**
   * What has to change for the items to be as they were after a revision.
   * @throws AgentError `AGENT_UNKNOWN_REVISION` when not all that came later is kept
   */
  async wayBackTo(number: number, head: number): Promise<KeyWrite[]> {
    return [...(await this.#backTo(number, head))]
  }

  /** Values after a revision, of what was changed since. */
  async #backTo(number: number, head: number): Promise<Map<string, string | undefined>> {
    if (number > head) throw unknown(number)
    const later = await this.#after(number)
    if (later.length !== head - number) throw unknown(number)
    const back = new Map<string, string | undefined>()
    for (const revision of later.toReversed()) {
      for (const [path, value] of await this.#undoOf(revision)) back.set(path, value)
    }
    return back
  }

  /** What has to change for one revision to be undone, but for items that were changed since. */
  async wayBackOf(number: number): Promise<KeyWrite[]> {
    const undo = new Map(await this.#undoOf(await this.get(number)))
    for (const later of await this.#after(number)) {
      for (const [path] of await this.#undoOf(later)) undo.delete(path)
    }
    return [...undo]
  }

  async #after(number: number): Promise<Revision[]> {
    return (await this.list()).filter((revision) => revision.number > number)
  }

  async #undoOf({ id }: Revision): Promise<KeyWrite[]> {
    const { entries } = await this.#store.list(this.#keys.undo(id))
    return entries.flatMap(({ value }) => readKeyWrites(value))
  }

  async #current(paths: readonly string[]): Promise<KeyWrite[]> {
    const writes: KeyWrite[] = []
    for (let at = 0; at < paths.length; at += AT_A_TIME) {
      const some = paths.slice(at, at + AT_A_TIME)
      for (const { key, value } of await this.#store.getMany(some)) writes.push([key, value])
    }
    return writes
  }

  #refOf(path: string): ItemRef {
    const place = this.#keys.placeOf(path)
    const { kind = '', key = '' } = place !== undefined && 'kind' in place ? place : {}
    return { kind: kind as ItemKind, key }
  }
}

function unknown(number: number): AgentError {
  const message = `revision ${number} is not kept; the last ${KEPT_REVISIONS} are, from when revisions began`
  return new AgentError('AGENT_UNKNOWN_REVISION', message)
}
