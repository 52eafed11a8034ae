import { stringify } from 'yaml'
import { givenOfStored } from '../desired/declaration.ts'
import type { ItemDifference } from '../desired/revisions.ts'
import type { Kinds } from '../kinds/kinds.ts'
import { withoutSecrets } from './secrets.ts'
import { textDiff } from './text-diff.ts'

const UNREADABLE = 'an item that this agent cannot read\n'

/** What changes of an item, as text: `-` before, `+` after; secrets are hidden. */
export function diffOf(kinds: Kinds, { ref, before, after }: ItemDifference): string {
  const text = (stored: string | undefined): string => textOf(kinds, ref.kind, stored)
  return `@@ ${ref.kind} ${ref.key} @@\n${textDiff(text(before), text(after))}`
}

/** Declarations as text without secrets. Which fields of an unknown kind are secret is unknown. */
function textOf(kinds: Kinds, kind: string, stored: string | undefined): string {
  if (stored === undefined) return ''
  if (!kinds.items.has(kind)) return UNREADABLE
  try {
    const { origin } = JSON.parse(stored) as { origin?: unknown }
    return stringify({ origin, ...withoutSecrets(kinds, kind, givenOfStored(stored)) })
  } catch {
    return UNREADABLE
  }
}
