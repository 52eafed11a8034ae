import type { Api } from './api.ts'
import { counted } from './format.ts'
import { instancePath } from './paths.ts'
import { PREVIEW_LIMIT, previewOf, type ProposedChange } from './preview.ts'
import type { Proposal } from './proposal.ts'

/** A rollback in the history. */
export interface Rollback {
  readonly instance: string
  /** The revision that is returned to, or undone. */
  readonly number: number
  /** `to`: the state after it. `undo`: the state before it. */
  readonly how: 'to' | 'undo'
  /** The last revision. */
  readonly last: number
  /** Is called with the revision that it made. */
  readonly made: (revision: number) => void
}

/** A rollback that can be reviewed before it is made. */
export function rollbackProposal(api: Api, { instance, number, how, last, made }: Rollback): Proposal {
  const target = how === 'to' ? number : number - 1
  const path = instancePath(instance, 'revisions', String(target), 'rollback')
  const later = last - number
  const others = later > 0 ? ` and ${counted(later, 'later one')}` : ''
  return {
    title: how === 'to' ? `Return to revision ${number}?` : `Undo revision ${number}${others}?`,
    yes: how === 'to' ? 'Return' : 'Undo',
    isDangerous: true,
    preview: async () => previewOf(await api.get<ProposedChange>(path, { limit: PREVIEW_LIMIT })),
    make: async ({ comment, confirm }) => {
      const query = { author: 'dashboard', comment, confirm }
      const { revision } = await api.post<{ revision: number }>(path, {}, query)
      made(revision)
    },
  }
}
