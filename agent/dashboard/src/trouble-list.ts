import { element } from './dom.ts'
import { icon } from './icons.ts'
import type { Trouble } from './instance-state.ts'

/** Things that need attention, each with its colour and shape. */
export class TroubleList {
  readonly element = element('span', { class: 'troubles' })
  readonly #linked: boolean
  #shown = ''

  /** @param linked each leads to the view that shows it */
  constructor({ linked = false } = {}) {
    this.#linked = linked
  }

  show(troubles: readonly Trouble[]): void {
    const shown = troubles.map(({ words, tone }) => `${tone} ${words}`).join()
    if (shown === this.#shown) return
    this.#shown = shown
    this.element.replaceChildren(...troubles.map((it) => this.#make(it)))
  }

  #make({ words, tone, href }: Trouble): HTMLElement {
    const attributes = { class: `trouble-mark tone-${tone}` }
    const content = [icon(tone), element('span', {}, words)]
    return this.#linked
      ? element('a', { ...attributes, href }, ...content)
      : element('span', attributes, ...content)
  }
}
