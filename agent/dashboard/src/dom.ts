/** What an element is made with; false and undefined leave an attribute out. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>

/** Makes an element. Attributes only: the page's content security policy allows no inline style. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag)
  setAttributes(made, attributes)
  made.append(...children)
  return made
}

const SVG = 'http://www.w3.org/2000/svg'

/** Makes a part of a drawing. */
export function drawing<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Node[]
): SVGElementTagNameMap[K] {
  const made = document.createElementNS(SVG, tag)
  setAttributes(made, attributes)
  made.append(...children)
  return made
}

function setAttributes(to: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) to.setAttribute(name, value === true ? '' : String(value))
  }
}

/** The element of the page with this id. @throws Error when index.html has none of this type */
export function byId<T extends HTMLElement = HTMLElement>(
  id: string,
  type: new () => T = HTMLElement as new () => T,
): T {
  const found = document.getElementById(id)
  if (found instanceof type) return found
  throw new Error(`the page has no ${type.name} with the id "${id}"`)
}

/** Sets text only when it differs, so that nothing is laid out or read aloud again for nothing. */
export function setText(of: Node, text: string): void {
  if (of.textContent !== text) of.textContent = text
}

/** Sets an attribute only when it differs. */
export function setAttribute(of: Element, name: string, value: string): void {
  if (of.getAttribute(name) !== value) of.setAttribute(name, value)
}
