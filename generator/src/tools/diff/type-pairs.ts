import type { SchemaAlias } from '../../schema/module.ts'
import { isBlock, type Catalog, type OwnedType } from '../catalog/catalog.ts'
import { Layouts } from '../catalog/layout.ts'
import { typeText } from '../catalog/text.ts'
import { change, type Change } from './change.ts'
import { CountedMembersOf } from './counted-members.ts'
import { compareEnums, type CountedEnum } from './enums.ts'
import { compareFields, type FieldDiff, type Side } from './fields.ts'

/** One of the two releases. */
export interface Release {
  readonly catalog: Catalog
  readonly layouts: Layouts
  readonly counted: CountedMembersOf
}

/** Everything that is asked about a release, computed once. */
export function releaseOf(catalog: Catalog): Release {
  return { catalog, layouts: new Layouts(catalog), counted: new CountedMembersOf(catalog) }
}

/** What became of a type itself, and which of its fields belong together. */
export interface TypeComparison extends FieldDiff {
  readonly before: OwnedType
  readonly after: OwnedType
}

/** Compares types, each pair once. */
export class TypePairs {
  readonly #before: Release
  readonly #after: Release
  readonly #known = new Map<OwnedType, Map<OwnedType, TypeComparison>>()

  constructor(before: Release, after: Release) {
    this.#before = before
    this.#after = after
  }

  /** What became of a type; changes of the types that it refers to are theirs. */
  compare(before: OwnedType, after: OwnedType): TypeComparison {
    let known = this.#known.get(before)
    if (known === undefined) this.#known.set(before, (known = new Map()))
    let found = known.get(after)
    if (found === undefined)
      known.set(after, (found = { before, after, ...this.#compareAnew(before, after) }))
    return found
  }

  /** The two sides of things that are defined in these modules. */
  sides(before: Side['module'], after: Side['module']): readonly [Side, Side] {
    return [
      { layouts: this.#before.layouts, module: before },
      { layouts: this.#after.layouts, module: after },
    ]
  }

  #compareAnew(before: OwnedType, after: OwnedType): FieldDiff {
    const [old, now] = [before.type, after.type]
    if (isBlock(old) && isBlock(now) && old.kind === now.kind)
      return compareFields(old.fields, now.fields, this.sides(before.module, after.module))
    if (old.kind === 'enum' && now.kind === 'enum')
      return { changes: compareEnums(counted(before, this.#before), counted(after, this.#after)), pairs: [] }
    if (old.kind === 'alias' && now.kind === 'alias')
      return { changes: this.#alias(before, after), pairs: [] }
    const facts = { before: old.kind, after: now.kind }
    return { changes: [change('kind', 'layout', `${old.kind} is now ${now.kind}`, facts)], pairs: [] }
  }

  #alias(before: OwnedType, after: OwnedType): Change[] {
    const texts = [before, after].map(({ type }) => targetText(type as SchemaAlias))
    const [old = '', now = ''] = texts
    if (old === now) return []
    const same =
      this.#before.layouts.ofType(before.module, before.type.name) ===
      this.#after.layouts.ofType(after.module, after.type.name)
    const words = `stood for ${old}, now for ${now}${same ? ', the same bytes' : '; the CRC of messages does not show it'}`
    return [change('alias-target', same ? 'source' : 'layout', words, { before: old, after: now })]
  }
}

function counted(owned: OwnedType, release: Release): CountedEnum {
  return { type: owned.type as CountedEnum['type'], counted: release.counted.of(owned) }
}

function targetText({ type, length }: SchemaAlias): string {
  return typeText({ type, array: length === undefined ? undefined : { kind: 'fixed', length } })
}
