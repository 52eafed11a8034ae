import type { Catalog, OwnedType } from '../catalog/catalog.ts'
import { change, gravest, type Change } from './change.ts'
import { match, type Matches } from './match.ts'
import type { Difference } from './report.ts'
import type { Release, TypePairs } from './type-pairs.ts'

/** Compares all types, each in the module that defines it. */
export function compareTypes(before: Release, after: Release, pairs: TypePairs): Difference[] {
  const releases = { before, after }
  const inPlace = match(before.catalog.types, after.catalog.types, fullName, () => undefined)
  const found = pairHidden(inPlace, before.catalog, after.catalog)
  const moved = match(
    found.removed,
    found.added,
    ({ type }) => type.name,
    () => undefined,
  )
  const named = match(moved.removed, moved.added, fullName, (owned, side) => shapeOf(owned, releases[side]))
  const compare = ([old, now]: readonly [OwnedType, OwnedType], own: readonly Change[]) =>
    difference(now, [...own, ...pairs.compare(old, now).changes])
  return [
    ...[...inPlace.pairs, ...found.pairs].map((pair) => compare(pair, [])),
    ...moved.pairs.map((pair) => compare(pair, [movedType(...pair)])),
    ...named.renamed.map((pair) => compare(pair, [renamedType(...pair)])),
    ...named.removed.map((owned) => difference(owned, [removedType(owned)])),
    ...named.added.map((owned) => difference(owned, [addedType(owned)])),
  ].filter(({ changes }) => changes.length > 0)
}

function fullName({ module, type }: OwnedType): string {
  return `${module.name} ${type.name}`
}

/**
 * Pairs types of files that one side has and the other only imports, as a running VPP does, which tells of files with
 * messages alone: there they seem to belong to every file that uses them.
 */
function pairHidden(
  { removed, added }: Matches<OwnedType>,
  before: Catalog,
  after: Catalog,
): Pick<Matches<OwnedType>, 'pairs' | 'removed' | 'added'> {
  const gone = removed.map((owned) => [owned, after.hidden(owned)] as const)
  const fresh = added.map((owned) => [owned, before.hidden(owned)] as const)
  const usersOf = (found: typeof gone) => new Set(found.flatMap(([, users]) => users))
  const [here, there] = [usersOf(fresh), usersOf(gone)]
  return {
    pairs: [
      ...gone.flatMap(([old, [now]]) => (now === undefined ? [] : [[old, now] as const])),
      ...fresh.flatMap(([now, [old]]) => (old === undefined ? [] : [[old, now] as const])),
    ],
    removed: gone.flatMap(([owned, users]) => (users.length > 0 || here.has(owned) ? [] : [owned])),
    added: fresh.flatMap(([owned, users]) => (users.length > 0 || there.has(owned) ? [] : [owned])),
  }
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

function removedType({ type }: OwnedType): Change {
  return change('removed', 'source', `${type.kind} removed`, { before: type.name })
}

function addedType({ type }: OwnedType): Change {
  return change('added', 'none', `${type.kind} added`, { after: type.name })
}

/** What tells a type apart, beside its name: its module, its layout, the names in it. Aliases have too little of it. */
function shapeOf({ module, type }: OwnedType, { layouts }: Release): string | undefined {
  if (type.kind === 'alias') return undefined
  const names =
    type.kind === 'enum' ? type.members.map(([name]) => name) : type.fields.map(({ name }) => name)
  return [module.name, type.kind, layouts.ofType(module, type.name), ...names].join(' ')
}
