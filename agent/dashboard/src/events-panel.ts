import { element } from './dom.ts'
import type { AgentEvent, EventLog } from './event-log.ts'
import { eventLook, eventText } from './event-text.ts'
import { clock, dateAndTime } from './format.ts'
import { stateCell } from './interface-columns.ts'
import type { Panel } from './panel.ts'
import { searchField } from './search-field.ts'
import { SelectField } from './select-field.ts'
import { text, VirtualTable } from './virtual-table.ts'

const KINDS: readonly (readonly [string, string])[] = [
  ['', 'All'],
  ['link', 'Links'],
  ['item', 'Items'],
  ['connection', 'Connection'],
  ['drift', 'Drift'],
  ['resync', 'Resyncs'],
  ['diagnosis', 'Diagnosis'],
  ['leadership', 'Leadership'],
]

/** What has happened to a VPP, the latest first. */
export class EventsPanel implements Panel {
  readonly id = 'events'
  readonly label = 'Events'
  readonly element: HTMLElement
  readonly #log: EventLog
  readonly #table = new VirtualTable<AgentEvent>({
    label: 'Events, the latest first',
    key: ({ id }) => id,
    empty: 'Nothing has happened yet.',
    columns: [
      {
        id: 'time',
        label: 'Time',
        cell: (cell) => {
          const time = element('time')
          cell.append(time)
          return ({ at }) => {
            time.textContent = clock(at)
            time.dateTime = at
            time.title = dateAndTime(at)
          }
        },
      },
      { id: 'event', label: 'Event', cell: stateCell(eventLook) },
      { id: 'what', label: 'Event', heading: true, cell: text(eventText) },
    ],
  })
  #kind = ''
  #search = ''

  constructor(log: EventLog) {
    this.#log = log
    const kind = new SelectField('Kind of event', KINDS, (chosen) => {
      this.#kind = chosen
      this.show()
    })
    const search = searchField('Search events', 'Interface, item, message', (wanted) => {
      this.#search = wanted.toLowerCase()
      this.show()
    })
    this.element = element(
      'div',
      { class: 'panel' },
      element('div', { class: 'tools' }, search, kind.element),
      this.#table.element,
    )
  }

  show(): void {
    const wanted = this.#log.events.filter(
      (it) =>
        (this.#kind === '' || it.kind === this.#kind) &&
        (this.#search === '' || eventText(it).toLowerCase().includes(this.#search)),
    )
    this.#table.empty = this.#log.events.length === 0 ? 'Nothing has happened yet.' : 'No event matches.'
    this.#table.show(wanted)
  }
}
