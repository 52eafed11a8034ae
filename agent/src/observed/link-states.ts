import { IfStatusFlags } from '@vpp-ts/binapi-interface-types'

const { IF_STATUS_API_FLAG_ADMIN_UP: ADMIN_UP, IF_STATUS_API_FLAG_LINK_UP: LINK_UP } = IfStatusFlags

/** Whether an interface is administratively up, and whether its link is. */
export interface LinkState {
  readonly adminUp: boolean
  readonly linkUp: boolean
}

/**
 * Both states of every interface, kept by events. The flags of an event of VPP are not the state: they say what has
 * come up, and no flag says that something went down, not what.
 */
export class LinkStates {
  readonly #states = new Map<number, LinkState>()
  readonly #seen: (swIfIndex: number) => LinkState | undefined

  /** @param seen the states as of the last look, for an interface of which there has been no event yet */
  constructor(seen: (swIfIndex: number) => LinkState | undefined) {
    this.#seen = seen
  }

  /** Takes an event. @returns the states after it; undefined when VPP has to be asked */
  take(swIfIndex: number, flags: number): LinkState | undefined {
    const before = this.#states.get(swIfIndex) ?? this.#seen(swIfIndex)
    const now = stateAfter(before, flags)
    if (now === undefined) this.#states.delete(swIfIndex)
    else this.#states.set(swIfIndex, now)
    return now
  }

  set(swIfIndex: number, state: LinkState): void {
    this.#states.set(swIfIndex, state)
  }

  delete(swIfIndex: number): void {
    this.#states.delete(swIfIndex)
  }

  /** Events may have been missed. */
  clear(): void {
    this.#states.clear()
  }
}

/** Both states of the flags that a dump reports. */
export function linkStateOf(flags: number): LinkState {
  return { adminUp: (flags & ADMIN_UP) !== 0, linkUp: (flags & LINK_UP) !== 0 }
}

function stateAfter(before: LinkState | undefined, flags: number): LinkState | undefined {
  const came = linkStateOf(flags)
  if (came.adminUp && came.linkUp) return came
  if (before === undefined) return undefined
  if (came.adminUp || came.linkUp) {
    return { adminUp: before.adminUp || came.adminUp, linkUp: before.linkUp || came.linkUp }
  }
  // Of two that were up, either may have gone down, or both.
  return before.adminUp && before.linkUp ? undefined : { adminUp: false, linkUp: false }
}
