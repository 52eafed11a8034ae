import { ApiError, type Api, type Query } from './api.ts'
import { ask } from './ask.ts'
import { diffView } from './diff-view.ts'
import { element, setText } from './dom.ts'
import { freshId } from './form-field.ts'
import { inSentence, labelOf } from './json-schema.ts'
import type { KindView } from './kinds.ts'
import { itemPath } from './kinds.ts'
import { messageOf, notify } from './notices.ts'
import { instancePath } from './paths.ts'
import { previewOf } from './preview.ts'

/** A change of one item that somebody wants to make. */
export interface Proposal {
  readonly instance: string
  readonly kind: KindView
  /** Key of the item; undefined for a new one. */
  readonly key: string | undefined
  /** The item as it is; undefined for a new one. */
  readonly before: Readonly<Record<string, unknown>> | undefined
  /** The item as it is to be; undefined: it is deleted. */
  readonly item: Readonly<Record<string, unknown>> | undefined
  /** Names the state that was changed from, so that nobody's change is overwritten. */
  readonly tag: string | null
}

/** Times after which a change is undone unless it is confirmed. */
const PERIODS: readonly (readonly [string, string])[] = [
  ['1m', 'after 1 minute'],
  ['2m', 'after 2 minutes'],
  ['10m', 'after 10 minutes'],
  ['', 'never'],
]

/** Shows what a change does, and makes it. */
export class ProposalDialog {
  readonly #api: Api
  readonly #title = element('h2', { id: freshId() })
  readonly #summary = element('p', { role: 'status' })
  readonly #plan = element('div', { class: 'proposal-plan' })
  readonly #problem = element('p', { class: 'problem', role: 'alert', hidden: true })
  readonly #period = element('select', { id: freshId() })
  readonly #comment = element('input', { id: freshId(), type: 'text', maxlength: 500, autocomplete: 'off' })
  readonly #apply = element('button', { type: 'submit', class: 'button primary' }, 'Apply')
  readonly #cancel = element('button', { type: 'button', class: 'button' }, 'Cancel')
  readonly #dialog: HTMLDialogElement
  #proposal: Proposal | undefined
  #refused: ApiError | undefined

  constructor(api: Api) {
    this.#api = api
    this.#period.append(...PERIODS.map(([value, words]) => element('option', { value }, words)))
    this.#period.value = '2m'
    const form = element(
      'form',
      {},
      this.#title,
      this.#summary,
      this.#plan,
      element(
        'div',
        { class: 'proposal-options' },
        element(
          'div',
          { class: 'form-field' },
          element('label', { for: this.#period.id }, 'Undo unless confirmed'),
          this.#period,
        ),
        element(
          'div',
          { class: 'form-field' },
          element('label', { for: this.#comment.id }, 'Comment for the history'),
          this.#comment,
        ),
      ),
      this.#problem,
      element('div', { class: 'dialog-buttons' }, this.#cancel, this.#apply),
    )
    this.#dialog = element(
      'dialog',
      { class: 'dialog dialog-large', 'aria-labelledby': this.#title.id },
      form,
    )
    document.body.append(this.#dialog)
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      void this.#send()
    })
    this.#cancel.addEventListener('click', () => this.#dialog.close())
  }

  /**
   * Shows what a change does.
   * @returns true once it was made, false when the reader leaves it
   * @throws ApiError when it cannot be made, or says which fields are wrong
   */
  async show(proposal: Proposal): Promise<boolean> {
    this.#proposal = proposal
    this.#refused = undefined
    const { kind, key, item } = proposal
    const what = `${inSentence(labelOf(kind.kind))} ${key ?? ''}`.trim()
    setText(
      this.#title,
      item === undefined ? `Delete ${what}?` : key === undefined ? `Add ${what}` : `Change ${what}`,
    )
    setText(this.#apply, item === undefined ? 'Delete' : 'Apply')
    this.#apply.className = item === undefined ? 'button danger' : 'button primary'
    this.#comment.value = ''
    this.#problem.hidden = true
    this.#dialog.returnValue = ''
    const closed = new Promise((resolve) => this.#dialog.addEventListener('close', resolve, { once: true }))
    await this.#preview(proposal)
    this.#dialog.showModal()
    this.#apply.focus()
    await closed
    if (this.#refused !== undefined) throw this.#refused
    return this.#dialog.returnValue === 'made'
  }

  /** @throws ApiError when the change cannot be made */
  async #preview(proposal: Proposal): Promise<void> {
    const preview = await previewOf(this.#api, proposal)
    setText(this.#summary, preview.summary)
    this.#plan.replaceChildren(diffView(preview.diff))
  }

  async #send(): Promise<void> {
    const proposal = this.#proposal
    if (proposal === undefined) return
    this.#apply.disabled = true
    try {
      if (await this.#make(proposal, {})) this.#dialog.close('made')
    } catch (error) {
      if (error instanceof ApiError && error.problems.length > 0) {
        // They are said beside the fields.
        this.#refused = error
        this.#dialog.close()
        return
      }
      this.#problem.hidden = false
      setText(this.#problem, messageOf(error))
    } finally {
      this.#apply.disabled = false
    }
  }

  /** @returns false when another origin declares the item and the reader leaves it to them */
  async #make(proposal: Proposal, more: Query): Promise<boolean> {
    try {
      await this.#write(proposal, more)
      return true
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      // The item is kept, and its state says what is wrong.
      if (error.status === 422) {
        notify(error.message, 'bad')
        return true
      }
      if (error.code !== 'AGENT_CONFLICT' || more['takeOver'] === true) throw error
      const words = `${error.message}. Taken over, what is declared there is kept, but not in force.`
      if (!(await ask({ title: 'Take it over?', words, yes: 'Take over' }))) return false
      return await this.#make(proposal, { takeOver: true })
    }
  }

  async #write({ instance, kind, key, item, tag }: Proposal, more: Query): Promise<void> {
    const query = {
      author: 'dashboard',
      comment: this.#comment.value.trim(),
      confirm: this.#period.value,
      wait: true,
      ...more,
    }
    if (key === undefined) {
      await this.#api.post(instancePath(instance, kind.collection), item, query)
      return
    }
    const { path, query: ofItem } = itemPath(instance, kind, key)
    if (item === undefined) await this.#api.delete(path, { ...query, ...ofItem })
    else {
      await this.#api.put(path, item, { ...query, ...ofItem }, tag === null ? {} : { 'if-match': tag })
    }
  }
}
