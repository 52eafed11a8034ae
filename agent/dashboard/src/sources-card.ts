import type { Api } from './api.ts'
import { ask } from './ask.ts'
import { element } from './dom.ts'
import { counted, full } from './format.ts'
import { icon } from './icons.ts'
import type { StateLook } from './instance-state.ts'
import { messageOf, notify } from './notices.ts'
import { instancePath } from './paths.ts'

/** Problems of a source that are shown. */
const MOST = 20

/** A source of items besides requests, as the agent reports it. */
interface SourceView {
  readonly origin: string
  readonly location: string
  readonly state: 'reading' | 'ok' | 'partial' | 'held' | 'failed'
  readonly items: number
  readonly conflicts: number
  readonly problems: readonly { readonly where: string; readonly field: string; readonly message: string }[]
}

const LOOKS: Readonly<Record<SourceView['state'], StateLook>> = {
  reading: { icon: 'busy', words: 'Reading', tone: 'warning' },
  ok: { icon: 'good', words: 'Read', tone: 'good' },
  partial: { icon: 'warning', words: 'Has errors', tone: 'warning' },
  held: { icon: 'bad', words: 'Awaiting confirmation', tone: 'bad' },
  failed: { icon: 'bad', words: 'Cannot be read', tone: 'bad' },
}

/** The sources of an instance, with what cannot be used of them. */
export class SourcesCard {
  readonly element = element('section', { class: 'card', 'aria-label': 'Sources', hidden: true })
  readonly #api: Api
  #shown = ''

  constructor(api: Api) {
    this.#api = api
  }

  /** Asks the agent. @throws ApiError */
  async load(instance: string): Promise<void> {
    const { sources } = await this.#api.get<{ sources: SourceView[] }>(instancePath(instance, 'sources'))
    const shown = JSON.stringify([instance, sources])
    if (shown === this.#shown) return
    this.#shown = shown
    this.element.hidden = sources.length === 0
    this.element.replaceChildren(
      element('h2', {}, 'Sources'),
      element('ul', { class: 'sources' }, ...sources.map((source) => this.#make(instance, source))),
    )
  }

  #make(instance: string, source: SourceView): HTMLLIElement {
    const { origin, location, state, items, conflicts, problems } = source
    const { icon: shape, words, tone } = LOOKS[state]
    const counts = [
      counted(items, 'item'),
      ...(conflicts === 0 ? [] : [counted(conflicts, 'conflict')]),
    ].join(', ')
    const confirm = element(
      'button',
      { type: 'button', class: 'button small', 'data-writes': true },
      'Allow the removal',
    )
    confirm.hidden = state !== 'held'
    confirm.addEventListener('click', () => void this.#confirm(instance, source))
    return element(
      'li',
      {},
      element(
        'p',
        { class: 'source-head' },
        element('span', { class: `state tone-${tone}` }, icon(shape), words),
        element('strong', {}, origin),
        element('span', { class: 'count' }, `${location} · ${counts}`),
        confirm,
      ),
      element(
        'ul',
        { class: 'source-problems' },
        ...problems
          .slice(0, MOST)
          .map(({ where, field, message }) =>
            element('li', {}, element('code', {}, where), ` ${field === '' ? '' : `${field}: `}${message}`),
          ),
        ...(problems.length > MOST
          ? [element('li', { class: 'count' }, `and ${full(problems.length - MOST)} more`)]
          : []),
      ),
    )
  }

  async #confirm(instance: string, { origin, problems }: SourceView): Promise<void> {
    const words = problems.map(({ message }) => message).join('; ')
    if (!(await ask({ title: `Allow ${origin} to remove these items?`, words, yes: 'Remove' }))) return
    try {
      await this.#api.post(instancePath(instance, 'sources', origin, 'confirm'))
      notify(`${origin} may remove what it does not declare any more.`)
      await this.load(instance)
    } catch (error) {
      notify(`${origin} was not confirmed: ${messageOf(error)}`, 'bad')
    }
  }
}
