import type { SchemaModule } from '../../schema/module.ts'
import type { Catalog } from '../catalog/catalog.ts'
import type { DiffReport } from '../diff/report.ts'

/** Something that a rule has found. */
export interface Finding {
  readonly rule: string
  readonly module: string
  /** File that defines it. */
  readonly source: string
  /** Message, type or field; empty for the module as a whole. */
  readonly name: string
  /** What is wrong. */
  readonly message: string
  /** What to do about it. */
  readonly remedy: string
}

/** What rules look at. */
export interface Linted {
  readonly catalog: Catalog
  /** Changes since an older release; undefined when none was given. */
  readonly since: DiffReport | undefined
}

/** Notes a finding. */
export type Report = (module: SchemaModule, name: string, message: string, remedy: string) => void

/** A convention of VPP's API. */
export interface Rule {
  readonly id: string
  /** The convention, in one sentence. */
  readonly about: string
  /** True for rules that compare with an older release. */
  readonly needsSince?: true
  readonly check: (linted: Linted, report: Report) => void
}
