import type { ItemRef } from '../kinds/item.ts'

/** How an item stands. */
export interface ItemStatus extends ItemRef {
  /**
   * `applied`: VPP has it. `pending`: not tried yet, or not connected. `waiting`: something it stands on is missing.
   * `failed`: VPP refused it. `removing`: taken out of what VPP is to have, but VPP still has it.
   */
  readonly state: 'applied' | 'pending' | 'waiting' | 'failed' | 'removing'
  /** What kept it from being applied the last time. */
  readonly error: ItemError | undefined
  /** When the state was entered. */
  readonly since: Date
  /** Tries that failed in a row. */
  readonly attempts: number
}

/** Why an item is not as it should be. */
export interface ItemError {
  /** What was being done, to what, and what came of it. */
  readonly message: string
  /** Code of a VppError, as `VPP_API_ERROR`; `MISSING` when something that the item stands on is missing. */
  readonly code: string
  /** VPP's number and name of the error, as -56 and `VLAN_ALREADY_EXISTS`. */
  readonly retval?: number | undefined
  readonly name?: string | undefined
}
