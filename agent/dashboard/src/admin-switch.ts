import type { LiveInterface } from './live-view.js'
import { ApiError, type Api } from './api.ts'
import { ask } from './ask.ts'
import { element, setAttribute, setText } from './dom.ts'
import { messageOf, notify } from './notices.ts'
import { instancePath } from './paths.ts'
import { isReader } from './role.ts'
import type { CellMaker } from './virtual-table.ts'

/** Milliseconds after which the page believes VPP rather than the reader. */
const PATIENCE = 5000

/** Sets interfaces up or down. What was asked for is shown until VPP has said the same. */
export class AdminSwitch {
  readonly #api: Api
  readonly #instance: () => string
  readonly #wanted = new Map<number, { readonly adminUp: boolean; readonly until: number }>()

  constructor(api: Api, instance: () => string) {
    this.#api = api
    this.#instance = instance
  }

  /** Another VPP is shown. */
  forget(): void {
    this.#wanted.clear()
  }

  /** Cells with a switch. */
  readonly cell: CellMaker<LiveInterface> = (cell) => {
    const words = element('span', { class: 'switch-words', 'aria-hidden': 'true' })
    const button = element('button', { type: 'button', class: 'switch', role: 'switch' }, words)
    let row: LiveInterface | undefined
    button.addEventListener('click', () => {
      if (row !== undefined && !isReader()) void this.#toggle(row, button)
    })
    cell.append(button)
    return (it) => {
      row = it
      const up = this.#shown(it)
      setAttribute(button, 'aria-checked', String(up))
      setAttribute(button, 'aria-disabled', String(isReader()))
      setAttribute(button, 'aria-label', `${it.name} administratively up`)
      setText(words, up ? 'Up' : 'Down')
    }
  }

  #shown(it: LiveInterface): boolean {
    const wanted = this.#wanted.get(it.swIfIndex)
    if (wanted === undefined) return it.adminUp
    if (wanted.adminUp !== it.adminUp && performance.now() < wanted.until) return wanted.adminUp
    this.#wanted.delete(it.swIfIndex)
    return it.adminUp
  }

  async #toggle(it: LiveInterface, button: HTMLButtonElement): Promise<void> {
    const adminUp = !this.#shown(it)
    if (!adminUp && !(await confirmDown(it.name))) return
    const instance = this.#instance()
    this.#wanted.set(it.swIfIndex, { adminUp, until: performance.now() + PATIENCE })
    setAttribute(button, 'aria-busy', 'true')
    try {
      if (!(await this.#set(instance, it.name, adminUp))) {
        this.#wanted.delete(it.swIfIndex)
        return
      }
      notify(`${it.name} was set ${adminUp ? 'up' : 'down'}.`)
    } catch (error) {
      this.#wanted.delete(it.swIfIndex)
      notify(`${it.name} was not set ${adminUp ? 'up' : 'down'}: ${messageOf(error)}`, 'bad')
    } finally {
      button.removeAttribute('aria-busy')
    }
  }

  /** @returns false if another origin declares the interface and the user does not take it over */
  async #set(instance: string, name: string, adminUp: boolean): Promise<boolean> {
    const path = instancePath(instance, 'interfaces', name, 'state')
    try {
      await this.#api.post(path, { adminUp })
      return true
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'AGENT_CONFLICT') throw error
      const title = `Take ${name} over?`
      const words = `${error.message}. Taken over, what is declared there is kept, but not in force.`
      if (!(await ask({ title, words, yes: 'Take over' }))) return false
      await this.#api.post(`${path}?takeOver=true`, { adminUp })
      return true
    }
  }
}

/** Asks before traffic is stopped. */
async function confirmDown(name: string): Promise<boolean> {
  return await ask({
    title: `Set ${name} down?`,
    words: 'Packets are neither received nor sent over it until it is set up again.',
    yes: 'Set down',
  })
}
