import { RefMap } from '../model/ref-map.ts'
import { objectId, splitId, type Actual, type Kind } from './object.ts'

/** What VPP has, as far as it was looked at, with what has been changed since. */
export class Snapshot {
  readonly #objects = new RefMap<Kind, Actual>()

  get<K extends Kind>(kind: K, key: string): Actual<K> | undefined {
    return this.#objects.get(kind, key) as Actual<K> | undefined
  }

  /** True when there is an object of that id. */
  has(id: string): boolean {
    return this.#objects.has(...splitId(id))
  }

  of<K extends Kind>(kind: K): Iterable<Actual<K>> {
    return this.#objects.of(kind).values() as Iterable<Actual<K>>
  }

  set(object: Actual): void {
    this.#objects.set(object.kind, object.key, object)
  }

  delete(kind: Kind, key: string): void {
    this.#objects.delete(kind, key)
  }

  /** Forgets what is known of a kind and takes these. */
  replace(kind: Kind, objects: Iterable<Actual>): void {
    const known = new Map<string, Actual>()
    for (const object of objects) known.set(object.key, object)
    this.#objects.replace(kind, known)
  }

  [Symbol.iterator](): Iterator<Actual> {
    return this.#objects.values()[Symbol.iterator]()
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
