import { addressOf, type Address } from './address.ts'
import type { Api } from './api.ts'
import { diffView } from './diff-view.ts'
import { element, setText } from './dom.ts'
import { clock, counted, dateAndTime, full } from './format.ts'
import { linkCell } from './link-cell.ts'
import type { LiveView } from './live-view.js'
import { messageOf, notify } from './notices.ts'
import type { Panel } from './panel.ts'
import { instancePath } from './paths.ts'
import type { ProposalDialog } from './proposal.ts'
import { rollbackProposal } from './rollback.ts'
import { text, VirtualTable } from './virtual-table.ts'

/** Items of a difference that are shown. */
const MOST = 200

/** A change of the items, as the agent reports it. */
interface Revision {
  readonly number: number
  readonly at: string
  readonly author: string
  readonly origin: string
  readonly comment: string | null
  readonly created: number
  readonly changed: number
  readonly removed: number
}

/** The history of the items, with diffs and rollback. */
export class HistoryPanel implements Panel {
  readonly id = 'history'
  readonly label = 'History'
  readonly element: HTMLElement
  readonly #api: Api
  readonly #dialog: ProposalDialog
  readonly #table: VirtualTable<Revision>
  readonly #count = element('p', { class: 'count', role: 'status' })
  readonly #title = element('h2', { tabindex: -1 })
  readonly #about = element('p', { class: 'count' })
  readonly #diff = element('div')
  readonly #undo = element(
    'button',
    { type: 'button', class: 'button', 'data-writes': true },
    'Undo this and all later changes',
  )
  readonly #return = element(
    'button',
    { type: 'button', class: 'button', 'data-writes': true },
    'Return to this state',
  )
  readonly #detail: HTMLElement
  #instance = ''
  #seen = ''
  #chosen: number | undefined
  #last = 0

  constructor(api: Api, dialog: ProposalDialog) {
    this.#api = api
    this.#dialog = dialog
    this.#table = new VirtualTable<Revision>({
      label: 'Revisions, the latest first',
      key: ({ number }) => number,
      empty: 'Loading …',
      selected: () => this.#chosen,
      columns: [
        {
          id: 'revision',
          label: 'Revision',
          heading: true,
          cell: linkCell(({ number, at }) => ({
            text: String(number),
            more: clock(at).slice(0, 8),
            href: addressOf('history', [String(number)]),
          })),
        },
        {
          id: 'when',
          label: 'When',
          className: 'wide',
          cell: text(({ at }) => dateAndTime(at).slice(0, 19)),
        },
        { id: 'counts', label: 'Items', cell: text(countsText) },
        { id: 'author', label: 'By', cell: text(({ author }) => author) },
        { id: 'origin', label: 'Origin', className: 'medium', cell: text(({ origin }) => origin) },
        { id: 'comment', label: 'Comment', className: 'medium', cell: text(({ comment }) => comment ?? '') },
      ],
    })
    const close = element('a', { class: 'button quiet', href: addressOf('history') }, 'Close')
    this.#undo.addEventListener('click', () => void this.#rollBack('undo'))
    this.#return.addEventListener('click', () => void this.#rollBack('to'))
    this.#detail = element(
      'section',
      { class: 'card detail', 'aria-label': 'Chosen revision', hidden: true },
      element('div', { class: 'detail-head' }, this.#title, close),
      this.#about,
      this.#diff,
      element('div', { class: 'detail-buttons' }, this.#return, this.#undo),
    )
    this.element = element(
      'div',
      { class: 'panel' },
      this.#detail,
      element('div', { class: 'tools' }, this.#count),
      this.#table.element,
    )
  }

  show({ instances, detail: { name } }: LiveView): void {
    const instance = instances.find((it) => it.name === name)
    // What is declared changes states and the log; a confirmation changes the history alone.
    const seen = JSON.stringify([name, instance?.items, instance?.lastEvent, instance?.confirmation])
    if (seen === this.#seen) return
    const another = name !== this.#instance
    this.#seen = seen
    this.#instance = name
    void this.#load()
    if (another) void this.#open()
  }

  opened({ parts: [number] }: Address): void {
    this.#chosen = number !== undefined && /^\d+$/.test(number) ? Number(number) : undefined
    if (this.#instance === '') return
    void this.#load()
    void this.#open()
  }

  async #load(): Promise<void> {
    const name = this.#instance
    try {
      const path = instancePath(name, 'revisions')
      const { last, revisions } = await this.#api.get<{ last: number; revisions: Revision[] }>(path)
      if (name !== this.#instance) return
      this.#last = last
      this.#table.empty = 'No changes yet.'
      this.#table.show(revisions)
      setText(this.#count, counted(revisions.length, 'revision'))
    } catch (error) {
      this.#table.empty = `The history cannot be shown: ${messageOf(error)}`
      this.#table.show([])
    }
  }

  async #open(): Promise<void> {
    const number = this.#chosen
    this.#detail.hidden = number === undefined
    this.#table.refresh()
    if (number === undefined) return
    setText(this.#title, `Revision ${number}`)
    setText(this.#about, '')
    this.#diff.replaceChildren()
    try {
      const path = instancePath(this.#instance, 'revisions', String(number))
      const revision = await this.#api.get<Revision & { total: number; diff: string }>(path, { limit: MOST })
      if (number !== this.#chosen) return
      const { at, author, origin, comment, total, diff } = revision
      const part = total > MOST ? `; the first ${full(MOST)} are shown` : ''
      const words = comment === null ? '' : `: ${comment}`
      setText(
        this.#about,
        `${dateAndTime(at)}, ${author} (${origin})${words}. ${counted(total, 'item')}${part}.`,
      )
      this.#diff.replaceChildren(diffView(diff))
      this.#return.hidden = number === this.#last
    } catch (error) {
      setText(this.#about, `The revision cannot be shown: ${messageOf(error)}`)
    }
    this.#title.focus({ preventScroll: true })
    this.#title.scrollIntoView({ block: 'nearest' })
  }

  async #rollBack(how: 'to' | 'undo'): Promise<void> {
    const number = this.#chosen
    if (number === undefined) return
    const made = (revision: number): void => {
      void this.#load()
      location.hash = addressOf('history', [String(revision)])
    }
    const rollback = { instance: this.#instance, number, how, last: this.#last, made }
    try {
      await this.#dialog.show(rollbackProposal(this.#api, rollback))
    } catch (error) {
      notify(`Nothing was undone: ${messageOf(error)}`, 'bad')
    }
  }
}

function countsText({ created, changed, removed }: Revision): string {
  const parts = [
    ...(created > 0 ? [`+${full(created)}`] : []),
    ...(changed > 0 ? [`~${full(changed)}`] : []),
    ...(removed > 0 ? [`−${full(removed)}`] : []),
  ]
  return parts.length === 0 ? 'none' : parts.join(' ')
}
