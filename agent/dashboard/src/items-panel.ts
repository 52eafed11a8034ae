import type { Address } from './address.ts'
import { addressOf, readAddress } from './address.ts'
import type { Api } from './api.ts'
import { element, setText } from './dom.ts'
import { NONE, span } from './format.ts'
import { stateCell } from './interface-columns.ts'
import { ItemDetail } from './item-detail.ts'
import { itemLook } from './item-state.ts'
import { summaryOf } from './item-text.ts'
import { listItems, type ItemView } from './items.ts'
import type { KindList, KindView } from './kinds.ts'
import { inSentence, labelOf } from './json-schema.ts'
import type { LiveView } from './live-view.js'
import { linkCell } from './link-cell.ts'
import { messageOf } from './notices.ts'
import { Pages } from './pages.ts'
import type { Panel } from './panel.ts'
import type { ProposalDialog } from './proposal.ts'
import { searchField } from './search-field.ts'
import { SelectField } from './select-field.ts'
import { text, VirtualTable } from './virtual-table.ts'

/** Items fetched at a time. */
const PAGE = 100

const STATES = [
  'applied',
  'pending',
  'waiting',
  'failed',
  'blocked',
  'conflict',
  'drifted',
  'frozen',
  'removing',
] as const

/** Items of every kind, a page at a time; one of them closely; and forms that change them. */
export class ItemsPanel implements Panel {
  readonly id = 'items'
  readonly label = 'Items'
  readonly element: HTMLElement
  readonly #api: Api
  readonly #kinds: KindList
  readonly #detail: ItemDetail
  readonly #kind: SelectField
  readonly #state: SelectField
  readonly #add = element(
    'button',
    { type: 'button', class: 'button primary', 'data-writes': true },
    'Add an item',
  )
  readonly #about = element('p', { class: 'count about' })
  readonly #table: VirtualTable<ItemView>
  readonly #pages = new Pages(PAGE, 'item', () => void this.#load())
  #known: readonly KindView[] = []
  #instance = ''
  #counts = ''
  #address: Address = readAddress('')
  #search = ''
  #request = new AbortController()

  constructor(api: Api, kinds: KindList, dialog: ProposalDialog) {
    this.#api = api
    this.#kinds = kinds
    this.#detail = new ItemDetail(api, dialog, () => void this.#load())
    this.#kind = new SelectField('Kind', [['', 'All kinds']], (kind) => this.#go(kind, this.#state.value))
    this.#state = new SelectField(
      'State',
      [['', 'Any'], ...STATES.map((it) => [it, itemLook({ state: it }).words] as const)],
      (state) => this.#go(this.#kind.value, state),
    )
    this.#table = new VirtualTable<ItemView>({
      label: 'Items',
      key: ({ item, key }) => `${item.kind} ${key}`,
      empty: 'Loading …',
      selected: () => this.#selected(),
      columns: [
        {
          id: 'item',
          label: 'Item',
          heading: true,
          cell: linkCell(({ item, key }) => ({
            text: key,
            more: item.kind,
            href: addressOf('items', [item.kind, key], this.#filters()),
          })),
        },
        {
          id: 'summary',
          label: 'What it says',
          className: 'medium',
          cell: text(({ item }) => summaryOf(item, this.#keyFields(item.kind))),
        },
        { id: 'origin', label: 'Origin', className: 'wide', cell: text(({ origin }) => origin) },
        { id: 'item-state', label: 'State', cell: stateCell(({ status }) => itemLook(status)) },
        { id: 'since', label: 'Since', className: 'wide', cell: text(({ status }) => sinceText(status)) },
        {
          id: 'error',
          label: 'Why',
          className: 'wide',
          cell: text(({ status }) => status.error?.message ?? ''),
        },
      ],
    })
    this.#add.addEventListener('click', () => {
      location.hash = addressOf('items', [this.#kind.value], { ...this.#filters(), new: '1' })
    })
    const search = searchField('Search items', 'Part of a key', (wanted) => {
      this.#search = wanted
      this.#pages.first()
      void this.#load()
    })
    this.element = element(
      'div',
      { class: 'panel' },
      this.#detail.element,
      element(
        'div',
        { class: 'tools' },
        this.#kind.element,
        this.#state.element,
        search,
        this.#pages.count,
        this.#pages.element,
        this.#add,
      ),
      this.#about,
      this.#table.element,
    )
  }

  show({ instances, detail: { name } }: LiveView): void {
    const items = JSON.stringify(instances.find((it) => it.name === name)?.items)
    if (name === this.#instance && items === this.#counts) return
    const another = name !== this.#instance
    this.#instance = name
    this.#counts = items
    if (another) void this.#open()
    else void this.#refresh()
  }

  opened(address: Address): void {
    this.#address = address
    if (this.#instance !== '') void this.#open()
  }

  #filters(): Record<string, string> {
    return this.#state.value === '' ? {} : { state: this.#state.value }
  }

  #selected(): string | undefined {
    const [kind, key] = this.#address.parts
    return kind === undefined || key === undefined ? undefined : `${kind} ${key}`
  }

  #keyFields(kind: string): readonly string[] {
    return this.#known.find((it) => it.kind === kind)?.keyFields ?? []
  }

  #go(kind: string, state: string): void {
    location.hash = addressOf('items', kind === '' ? [] : [kind], state === '' ? {} : { state })
  }

  /** Shows what the address names. */
  async #open(): Promise<void> {
    try {
      this.#known = await this.#kinds.all()
    } catch (error) {
      this.#table.empty = `The kinds of items cannot be shown: ${messageOf(error)}`
      this.#table.show([])
      return
    }
    const { parts, query } = this.#address
    const [kind = '', key] = parts
    this.#kind.offer([['', 'All kinds'], ...this.#known.map((it) => [it.kind, labelOf(it.kind)] as const)])
    this.#kind.value = kind
    this.#state.value = query.get('state') ?? ''
    const known = this.#known.find((it) => it.kind === kind)
    this.#add.hidden = known === undefined
    setText(this.#add, `Add ${inSentence(labelOf(kind))}`)
    setText(this.#about, known?.description ?? '')
    this.#about.hidden = known === undefined
    this.#pages.first()
    const back = addressOf('items', kind === '' ? [] : [kind], this.#filters())
    await Promise.all([
      this.#load(),
      this.#detail.show({
        instance: this.#instance,
        kind: known,
        key,
        mode: query.has('new') ? 'new' : query.has('edit') ? 'edit' : 'view',
        back,
      }),
    ])
  }

  /** Items have changed their states. */
  async #refresh(): Promise<void> {
    await Promise.all([this.#load(), this.#detail.refresh()])
  }

  async #load(): Promise<void> {
    this.#request.abort()
    this.#request = new AbortController()
    const { signal } = this.#request
    const [kind = ''] = this.#address.parts
    const state = this.#address.query.get('state') ?? ''
    const asked = {
      kind,
      state,
      origin: this.#address.query.get('origin') ?? '',
      search: this.#search,
      limit: PAGE,
      offset: this.#pages.offset,
    }
    try {
      const { total, items } = await listItems(this.#api, this.#instance, asked, signal)
      const all = this.#search === '' && state === ''
      this.#table.empty = all ? 'There are no items here.' : 'No item matches.'
      this.#table.show(items)
      this.#pages.show(items.length, total)
    } catch (error) {
      if (signal.aborted) return
      this.#table.empty = `The items cannot be shown: ${messageOf(error)}`
      this.#table.show([])
      this.#pages.show(0, 0)
    }
  }
}

function sinceText({ since }: ItemView['status']): string {
  return since === null ? NONE : `${span(Date.now() - Date.parse(since))} ago`
}
