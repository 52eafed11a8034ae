import { element } from './dom.ts'

/** Milliseconds without a key after which a search begins. */
const PAUSE = 150

let fields = 0

/**
 * A field to search with.
 * @param search is called with what is to be found, when the reader pauses
 */
export function searchField(label: string, hint: string, search: (text: string) => void): HTMLElement {
  const id = `search-${++fields}`
  const input = element('input', {
    id,
    type: 'search',
    placeholder: hint,
    spellcheck: 'false',
    autocomplete: 'off',
  })
  let timer: ReturnType<typeof setTimeout> | undefined
  input.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(() => search(input.value.trim()), PAUSE)
  })
  return element('div', { class: 'search' }, element('label', { for: id }, label), input)
}
