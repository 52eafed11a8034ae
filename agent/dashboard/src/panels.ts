import type { LiveView } from './live-view.js'
import { readAddress } from './address.ts'
import { byId, element } from './dom.ts'
import type { Panel } from './panel.ts'

/** The views of the page, one of them open: the one that the address names behind `#`. */
export class Panels {
  readonly #panels: readonly Panel[]
  readonly #links = new Map<string, HTMLAnchorElement>()
  readonly #sections = new Map<string, HTMLElement>()
  #open: Panel | undefined
  #live: LiveView | undefined

  constructor(panels: readonly Panel[]) {
    this.#panels = panels
    for (const panel of panels) this.#add(panel)
    addEventListener('hashchange', () => this.#follow(true))
    this.#follow(false)
  }

  /** Gives the open view what it shows. */
  show(live: LiveView): void {
    const another = this.#live !== undefined && this.#live.detail.name !== live.detail.name
    this.#live = live
    if (another) this.#open?.opened?.(readAddress(location.hash))
    this.#open?.show(live)
  }

  /** Something beside the views of VPP has changed. */
  refresh(): void {
    if (this.#live !== undefined) this.#open?.show(this.#live)
  }

  recolour(): void {
    for (const panel of this.#panels) panel.recolour?.()
  }

  #add({ id, label, element: content }: Panel): void {
    const link = element('a', { href: `#${id}` }, label)
    const section = element('section', { 'aria-label': label, class: 'view', hidden: true }, content)
    byId('tabs').append(element('li', {}, link))
    byId('main').append(section)
    this.#links.set(id, link)
    this.#sections.set(id, section)
  }

  /** @param byReader moves the focus too, as on a separate page */
  #follow(byReader: boolean): void {
    const address = readAddress(location.hash)
    const wanted = address.view
    const panel = this.#panels.find(({ id }) => id === wanted) ?? this.#panels[0]
    if (panel === undefined || (wanted === 'main' && this.#open !== undefined)) return
    this.#open = panel
    for (const [id, section] of this.#sections) section.hidden = id !== panel.id
    for (const [id, link] of this.#links) {
      if (id === panel.id) link.setAttribute('aria-current', 'page')
      else link.removeAttribute('aria-current')
    }
    document.title = `${panel.label} · vpp-ts agent`
    if (byReader) this.#links.get(panel.id)?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
    panel.opened?.(address)
    this.refresh()
  }
}
