import { byId, setText } from './dom.ts'

const KEY = 'vpp-ts-agent-theme'
const CHOICES = ['auto', 'light', 'dark'] as const
type Choice = (typeof CHOICES)[number]
const NAMES: Readonly<Record<Choice, string>> = { auto: 'Auto', light: 'Light', dark: 'Dark' }

/**
 * Lets the reader choose light or dark; `auto` follows the system. The choice is kept for the next visit.
 * @param changed is called when the colours of the page have changed
 */
export function themeSwitch(changed: () => void): void {
  const button = byId('theme', HTMLButtonElement)
  const label = byId('theme-name')
  const stored = localStorage.getItem(KEY)
  let choice: Choice = CHOICES.find((it) => it === stored) ?? 'auto'
  const show = (): void => {
    if (choice === 'auto') delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = choice
    setText(label, NAMES[choice])
    changed()
  }
  button.addEventListener('click', () => {
    choice = CHOICES[(CHOICES.indexOf(choice) + 1) % CHOICES.length] ?? 'auto'
    localStorage.setItem(KEY, choice)
    show()
  })
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', changed)
  show()
}
