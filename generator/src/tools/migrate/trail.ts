import type { Schema } from '../../schema/module.ts'
import { diffSchemas } from '../diff/diff.ts'
import type { Change } from '../diff/change.ts'
import type { Difference } from '../diff/report.ts'

/** A message or type by its names in VPP. */
export interface WireName {
  readonly module: string
  readonly name: string
}

/** What became of a message or type, from the first to the last of some releases. */
export interface Fate {
  /** What it is called now; undefined when it is gone. */
  readonly now: WireName | undefined
  /** Release that no longer has it. */
  readonly goneIn: string | undefined
  /** New names of fields, members and arms, by the names in the first release. */
  readonly parts: ReadonlyMap<string, string>
  /** All other changes of any of the releases. */
  readonly changes: readonly Change[]
}

/** Fates of messages by name, of types by module and name. */
export interface Trail {
  message(name: string, module: string): Fate
  type(name: string, module: string): Fate
}

interface OpenFate {
  now: WireName | undefined
  goneIn: string | undefined
  /** By the name in the first release. */
  readonly parts: Map<string, string>
  readonly changes: Change[]
}

/** Sections of a report that things are followed in. */
type Section = 'messages' | 'types'

/**
 * Follows every message and type through releases, one step after the other: what was renamed twice is found, and what is
 * too different to be known again at the end may have been known half-way.
 *
 * @param schemas the releases in their order; at least two
 */
export function followReleases(schemas: readonly Schema[]): Trail {
  const fates = { messages: new Map<string, OpenFate>(), types: new Map<string, OpenFate>() }
  for (const [index, after] of schemas.entries()) {
    const before = schemas[index - 1]
    if (before === undefined) continue
    const report = diffSchemas(before, after)
    for (const section of ['messages', 'types'] as const)
      step(section, report[section], fates[section], after.release ?? after.source)
  }
  const fateIn = (section: Section) => (name: string, module: string) =>
    fates[section].get(keyOf(section, { module, name })) ?? {
      now: { module, name },
      goneIn: undefined,
      parts: new Map<string, string>(),
      changes: [],
    }
  return { message: fateIn('messages'), type: fateIn('types') }
}

/** Messages are known by their name alone, in whichever module they are. */
function keyOf(section: Section, { module, name }: WireName): string {
  return section === 'messages' ? name : `${module} ${name}`
}

function step(
  section: Section,
  differences: readonly Difference[],
  fates: Map<string, OpenFate>,
  release: string,
): void {
  const current = new Map<string, OpenFate>()
  for (const fate of fates.values()) if (fate.now !== undefined) current.set(keyOf(section, fate.now), fate)
  for (const difference of differences) {
    const { changes } = difference
    if (changes.some(({ kind }) => kind === 'added')) continue
    const was = nameBefore(difference)
    let fate = current.get(keyOf(section, was))
    if (fate === undefined) {
      // What came later than the first release has the key of its own first name, which the first release has not.
      if (fates.has(keyOf(section, was))) continue
      fate = { now: was, goneIn: undefined, parts: new Map(), changes: [] }
      fates.set(keyOf(section, was), fate)
    }
    if (changes.some(({ kind }) => kind === 'removed'))
      Object.assign(fate, { now: undefined, goneIn: release })
    else fate.now = { module: difference.module, name: difference.name }
    for (const change of changes) note(fate, change)
  }
}

function nameBefore({ name, module, changes }: Difference): WireName {
  const beforeOf = (kind: Change['kind']) => changes.find((change) => change.kind === kind)?.before
  return { name: beforeOf('renamed') ?? name, module: beforeOf('moved') ?? module }
}

function note(fate: OpenFate, change: Change): void {
  const { kind, before, after } = change
  const isRename = kind === 'field-renamed' || kind === 'member-renamed'
  if (!isRename || before === undefined || after === undefined) {
    fate.changes.push(change)
    return
  }
  const first = [...fate.parts].find(([, now]) => now === before)?.[0] ?? before
  fate.parts.set(first, after)
}
