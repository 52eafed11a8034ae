import type { Family } from './prefix.ts'
import { PATH_TYPE } from './route.ts'
import type { Path } from './route.ts'

const NONE = 0xffff_ffff

/** Paths that all routes with the same paths share. */
export interface PathList {
  readonly paths: readonly Path[]
}

type MutablePath = { -readonly [K in keyof Path]: Path[K] }

interface Shared extends PathList {
  readonly paths: readonly MutablePath[]
  readonly key: string
  users: number
}

/**
 * The path lists of clients' routes. As in VPP, routes with the same paths share one list, and a path through an
 * interface that is deleted is dead from then on: neither a new interface with the same index nor adding the route again
 * brings it back, because the list is found again. Only when the last route has given the list up is it made again.
 */
export class PathLists {
  readonly #lists = new Map<string, Shared>()
  readonly #byInterface = new Map<number, Set<Shared>>()
  /** Paths that look their next hop up in a table, by family and table. */
  readonly #byTable = new Map<string, number>()
  readonly #released: (family: Family, tableId: number) => void

  /** @param released told of a table that fewer paths look their next hop up in */
  constructor(released: (family: Family, tableId: number) => void) {
    this.#released = released
  }

  /** The list of these paths, for one more user. */
  acquire(paths: readonly Path[]): PathList {
    const key = paths.map(keyOf).join('|')
    let list = this.#lists.get(key)
    if (list === undefined) {
      list = { key, users: 0, paths: paths.map((path) => ({ ...path })) }
      this.#lists.set(key, list)
      for (const path of list.paths) {
        this.#watch(path.swIfIndex, list)
        this.#countTable(path, 1)
      }
    }
    list.users++
    return list
  }

  /** One user fewer of the list of these paths. */
  release(paths: readonly Path[]): void {
    const list = this.#lists.get(paths.map(keyOf).join('|'))
    if (list === undefined || --list.users > 0) return
    this.#lists.delete(list.key)
    for (const path of list.paths) this.#countTable(path, -1)
    for (const { swIfIndex } of list.paths) {
      const watching = this.#byInterface.get(swIfIndex)
      if (watching?.delete(list) === true && watching.size === 0) this.#byInterface.delete(swIfIndex)
    }
  }

  /** The paths through an interface that is deleted are dead. */
  interfaceDeleted(swIfIndex: number): void {
    for (const { paths } of this.#byInterface.get(swIfIndex) ?? []) {
      for (const path of paths) {
        if (path.swIfIndex === swIfIndex && path.type === PATH_TYPE.NORMAL) path.dead = true
      }
    }
  }

  /** True while paths look their next hop up in a table. */
  useTable(family: Family, tableId: number): boolean {
    return this.#byTable.has(`${family} ${tableId}`)
  }

  #countTable({ swIfIndex, type, proto, tableId }: Path, change: 1 | -1): void {
    if (swIfIndex !== NONE || type !== PATH_TYPE.NORMAL || tableId === 0) return
    const family = proto === 1 ? 6 : 4
    const key = `${family} ${tableId}`
    const count = (this.#byTable.get(key) ?? 0) + change
    if (count > 0) this.#byTable.set(key, count)
    else this.#byTable.delete(key)
    if (change === -1) this.#released(family, tableId)
  }

  #watch(swIfIndex: number, list: Shared): void {
    if (swIfIndex === NONE) return
    const watching = this.#byInterface.get(swIfIndex)
    if (watching === undefined) this.#byInterface.set(swIfIndex, new Set([list]))
    else watching.add(list)
  }
}

function keyOf(path: Path): string {
  const { swIfIndex, tableId, weight, preference, type, flags, proto, nextHop = '', labels } = path
  const stack = labels.map(({ label, ttl, exp, isUniform }) => `${label}.${ttl}.${exp}.${isUniform}`).join()
  return `${swIfIndex} ${tableId} ${weight} ${preference} ${type} ${flags} ${proto} ${nextHop} ${stack}`
}
