import { ApiError } from './api.ts'
import { ask } from './ask.ts'
import { diffView } from './diff-view.ts'
import { element, setText } from './dom.ts'
import { freshId } from './form-field.ts'
import { messageOf, notify } from './notices.ts'
import type { Preview } from './preview.ts'

/** What the reader says of a change. */
export interface ChangeNote {
  /** For the history; empty: none. */
  readonly comment: string
  /** Time after which it is undone unless it is confirmed, as `2m`; empty: never. */
  readonly confirm: string
  /** Items that another origin declares are taken over. */
  readonly takeOver: boolean
}

/** A proposed change. */
export interface Proposal {
  readonly title: string
  /** What is written on the button that makes it. */
  readonly yes: string
  /** Something is taken away. */
  readonly isDangerous: boolean
  /** What it does. @throws ApiError when it cannot be made */
  preview(): Promise<Preview>
  /** Makes it. @throws ApiError */
  make(note: ChangeNote): Promise<void>
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
  readonly #title = element('h2', { id: freshId() })
  readonly #summary = element('p', { role: 'status' })
  readonly #warnings = element('ul', { class: 'warnings' })
  readonly #plan = element('div', { class: 'proposal-plan' })
  readonly #problem = element('p', { class: 'problem', role: 'alert', hidden: true })
  readonly #period = element('select', { id: freshId() })
  readonly #comment = element('input', { id: freshId(), type: 'text', maxlength: 500, autocomplete: 'off' })
  readonly #apply = element('button', { type: 'submit', class: 'button primary' }, 'Apply')
  readonly #cancel = element('button', { type: 'button', class: 'button' }, 'Cancel')
  readonly #dialog: HTMLDialogElement
  #proposal: Proposal | undefined
  #refused: ApiError | undefined

  constructor() {
    this.#period.append(...PERIODS.map(([value, words]) => element('option', { value }, words)))
    this.#period.value = '2m'
    const form = element(
      'form',
      {},
      this.#title,
      this.#summary,
      this.#warnings,
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
    const { summary, warnings, diff } = await proposal.preview()
    this.#proposal = proposal
    this.#refused = undefined
    setText(this.#title, proposal.title)
    setText(this.#summary, summary)
    this.#warnings.replaceChildren(...warnings.map((text) => element('li', {}, text)))
    this.#plan.replaceChildren(diffView(diff))
    setText(this.#apply, proposal.yes)
    this.#apply.className = proposal.isDangerous ? 'button danger' : 'button primary'
    this.#comment.value = ''
    this.#problem.hidden = true
    this.#dialog.returnValue = ''
    const closed = new Promise((resolve) => this.#dialog.addEventListener('close', resolve, { once: true }))
    this.#dialog.showModal()
    this.#apply.focus()
    await closed
    if (this.#refused !== undefined) throw this.#refused
    return this.#dialog.returnValue === 'made'
  }

  async #send(): Promise<void> {
    const proposal = this.#proposal
    if (proposal === undefined) return
    this.#apply.disabled = true
    try {
      if (await this.#make(proposal, false)) this.#dialog.close('made')
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

  /** @returns false when another origin declares an item and the reader leaves it to them */
  async #make(proposal: Proposal, takeOver: boolean): Promise<boolean> {
    const confirm = this.#period.value
    try {
      await proposal.make({ comment: this.#comment.value.trim(), confirm, takeOver })
      return true
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      // The item is kept, and its state says what is wrong.
      if (error.status === 422) {
        notify(error.message, 'bad')
        return true
      }
      if (error.code !== 'AGENT_CONFLICT' || takeOver) throw error
      const words = `${error.message}. Taken over, what is declared there is kept, but not in force.`
      if (!(await ask({ title: 'Take it over?', words, yes: 'Take over' }))) return false
      return await this.#make(proposal, true)
    }
  }
}
