import { shortText } from './item-text.ts'

/** A change in VPP, as the agent reports it. */
export interface PlannedChange {
  readonly action: 'create' | 'update' | 'replace' | 'delete'
  readonly kind: string
  readonly key: string
  /** The item that it is a part of; null for what several share. */
  readonly item: { readonly kind: string; readonly key: string } | null
  readonly fields: readonly { readonly field: string; readonly from: unknown; readonly to: unknown }[]
  readonly waitsFor: string | null
  readonly refusedBecause: string | null
}

/** How the agent knows its interfaces again: said in words, for the values mean nothing to people. */
const MARKS: Readonly<Record<string, string>> = {
  fingerprint: 'made with other settings',
  tagged: 'gets the mark of the agent',
}

/** Fields of an interface that stay as they are where its item says nothing of them. */
const KEPT: ReadonlySet<string> = new Set(['linkMtu', 'mac', 'vppName'])

/** The fields that differ, as `mtu: 9000 → 1500`. */
export function fieldsText({ action, kind, fields }: PlannedChange): string {
  const isWhole = action === 'create' || action === 'delete'
  return fields
    .flatMap(({ field, from, to }) => {
      const mark = MARKS[field]
      if (mark !== undefined) return isWhole ? [] : [mark]
      if (isWhole) return isNothing(from ?? to) ? [] : [`${field}: ${shortText(from ?? to)}`]
      if (kind === 'interface' && KEPT.has(field) && to === null) return []
      return [`${field}: ${valueOf(from)} → ${valueOf(to)}`]
    })
    .join(', ')
}

/** What keeps a change from being made; empty: nothing does. */
export function obstacleText({ waitsFor, refusedBecause }: PlannedChange): string {
  return refusedBecause ?? (waitsFor === null ? '' : `waits for ${waitsFor}`)
}

const SIGNS: Readonly<Record<PlannedChange['action'], string>> = {
  create: '+',
  update: '~',
  replace: '~',
  delete: '-',
}

/** A change in a line of a difference: `~ interface lan, mtu: 9000 → 1500`. */
export function changeLine(change: PlannedChange): string {
  const { action, kind, key } = change
  const what = action === 'replace' ? `${kind} ${key} is deleted and made again` : `${kind} ${key}`
  const obstacle = obstacleText(change)
  const parts = [what, fieldsText(change), obstacle === '' ? '' : `(${obstacle})`]
  return `${SIGNS[action]} ${parts.filter((part) => part !== '').join('  ')}`
}

function valueOf(value: unknown): string {
  return value === null || value === undefined ? 'none' : shortText(value)
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0)
}
