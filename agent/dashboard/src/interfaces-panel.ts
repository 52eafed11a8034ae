import type { LiveInterface, LiveView } from './live-view.js'
import type { AdminSwitch } from './admin-switch.ts'
import { element, setText } from './dom.ts'
import { NONE, bytes, counted, full } from './format.ts'
import type { Histories } from './histories.ts'
import { interfaceColumns } from './interface-columns.ts'
import type { Panel } from './panel.ts'
import { searchField } from './search-field.ts'
import { TrafficChart } from './traffic-chart.ts'
import { VirtualTable } from './virtual-table.ts'

/** All interfaces of a VPP, and one of them closely. */
export class InterfacesPanel implements Panel {
  readonly id = 'interfaces'
  readonly label = 'Interfaces'
  readonly element: HTMLElement
  readonly #histories: Histories
  readonly #table: VirtualTable<LiveInterface>
  readonly #chart = new TrafficChart()
  readonly #title = element('h3')
  readonly #facts = element('dl', { class: 'facts' })
  readonly #detail: HTMLElement
  readonly #count = element('p', { class: 'count', role: 'status' })
  #search = ''
  #chosen: number | undefined
  #live: LiveView | undefined

  constructor(histories: Histories, adminSwitch: AdminSwitch) {
    this.#histories = histories
    this.#table = new VirtualTable({
      label: 'Interfaces',
      columns: interfaceColumns(histories, (index) => this.#choose(index), adminSwitch.cell),
      key: (it) => it.swIfIndex,
      empty: 'No interface.',
      selected: () => this.#chosen,
    })
    const close = element('button', { type: 'button', class: 'button quiet' }, 'Close')
    close.addEventListener('click', () => this.#choose(undefined))
    const head = element('div', { class: 'detail-head' }, this.#title, close)
    this.#detail = element(
      'section',
      { class: 'card detail', 'aria-label': 'Chosen interface', hidden: true },
      head,
      this.#chart.element,
      this.#facts,
    )
    const search = searchField('Search interfaces', 'Name, device, MAC', (text) => {
      this.#search = text.toLowerCase()
      this.#render()
    })
    const tools = element('div', { class: 'tools' }, search, this.#count)
    this.element = element('div', { class: 'panel' }, this.#detail, tools, this.#table.element)
  }

  show(live: LiveView): void {
    if (this.#live !== undefined && this.#live.detail.name !== live.detail.name) this.#chosen = undefined
    this.#live = live
    this.#render()
  }

  recolour(): void {
    this.#chart.recolour()
  }

  /** Shows one interface closely. */
  #choose(swIfIndex: number | undefined): void {
    const same = swIfIndex === this.#chosen
    this.#chosen = same ? undefined : swIfIndex
    this.#render()
    if (this.#chosen !== undefined) this.#detail.scrollIntoView({ block: 'nearest' })
  }

  #render(): void {
    const all = this.#live?.detail.interfaces ?? []
    const found = this.#search === '' ? all : all.filter((it) => matches(it, this.#search))
    this.#table.empty =
      all.length === 0 ? 'VPP has told of no interface yet.' : 'No interface matches the search.'
    this.#table.show(found)
    const total = counted(all.length, 'interface')
    setText(this.#count, found.length === all.length ? total : `${full(found.length)} of ${total}`)
    this.#showChosen(all.find(({ swIfIndex }) => swIfIndex === this.#chosen))
  }

  #showChosen(it: LiveInterface | undefined): void {
    this.#detail.hidden = it === undefined
    if (it === undefined) return
    setText(this.#title, it.name)
    this.#chart.show(this.#histories.times, this.#histories.of(it.swIfIndex))
    const facts = factsOf(it)
    if (this.#facts.childElementCount !== facts.length) {
      this.#facts.replaceChildren(...facts.map(([term]) => fact(term)))
    }
    for (const [index, [, value]] of facts.entries()) {
      const said = this.#facts.children[index]?.lastElementChild
      if (said !== null && said !== undefined) setText(said, value)
    }
  }
}

function fact(term: string): HTMLDivElement {
  return element('div', {}, element('dt', {}, term), element('dd'))
}

function factsOf({ counters, ...it }: LiveInterface): [string, string][] {
  return [
    ['VPP name', it.vppName],
    ['Device', it.device],
    ['sw_if_index', String(it.swIfIndex)],
    ['MAC', it.mac],
    ['MTU', it.mtu === 0 ? NONE : `${full(it.mtu)} bytes`],
    ['Kept by the agent', it.owned ? 'yes' : 'no'],
    ['Received', `${full(counters?.rxPackets)} packets, ${bytes(counters?.rxBytes)}`],
    ['Sent', `${full(counters?.txPackets)} packets, ${bytes(counters?.txBytes)}`],
    ['Dropped', `${full(counters?.drops)} packets`],
    ['Errors', `${full(counters?.errors)} packets`],
  ]
}

function matches(it: LiveInterface, search: string): boolean {
  return [it.name, it.vppName, it.device, it.mac].some((text) => text.toLowerCase().includes(search))
}
