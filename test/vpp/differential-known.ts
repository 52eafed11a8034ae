import type { Step } from '../simulator/steps.ts'

/** A difference between simulator and VPP that stays. */
export interface KnownDifference {
  readonly reason: string
  /** True for the steps that it shows in. */
  applies(step: Step, sequence: readonly Step[]): boolean
}

/** Differences with the reason why they stay. The list is exact: whatever else differs is a defect. */
export const KNOWN_DIFFERENCES: readonly KnownDifference[] = []
