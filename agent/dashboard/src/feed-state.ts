import { byId, element, setAttribute, setText } from './dom.ts'
import { icon, setIcon } from './icons.ts'

/** Milliseconds without a view after which the values are called old. */
const OLD = 4000

/** Says whether what the page shows is of now. */
export class FeedState {
  readonly #area = byId('feed')
  readonly #shape = icon('busy')
  readonly #words = element('span', { class: 'feed-words' }, 'Connecting …')
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor() {
    this.#area.replaceChildren(this.#shape, this.#words)
  }

  /** A view has come. */
  fresh(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#say('warning', 'Waiting for the agent', 'warning'), OLD)
    this.#say('good', 'Live', 'good')
  }

  /** There will be no view for now. */
  lost(reason: string): void {
    clearTimeout(this.#timer)
    this.#say('bad', `Not live: ${reason}`, 'bad')
  }

  #say(shape: 'good' | 'warning' | 'bad', words: string, tone: string): void {
    setIcon(this.#shape, shape)
    setText(this.#words, words)
    setAttribute(this.#area, 'class', `feed tone-${tone}`)
    document.documentElement.classList.toggle('stale', shape !== 'good')
  }
}
