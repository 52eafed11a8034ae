import { element, setAttribute, setText } from './dom.ts'
import { sorted } from './sorting.ts'

/** Makes the inside of a cell once and returns what brings it up to date with a row. */
export type CellMaker<T> = (cell: HTMLTableCellElement) => (row: T) => void

/** A column of a table. */
export interface Column<T> {
  readonly id: string
  readonly label: string
  readonly cell: CellMaker<T>
  /** Classes of its cells: `number`, and `wide` for what a phone has no room for. */
  readonly className?: string
  /** What rows are sorted by: a number, or text in which numbers count as such; left out: it cannot be sorted by. */
  readonly sortBy?: (row: T) => number | string
  /** Begin with the greatest when it is sorted by. */
  readonly descending?: boolean
  /** The cell names the row to a screen reader. */
  readonly heading?: boolean
}

/** How a table is made. */
export interface TableOptions<T> {
  /** What it is called by a screen reader. */
  readonly label: string
  readonly columns: readonly Column<T>[]
  readonly key: (row: T) => string | number
  /** What stands there when there is no row. */
  readonly empty: string
  /** Row that is marked, by key. */
  readonly selected?: () => string | number | undefined
}

/** Rows kept above and below what is seen. */
const MARGIN = 8
/** Pixels of a row until one has been measured. */
const ROW_HEIGHT = 44

interface RowElement<T> {
  readonly element: HTMLTableRowElement
  readonly update: (row: T) => void
}

/**
 * A table of any number of rows, of which only those in view are elements. Rows keep their elements while they are in
 * view, so focus stays where it is when the data change.
 */
export class VirtualTable<T> {
  readonly element: HTMLDivElement
  readonly #options: TableOptions<T>
  readonly #table: HTMLTableElement
  readonly #body = element('tbody')
  readonly #above = spacer()
  readonly #below = spacer()
  readonly #empty: HTMLParagraphElement
  readonly #headers = new Map<string, HTMLTableCellElement>()
  readonly #shown = new Map<string | number, RowElement<T>>()
  #rows: readonly T[] = []
  #sorted: readonly T[] = []
  #sortBy: string | undefined
  #descending = false
  #rowHeight = ROW_HEIGHT
  #scheduled = false

  constructor(options: TableOptions<T>) {
    this.#options = options
    this.#empty = element('p', { class: 'empty' }, options.empty)
    this.#body.append(this.#above, this.#below)
    this.#table = element('table', { 'aria-label': options.label }, this.#head(), this.#body)
    this.element = element(
      'div',
      { class: 'table-scroll', tabindex: 0, role: 'region', 'aria-label': `${options.label} (table)` },
      this.#table,
      this.#empty,
    )
    this.element.addEventListener('scroll', () => this.#schedule(), { passive: true })
    this.element.addEventListener('keydown', (event) => this.#walk(event))
    new ResizeObserver(() => this.#schedule()).observe(this.element)
  }

  /** Shows other rows, or the same with other values. */
  show(rows: readonly T[]): void {
    this.#rows = rows
    this.#sort()
    this.#render()
  }

  /** Brings the rows in view up to date. */
  refresh(): void {
    this.#render()
  }

  /** Says something else than that there are no rows. */
  set empty(text: string) {
    setText(this.#empty, text)
  }

  #head(): HTMLTableSectionElement {
    const cells = this.#options.columns.map((column) => {
      const cell = element('th', { scope: 'col', class: `column-${column.id} ${column.className ?? ''}` })
      if (column.sortBy === undefined) {
        cell.append(element('span', { class: 'column-label' }, column.label))
      } else {
        const button = element('button', { type: 'button', class: 'sort' }, column.label)
        button.addEventListener('click', () => this.#sortColumn(column))
        cell.append(button)
      }
      this.#headers.set(column.id, cell)
      return cell
    })
    return element('thead', {}, element('tr', { 'aria-rowindex': 1 }, ...cells))
  }

  #sortColumn(column: Column<T>): void {
    const first = column.descending ?? false
    if (this.#sortBy !== column.id) {
      this.#sortBy = column.id
      this.#descending = first
    } else if (this.#descending === first) {
      this.#descending = !first
    } else {
      this.#sortBy = undefined
    }
    for (const [id, cell] of this.#headers) {
      if (id === this.#sortBy) cell.setAttribute('aria-sort', this.#descending ? 'descending' : 'ascending')
      else cell.removeAttribute('aria-sort')
    }
    this.#sort()
    this.#render()
  }

  #sort(): void {
    const { sortBy } = this.#options.columns.find(({ id }) => id === this.#sortBy) ?? {}
    this.#sorted = sortBy === undefined ? this.#rows : sorted(this.#rows, sortBy, this.#descending)
  }

  /** Once a frame, however many events there are. */
  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    requestAnimationFrame(() => {
      this.#scheduled = false
      this.#render()
    })
  }

  #render(): void {
    const count = this.#sorted.length
    this.#empty.hidden = count > 0
    this.#table.hidden = count === 0
    setAttribute(this.#table, 'aria-rowcount', String(count + 1))
    // Invisible rows are not drawn.
    if (this.element.clientHeight === 0) return
    const { first, last } = this.#window(count)
    this.#above.style.height = `${first * this.#rowHeight}px`
    this.#below.style.height = `${(count - last) * this.#rowHeight}px`
    this.#place(first, this.#sorted.slice(first, last))
    this.#measure()
  }

  #window(count: number): { first: number; last: number } {
    const { scrollTop, clientHeight } = this.element
    const top = Math.min(Math.floor(scrollTop / this.#rowHeight), Math.max(0, count - 1))
    const seen = Math.ceil(clientHeight / this.#rowHeight)
    return { first: Math.max(0, top - MARGIN), last: Math.min(count, top + seen + MARGIN) }
  }

  #place(first: number, rows: readonly T[]): void {
    const keys = new Set(rows.map(this.#options.key))
    for (const [key, { element: gone }] of this.#shown) {
      if (keys.has(key)) continue
      // The keyboard goes on from the table when its row has left.
      if (gone.contains(document.activeElement)) this.element.focus({ preventScroll: true })
      gone.remove()
      this.#shown.delete(key)
    }
    const selected = this.#options.selected?.()
    const focused = document.activeElement
    let before: Element = this.#above
    for (const [index, row] of rows.entries()) {
      const key = this.#options.key(row)
      const shown = this.#shown.get(key) ?? this.#make(key)
      shown.update(row)
      setAttribute(shown.element, 'aria-rowindex', String(first + index + 2))
      shown.element.classList.toggle('selected', selected !== undefined && key === selected)
      if (before.nextElementSibling !== shown.element) before.after(shown.element)
      before = shown.element
    }
    // Moving an element takes the focus away from it.
    if (
      focused instanceof HTMLElement &&
      focused !== document.activeElement &&
      this.#body.contains(focused)
    ) {
      focused.focus({ preventScroll: true })
    }
  }

  #make(key: string | number): RowElement<T> {
    const updates: ((row: T) => void)[] = []
    const cells = this.#options.columns.map(({ id, className = '', heading, cell: make }) => {
      const attributes = { class: `column-${id} ${className}` }
      const cell = heading ? element('th', { ...attributes, scope: 'row' }) : element('td', attributes)
      updates.push(make(cell))
      return cell
    })
    const made: RowElement<T> = {
      element: element('tr', {}, ...cells),
      update: (row) => {
        for (const update of updates) update(row)
      },
    }
    this.#shown.set(key, made)
    return made
  }

  #measure(): void {
    const height = this.#above.nextElementSibling?.getBoundingClientRect().height ?? 0
    if (height < 1 || Math.abs(height - this.#rowHeight) < 0.01 || this.#shown.size === 0) return
    this.#rowHeight = height
    this.#schedule()
  }

  /** Arrow keys go from row to row, in the same column. */
  #walk(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const from = document.activeElement?.closest('tr')
    if (step === undefined || from === null || from === undefined || !this.#body.contains(from)) return
    const to = step > 0 ? from.nextElementSibling : from.previousElementSibling
    const column = document.activeElement?.closest('td, th')
    const place = column === null || column === undefined ? -1 : [...from.children].indexOf(column)
    const target = to?.children[place]?.querySelector<HTMLElement>('button, a')
    if (target === null || target === undefined) return
    event.preventDefault()
    target.focus()
    target.scrollIntoView({ block: 'nearest' })
  }
}

/** A cell with text. */
export function text<T>(of: (row: T) => string): CellMaker<T> {
  return (cell) => {
    const words = element('span', { class: 'cell-text' })
    cell.append(words)
    return (row) => {
      const value = of(row)
      setText(words, value)
      setAttribute(cell, 'title', value)
    }
  }
}

/** Takes the room of rows that are no elements. */
function spacer(): HTMLTableRowElement {
  return element('tr', { class: 'spacer', 'aria-hidden': 'true' })
}
