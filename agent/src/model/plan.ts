import type { ItemRef } from './item-ref.ts'

/** Value of an object as people and programs read it: JSON, without secrets. */
export type ObjectValue = Readonly<Record<string, unknown>>

/** Something that VPP has. */
export interface ActualObject {
  readonly kind: string
  /** Key among those of its kind. */
  readonly key: string
  /** True for what the agent made or has to make, false for what it leaves alone. */
  readonly owned: boolean
  readonly value: ObjectValue
}

/** What is done to an object; `replace` deletes and creates it again, because VPP cannot change what differs. */
export type Action = 'create' | 'update' | 'replace' | 'delete'

/** A request that a change takes. */
export interface PlannedCall {
  /** Name of the message, as `sw_interface_set_flags`. */
  readonly message: string
  /** Its fields; indexes that VPP has not given yet are given in words, secrets not at all. */
  readonly request: ObjectValue
  /** The command of VPP's CLI that does the same; undefined when none is known. */
  readonly cli: string | undefined
}

/** A change that brings VPP nearer to its desired state. */
export interface PlannedChange {
  readonly action: Action
  readonly kind: string
  readonly key: string
  /** Item that the object is a part of; undefined for what several share. */
  readonly item: ItemRef | undefined
  /** What VPP has; undefined for `create`. */
  readonly from: ObjectValue | undefined
  /** The desired value; undefined for `delete`. */
  readonly to: ObjectValue | undefined
  /** What is missing for the change to be made, as `interface "lan"`. */
  readonly waitsFor: string | undefined
  /** Requests that it takes; undefined unless asked for. */
  readonly calls: readonly PlannedCall[] | undefined
  /** Why the change will not be made: something foreign is in the way, or another item claims the same. */
  readonly refusedBecause: string | undefined
}

/** All that has to change, in the order it will. */
export interface Plan {
  readonly changes: readonly PlannedChange[]
}
