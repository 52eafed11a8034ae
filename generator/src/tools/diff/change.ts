/**
 * What a change does to a program that was built with bindings of the older definitions.
 *
 * - `wire`: it cannot use the message with the newer VPP, which refuses it by its CRC or lays it out differently
 * - `compile`: it goes on working; once bindings are regenerated, its source may no longer compile, or say
 *   something else (defaults, limits)
 * - `compatible`: nothing to do
 */
export type Impact = 'wire' | 'compile' | 'compatible'

/** The gravest first. */
export const IMPACTS: readonly Impact[] = ['wire', 'compile', 'compatible']

/**
 * Why.
 *
 * - `layout`: bytes, or what they mean, are different
 * - `identity`: the bytes are the same, but the CRC is not (which counts names), or the thing is gone
 * - `source`: only generated code is different
 * - `none`: nothing is different for who does not ask for it
 */
export type Effect = 'layout' | 'identity' | 'source' | 'none'

/** What has changed. */
export type ChangeKind =
  | 'added'
  | 'removed'
  | 'renamed'
  | 'moved'
  | 'kind'
  | 'field-added'
  | 'field-removed'
  | 'field-renamed'
  | 'field-type'
  | 'field-length'
  | 'field-order'
  | 'field-default'
  | 'field-limit'
  | 'field-option'
  | 'alias-target'
  | 'enum-base'
  | 'enum-flags'
  | 'enum-order'
  | 'enum-crc'
  | 'member-added'
  | 'member-removed'
  | 'member-renamed'
  | 'member-value'
  | 'status'
  | 'comment'
  | 'option'
  | 'service-reply'
  | 'service-stream'
  | 'service-event'
  | 'version'
  | 'origin'
  | 'import'
  | 'counter'
  | 'stats-path'
  | 'crc'

/** One change. */
export interface Change {
  readonly kind: ChangeKind
  readonly effect: Effect
  readonly impact: Impact
  /** Field, enum member, option or counter; empty for the thing as a whole. */
  readonly path: string
  readonly before: string | undefined
  readonly after: string | undefined
  /** The change in words. */
  readonly text: string
}

const IMPACT_OF: Readonly<Record<Effect, Impact>> = {
  layout: 'wire',
  identity: 'wire',
  source: 'compile',
  none: 'compatible',
}

/** A change, with what follows from its effect. */
export function change(
  kind: ChangeKind,
  effect: Effect,
  text: string,
  facts: { readonly path?: string; readonly before?: string; readonly after?: string } = {},
): Change {
  const { path = '', before, after } = facts
  return { kind, effect, impact: IMPACT_OF[effect], path, before, after, text }
}

/**
 * What a change of a type does to a message that has it behind an alias. CRCs end at an alias: what only the CRC of
 * the type shows does not reach such a message.
 */
export function impactBehindAlias({ effect }: Change): Impact {
  return effect === 'identity' ? 'compile' : IMPACT_OF[effect]
}

/** The gravest of some impacts; undefined when there is none. */
export function gravest(impacts: Iterable<Impact>): Impact | undefined {
  const found = new Set(impacts)
  return IMPACTS.find((impact) => found.has(impact))
}

/** True when an impact is as grave as another, or graver. */
export function atLeast(impact: Impact, limit: Impact): boolean {
  return IMPACTS.indexOf(impact) <= IMPACTS.indexOf(limit)
}
