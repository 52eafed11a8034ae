import { stringify } from 'yaml'
import { givenOfStored } from '../desired/declaration.ts'
import type { ItemDifference } from '../desired/revisions.ts'
import type { Kinds } from '../kinds/kinds.ts'
import { withoutSecrets } from './secrets.ts'
import { textDiff } from './text-diff.ts'

const UNREADABLE = 'an item that this agent cannot read\n'

/** What changes of an item, as text: `-` before, `+` after; secrets are hidden. */
export function diffOf(kinds: Kinds, { ref, before, after }: ItemDifference): string {
  const old = toldOf(kinds, ref.kind, before)
  const now = toldOf(kinds, ref.kind, after)
  // Fields that stay are no difference, in whatever order they are given.
  const ordered = typeof old === 'object' && typeof now === 'object' ? inOrderOf(old, now) : now
  return `@@ ${ref.kind} ${ref.key} @@\n${textDiff(textOf(old), textOf(ordered))}`
}

function inOrderOf(old: Told, now: Told): Told {
  const names = Object.keys(old).filter((name) => name in now)
  return { ...Object.fromEntries(names.map((name) => [name, now[name]])), ...now }
}

type Told = Readonly<Record<string, unknown>>

/** A declaration without secrets; text for one that cannot be read. Which fields of an unknown kind are secret is unknown. */
function toldOf(kinds: Kinds, kind: string, stored: string | undefined): Told | string {
  if (stored === undefined) return ''
  if (!kinds.items.has(kind)) return UNREADABLE
  try {
    const { origin } = JSON.parse(stored) as { origin?: unknown }
    return { origin, ...withoutSecrets(kinds, kind, givenOfStored(stored)) }
  } catch {
    return UNREADABLE
  }
}

function textOf(told: Told | string): string {
  return typeof told === 'string' ? told : stringify(told)
}
