import type { ItemRef } from '../kinds/item.ts'

/**
 * Kinds of what items are made of in VPP, those first that others stand on. `table` stands for what items need
 * without being one.
 */
export const OBJECT_KINDS = [
  'table',
  'memif-socket',
  'interface',
  'address',
  'bridge-domain',
  'bridge-member',
  'acl',
  'acl-binding',
  'neighbour',
  'route',
  'nat44-static',
] as const

/** Kind of what items are made of in VPP. */
export type ObjectKind = (typeof OBJECT_KINDS)[number]

/** Value of an object as people and programs read it: JSON. */
export type ObjectValue = Readonly<Record<string, unknown>>

/** Something that VPP has. */
export interface ActualObject {
  readonly kind: ObjectKind
  /** Key among those of its kind. */
  readonly key: string
  /** True for what the agent made or is to have made, false for what it leaves alone. */
  readonly owned: boolean
  readonly value: ObjectValue
}

/** A change that brings VPP nearer to what it is to have. */
export interface PlannedChange {
  /** `replace` deletes and makes anew, because VPP cannot change what differs. */
  readonly action: 'create' | 'update' | 'replace' | 'delete'
  readonly kind: ObjectKind
  readonly key: string
  /** Item that the object is a part of; undefined for what several share. */
  readonly item: ItemRef | undefined
  /** What VPP has; undefined for `create`. */
  readonly from: ObjectValue | undefined
  /** What VPP is to have; undefined for `delete`. */
  readonly to: ObjectValue | undefined
  /** What is missing for the change to be made, as `interface "lan"`. */
  readonly waitsFor: string | undefined
}

/** All that has to change, in the order it will. */
export interface Plan {
  readonly changes: readonly PlannedChange[]
}
