import type { SchemaEnum } from '../../schema/module.ts'
import { change, type Change, type Effect } from './change.ts'
import { enumText } from './crc-text.ts'
import { match } from './match.ts'

type Member = SchemaEnum['members'][number]

/** An enum, and how many of its members count for CRCs; undefined: all. */
export interface CountedEnum {
  readonly type: SchemaEnum
  readonly counted: number | undefined
}

/** Compares two enums. */
export function compareEnums(before: CountedEnum, after: CountedEnum): Change[] {
  const [old, now] = [before.type, after.type]
  const changes = [...compareBase(old, now), ...compareMembers(before, after)]
  const sameText = enumText(old, before.counted) === enumText(now, after.counted)
  if (sameText || changes.some(({ effect, kind }) => effect === 'identity' || kind === 'member-value'))
    return changes
  return [...changes, crcChange(before, after)]
}

function compareBase(old: SchemaEnum, now: SchemaEnum): Change[] {
  const changes: Change[] = []
  if (old.base !== now.base) {
    const facts = { before: old.base, after: now.base }
    const text = `based on ${old.base}, now on ${now.base}; the CRC of messages does not show it`
    changes.push(change('enum-base', 'layout', text, facts))
  }
  if (old.flags !== now.flags) {
    const facts = { before: keywordOf(old), after: keywordOf(now) }
    changes.push(change('enum-flags', 'source', `${facts.before} is now ${facts.after}`, facts))
  }
  return changes
}

function keywordOf({ flags }: SchemaEnum): string {
  return flags ? 'enumflag' : 'enum'
}

function compareMembers(before: CountedEnum, after: CountedEnum): Change[] {
  const valueOf = ([, value]: Member) => String(value)
  const found = match<Member>(before.type.members, after.type.members, ([name]) => name, valueOf)
  return [
    ...found.removed.map((member) =>
      change('member-removed', counts(before, member, 'source'), `member ${text(member)} removed`, {
        path: member[0],
        before: valueOf(member),
      }),
    ),
    ...found.added.map((member) =>
      change('member-added', counts(after, member, 'none'), `member ${text(member)} added`, {
        path: member[0],
        after: valueOf(member),
      }),
    ),
    ...found.renamed.map(([old, now]) =>
      change('member-renamed', counts(before, old, 'source'), `member ${old[0]} is now called ${now[0]}`, {
        path: now[0],
        before: old[0],
        after: now[0],
      }),
    ),
    ...found.pairs.flatMap(([old, now]) =>
      old[1] === now[1]
        ? []
        : change('member-value', 'layout', `value of ${now[0]}: ${old[1]} is now ${now[1]}`, {
            path: now[0],
            before: valueOf(old),
            after: valueOf(now),
          }),
    ),
  ]
}

function text([name, value]: Member): string {
  return `${name} = ${value}`
}

/** What a member's coming or going does: CRCs show it, unless the member is marked as backwards compatible. */
function counts(
  { type, counted = type.members.length }: CountedEnum,
  member: Member,
  otherwise: Effect,
): Effect {
  return type.members.indexOf(member) < counted ? 'identity' : otherwise
}

/** The same members, but CRCs count them in another order, or count others of them. */
function crcChange(before: CountedEnum, after: CountedEnum): Change {
  const number = ({ type, counted = type.members.length }: CountedEnum) => counted
  if (number(before) === number(after)) return change('enum-order', 'identity', 'members in another order')
  const facts = { before: String(number(before)), after: String(number(after)) }
  const words = `CRCs counted ${facts.before} of the members, now ${facts.after} (backwards_compatible)`
  return change('enum-crc', 'identity', words, facts)
}
