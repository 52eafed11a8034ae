import type { Api } from './api.ts'
import type { LiveInterface, LiveView } from './live-view.js'
import { element, setAttribute, setText } from './dom.ts'
import type { EventLog } from './event-log.ts'
import { eventLook, eventText } from './event-text.ts'
import { average, bitRate, clock, counted, full, packetRate, perSecond, short, span } from './format.ts'
import type { Histories } from './histories.ts'
import { icon } from './icons.ts'
import { troublesOf } from './instance-state.ts'
import type { Panel } from './panel.ts'
import { Sparkline } from './sparkline.ts'
import { RangeChart } from './range-chart.ts'
import { TroubleList } from './trouble-list.ts'

/** Interfaces and events shown. */
const SHOWN = 6

const TILES = ['Input', 'Vectors per frame', 'Interfaces up', 'Drops', 'Items', 'VPP runs for'] as const

/** How a VPP does, at a glance. */
export class OverviewPanel implements Panel {
  readonly id = 'overview'
  readonly label = 'Overview'
  readonly element: HTMLElement
  readonly #histories: Histories
  readonly #log: EventLog
  readonly #values = TILES.map(() => element('dd'))
  readonly #notes = TILES.map(() => element('dd', { class: 'tile-note' }))
  readonly #troubles = new TroubleList({ linked: true })
  readonly #attention = element(
    'section',
    { class: 'card attention', hidden: true },
    element('h2', {}, 'Needs attention'),
    this.#troubles.element,
  )
  readonly #chart: RangeChart
  readonly #busiest = new BusiestList()
  readonly #events = element('ul', { class: 'list' })
  readonly #noEvents = element('p', { class: 'empty' }, 'Nothing has happened yet.')
  #eventsShown = ''

  constructor(api: Api, histories: Histories, log: EventLog) {
    this.#chart = new RangeChart(api)
    this.#histories = histories
    this.#log = log
    const tiles = TILES.map((name, index) =>
      element('div', { class: 'tile' }, element('dt', {}, name), ...this.#tile(index)),
    )
    this.element = element(
      'div',
      { class: 'panel' },
      this.#attention,
      element('dl', { class: 'tiles' }, ...tiles),
      card('Traffic of all interfaces', this.#chart.element),
      element(
        'div',
        { class: 'pair' },
        card('Busiest interfaces', this.#busiest.element, link('#interfaces', 'All interfaces')),
        card('Latest events', this.#events, this.#noEvents, link('#events', 'All events')),
      ),
    )
  }

  show(live: LiveView): void {
    this.#showTiles(live)
    const { times, total: history } = this.#histories
    this.#chart.show({ instance: live.detail.name, name: undefined, times, history })
    this.#busiest.show(live.detail.interfaces, this.#histories)
    this.#showEvents()
  }

  recolour(): void {
    this.#chart.recolour()
  }

  #tile(index: number): Node[] {
    return [this.#values[index], this.#notes[index]].filter((it) => it !== undefined)
  }

  #showTiles({ at, instances, detail: { name, interfaces, system, errorsPerSecond } }: LiveView): void {
    const instance = instances.find((it) => it.name === name)
    const up = interfaces.filter((it) => it.adminUp && it.linkUp).length
    const known = interfaces.some(({ rates }) => rates !== null)
    const sum = (of: 'drops' | 'errors'): number =>
      interfaces.reduce((total, { rates }) => total + (rates?.[of] ?? 0), 0)
    const unreadable = system === null ? 'stats segment not read' : ''
    const troubles = instance === undefined ? [] : troublesOf(instance)
    const workers =
      system === null
        ? unreadable
        : system.workers === 0
          ? 'on the main thread'
          : counted(system.workers, 'worker')
    this.#set(0, packetRate(system?.inputRate), workers)
    this.#set(1, average(system?.vectorRate), 'of 256 at most')
    this.#set(2, full(up), `of ${full(interfaces.length)}`)
    const ofNodes = errorsPerSecond === null ? '' : `, ${short(errorsPerSecond)} of nodes`
    const errors = known ? `${short(sum('errors'))} errors/s${ofNodes}` : ''
    this.#set(3, perSecond(known ? sum('drops') : null), errors)
    this.#set(4, full(instance?.items.applied), troubles.length === 0 ? 'applied, none else' : 'applied')
    this.#attention.hidden = troubles.length === 0
    this.#troubles.show(troubles)
    const booted = system === null ? undefined : Date.parse(at) - Date.parse(system.bootTime)
    this.#set(5, booted === undefined ? perSecond(null) : span(booted), pidText(instance?.pid))
  }

  #set(index: number, value: string, note: string): void {
    const [valueAt, noteAt] = [this.#values[index], this.#notes[index]]
    if (valueAt !== undefined) setText(valueAt, value)
    if (noteAt !== undefined) setText(noteAt, note)
  }

  #showEvents(): void {
    const latest = this.#log.events.slice(0, SHOWN)
    const shown = latest.map(({ id, at }) => `${id} ${at}`).join()
    this.#noEvents.hidden = latest.length > 0
    if (shown === this.#eventsShown) return
    this.#eventsShown = shown
    this.#events.replaceChildren(
      ...latest.map((event) => {
        const { icon: shape, words, tone } = eventLook(event)
        const state = element(
          'span',
          { class: `state tone-${tone}` },
          icon(shape),
          element('span', {}, words),
        )
        const what = element('span', { class: 'list-text', title: eventText(event) }, eventText(event))
        return element('li', {}, element('time', { datetime: event.at }, clock(event.at)), state, what)
      }),
    )
  }
}

/** The interfaces with most traffic. */
class BusiestList {
  readonly #lines = Array.from({ length: SHOWN }, () => new BusiestLine())
  readonly #none = element('p', { class: 'empty' }, 'No traffic.')
  readonly element = element(
    'div',
    {},
    element('ul', { class: 'list' }, ...this.#lines.map((line) => line.element)),
    this.#none,
  )

  show(interfaces: readonly LiveInterface[], histories: Histories): void {
    const busiest = interfaces
      .filter((it) => traffic(it) > 0)
      .sort((one, other) => traffic(other) - traffic(one))
      .slice(0, SHOWN)
    this.#none.hidden = busiest.length > 0
    for (const [index, line] of this.#lines.entries()) line.show(busiest[index], histories)
  }
}

class BusiestLine {
  readonly #name = element('span', { class: 'list-name' })
  readonly #rates = element('span', { class: 'list-rates' })
  readonly #sparkline = new Sparkline()
  readonly element = element('li', { hidden: true }, this.#name, this.#sparkline.element, this.#rates)

  show(it: LiveInterface | undefined, histories: Histories): void {
    this.element.hidden = it === undefined
    if (it === undefined) return
    setText(this.#name, it.name)
    setAttribute(this.#name, 'title', it.name)
    setText(this.#rates, `in ${bitRate(it.rates?.rxBytes)}, out ${bitRate(it.rates?.txBytes)}`)
    this.#sparkline.draw(histories.of(it.swIfIndex))
  }
}

function traffic({ rates }: LiveInterface): number {
  return (rates?.rxBytes ?? 0) + (rates?.txBytes ?? 0)
}

function card(title: string, ...children: readonly Node[]): HTMLElement {
  return element('section', { class: 'card' }, element('h2', {}, title), ...children)
}

function link(href: string, text: string): HTMLElement {
  return element('a', { href, class: 'more' }, text)
}

function pidText(pid: number | null | undefined): string {
  return pid === null || pid === undefined ? 'not connected' : `process ${pid}`
}
