import type { StateLook } from './instance-state.ts'

/** The status of an item, as the agent reports it. */
export interface StatusView {
  readonly kind: string
  readonly key: string
  readonly state:
    'applied' | 'pending' | 'waiting' | 'failed' | 'blocked' | 'conflict' | 'drifted' | 'frozen' | 'removing'
  readonly error: { readonly message: string } | null
  /** When the state was entered, ISO 8601; null when that is not known. */
  readonly since: string | null
  readonly attempts: number
}

const LOOKS: Readonly<Record<StatusView['state'], StateLook>> = {
  applied: { icon: 'good', words: 'Applied', tone: 'good' },
  pending: { icon: 'busy', words: 'Pending', tone: 'warning' },
  waiting: { icon: 'warning', words: 'Waiting', tone: 'warning' },
  failed: { icon: 'bad', words: 'Failed', tone: 'bad' },
  blocked: { icon: 'bad', words: 'Blocked', tone: 'bad' },
  conflict: { icon: 'bad', words: 'Conflict', tone: 'bad' },
  drifted: { icon: 'warning', words: 'Drifted', tone: 'warning' },
  frozen: { icon: 'warning', words: 'Frozen', tone: 'warning' },
  removing: { icon: 'busy', words: 'Removing', tone: 'warning' },
}

/** The status of an item, in words and by shape. */
export function itemLook({ state }: Pick<StatusView, 'state'>): StateLook {
  return LOOKS[state]
}
