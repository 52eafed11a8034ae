import type { Address } from './address.ts'
import type { LiveView } from './live-view.js'

/** One view of the page. */
export interface Panel {
  /** Name in the address of the page, behind `#`. */
  readonly id: string
  readonly label: string
  readonly element: HTMLElement
  /** Takes a view of VPP; called only while the panel is open. */
  show(live: LiveView): void
  /** The panel was opened, or its address has changed, or another VPP is shown. */
  opened?(address: Address): void
  /** The colours of the page have changed. */
  recolour?(): void
}
