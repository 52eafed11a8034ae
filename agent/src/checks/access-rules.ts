import { rulesOf, type AclRuleValue } from '../kinds/acl/object.ts'
import type { AclItem } from '../kinds/acl/schema.ts'
import { covers } from './overlaps.ts'

/** A rule that is never asked. */
export interface ShadowedRule {
  readonly at: number
  /** The rules before it that match all of its packets. */
  readonly by: readonly number[]
  /** They say the same. */
  readonly agrees: boolean
}

/** Rules that are never asked. */
export function* shadowedRules({ rules }: AclItem): Iterable<ShadowedRule> {
  const values = rules.map((rule) => [...rulesOf(rule)])
  for (const [at, parts] of values.entries()) {
    const by = parts.map((part) =>
      values.findIndex((before, other) => other < at && before.some((it) => matchesAll(it, part))),
    )
    if (by.includes(-1)) continue
    const agrees = by.every((other) => rules[other]?.action === rules[at]?.action)
    yield { at, by: [...new Set(by)], agrees }
  }
}

interface Range {
  readonly first: number
  readonly last: number
}

function holds(one: Range, other: Range): boolean {
  return one.first <= other.first && other.last <= one.last
}

function matchesAll(one: AclRuleValue, other: AclRuleValue): boolean {
  return (
    (one.protocol === 0 || one.protocol === other.protocol) &&
    covers(one.source, other.source) &&
    covers(one.destination, other.destination) &&
    holds(one.sourcePorts, other.sourcePorts) &&
    holds(one.destinationPorts, other.destinationPorts) &&
    // Flags that count for the one count for the other, with the same values.
    (one.tcpFlags.mask & other.tcpFlags.mask) === one.tcpFlags.mask &&
    (other.tcpFlags.value & one.tcpFlags.mask) === (one.tcpFlags.value & one.tcpFlags.mask)
  )
}
