import type { ItemRef } from '../model/item-ref.ts'

/** How an item can stand. */
export const ITEM_STATES = [
  /** VPP has it. */
  'applied',
  /** Not tried yet, or not connected. */
  'pending',
  /** Something that it depends on is missing. */
  'waiting',
  /** VPP refused it, did not answer, or did not keep it. */
  'failed',
  /** Something that the agent did not make is in the way; it is left alone. */
  'blocked',
  /** Another item claims what only one can have. */
  'conflict',
  /** VPP was changed behind the agent's back, which only reports it. */
  'drifted',
  /** This version cannot read it; what VPP has of it is left alone. */
  'frozen',
  /** Deleted, but VPP still has it. */
  'removing',
] as const

/** The status of an item. */
export type ItemState = (typeof ITEM_STATES)[number]

/** The status of an item, and since when. */
export interface ItemStatus extends ItemRef {
  readonly state: ItemState
  /** Why the last attempt failed. */
  readonly error: ItemError | undefined
  /** When the state was entered. */
  readonly since: Date
  /** Consecutive failed attempts. */
  readonly attempts: number
}

/** Why an item is not as it should be. */
export interface ItemError {
  /** What was attempted, on what, and the outcome. */
  readonly message: string
  /**
   * Code of a VppError, as `VPP_API_ERROR`; `MISSING` when something that the item depends on is missing, `FOREIGN`,
   * `CONFLICT`, `NOT_KEPT`, `DRIFT`, `UNSUPPORTED`, `CYCLE`, `UNREADABLE`, `UNKNOWN` when VPP does not report what it has, or `INTERNAL`.
   */
  readonly code: string
  /** VPP's number and name of the error, as -56 and `VLAN_ALREADY_EXISTS`. */
  readonly retval?: number | undefined
  readonly name?: string | undefined
}
