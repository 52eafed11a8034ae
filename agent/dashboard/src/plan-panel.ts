import type { LiveInstance, LiveView } from './live-view.js'
import type { Api } from './api.ts'
import { element, setText } from './dom.ts'
import { resyncText } from './event-text.ts'
import { counted, span } from './format.ts'
import { stateCell } from './interface-columns.ts'
import type { StateLook } from './instance-state.ts'
import { itemLook, type StatusView } from './item-state.ts'
import { messageOf, notify } from './notices.ts'
import type { Panel } from './panel.ts'
import { instancePath } from './paths.ts'
import { fieldsText, obstacleText, type PlannedChange } from './plan-text.ts'
import { SourcesCard } from './sources-card.ts'
import { text, VirtualTable } from './virtual-table.ts'

/** Items fetched that are not as they should be, of each state. */
const MOST = 1000

const ACTIONS: Readonly<Record<PlannedChange['action'], StateLook>> = {
  create: { icon: 'up', words: 'Create', tone: 'good' },
  update: { icon: 'busy', words: 'Update', tone: 'warning' },
  replace: { icon: 'busy', words: 'Replace', tone: 'warning' },
  delete: { icon: 'down', words: 'Delete', tone: 'bad' },
}

/** The desired state against the actual one. */
export class PlanPanel implements Panel {
  readonly id = 'plan'
  readonly label = 'Desired & actual'
  readonly element: HTMLElement
  readonly #api: Api
  readonly #summary = element('p', { class: 'summary', role: 'status' })
  readonly #resynced = element('p', { class: 'count' })
  readonly #compare = element('button', { type: 'button', class: 'button' }, 'Compare now')
  readonly #resync = element(
    'button',
    { type: 'button', class: 'button primary', 'data-writes': true },
    'Resync',
  )
  readonly #changes = new VirtualTable<PlannedChange>({
    label: 'Pending changes',
    key: ({ kind, key }) => `${kind} ${key}`,
    empty: 'VPP has what is declared: nothing to change.',
    columns: [
      { id: 'action', label: 'Change', cell: stateCell(({ action }) => ACTIONS[action]) },
      { id: 'object', label: 'Object', heading: true, cell: text(({ kind, key }) => `${kind} ${key}`) },
      { id: 'difference', label: 'Actual → desired', className: 'medium', cell: text(fieldsText) },
      {
        id: 'waits',
        label: 'What keeps it',
        className: 'wide',
        cell: text(obstacleText),
      },
    ],
  })
  readonly #items = new VirtualTable<StatusView>({
    label: 'Items not in their desired state',
    key: ({ kind, key }) => `${kind} ${key}`,
    empty: 'Every item is applied.',
    columns: [
      { id: 'item-state', label: 'State', cell: stateCell(itemLook) },
      { id: 'object', label: 'Item', heading: true, cell: text(({ kind, key }) => `${kind} ${key}`) },
      { id: 'error', label: 'Last error', cell: text(({ error }) => error?.message ?? '') },
      {
        id: 'attempts',
        label: 'Tries',
        className: 'number medium',
        cell: text(({ attempts }) => String(attempts)),
      },
    ],
  })
  readonly #sources: SourcesCard
  #instance = ''
  #seen = ''
  #busy = false

  constructor(api: Api) {
    this.#api = api
    this.#sources = new SourcesCard(api)
    this.#compare.addEventListener('click', () => void this.#load())
    this.#resync.addEventListener('click', () => void this.#resyncNow())
    this.element = element(
      'div',
      { class: 'panel' },
      element('div', { class: 'tools' }, this.#summary, this.#resynced, this.#compare, this.#resync),
      this.#sources.element,
      element('h2', {}, 'Pending changes'),
      this.#changes.element,
      element('h2', {}, 'Items not in their desired state'),
      this.#items.element,
    )
  }

  show({ instances, detail: { name } }: LiveView): void {
    const instance = instances.find((it) => it.name === name)
    if (instance === undefined) return
    this.#showResync(instance)
    const { items, lastResync, status, sources } = instance
    const seen = JSON.stringify([name, items, lastResync?.at, status, sources])
    if (seen === this.#seen || this.#busy) return
    this.#seen = seen
    this.#instance = name
    void this.#load()
  }

  opened(): void {
    // VPP's state may have changed while the panel was hidden.
    this.#seen = ''
  }

  #showResync({ lastResync, leading }: LiveInstance): void {
    const ago = lastResync === null ? undefined : span(Date.now() - Date.parse(lastResync.at))
    setText(
      this.#resynced,
      lastResync === null ? 'Not compared yet.' : `${resyncText(lastResync)}, ${ago} ago.`,
    )
    this.#resync.disabled = !leading || this.#busy
  }

  async #load(): Promise<void> {
    if (this.#busy) return
    this.#busy = true
    this.#compare.disabled = true
    const name = this.#instance
    try {
      const [{ changes }, items] = await Promise.all([
        this.#api.get<{ changes: PlannedChange[] }>(instancePath(name, 'plan')),
        this.#troubled(name),
        this.#sources.load(name),
      ])
      this.#changes.empty = 'VPP has what is declared: nothing to change.'
      this.#changes.show(changes)
      this.#items.show(items)
      setText(
        this.#summary,
        changes.length === 0 ? 'Actual equals desired.' : `${counted(changes.length, 'change')} due.`,
      )
    } catch (error) {
      setText(this.#summary, 'VPP cannot be compared.')
      this.#changes.empty = messageOf(error)
      this.#changes.show([])
    } finally {
      this.#busy = false
      this.#compare.disabled = false
    }
  }

  async #troubled(name: string): Promise<StatusView[]> {
    const states = ['failed', 'blocked', 'conflict', 'drifted', 'waiting', 'pending', 'removing'] as const
    const answers = await Promise.all(
      states.map((state) =>
        this.#api.get<{ items: { status: StatusView }[] }>(instancePath(name, 'desired'), {
          state,
          limit: MOST,
        }),
      ),
    )
    return answers.flatMap(({ items }) => items.map(({ status }) => status))
  }

  async #resyncNow(): Promise<void> {
    const name = this.#instance
    try {
      notify(resyncText(await this.#api.post<Parameters<typeof resyncText>[0]>(instancePath(name, 'resync'))))
    } catch (error) {
      notify(`${name} was not brought up to date: ${messageOf(error)}`, 'bad')
    }
    await this.#load()
  }
}
