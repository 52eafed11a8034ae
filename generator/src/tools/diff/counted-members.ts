import { isBlock, type Catalog, type OwnedMessage, type OwnedType } from '../catalog/catalog.ts'
import { crcOf } from './crc-text.ts'

/** More combinations than this are not tried for one message, nor for all: CRCs that are made up fit none. */
const MAX_TRIES = 4096
const MAX_TRIES_IN_ALL = 20_000

/**
 * Finds out which enum members count for CRCs, from the CRCs themselves: a message whose CRC cannot be computed from
 * all members of its enums has members that do not count, and few numbers of members give the CRC that is stated.
 */
export class CountedMembersOf {
  readonly #catalog: Catalog
  readonly #found = new Map<OwnedType, number>()
  #triesInAll = 0

  constructor(catalog: Catalog) {
    this.#catalog = catalog
    const open = [...catalog.messages.values()].filter((owned) => !this.#fits(owned))
    // Those with the fewest enums first: what they tell leaves less to try for the others.
    const enums = new Map(open.map((owned) => [owned, enumsIn(catalog, owned)]))
    for (const owned of open.toSorted((a, b) => sizeOf(enums, a) - sizeOf(enums, b))) {
      if (!this.#fits(owned)) this.#solve(owned, enums.get(owned) ?? [])
    }
  }

  /** How many members of an enum count; undefined for all of them. */
  readonly of = (type: OwnedType): number | undefined => this.#found.get(type)

  #fits(owned: OwnedMessage, tried: ReadonlyMap<OwnedType, number> = new Map()): boolean {
    const counted = (type: OwnedType) => tried.get(type) ?? this.#found.get(type)
    return crcOf(owned, this.#catalog, counted) === owned.message.crc
  }

  #solve(owned: OwnedMessage, enums: readonly OwnedType[]): void {
    const free = enums.filter((type) => !this.#found.has(type))
    let tries = 0
    const search = (index: number, tried: ReadonlyMap<OwnedType, number>): boolean => {
      const type = free[index]
      if (type === undefined) {
        tries += 1
        this.#triesInAll += 1
        return this.#accept(owned, tried)
      }
      for (let counted = membersOf(type); counted >= 1; counted--) {
        if (tries >= MAX_TRIES || this.#triesInAll >= MAX_TRIES_IN_ALL) return false
        if (search(index + 1, new Map([...tried, [type, counted]]))) return true
      }
      return false
    }
    search(0, new Map())
  }

  #accept(owned: OwnedMessage, tried: ReadonlyMap<OwnedType, number>): boolean {
    if (!this.#fits(owned, tried)) return false
    for (const [type, counted] of tried) if (counted < membersOf(type)) this.#found.set(type, counted)
    return true
  }
}

function sizeOf(enums: ReadonlyMap<OwnedMessage, readonly OwnedType[]>, owned: OwnedMessage): number {
  return enums.get(owned)?.length ?? 0
}

function membersOf({ type }: OwnedType): number {
  return type.kind === 'enum' ? type.members.length : 0
}

/** Enums that enter the CRC of a message: those that no alias hides. */
function enumsIn(catalog: Catalog, owned: OwnedMessage): OwnedType[] {
  const found = new Set<OwnedType>()
  const visit = (from: OwnedMessage | OwnedType): void => {
    for (const type of catalog.references(from)) {
      if (found.has(type)) continue
      found.add(type)
      if (isBlock(type.type)) visit(type)
    }
  }
  visit(owned)
  return [...found].filter(({ type }) => type.kind === 'enum')
}
