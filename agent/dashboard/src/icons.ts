import { drawing } from './dom.ts'
import { SHAPES, type IconName } from './icon-shapes.ts'

/** A shape in the colour of the text around it; what it means is said in words beside it. */
export function icon(name: IconName): SVGElement {
  return drawing(
    'svg',
    { class: 'icon', viewBox: '0 0 16 16', 'aria-hidden': 'true' },
    drawing('path', { d: SHAPES[name] }),
  )
}

/** Gives an icon another shape. */
export function setIcon(of: SVGElement, name: IconName): void {
  const path = of.firstElementChild
  if (path !== null && path.getAttribute('d') !== SHAPES[name]) path.setAttribute('d', SHAPES[name])
}
