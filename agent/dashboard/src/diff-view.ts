import { element } from './dom.ts'

const CLASSES: Readonly<Record<string, string>> = {
  '+': 'diff-added',
  '-': 'diff-removed',
  '~': 'diff-changed',
}

/**
 * A difference as the agent reports it: a line that begins with `@@` names an item, and others begin with `-`, `+`, `~` or
 * a blank.
 */
export function diffView(text: string): HTMLElement {
  const view = element('div', { class: 'diff', tabindex: 0, role: 'region', 'aria-label': 'Difference' })
  let lines: HTMLElement | undefined
  for (const line of text.split('\n')) {
    const name = /^@@ (.*) @@$/.exec(line)?.[1]
    if (name !== undefined || lines === undefined) {
      if (name === undefined && line === '') continue
      lines = element('pre', {})
      if (name !== undefined) view.append(element('h4', {}, name))
      view.append(lines)
      if (name !== undefined) continue
    }
    if (line !== '')
      lines.append(element('span', { class: `diff-line ${CLASSES[line.charAt(0)] ?? ''}` }, line))
  }
  return view
}
