import type { LiveView } from './live-view.js'
import type { Api } from './api.ts'
import { element, setText } from './dom.ts'
import { counted, full } from './format.ts'
import { stateCell } from './interface-columns.ts'
import { itemLook, type StatusView } from './item-state.ts'
import { messageOf } from './notices.ts'
import type { Panel } from './panel.ts'
import { instancePath } from './paths.ts'
import { searchField } from './search-field.ts'
import { text, VirtualTable } from './virtual-table.ts'

/** Routes fetched at a time. */
const PAGE = 100

interface RoutePath {
  readonly nextHop?: string
  readonly interface?: string
  readonly weight: number
  readonly preference: number
}

/** A desired route, as the agent reports it. */
interface RouteView {
  readonly key: string
  readonly item: {
    readonly prefix: string
    readonly table: number
    readonly drop: boolean
    readonly paths: readonly RoutePath[]
  }
  readonly status: StatusView
}

/** Desired routes, a page at a time: the agent searches, however many there are. */
export class RoutesPanel implements Panel {
  readonly id = 'routes'
  readonly label = 'Routes'
  readonly element: HTMLElement
  readonly #api: Api
  readonly #table = new VirtualTable<RouteView>({
    label: 'Routes',
    key: ({ key }) => key,
    empty: 'Loading …',
    columns: [
      { id: 'prefix', label: 'Prefix', heading: true, cell: text(({ item }) => item.prefix) },
      {
        id: 'table',
        label: 'Table',
        className: 'number medium',
        cell: text(({ item }) => String(item.table)),
      },
      { id: 'paths', label: 'Next hops', cell: text(({ item }) => pathsText(item)) },
      { id: 'state', label: 'State', cell: stateCell(({ status }) => itemLook(status)) },
      {
        id: 'error',
        label: 'Why',
        className: 'wide',
        cell: text(({ status }) => status.error?.message ?? ''),
      },
    ],
  })
  readonly #count = element('p', { class: 'count', role: 'status' })
  readonly #previous = element('button', { type: 'button', class: 'button' }, 'Previous')
  readonly #next = element('button', { type: 'button', class: 'button' }, 'Next')
  #instance = ''
  #items = ''
  #search = ''
  #offset = 0
  #request = new AbortController()

  constructor(api: Api) {
    this.#api = api
    const search = searchField('Search routes', 'Such as 10.1. or 2001:db8', (wanted) => {
      this.#search = wanted
      this.#go(0)
    })
    this.#previous.addEventListener('click', () => this.#go(this.#offset - PAGE))
    this.#next.addEventListener('click', () => this.#go(this.#offset + PAGE))
    const pages = element(
      'div',
      { class: 'pages', role: 'group', 'aria-label': 'Pages' },
      this.#previous,
      this.#next,
    )
    const tools = element('div', { class: 'tools' }, search, this.#count, pages)
    this.element = element('div', { class: 'panel' }, tools, this.#table.element)
  }

  show({ instances, detail: { name } }: LiveView): void {
    const items = JSON.stringify(instances.find((it) => it.name === name)?.items)
    if (name !== this.#instance) this.#offset = 0
    if (name === this.#instance && items === this.#items) {
      this.#table.refresh()
      return
    }
    this.#instance = name
    this.#items = items
    void this.#load()
  }

  opened(): void {
    if (this.#instance !== '') void this.#load()
  }

  #go(offset: number): void {
    this.#offset = Math.max(0, offset)
    this.#table.element.scrollTop = 0
    void this.#load()
  }

  async #load(): Promise<void> {
    this.#request.abort()
    this.#request = new AbortController()
    const { signal } = this.#request
    const query = { search: this.#search, limit: PAGE, offset: this.#offset }
    try {
      const path = instancePath(this.#instance, 'routes')
      const { total, items } = await this.#api.get<{ total: number; items: RouteView[] }>(path, query, signal)
      this.#table.empty =
        this.#search === '' ? 'The agent has no routes here.' : 'No route matches the search.'
      this.#table.show(items)
      this.#turned(items.length, total)
    } catch (error) {
      if (signal.aborted) return
      this.#table.empty = `The routes cannot be shown: ${messageOf(error)}`
      this.#table.show([])
      this.#turned(0, 0)
    }
  }

  #turned(length: number, total: number): void {
    const last = this.#offset + length
    const range = total <= PAGE ? '' : `${full(this.#offset + 1)}–${full(last)} of `
    setText(this.#count, range + counted(total, 'route'))
    this.#previous.disabled = this.#offset === 0
    this.#next.disabled = last >= total
  }
}

function pathsText({ drop, paths }: RouteView['item']): string {
  if (drop) return 'drop'
  const most = paths.length > 1
  return paths
    .map(({ nextHop, interface: through, weight }) => {
      const way = [nextHop ?? '', through === undefined ? '' : `via ${through}`].filter((part) => part !== '')
      return `${way.join(' ')}${most ? ` (weight ${weight})` : ''}`
    })
    .join(', ')
}
