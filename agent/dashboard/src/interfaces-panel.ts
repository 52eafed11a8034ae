import { addressOf, type Address } from './address.ts'
import type { AdminSwitch } from './admin-switch.ts'
import type { Api } from './api.ts'
import { element, setText } from './dom.ts'
import { NONE, bytes, counted, full } from './format.ts'
import type { Histories } from './histories.ts'
import { addressColumns, ownerText, speedText, trafficColumns } from './interface-columns.ts'
import { InterfaceFacts, tableText, type FactsOfInterface } from './interface-facts.ts'
import type { LiveInterface, LiveView } from './live-view.js'
import type { Panel } from './panel.ts'
import { RangeChart } from './range-chart.ts'
import { searchField } from './search-field.ts'
import { SelectField } from './select-field.ts'
import { VirtualTable } from './virtual-table.ts'

/** All interfaces of a VPP, and one of them closely. */
export class InterfacesPanel implements Panel {
  readonly id = 'interfaces'
  readonly label = 'Interfaces'
  readonly element: HTMLElement
  readonly #histories: Histories
  readonly #facts: InterfaceFacts
  readonly #tables: Readonly<Record<'traffic' | 'addresses', VirtualTable<LiveInterface>>>
  readonly #chart: RangeChart
  readonly #title = element('h2', { tabindex: -1 })
  readonly #about = element('dl', { class: 'facts' })
  readonly #item = element('a', { class: 'button' }, 'Item')
  readonly #graph = element('a', { class: 'button' }, 'In the topology')
  readonly #gone = element('p', { class: 'empty' }, 'VPP has no such interface.')
  readonly #detail: HTMLElement
  readonly #count = element('p', { class: 'count', role: 'status' })
  #set: 'traffic' | 'addresses' = 'traffic'
  #search = ''
  #chosen: string | undefined
  #live: LiveView | undefined

  constructor(api: Api, histories: Histories, adminSwitch: AdminSwitch) {
    this.#histories = histories
    this.#chart = new RangeChart(api)
    this.#facts = new InterfaceFacts(api, () => this.#render())
    const common = {
      label: 'Interfaces',
      key: (it: LiveInterface) => it.swIfIndex,
      empty: 'No interface.',
      selected: () => this.#live?.detail.interfaces.find(({ name }) => name === this.#chosen)?.swIfIndex,
    }
    this.#tables = {
      traffic: new VirtualTable({ ...common, columns: trafficColumns(histories, adminSwitch.cell) }),
      addresses: new VirtualTable({ ...common, columns: addressColumns((index) => this.#facts.of(index)) }),
    }
    this.#tables.addresses.element.hidden = true
    const close = element('a', { class: 'button quiet', href: addressOf('interfaces') }, 'Close')
    this.#detail = element(
      'section',
      { class: 'card detail', 'aria-label': 'Chosen interface', hidden: true },
      element('div', { class: 'detail-head' }, this.#title, close),
      this.#gone,
      this.#chart.element,
      this.#about,
      element('div', { class: 'detail-buttons' }, this.#graph, this.#item),
    )
    const search = searchField('Search interfaces', 'Name, device, MAC, address', (text) => {
      this.#search = text.toLowerCase()
      this.#render()
    })
    const set = new SelectField(
      'Show',
      [
        ['traffic', 'Traffic'],
        ['addresses', 'Addresses and links'],
      ],
      (chosen) => {
        this.#set = chosen === 'addresses' ? 'addresses' : 'traffic'
        this.#tables.traffic.element.hidden = this.#set !== 'traffic'
        this.#tables.addresses.element.hidden = this.#set !== 'addresses'
        this.#render()
      },
    )
    const tools = element('div', { class: 'tools' }, search, set.element, this.#count)
    this.element = element(
      'div',
      { class: 'panel' },
      this.#detail,
      tools,
      this.#tables.traffic.element,
      this.#tables.addresses.element,
    )
  }

  show(live: LiveView): void {
    this.#live = live
    const { name } = live.detail
    const { items, lastEvent, pid } = live.instances.find((it) => it.name === name) ?? {}
    this.#facts.update(name, JSON.stringify([name, items, lastEvent, pid, live.detail.interfaces.length]))
    this.#render()
  }

  opened({ parts: [name] }: Address): void {
    const another = name !== undefined && name !== this.#chosen
    this.#chosen = name
    this.#render()
    if (!another) return
    this.#title.focus({ preventScroll: true })
    this.#title.scrollIntoView({ block: 'nearest' })
  }

  recolour(): void {
    this.#chart.recolour()
  }

  #render(): void {
    const all = this.#live?.detail.interfaces ?? []
    const found = this.#search === '' ? all : all.filter((it) => this.#matches(it))
    const table = this.#tables[this.#set]
    table.empty =
      all.length === 0 ? 'VPP has not reported any interfaces yet.' : 'No interface matches the search.'
    table.show(found)
    const total = counted(all.length, 'interface')
    setText(this.#count, found.length === all.length ? total : `${full(found.length)} of ${total}`)
    this.#showChosen(all)
  }

  #matches(it: LiveInterface): boolean {
    const addresses = this.#facts.of(it.swIfIndex)?.addresses ?? []
    return [it.name, it.vppName, it.device, it.mac, ...addresses].some((text) =>
      text.toLowerCase().includes(this.#search),
    )
  }

  #showChosen(all: readonly LiveInterface[]): void {
    const name = this.#chosen
    this.#detail.hidden = name === undefined
    if (name === undefined || this.#live === undefined) return
    setText(this.#title, name)
    const it = all.find((one) => one.name === name) ?? all.find((one) => one.vppName === name)
    this.#gone.hidden = it !== undefined
    this.#chart.element.hidden = this.#about.hidden = this.#graph.hidden = it === undefined
    this.#item.hidden = it?.owned !== true
    if (it === undefined) return
    this.#item.href = addressOf('items', ['interface', name])
    this.#graph.href = addressOf('topology', [`interface ${it.name}`])
    this.#chart.show({
      instance: this.#live.detail.name,
      name: it.name,
      times: this.#histories.times,
      history: this.#histories.of(it.swIfIndex),
    })
    const facts = factsOf(it, this.#facts.of(it.swIfIndex))
    if (this.#about.childElementCount !== facts.length) {
      this.#about.replaceChildren(...facts.map(([term]) => fact(term)))
    }
    for (const [index, [, value]] of facts.entries()) {
      const said = this.#about.children[index]?.lastElementChild
      if (said !== null && said !== undefined) setText(said, value)
    }
  }
}

function fact(term: string): HTMLDivElement {
  return element('div', {}, element('dt', {}, term), element('dd'))
}

function factsOf(it: LiveInterface, facts: FactsOfInterface | undefined): [string, string][] {
  const { counters } = it
  return [
    ['Addresses', facts === undefined || facts.addresses.length === 0 ? NONE : facts.addresses.join(', ')],
    ['VRF', tableText(facts) || NONE],
    ['VLAN', facts?.vlan ?? NONE],
    ['Speed', speedText(facts?.linkSpeed)],
    ['MAC', it.mac],
    ['MTU', it.mtu === 0 ? NONE : `${full(it.mtu)} bytes`],
    ['Driver', it.device],
    ['Owner', ownerText(facts, it)],
    ['VPP name', it.vppName],
    ['sw_if_index', String(it.swIfIndex)],
    ['Received', `${full(counters?.rxPackets)} packets, ${bytes(counters?.rxBytes)}`],
    ['Sent', `${full(counters?.txPackets)} packets, ${bytes(counters?.txBytes)}`],
    ['Dropped', `${full(counters?.drops)} packets`],
    ['Errors', `${full(counters?.errors)} packets`],
  ]
}
