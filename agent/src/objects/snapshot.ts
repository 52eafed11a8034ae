import type { Actual, Kind } from './object.ts'
import { objectId } from './object.ts'

/** What VPP has, as far as it was looked at, with what has been changed since. */
export class Snapshot {
  readonly #objects = new Map<Kind, Map<string, Actual>>()

  get<K extends Kind>(kind: K, key: string): Actual<K> | undefined {
    return this.#objects.get(kind)?.get(key) as Actual<K> | undefined
  }

  /** True when there is an object of that id. */
  has(id: string): boolean {
    const blank = id.indexOf(' ')
    return this.#objects.get(id.slice(0, blank) as Kind)?.has(id.slice(blank + 1)) ?? false
  }

  of<K extends Kind>(kind: K): Iterable<Actual<K>> {
    return (this.#objects.get(kind)?.values() ?? []) as Iterable<Actual<K>>
  }

  set(object: Actual): void {
    const { kind, key } = object
    const known = this.#objects.get(kind)
    if (known === undefined) this.#objects.set(kind, new Map([[key, object]]))
    else known.set(key, object)
  }

  delete(kind: Kind, key: string): void {
    this.#objects.get(kind)?.delete(key)
  }

  /** Forgets what is known of a kind and takes these. */
  replace(kind: Kind, objects: Iterable<Actual>): void {
    this.#objects.set(kind, new Map(Array.from(objects, (object) => [object.key, object])))
  }

  *[Symbol.iterator](): Iterator<Actual> {
    for (const objects of this.#objects.values()) yield* objects.values()
  }

  /** Index of the interface that is called so; undefined when there is none. */
  swIfIndex(name: string): number | undefined {
    return this.get('interface', name)?.index
  }

  /** Names of interfaces by index. */
  interfaceNames(): Map<number, string> {
    return new Map(Array.from(this.of('interface'), ({ index = 0, key }) => [index, key]))
  }

  /** Names of the agent's access lists by index. */
  aclNames(): Map<number, string> {
    const owned = Array.from(this.of('acl')).filter((acl) => acl.owned)
    return new Map(owned.map(({ index = 0, key }) => [index, key]))
  }

  /** Ids of all objects that stand on others, by the id of those. */
  dependants(): Map<string, Actual[]> {
    const dependants = new Map<string, Actual[]>()
    for (const object of this) {
      for (const ref of object.refs) {
        const known = dependants.get(ref)
        if (known === undefined) dependants.set(ref, [object])
        else known.push(object)
      }
    }
    return dependants
  }

  /** Ids of all objects. */
  *ids(): Iterable<string> {
    for (const { kind, key } of this) yield objectId(kind, key)
  }
}
