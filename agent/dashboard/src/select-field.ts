import { element } from './dom.ts'

let fields = 0

/** Values and what they are called. */
export type Options = readonly (readonly [string, string])[]

/** A field to choose with. */
export class SelectField {
  readonly element: HTMLElement
  readonly #select: HTMLSelectElement
  #offered = ''

  /** @param choose is called with what the reader has chosen */
  constructor(label: string, options: Options, choose: (value: string) => void) {
    const id = `select-${++fields}`
    this.#select = element('select', { id })
    this.#select.addEventListener('change', () => choose(this.#select.value))
    this.offer(options)
    this.element = element('div', { class: 'field' }, element('label', { for: id }, label), this.#select)
  }

  get value(): string {
    return this.#select.value
  }

  set value(value: string) {
    this.#select.value = value
  }

  /** Offers these; what was chosen stays where it is among them. */
  offer(options: Options): void {
    const offered = JSON.stringify(options)
    if (offered === this.#offered) return
    this.#offered = offered
    const { value } = this.#select
    this.#select.replaceChildren(...options.map(([it, name]) => element('option', { value: it }, name)))
    if (options.some(([it]) => it === value)) this.#select.value = value
  }
}
