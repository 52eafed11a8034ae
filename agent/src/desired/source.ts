import type { ItemRef } from '../model/item-ref.ts'

/** Something that a source cannot use. */
export interface SourceProblem {
  /** Where, as in `links.yaml:12`. */
  readonly where: string
  /** Path of the field within an item, as in `paths.0.nextHop`; empty for more than one field. */
  readonly field: string
  /** What is wrong, and what to do. */
  readonly message: string
}

/** What a source declared, and the outcome. */
export interface SourceStatus {
  /**
   * `ok`: all that it says is declared. `partial`: what can be used is declared, and nothing is removed until the
   * problems are fixed. `held`: nothing is changed until somebody confirms that so many items are to be removed.
   * `failed`: it cannot be read, or the store cannot be reached; nothing is changed. `reading`: not read yet.
   */
  readonly state: 'reading' | 'ok' | 'partial' | 'held' | 'failed'
  readonly problems: readonly SourceProblem[]
  /** Items that it declares. */
  readonly items: number
  /** Items that another origin declares differently. */
  readonly conflicts: number
  /** When the state was entered. */
  readonly since: Date
}

/** Where items of one instance come from beside requests. */
export interface Source {
  /** Origin of its items. */
  readonly origin: string
  /** Name of the instance. */
  readonly instance: string
  /** Where it reads, as a folder's path. */
  readonly location: string
  readonly status: SourceStatus
  /** Lets what it now says remove more than the deletion guard allows. @returns false when nothing is held */
  confirm(): boolean
  /** Where it says an item, as in `links.yaml:12`, by a fresh look; undefined when it does not. */
  find(ref: ItemRef): Promise<string | undefined>
  close(): Promise<void>
}
