import {
  CombinedStat,
  HistogramStat,
  NamesStat,
  RingStat,
  ScalarStat,
  SimpleStat,
  SymlinkStat,
  UnknownStat,
  type CounterLink,
  type StatEntry,
  type StatIdentity,
} from '../entries.ts'
import { invalidSegment } from '../errors.ts'
import type { Directory } from './directory.ts'
import { ENTRY_VALUE, Kind } from './layout.ts'
import type { SegmentMemory } from './memory.ts'
import type { CopyPlan, Rows } from './plan.ts'
import { readRing } from './ring.ts'

/** What is copied of counters: every row, or for counters that are not symlinks one row with the sums of all. */
export type RowMode = 'rows' | 'sums'

/** Adds what the entries need to `plan` and makes the objects that will show it. */
export function buildEntries(
  memory: SegmentMemory,
  directory: Directory,
  plan: CopyPlan,
  indexes: Iterable<number>,
  mode: RowMode,
): StatEntry[] {
  const entries: StatEntry[] = []
  for (const index of indexes) {
    const entry = buildEntry(memory, directory, plan, index, mode)
    if (entry !== undefined) entries.push(entry)
  }
  plan.allocate()
  return entries
}

function buildEntry(
  memory: SegmentMemory,
  directory: Directory,
  plan: CopyPlan,
  index: number,
  mode: RowMode,
): StatEntry | undefined {
  const kind = directory.kinds[index]
  const identity: StatIdentity = { index, name: directory.names[index] ?? '' }
  const value = directory.entryOffset(index) + ENTRY_VALUE
  plan.addIdentity(index, kind !== Kind.SCALAR && kind !== Kind.GAUGE)
  switch (kind) {
    case Kind.SCALAR:
      return new ScalarStat('scalar', identity, plan, plan.addSingle(value / 8))
    case Kind.GAUGE:
      return new ScalarStat('gauge', identity, plan, plan.addSingle(value / 8))
    case Kind.SIMPLE: {
      const rows = plan.rowsOf(index, 8)
      if (mode === 'sums') return new SimpleStat(identity, plan, plan.addSums(rows, 1), oneRow(rows))
      return new SimpleStat(identity, plan, plan.addRows(rows, 1), rows)
    }
    case Kind.COMBINED: {
      const rows = plan.rowsOf(index, 16)
      if (mode === 'sums') return new CombinedStat(identity, plan, plan.addSums(rows, 2), oneRow(rows))
      return new CombinedStat(identity, plan, plan.addRows(rows, 2), rows)
    }
    case Kind.NAMES:
      return new NamesStat(identity, plan.readNames(index))
    case Kind.SYMLINK:
      return buildLink(directory, plan, identity)
    case Kind.ERROR:
      return buildOldError(directory, plan, identity)
    case Kind.HISTOGRAM: {
      const rows = plan.rowsOf(index, 8)
      return new HistogramStat(identity, plan, plan.addRows(rows, 1), rows)
    }
    case Kind.RING:
      return buildRing(memory, plan, identity, value)
    case Kind.UNKNOWN:
      return new UnknownStat(identity)
    default:
      return undefined
  }
}

function oneRow({ quads, lengths }: Rows): Rows {
  return { quads: quads.subarray(0, 1), lengths: Int32Array.of(Math.max(0, ...lengths)) }
}

function buildLink(directory: Directory, plan: CopyPlan, identity: StatIdentity): StatEntry {
  const link = directory.link(identity.index)
  if (link.target >= directory.length) {
    throw invalidSegment(`symlink ${identity.index} points to entry ${link.target} of ${directory.length}`)
  }
  // The target may have been replaced by something else since the link was made.
  plan.addTargetKind(link.target)
  const kind = directory.kinds[link.target]
  if (kind === Kind.SIMPLE) {
    const rows = plan.rowsOf(link.target, 8)
    return new SimpleStat(identity, plan, plan.addColumn(link.target, rows, 1, link.column), rows, link)
  }
  if (kind === Kind.COMBINED) {
    const rows = plan.rowsOf(link.target, 16)
    return new CombinedStat(identity, plan, plan.addColumn(link.target, rows, 2, link.column), rows, link)
  }
  return new SymlinkStat(identity, link)
}

/** VPP 22.02 and older: the entry's value is an index into every thread's vector of error counters. */
function buildOldError(directory: Directory, plan: CopyPlan, identity: StatIdentity): StatEntry {
  const link: CounterLink = { target: -1, column: directory.link(identity.index).target }
  const rows = plan.errorRows()
  return new SimpleStat(identity, plan, plan.addColumn(-1, rows, 1, link.column), rows, link)
}

function buildRing(
  memory: SegmentMemory,
  plan: CopyPlan,
  identity: StatIdentity,
  value: number,
): StatEntry | undefined {
  const what = `ring buffer ${identity.index}`
  const offset = memory.pointer(value, what)
  // An entry appears before its buffer does.
  if (offset === 0) return undefined
  const ring = readRing(memory, offset, what)
  const slots = ring.sequences.map((quad) => plan.addSingle(quad))
  return new RingStat(identity, ring, plan, slots)
}
