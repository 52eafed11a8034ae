import { element, setText } from './dom.ts'
import { counted, full } from './format.ts'

/** Turns the pages of a list that the agent returns in parts. */
export class Pages {
  readonly element: HTMLElement
  /** How many there are. */
  readonly count = element('p', { class: 'count', role: 'status' })
  readonly #previous = element('button', { type: 'button', class: 'button' }, 'Previous')
  readonly #next = element('button', { type: 'button', class: 'button' }, 'Next')
  readonly #size: number
  readonly #one: string
  #offset = 0

  /**
   * @param size entries of a page
   * @param one what an entry is called
   * @param turned is called when another page is wanted
   */
  constructor(size: number, one: string, turned: () => void) {
    this.#size = size
    this.#one = one
    const turn = (by: number): void => {
      this.#offset = Math.max(0, this.#offset + by)
      turned()
    }
    this.#previous.addEventListener('click', () => turn(-size))
    this.#next.addEventListener('click', () => turn(size))
    this.element = element(
      'div',
      { class: 'pages', role: 'group', 'aria-label': 'Pages' },
      this.#previous,
      this.#next,
    )
  }

  /** Entries before the page. */
  get offset(): number {
    return this.#offset
  }

  /** Back to the first page. */
  first(): void {
    this.#offset = 0
  }

  /** Says which entries there are. @param total on all pages */
  show(length: number, total: number): void {
    const last = this.#offset + length
    const range = total <= this.#size ? '' : `${full(this.#offset + 1)}–${full(last)} of `
    setText(this.count, range + counted(total, this.#one))
    this.#previous.disabled = this.#offset === 0
    this.#next.disabled = last >= total
    this.element.hidden = total <= this.#size && this.#offset === 0
  }
}
