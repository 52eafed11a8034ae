import type { OwnedType } from '../catalog/catalog.ts'
import { change, gravest, type Change } from './change.ts'
import { match } from './match.ts'
import type { Difference } from './report.ts'
import type { Release, TypePairs } from './type-pairs.ts'

/** Compares all types, each in the module that defines it. */
export function compareTypes(before: Release, after: Release, pairs: TypePairs): Difference[] {
  const releases = { before, after }
  const inPlace = match(
    before.catalog.types,
    after.catalog.types,
    ({ module, type }) => `${module.name} ${type.name}`,
    () => undefined,
  )
  const moved = match(
    inPlace.removed,
    inPlace.added,
    ({ type }) => type.name,
    () => undefined,
  )
  const named = match(
    moved.removed,
    moved.added,
    ({ module, type }) => `${module.name} ${type.name}`,
    (owned, side) => shapeOf(owned, releases[side]),
  )
  return [
    ...inPlace.pairs.map(([old, now]) => difference(now, pairs.compare(old, now).changes)),
    ...moved.pairs.map(([old, now]) =>
      difference(now, [movedType(old, now), ...pairs.compare(old, now).changes]),
    ),
    ...named.renamed.map(([old, now]) =>
      difference(now, [renamedType(old, now), ...pairs.compare(old, now).changes]),
    ),
    ...named.removed.map((owned) =>
      difference(owned, [
        change('removed', 'source', `${owned.type.kind} removed`, { before: owned.type.name }),
      ]),
    ),
    ...named.added.map((owned) =>
      difference(owned, [change('added', 'none', `${owned.type.kind} added`, { after: owned.type.name })]),
    ),
  ].filter(({ changes }) => changes.length > 0)
}

function difference({ module, type }: OwnedType, changes: readonly Change[]): Difference {
  const impact = gravest(changes.map((item) => item.impact)) ?? 'compatible'
  return { name: type.name, module: module.name, impact, changes }
}

function movedType(old: OwnedType, now: OwnedType): Change {
  const facts = { before: old.module.name, after: now.module.name }
  return change('moved', 'source', `moved from module ${facts.before} to ${facts.after}`, facts)
}

/** The name of a type is part of the CRC of what refers to it. */
function renamedType(old: OwnedType, now: OwnedType): Change {
  const facts = { before: old.type.name, after: now.type.name }
  return change('renamed', 'identity', `was called ${facts.before}`, facts)
}

/** What tells a type apart, beside its name: its module, its layout, the names in it. Aliases have too little of it. */
function shapeOf({ module, type }: OwnedType, { layouts }: Release): string | undefined {
  if (type.kind === 'alias') return undefined
  const names =
    type.kind === 'enum' ? type.members.map(([name]) => name) : type.fields.map(({ name }) => name)
  return [module.name, type.kind, layouts.ofType(module, type.name), ...names].join(' ')
}
