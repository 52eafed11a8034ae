import type { Schema } from '../../schema/module.ts'
import { Catalog } from '../catalog/catalog.ts'
import { atLeast, type Impact } from './change.ts'
import { compareMessages } from './messages.ts'
import { compareModules } from './modules.ts'
import type { DiffReport, DiffSide, Difference } from './report.ts'
import { compareServices } from './services.ts'
import { releaseOf, TypePairs } from './type-pairs.ts'
import { compareTypes } from './types.ts'

/** Compares two sets of definitions, down to fields and enum members. */
export function diffSchemas(before: Schema, after: Schema): DiffReport {
  const [old, now] = [releaseOf(new Catalog(before)), releaseOf(new Catalog(after))]
  const pairs = new TypePairs(old, now)
  return {
    from: sideOf(before, old.catalog),
    to: sideOf(after, now.catalog),
    messages: byName(compareMessages(old, now, pairs)),
    types: byName(compareTypes(old, now, pairs)),
    services: byName(compareServices(old, now)),
    modules: byName(compareModules(old, now)),
  }
}

/** The report with what is at least as grave as a limit. */
export function filterByImpact(report: DiffReport, limit: Impact): DiffReport {
  const grave = <T extends Difference>(items: readonly T[]): T[] =>
    items.filter(({ impact }) => atLeast(impact, limit))
  return {
    ...report,
    messages: grave(report.messages),
    types: grave(report.types),
    services: grave(report.services),
    modules: grave(report.modules),
  }
}

function sideOf({ source, release, modules }: Schema, { messages }: Catalog): DiffSide {
  return { source, release, modules: modules.size, messages: messages.size }
}

/** By module, then by name; by code unit. */
function byName<T extends Difference>(items: readonly T[]): T[] {
  return items.toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : Number(sortKey(a) > sortKey(b))))
}

function sortKey({ module, name }: Difference): string {
  return `${module} ${name}`
}
