import { byId, element } from './dom.ts'
import { icon } from './icons.ts'

/** Milliseconds that a notice stays. */
const STAY = 6000
/** Notices at a time. */
const MOST = 3

/** Milliseconds that a notice stays with which something can be done. */
const STAY_WITH_ACTION = 30_000

/** What can be done about what a notice says. */
export interface NoticeAction {
  readonly label: string
  readonly run: () => void
}

/** Says what has happened, to the eye and politely to a screen reader. */
export function notify(text: string, kind: 'good' | 'bad' = 'good', action?: NoticeAction): void {
  const area = byId('notices')
  const notice = element(
    'p',
    { class: `notice notice-${kind}` },
    icon(kind === 'good' ? 'good' : 'warning'),
    text,
  )
  if (action !== undefined) {
    const button = element('button', { type: 'button', class: 'button small' }, action.label)
    button.addEventListener('click', () => {
      notice.remove()
      action.run()
    })
    notice.append(button)
  }
  area.append(notice)
  while (area.childElementCount > MOST) area.firstElementChild?.remove()
  const stay = action !== undefined ? STAY_WITH_ACTION : kind === 'good' ? STAY : STAY * 2
  setTimeout(() => notice.remove(), stay)
}

/** What to tell of something that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
