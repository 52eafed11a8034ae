import type { LiveInstance } from './live-view.js'
import { addressOf } from './address.ts'
import { full } from './format.ts'
import type { IconName } from './icon-shapes.ts'

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

/** Something that needs attention. */
export interface Trouble {
  /** As `3 failed`. */
  readonly words: string
  readonly tone: 'warning' | 'bad'
  /** Address of the view that shows it. */
  readonly href: string
}

type TroubledState = Exclude<keyof LiveInstance['items'], 'applied'>

/** The worst first. */
const TONES: Readonly<Record<TroubledState, Trouble['tone']>> = {
  failed: 'bad',
  blocked: 'bad',
  conflict: 'bad',
  drifted: 'warning',
  waiting: 'warning',
  frozen: 'warning',
  pending: 'warning',
  removing: 'warning',
}

/** What is not as it should be with an instance, the worst first. */
export function troublesOf({ items, sources, confirmation }: LiveInstance): Trouble[] {
  const ofItems = Object.entries(TONES)
    .map(([state, tone]) => ({ state, tone, count: items[state as TroubledState] }))
    .filter(({ count }) => count > 0)
    .map(({ state, tone, count }) => ({
      words: `${full(count)} ${state}`,
      tone,
      href: addressOf('items', [], { state }),
    }))
  const ofSources = sources.map(({ origin, state }): Trouble => {
    const tone = state === 'partial' ? 'warning' : 'bad'
    return { words: `source ${origin} ${SOURCE_STATES[state]}`, tone, href: addressOf('plan') }
  })
  const unconfirmed: Trouble[] =
    confirmation === null
      ? []
      : [
          {
            words: `revision ${confirmation.revision} not confirmed`,
            tone: 'warning',
            href: addressOf('history', [String(confirmation.revision)]),
          },
        ]
  const all = [...ofItems, ...ofSources, ...unconfirmed]
  return [...all.filter(({ tone }) => tone === 'bad'), ...all.filter(({ tone }) => tone === 'warning')]
}

/** What is wrong with a source, in words. */
const SOURCE_STATES: Readonly<Record<LiveInstance['sources'][number]['state'], string>> = {
  partial: 'has errors',
  held: 'waits for a confirmation',
  failed: 'cannot be read',
}

/** How an instance is doing as a whole: its connection, and what it keeps. */
export function instanceLook(instance: LiveInstance): StateLook {
  const connection = connectionLook(instance)
  const [worst] = troublesOf(instance)
  if (connection.tone !== 'good' || worst === undefined) return connection
  return { icon: worst.tone, words: connection.words, tone: worst.tone }
}
