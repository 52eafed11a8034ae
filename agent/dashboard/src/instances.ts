import type { LiveInstance, LiveView } from './live-view.js'
import { byId, element, setAttribute, setText } from './dom.ts'
import { full } from './format.ts'
import { icon, setIcon } from './icons.ts'
import { connectionLook, instanceLook, troublesOf } from './instance-state.ts'
import { TroubleList } from './trouble-list.ts'
import { notify } from './notices.ts'

interface Card {
  readonly element: HTMLLIElement
  update(instance: LiveInstance, shown: boolean): void
}

/** All VPPs of the agent and their status; choosing one shows it in full. */
export class Instances {
  readonly #list = byId('instances')
  readonly #message = byId('instance-message')
  readonly #choose: (name: string) => void
  readonly #cards = new Map<string, Card>()
  readonly #states = new Map<string, LiveInstance['status']>()

  constructor(choose: (name: string) => void) {
    this.#choose = choose
  }

  show({ instances, detail }: LiveView): void {
    this.#explain(instances.find(({ name }) => name === detail.name))
    for (const instance of instances) {
      this.#tellChange(instance)
      let card = this.#cards.get(instance.name)
      if (card === undefined) {
        card = makeCard(instance.name, this.#choose)
        this.#cards.set(instance.name, card)
        this.#list.append(card.element)
      }
      card.update(instance, instance.name === detail.name)
    }
    for (const [name, { element: gone }] of this.#cards) {
      if (instances.some((it) => it.name === name)) continue
      gone.remove()
      this.#cards.delete(name)
    }
  }

  /** Why the VPP that is shown is not there. */
  #explain(shown: LiveInstance | undefined): void {
    const { name, message = null } = shown ?? {}
    this.#message.hidden = message === null
    setText(this.#message, message === null ? '' : `${name} is not connected: ${message}`)
  }

  #tellChange(instance: LiveInstance): void {
    const before = this.#states.get(instance.name)
    const { status, name } = instance
    // Attempts to connect again say nothing new.
    if (status === 'connecting') return
    this.#states.set(name, status)
    if (before === undefined || before === status) return
    notify(`${name}: ${connectionLook(instance).words}.`, status === 'connected' ? 'good' : 'bad')
  }
}

function makeCard(name: string, choose: (name: string) => void): Card {
  const shape = icon('busy')
  const state = element('span', { class: 'state' })
  const words = element('span')
  const counts = element('span')
  const troubles = new TroubleList()
  const facts = element('span', { class: 'instance-facts' }, counts, troubles.element)
  const badge = element('span', { class: 'badge' }, 'standby')
  state.append(shape, words)
  const title = element('span', { class: 'instance-name' }, name)
  const button = element('button', { type: 'button', class: 'instance' }, title, state, facts, badge)
  button.addEventListener('click', () => choose(name))
  return {
    element: element('li', {}, button),
    update(instance, shown) {
      const look = instanceLook(instance)
      setIcon(shape, look.icon)
      setText(words, look.words)
      setAttribute(state, 'class', `state tone-${look.tone}`)
      setText(counts, factsOf(instance))
      troubles.show(troublesOf(instance))
      setAttribute(button, 'title', instance.message ?? '')
      setAttribute(button, 'aria-pressed', String(shown))
      badge.hidden = instance.leading
    },
  }
}

function factsOf({ items, pid }: LiveInstance): string {
  const applied = `${full(items.applied)} items applied`
  return pid === null ? applied : `pid ${pid} · ${applied}`
}
