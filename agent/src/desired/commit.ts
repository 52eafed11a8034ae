import { AgentError } from '../model/errors.ts'
import type { Many } from '../model/json-list.ts'
import { settingOf, type Store, type StoreCondition, type StoreOperation } from '../store/store.ts'
import type { DesiredState, ExpectedWrite } from './desired-state.ts'
import { headText, readHead, type Head } from './head.ts'
import { keyWritesText, partsOf, readKeyWrites, sizeOf, type KeyWrite } from './key-writes.ts'
import { Turns } from '../model/turns.ts'

/** Operations in one transaction, where the store takes more: a transaction holds the event loop. */
const MOST_OPERATIONS = 1000
/** Operations of a transaction beside those on items: head, revision, its undo record. */
const RESERVED = 3
/** Bytes of a part of a change set, about. */
const PART_LENGTH = 256 * 1024
/** Milliseconds after which a change set that never came into force is taken for one of a process that has ended. */
const ABANDONED = 3_600_000

/** A change set with all that belongs to it. */
export interface CommitRequest {
  /** Changes of items, and of what is kept beside them. */
  readonly writes: Many<ExpectedWrite>
  /** The items that change, as they were. May be gone through more than once. */
  readonly undo: Iterable<KeyWrite>
  /** Names the set among all that were ever made or tried. */
  readonly id: string
  /** The revision that the set makes, and the value of the store for it. */
  readonly revision: number
  readonly text: string
  /** Operations on other keys, few and small, and what they demand. */
  readonly further: readonly StoreOperation[]
  readonly conditions: readonly StoreCondition[]
}

/** Writes change sets, each as a whole, whatever the store takes in one transaction. */
export class Committer {
  readonly #store: Store
  readonly #state: DesiredState

  constructor(store: Store, state: DesiredState) {
    this.#store = store
    this.#state = state
  }

  /**
   * Commits a change set. A large one is first written in parts, comes into force by one transaction,
   * and is written out item by item by `finish`.
   * @returns the change of the store; undefined if the items were changed by others meanwhile
   * @throws AgentError `AGENT_STORE_TOO_LARGE` for an item that fits no transaction
   */
  async commit(request: CommitRequest): Promise<number | undefined> {
    const { writes, undo, further } = request
    const size = await this.#sizeOf(writes, undo)
    const room = this.#mostOperations - RESERVED - further.length
    const direct = writes.length <= room && size <= this.#store.maximumBytes / 2
    try {
      return await (direct ? this.#commitDirectly(request) : this.#commitStaged(request))
    } catch (error) {
      this.#state.expectNothing()
      throw error
    }
  }

  /** Writes out the change set that is in force and not written out yet, whichever agent made it. */
  async finish(): Promise<void> {
    const entry = await this.#store.get(this.#state.keys.head)
    const { revision, staged } =
      entry === undefined ? { revision: 0, staged: undefined } : readHead(entry.value)
    if (entry === undefined || staged === undefined) return
    const prefix = this.#state.keys.staged(staged.id)
    // Without this condition a process that was stopped amid it would write over later changes when it goes on.
    const conditions = [{ key: entry.key, revision: entry.revision }]
    for (let part = 0; part < staged.parts; part++) {
      const stored = await this.#store.get(this.#state.keys.part(prefix, part))
      if (stored === undefined) return
      for (const some of partsOf(readKeyWrites(stored.value), this.#mostOperations, this.#mostBytes)) {
        const operations = some.map(([path, value]) => settingOf(path, value))
        if ((await this.#store.transact(operations, conditions)) === undefined) return
      }
    }
    const done = settingOf(entry.key, headText({ revision, staged: undefined }))
    if ((await this.#store.transact([done], conditions)) !== undefined) await this.deleteAll(prefix)
  }

  /** Deletes all keys that begin with `prefix` and are as wanted. */
  async deleteAll(prefix: string, wanted: (key: string) => boolean = () => true): Promise<void> {
    for await (const { entries } of this.#store.scan(prefix)) {
      const writes = entries.map(({ key }): KeyWrite => [key, undefined]).filter(([key]) => wanted(key))
      for (const some of partsOf(writes, this.#mostOperations, Infinity)) {
        await this.#store.transact(some.map(([key]) => ({ type: 'delete', key })))
      }
    }
  }

  /**
   * Deletes parts of change sets whose process ended before they came into force.
   * @param known ids of sets that did, and whose records are still wanted
   */
  async deleteAbandoned(known: ReadonlySet<string>): Promise<void> {
    const { allStaged, allUndo } = this.#state.keys
    const oldest = Date.now() - ABANDONED
    for (const prefix of [allStaged, allUndo]) {
      await this.deleteAll(prefix, (key) => {
        const id = key.slice(prefix.length, key.indexOf('/', prefix.length))
        return Number.parseInt(id, 10) < oldest && !known.has(id)
      })
    }
  }

  get #mostOperations(): number {
    return Math.min(this.#store.maximumOperations, MOST_OPERATIONS)
  }

  get #mostBytes(): number {
    return this.#store.maximumBytes / 2
  }

  async #commitDirectly(request: CommitRequest): Promise<number | undefined> {
    const { id, writes, undo, revision } = request
    this.#state.expect(writes)
    const { keys } = this.#state
    const operations = [
      ...Array.from(writes, ({ path, value }) => settingOf(path, value)),
      settingOf(keys.part(keys.undo(id), 0), keyWritesText([...undo])),
      ...this.#closing(request, { revision, staged: undefined }),
    ]
    return await this.#store.transact(operations, this.#unchanged(request))
  }

  async #commitStaged(request: CommitRequest): Promise<number | undefined> {
    const { id, writes, undo, revision } = request
    const { keys } = this.#state
    const parts = await this.#putParts(keys.staged(id), keyWritesOf(writes))
    await this.#putParts(keys.undo(id), undo)
    this.#state.expect(writes, id)
    const closing = this.#closing(request, { revision, staged: { id, parts } })
    const done = await this.#store.transact(closing, this.#unchanged(request))
    if (done === undefined) {
      this.#state.expectNothing()
      await this.deleteAll(keys.staged(id))
      await this.deleteAll(keys.undo(id))
    }
    return done
  }

  /** @returns how many parts there are */
  async #putParts(prefix: string, writes: Iterable<KeyWrite>): Promise<number> {
    const turns = new Turns()
    let parts = 0
    for (const part of partsOf(writes, MOST_OPERATIONS, Math.min(PART_LENGTH, this.#mostBytes))) {
      await this.#store.put(this.#state.keys.part(prefix, parts++), keyWritesText(part))
      if (turns.over) await turns.next()
    }
    return parts
  }

  #closing({ revision, text, further }: CommitRequest, head: Head): StoreOperation[] {
    const { keys } = this.#state
    // The head is written last: it tells followers that the set is complete.
    return [settingOf(keys.revision(revision), text), ...further, settingOf(keys.head, headText(head))]
  }

  #unchanged({ conditions }: CommitRequest): StoreCondition[] {
    return [{ key: this.#state.keys.head, revision: this.#state.headRevision }, ...conditions]
  }

  /** Bytes of a change set. @throws AgentError `AGENT_STORE_TOO_LARGE` */
  async #sizeOf(writes: Iterable<ExpectedWrite>, undo: Iterable<KeyWrite>): Promise<number> {
    const turns = new Turns()
    let size = 0
    for (const some of [keyWritesOf(writes), undo]) {
      for (const write of some) {
        const own = sizeOf(write)
        // Within a part it is escaped, which may double it.
        if (own * 2 > this.#mostBytes) this.#checkSize(write)
        size += own
        if (turns.over) await turns.next()
      }
    }
    return size
  }

  #checkSize([path, value]: KeyWrite): void {
    const size = value === undefined ? 0 : sizeOf([path, JSON.stringify(value)])
    if (size <= this.#mostBytes) return
    const message = `${path} takes ${size} bytes, more than the ${this.#mostBytes} that one item may; divide it`
    throw new AgentError('AGENT_STORE_TOO_LARGE', message)
  }
}

function* keyWritesOf(writes: Iterable<ExpectedWrite>): Iterable<KeyWrite> {
  for (const { path, value } of writes) yield [path, value]
}
