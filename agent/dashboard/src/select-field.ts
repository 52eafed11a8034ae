import { element } from './dom.ts'

let fields = 0

/**
 * A field to choose with.
 * @param options values and what they are called
 */
export function selectField(
  label: string,
  options: readonly (readonly [string, string])[],
  choose: (value: string) => void,
): HTMLElement {
  const id = `select-${++fields}`
  const select = element('select', { id })
  select.append(...options.map(([value, name]) => element('option', { value }, name)))
  select.addEventListener('change', () => choose(select.value))
  return element('div', { class: 'field' }, element('label', { for: id }, label), select)
}
