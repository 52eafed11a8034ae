import type { ItemRef } from '../model/item-ref.ts'

/** Rules of the check, with what they are for. */
export const RULES = {
  unreadable: 'A file or a part of it cannot be read.',
  schema: 'An item is not what its schema asks for.',
  duplicate: 'Two items have one key.',
  claim: 'Two items claim what only one object of VPP can have.',
  refused: 'VPP or the agent would refuse it.',
  cycle: 'Items need one another in a circle.',
  reference: 'An item names something that no item declares.',
  overlap: 'Networks of two interfaces of one table overlap.',
  mtu: 'An interface sends packets that are longer than what it depends on takes.',
  'shadowed-rule': 'A rule of an access list is never asked, since earlier ones match all of its packets.',
  'redundant-route': 'A route leads where the next shorter one leads as well.',
} as const

/** Stable code of a rule. */
export type RuleCode = keyof typeof RULES

/** Where something stands. */
export interface Place {
  readonly file: string
  /** Counts from 1; undefined for the file as a whole. */
  readonly line?: number | undefined
  /** Counts from 1. */
  readonly column?: number | undefined
}

/** Something that a check has found. */
export interface Finding extends Place {
  readonly code: RuleCode
  /** `error`: it cannot work; `warning`: it is hardly meant. */
  readonly severity: 'error' | 'warning'
  /** Undefined if unknown. */
  readonly item?: ItemRef | undefined
  /** Path of the field, as in `paths.0.nextHop`; empty for the whole. */
  readonly field: string
  readonly message: string
  /** What to do. */
  readonly remedy: string
}
