import type { ItemRef } from '../kinds/item.ts'
import type { Many } from '../model/json-list.ts'
import type { Declaration } from './declaration.ts'

/**
 * What becomes of a declaration whose key another origin keeps with another value. `fail`: nothing at all is changed.
 * `skip`: it is left out. `beside`: it is kept beside the one in force, and comes into force when that one goes.
 * `take-over`: it comes into force, and the other one is kept beside it.
 */
export type ConflictManner = 'fail' | 'skip' | 'beside' | 'take-over'

/** A change of the desired items, made as a whole or not at all. */
export interface ChangeRequest {
  /** Who declares. */
  readonly origin: string
  /** Who asks, for the history; default: the origin. */
  readonly author?: string | undefined
  /** Reason, for the history. */
  readonly comment?: string | undefined
  /** Declarations to put; each key once. */
  readonly put?: Many<Declaration>
  /** Keys whose declaration by this origin is dropped. */
  readonly drop?: readonly ItemRef[]
  /** True when `put` is all that the origin wants, so that its other declarations are dropped. Default false. */
  readonly whole?: boolean
  /** Default `fail`. */
  readonly conflicts?: ConflictManner
  /** True to remove more than the deletion guard allows. Default false. */
  readonly confirmDeletions?: boolean
  /** The change happens only while an item has this tag; `null`: only while there is none. */
  readonly precondition?: { readonly ref: ItemRef; readonly tag: string | null } | undefined
  /** Objects that VPP has and that are the agent's from now on, although they carry no mark of it. */
  readonly adopts?: readonly ItemRef[] | undefined
  /** Milliseconds after which the change is undone unless it is confirmed. */
  readonly confirmWithin?: number | undefined
}

/** A declaration that is not in force. */
export interface Conflict {
  readonly ref: ItemRef
  /** Whose it is. */
  readonly origin: string
  /** Who keeps the key; undefined for an item that cannot be read. */
  readonly keeper: string | undefined
}

/** What a change has done. */
export interface ChangeResult {
  /** Number of the revision that it made; that of the last one when nothing was to be changed. */
  readonly revision: number
  /** Items that there are now and were not before. */
  readonly created: readonly ItemRef[]
  readonly changed: readonly ItemRef[]
  readonly removed: readonly ItemRef[]
  readonly conflicts: readonly Conflict[]
}

/** How much an origin may remove at a time without saying so. */
export interface DeletionGuard {
  /** Percent of the items of the origin. */
  readonly percent: number
  /** Removing less than this many is always let pass. */
  readonly least: number
}

/** The deletion guard unless the configuration says otherwise. */
export const DELETION_GUARD: DeletionGuard = { percent: 50, least: 10 }
