import { element, setAttribute, setText } from './dom.ts'
import type { CellMaker } from './virtual-table.ts'

/** What a cell with a link says. */
export interface CellLink {
  readonly text: string
  /** A second line. */
  readonly more: string
  readonly href: string
}

/** Cells with a link to what the row is about. */
export function linkCell<T>(of: (row: T) => CellLink): CellMaker<T> {
  return (cell) => {
    const name = element('span', { class: 'row-name' })
    const more = element('span', { class: 'row-more' })
    const link = element('a', { class: 'row-button' }, name, more)
    cell.append(link)
    return (row) => {
      const { text, more: second, href } = of(row)
      setText(name, text)
      setText(more, second)
      setAttribute(link, 'href', href)
      setAttribute(cell, 'title', text)
    }
  }
}
