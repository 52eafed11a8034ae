import { ApiError, type Api } from './api.ts'
import { addressOf } from './address.ts'
import { element, setText } from './dom.ts'
import type { FormField } from './form-field.ts'
import { dateAndTime } from './format.ts'
import { icon } from './icons.ts'
import { itemLook } from './item-state.ts'
import { valueText } from './item-text.ts'
import { getItem, type ItemView } from './items.ts'
import type { KindView } from './kinds.ts'
import { inSentence, labelOf } from './json-schema.ts'
import { messageOf, notify } from './notices.ts'
import { instancePath } from './paths.ts'
import { itemProposal } from './item-change.ts'
import type { ProposalDialog } from './proposal.ts'
import { rollbackProposal } from './rollback.ts'
import { itemField } from './schema-form.ts'

/** Which item is shown, and how. */
export interface ShownItem {
  readonly instance: string
  readonly kind: KindView | undefined
  readonly key: string | undefined
  readonly mode: 'view' | 'edit' | 'new'
  /** Address of the list that it is in. */
  readonly back: string
}

/** One item closely, or the form that changes it. */
export class ItemDetail {
  readonly element: HTMLElement
  readonly #api: Api
  readonly #dialog: ProposalDialog
  readonly #changed: () => void
  readonly #title = element('h2', { tabindex: -1 })
  readonly #close = element('button', { type: 'button', class: 'button quiet' }, 'Close')
  readonly #body = element('div', { class: 'item-body' })
  #shown: ShownItem | undefined

  /** @param changed is called when the reader has changed an item */
  constructor(api: Api, dialog: ProposalDialog, changed: () => void) {
    this.#api = api
    this.#dialog = dialog
    this.#changed = changed
    this.#close.addEventListener('click', () => this.#leave())
    this.element = element(
      'section',
      { class: 'card detail', 'aria-label': 'Chosen item', hidden: true },
      element('div', { class: 'detail-head' }, this.#title, this.#close),
      this.#body,
    )
  }

  async show(shown: ShownItem): Promise<void> {
    const { kind, key, mode } = shown
    this.#shown = shown
    this.element.hidden = kind === undefined || (key === undefined && mode !== 'new')
    if (kind === undefined || this.element.hidden) return
    const name = labelOf(kind.kind)
    const words = {
      view: `${name} ${key}`,
      edit: `Change ${inSentence(name)} ${key}`,
      new: `Add ${inSentence(name)}`,
    }
    setText(this.#title, words[mode])
    if (mode === 'new') this.#showForm(shown, kind, undefined, null)
    else await this.#load(shown)
    if (this.#shown !== shown) return
    this.#title.focus({ preventScroll: true })
    this.#title.scrollIntoView({ block: 'nearest' })
  }

  /** The item may have another state. A form stays as it is. */
  async refresh(): Promise<void> {
    const shown = this.#shown
    if (shown !== undefined && shown.mode === 'view' && !this.element.hidden) await this.#load(shown)
  }

  /** What was just made for good can be undone at once. */
  #offerUndo(instance: string): void {
    // Whatever keeps the agent from answering, the history has it too.
    this.#offer(instance).catch(() => undefined)
  }

  async #offer(instance: string): Promise<void> {
    const [{ last }, { confirmation }] = await Promise.all([
      this.#api.get<{ last: number }>(instancePath(instance, 'revisions')),
      this.#api.get<{ confirmation: object | null }>(instancePath(instance, 'confirmation')),
    ])
    if (confirmation !== null) return
    const undo = async (): Promise<void> => {
      const made = (): void => this.#changed()
      const rollback = { instance, number: last, how: 'undo', last, made } as const
      try {
        await this.#dialog.show(rollbackProposal(this.#api, rollback))
      } catch (error) {
        notify(`Nothing was undone: ${messageOf(error)}`, 'bad')
      }
    }
    notify(`Made in revision ${last}.`, 'good', { label: 'Undo', run: () => void undo() })
  }

  #leave(): void {
    const { back = addressOf('items') } = this.#shown ?? {}
    location.hash = back
  }

  async #load(shown: ShownItem): Promise<void> {
    const { instance, kind, key, mode } = shown
    if (kind === undefined || key === undefined) return
    try {
      const { view, tag } = await getItem(this.#api, instance, kind, key)
      if (this.#shown !== shown) return
      if (mode === 'edit') this.#showForm(shown, kind, view, tag)
      else this.#showItem(shown, kind, view, tag)
    } catch (error) {
      if (this.#shown !== shown) return
      const gone = error instanceof ApiError && error.status === 404
      const words = gone ? 'There is no such item.' : `The item cannot be shown: ${messageOf(error)}`
      this.#body.replaceChildren(element('p', { class: 'empty' }, words))
    }
  }

  #showItem(shown: ShownItem, kind: KindView, view: ItemView, tag: string | null): void {
    const { key, item, status, origin, others } = view
    const edit = element(
      'a',
      { class: 'button', 'data-writes': true, href: addressOf('items', [kind.kind, key], { edit: '1' }) },
      'Edit',
    )
    const remove = element('button', { type: 'button', class: 'button', 'data-writes': true }, 'Delete')
    remove.addEventListener('click', () => void this.#remove(shown, kind, view, tag))
    const { icon: shape, words, tone } = itemLook(status)
    const state = element('span', { class: `state tone-${tone}` }, icon(shape), element('span', {}, words))
    const facts: (readonly [string, Node | string])[] = [
      ['State', state],
      ...(status.since === null ? [] : [['Since', dateAndTime(status.since)] as const]),
      ['Declared by', origin],
      ...(others.length === 0
        ? []
        : [
            [
              'Also declared by',
              others.map((it) => `${it.origin}${it.agrees ? '' : ' (differs)'}`).join(', '),
            ] as const,
          ]),
      ...(status.attempts === 0 ? [] : [['Failed tries', String(status.attempts)] as const]),
      ...(status.error === null ? [] : [['Why', status.error.message] as const]),
    ]
    const { kind: _kind, ...fields } = item
    this.#body.replaceChildren(
      element(
        'dl',
        { class: 'facts' },
        ...facts.map(([term, said]) => element('div', {}, element('dt', {}, term), element('dd', {}, said))),
      ),
      element(
        'pre',
        { class: 'code', tabindex: 0, role: 'region', 'aria-label': 'The item' },
        valueText(fields),
      ),
      element('div', { class: 'detail-buttons' }, edit, remove),
    )
  }

  #showForm(shown: ShownItem, kind: KindView, view: ItemView | undefined, tag: string | null): void {
    const isNew = view === undefined
    const usual = new Set(kind.examples.flatMap((example) => Object.keys(example)))
    const field = itemField(
      { label: labelOf(kind.kind), schema: kind.schema, required: true, value: view?.item },
      { usual: [...usual], fixed: isNew ? [] : kind.keyFields },
    )
    const problem = element('p', { class: 'problem', role: 'alert', hidden: true })
    const next = element(
      'button',
      { type: 'submit', class: 'button primary', 'data-writes': true },
      'Show the plan',
    )
    const cancel = element('button', { type: 'button', class: 'button' }, 'Cancel')
    cancel.addEventListener('click', () => this.#leave())
    const form = element(
      'form',
      { class: 'item-form', novalidate: true },
      field.element,
      problem,
      element('div', { class: 'detail-buttons' }, cancel, next),
    )
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      void this.#propose({ shown, kind, view, field, tag, problem, next })
    })
    this.#body.replaceChildren(form)
  }

  async #propose(filled: {
    readonly shown: ShownItem
    readonly kind: KindView
    readonly view: ItemView | undefined
    readonly field: FormField
    readonly tag: string | null
    readonly problem: HTMLElement
    readonly next: HTMLButtonElement
  }): Promise<void> {
    const { shown, kind, view, field, tag, problem, next } = filled
    const key = view?.key
    const item = { kind: kind.kind, ...(field.value() as Readonly<Record<string, unknown>>) }
    field.settle()
    problem.hidden = true
    next.disabled = true
    try {
      if (
        !(await this.#dialog.show(
          itemProposal(this.#api, { instance: shown.instance, kind, key, item, tag }),
        ))
      )
        return
      this.#changed()
      this.#offerUndo(shown.instance)
      if (key === undefined) this.#leave()
      else location.hash = addressOf('items', [kind.kind, key])
    } catch (error) {
      const problems = error instanceof ApiError ? error.problems : []
      for (const { field: path, message } of problems) {
        field.complain(path === '' ? [] : path.split('.'), message)
      }
      problem.hidden = false
      setText(problem, problems.length === 0 ? messageOf(error) : 'Some fields are invalid.')
      this.#body.querySelector<HTMLElement>('[aria-invalid]')?.focus()
    } finally {
      next.disabled = false
    }
  }

  async #remove(
    { instance }: ShownItem,
    kind: KindView,
    { key }: ItemView,
    tag: string | null,
  ): Promise<void> {
    try {
      const change = { instance, kind, key, item: undefined, tag }
      const made = await this.#dialog.show(itemProposal(this.#api, change))
      if (!made) return
      this.#changed()
      this.#offerUndo(instance)
      this.#leave()
    } catch (error) {
      this.#body.append(element('p', { class: 'problem', role: 'alert' }, messageOf(error)))
    }
  }
}
