import { ApiError, type Api } from './api.ts'
import { inSentence, labelOf } from './json-schema.ts'
import { itemPath, type KindView } from './kinds.ts'
import { instancePath } from './paths.ts'
import { PREVIEW_LIMIT, previewOf, type Preview, type ProposedChange } from './preview.ts'
import type { ChangeNote, Proposal } from './proposal.ts'

/** A change of one item. */
export interface ItemChange {
  readonly instance: string
  readonly kind: KindView
  /** Key of the item; undefined for a new one. */
  readonly key: string | undefined
  /** The item as it is to be; undefined: it is deleted. */
  readonly item: Readonly<Record<string, unknown>> | undefined
  /** Identifies the state before the change, so that no concurrent change is overwritten. */
  readonly tag: string | null
}

/** The change of an item as something that can be looked at before it is made. */
export function itemProposal(api: Api, change: ItemChange): Proposal {
  const { kind, key, item } = change
  const what = `${inSentence(labelOf(kind.kind))} ${key ?? ''}`.trim()
  const [verb, sign] = item === undefined ? ['Delete', '?'] : key === undefined ? ['Add', ''] : ['Change', '']
  return {
    title: `${verb} ${what}${sign}`,
    yes: item === undefined ? 'Delete' : 'Apply',
    isDangerous: item === undefined,
    preview: () => previewItem(api, change),
    make: (note) => write(api, change, note),
  }
}

async function previewItem(api: Api, { instance, kind, key, item }: ItemChange): Promise<Preview> {
  const body = item === undefined ? { drop: [{ kind: kind.kind, key: key ?? '' }] } : { put: [item] }
  try {
    const propose = (takeOver: boolean): Promise<ProposedChange> =>
      api.post(instancePath(instance, 'plan'), body, { takeOver, limit: PREVIEW_LIMIT })
    const proposed = await propose(false)
    if (proposed.conflicts.length === 0) return previewOf(proposed)
    const { conflicts } = proposed
    return previewOf({ ...(await propose(true)), conflicts })
  } catch (error) {
    throw ofTheItem(error)
  }
}

/** The agent was asked for a list with one item: its fields are the item's. */
function ofTheItem(error: unknown): unknown {
  if (!(error instanceof ApiError)) return error
  const { status, code, problems } = error
  const own = problems.map(({ field, message }) => ({ field: field.replace(/^0\.?/, ''), message }))
  return new ApiError(status, error.message, { code, problems: own, cause: error })
}

async function write(
  api: Api,
  change: ItemChange,
  { comment, confirm, takeOver }: ChangeNote,
): Promise<void> {
  const { instance, kind, key, item, tag } = change
  const query = { author: 'dashboard', comment, confirm, takeOver, wait: true }
  if (key === undefined) {
    await api.post(instancePath(instance, kind.collection), item, query)
    return
  }
  const { path, query: ofItem } = itemPath(instance, kind, key)
  if (item === undefined) await api.delete(path, { ...query, ...ofItem })
  else await api.put(path, item, { ...query, ...ofItem }, tag === null ? {} : { 'if-match': tag })
}
