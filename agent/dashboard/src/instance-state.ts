import type { LiveInstance } from './live-view.js'
import type { IconName } from './icons.ts'

/** How a state is shown: by shape, words and colour. */
export interface StateLook {
  readonly icon: IconName
  readonly words: string
  readonly tone: 'good' | 'warning' | 'bad' | 'off'
}

const LOOKS: Readonly<Record<LiveInstance['status'], StateLook>> = {
  connected: { icon: 'good', words: 'Connected', tone: 'good' },
  'not-responding': { icon: 'warning', words: 'Not responding', tone: 'warning' },
  connecting: { icon: 'busy', words: 'Connecting', tone: 'warning' },
  disconnected: { icon: 'bad', words: 'Disconnected', tone: 'bad' },
  failed: { icon: 'bad', words: 'Failed', tone: 'bad' },
  closed: { icon: 'off', words: 'Closed', tone: 'off' },
}

/** How the connection to a VPP stands. */
export function connectionLook({ status }: LiveInstance): StateLook {
  return LOOKS[status]
}

/** What of its items is not as it should be, in words; empty when all is. */
export function itemTroubles({ items }: LiveInstance): string {
  const { failed, waiting, pending, removing } = items
  return Object.entries({ failed, waiting, pending, removing })
    .filter(([, count]) => count > 0)
    .map(([state, count]) => `${count} ${state}`)
    .join(', ')
}
