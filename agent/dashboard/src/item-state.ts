import type { StateLook } from './instance-state.ts'

/** How an item stands, as the agent tells it. */
export interface StatusView {
  readonly kind: string
  readonly key: string
  readonly state: 'applied' | 'pending' | 'waiting' | 'failed' | 'removing'
  readonly error: { readonly message: string } | null
  readonly attempts: number
}

const LOOKS: Readonly<Record<StatusView['state'], StateLook>> = {
  applied: { icon: 'good', words: 'Applied', tone: 'good' },
  pending: { icon: 'busy', words: 'Pending', tone: 'warning' },
  waiting: { icon: 'warning', words: 'Waiting', tone: 'warning' },
  failed: { icon: 'bad', words: 'Failed', tone: 'bad' },
  removing: { icon: 'busy', words: 'Removing', tone: 'warning' },
}

/** How an item stands, in words and by shape. */
export function itemLook({ state }: Pick<StatusView, 'state'>): StateLook {
  return LOOKS[state]
}
