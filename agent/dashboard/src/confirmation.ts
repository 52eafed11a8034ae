import type { Api } from './api.ts'
import { byId, element, setText } from './dom.ts'
import { twoDigits } from './format.ts'
import type { LiveInstance, LiveView } from './live-view.js'
import { messageOf, notify } from './notices.ts'
import { instancePath } from './paths.ts'

/** Says which change is undone unless it is confirmed, how much time is left, and takes the answer. */
export class Confirmation {
  readonly #api: Api
  readonly #area = byId('confirmation')
  readonly #words = element('p', { role: 'status' })
  readonly #left = element('span', { class: 'countdown', role: 'timer' })
  readonly #keep = element(
    'button',
    { type: 'button', class: 'button primary', 'data-writes': true },
    'Keep it',
  )
  readonly #undo = element('button', { type: 'button', class: 'button', 'data-writes': true }, 'Undo now')
  #instance = ''
  #waiting: LiveInstance['confirmation'] = null
  #timer: ReturnType<typeof setInterval> | undefined

  constructor(api: Api) {
    this.#api = api
    this.#keep.addEventListener('click', () => void this.#answer(true))
    this.#undo.addEventListener('click', () => void this.#answer(false))
    this.#area.append(this.#words, this.#left, this.#keep, this.#undo)
  }

  show({ instances, detail: { name } }: LiveView): void {
    this.#instance = name
    this.#waiting = instances.find((it) => it.name === name)?.confirmation ?? null
    this.#area.hidden = this.#waiting === null
    if (this.#waiting === null) {
      clearInterval(this.#timer)
      this.#timer = undefined
      setText(this.#words, '')
      return
    }
    this.#timer ??= setInterval(() => this.#count(), 250)
    setText(this.#words, `Revision ${this.#waiting.revision} of ${name} is undone unless it is kept.`)
    this.#count()
  }

  #count(): void {
    if (this.#waiting === null) return
    const seconds = Math.max(0, Math.ceil((Date.parse(this.#waiting.until) - Date.now()) / 1000))
    setText(this.#left, `${Math.floor(seconds / 60)}:${twoDigits(seconds % 60)} left`)
  }

  async #answer(keep: boolean): Promise<void> {
    const path = instancePath(this.#instance, 'confirmation')
    const revision = this.#waiting?.revision
    this.#keep.disabled = this.#undo.disabled = true
    try {
      if (keep) await this.#api.post(path)
      else await this.#api.delete(path)
      notify(keep ? `Revision ${revision} is kept.` : `Revision ${revision} was undone.`)
      this.#area.hidden = true
    } catch (error) {
      notify(`Revision ${revision} was not ${keep ? 'kept' : 'undone'}: ${messageOf(error)}`, 'bad')
    } finally {
      this.#keep.disabled = this.#undo.disabled = false
    }
  }
}
