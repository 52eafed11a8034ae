import type { Step } from '../simulator/steps.ts'

/** A difference between simulator and VPP that stays. */
export interface KnownDifference {
  readonly reason: string
  /** True for the steps that it shows in. */
  applies(step: Step, sequence: readonly Step[]): boolean
}

interface Route {
  readonly paths: readonly { readonly type: number }[]
}

const LOCAL = 1

/** True for a route to VPP itself and to somewhere else. */
function isHalfLocal([message, fields = {}]: Step): boolean {
  if (message !== 'ip_route_add_del') return false
  const types = new Set(((fields as { route?: Route }).route?.paths ?? []).map(({ type }) => type))
  return types.has(LOCAL) && types.size > 1
}

/** Differences with the reason why they stay. The list is exact: whatever else differs is a defect. */
export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    reason:
      'VPP does not clear the flags of a path that it dumps: one may have LOCAL of another that was there before',
    applies: ([message], sequence) => message === 'ip_route_v2_dump' && sequence.some(isHalfLocal),
  },
]
