import { byId, element } from './dom.ts'
import { icon } from './icons.ts'

/** Milliseconds that a notice stays. */
const STAY = 6000
/** Notices at a time. */
const MOST = 3

/** Says what has happened, to the eye and politely to a screen reader. */
export function notify(text: string, kind: 'good' | 'bad' = 'good'): void {
  const area = byId('notices')
  const notice = element(
    'p',
    { class: `notice notice-${kind}` },
    icon(kind === 'good' ? 'good' : 'warning'),
    text,
  )
  area.append(notice)
  while (area.childElementCount > MOST) area.firstElementChild?.remove()
  setTimeout(() => notice.remove(), kind === 'good' ? STAY : STAY * 2)
}

/** What to tell of something that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
