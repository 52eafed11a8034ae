import { counted, full } from './format.ts'
import { changeLine, type PlannedChange } from './plan-text.ts'

/** Changes and items that are shown. */
const MOST = 200

/** What a change of the items would do, as the agent reports it. */
export interface ProposedChange {
  readonly changes: readonly PlannedChange[]
  readonly created: number
  readonly changed: number
  readonly removed: number
  readonly items: readonly { readonly kind: string; readonly key: string; readonly diff: string }[]
  readonly conflicts: readonly {
    readonly kind: string
    readonly key: string
    readonly keeper: string | null
  }[]
  /** Why it would be refused; null: it would not. */
  readonly held: string | null
}

/** What a change does, as it is shown before it is made. */
export interface Preview {
  readonly summary: string
  /** What stands in its way; empty: nothing. */
  readonly warnings: readonly string[]
  /** As {@link diffView} shows it: the items, and then VPP. */
  readonly diff: string
}

/** What a change would do, in words. */
export function previewOf(proposed: ProposedChange): Preview {
  const { changes, created, changed, removed, items, conflicts, held } = proposed
  const count = created + changed + removed
  const summary =
    count === 0
      ? 'No item is changed.'
      : `${counted(count, 'item')} changed, ${changes.length === 0 ? 'nothing to do in VPP' : `${counted(changes.length, 'change')} in VPP`}.`
  const warnings = [
    ...conflicts.map(
      ({ kind, key, keeper }) => `${kind} ${key} is declared by ${keeper ?? 'another agent'}.`,
    ),
    ...(held === null ? [] : [held]),
  ]
  const own = new Set(items.map(({ kind, key }) => `${kind} ${key}`))
  const isOwn = ({ item }: PlannedChange): boolean => item === null || own.has(`${item.kind} ${item.key}`)
  const inVpp = section('In VPP', changes.filter(isOwn))
  const others = section(
    'In VPP, due for other items',
    changes.filter((change) => !isOwn(change)),
  )
  return { summary, warnings, diff: [...items.map(({ diff }) => diff), inVpp, others].join('') }
}

function section(title: string, changes: readonly PlannedChange[]): string {
  if (changes.length === 0) return ''
  const lines = changes.slice(0, MOST).map(changeLine)
  if (changes.length > MOST) lines.push(` and ${full(changes.length - MOST)} more`)
  return `@@ ${title} @@\n${lines.join('\n')}\n`
}

/** Items of a preview that are asked for. */
export const PREVIEW_LIMIT = MOST
