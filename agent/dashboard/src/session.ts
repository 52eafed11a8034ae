import { byId, setText } from './dom.ts'

const KEY = 'vpp-ts-agent-token'

/**
 * The token that the agent may ask for. Kept as long as the tab is open, and nowhere else.
 */
export class Session {
  readonly #dialog = byId('token-dialog', HTMLDialogElement)
  readonly #input = byId('token-input', HTMLInputElement)
  readonly #problem = byId('token-problem')
  #asking: Promise<void> | undefined
  #given: (() => void) | undefined

  constructor() {
    byId('token-form', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault()
      this.#take(this.#input.value.trim())
    })
    // There is nothing to see without it.
    this.#dialog.addEventListener('cancel', (event) => event.preventDefault())
  }

  /** Headers that every request carries. */
  get headers(): Record<string, string> {
    const token = sessionStorage.getItem(KEY)
    return token === null ? {} : { authorization: `Bearer ${token}` }
  }

  /** Asks for a token because the agent took none or not the one there was; settles when one was given. */
  ask(): Promise<void> {
    this.#asking ??= this.#ask().finally(() => (this.#asking = undefined))
    return this.#asking
  }

  async #ask(): Promise<void> {
    setText(this.#problem, sessionStorage.getItem(KEY) === null ? '' : 'The agent rejected this token.')
    this.#input.value = ''
    this.#dialog.showModal()
    await new Promise<void>((resolve) => (this.#given = resolve))
    this.#dialog.close()
  }

  #take(token: string): void {
    if (!/^[\x21-\x7e]+$/.test(token)) {
      setText(this.#problem, 'A token has no blanks and only letters, digits and signs of ASCII.')
      return
    }
    sessionStorage.setItem(KEY, token)
    this.#given?.()
  }
}
