import type { Change, Impact } from './change.ts'

/** What has changed in a message, type, service or module. */
export interface Difference {
  /** Name in the newer definitions; of what was removed, in the older. */
  readonly name: string
  /** Module that defines it. */
  readonly module: string
  readonly impact: Impact
  readonly changes: readonly Change[]
}

/** A type that is part of a message and has changed. */
export interface Via {
  readonly type: string
  readonly module: string
  /** Field that leads to it, such as `route.paths.nh`. */
  readonly path: string
  /** True when an alias lies between, so that the CRC of the message does not show the change. */
  readonly behindAlias: boolean
  /** What the change does to this message. */
  readonly impact: Impact
}

/** What has changed in a message, itself or through its types. */
export interface MessageDifference extends Difference {
  readonly crc: { readonly before: string | undefined; readonly after: string | undefined }
  readonly via: readonly Via[]
  /** Where a program uses it, when that was asked for: `src/routes.ts:12`. */
  readonly usedIn?: readonly string[]
}

/** One of the two sets of definitions. */
export interface DiffSide {
  readonly source: string
  readonly release: string | undefined
  readonly modules: number
  readonly messages: number
}

/** Everything that is different between two sets of definitions. */
export interface DiffReport {
  readonly from: DiffSide
  readonly to: DiffSide
  /** The folder of the program that the report is limited to. */
  readonly limitedTo?: string
  readonly messages: readonly MessageDifference[]
  readonly types: readonly Difference[]
  readonly services: readonly Difference[]
  readonly modules: readonly Difference[]
}

/** Sections of a report. */
export const SECTIONS = ['messages', 'types', 'services', 'modules'] as const

/** All differences of a report. */
export function differencesOf(report: DiffReport): readonly Difference[] {
  return SECTIONS.flatMap((section): readonly Difference[] => report[section])
}
