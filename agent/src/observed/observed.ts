import { FibClient } from '@vpp-ts/binapi-fib'
import type { RpcConnection } from '@vpp-ts/runtime'
import { NONE, type Actual, type ClientClass, type Vpp } from '../kinds/descriptor.ts'
import { MARK } from '../kinds/mark.ts'
import { MissingError } from '../kinds/missing-error.ts'
import { PackedObjects } from '../kinds/packed-objects.ts'
import { splitId } from '../model/item-ref.ts'
import { RefMap } from '../model/ref-map.ts'
import { Turns } from '../model/turns.ts'

/** Priority of the agent's routes: that of VPP's own API clients. */
const ROUTE_PRIORITY = 0x80

/** What one VPP has, as far as it was looked at, with what has been changed since. */
export class Observed implements Vpp {
  readonly identity: string
  #connection: RpcConnection
  readonly #objects: RefMap<string, Actual>
  /** Keys by VPP's index, of kinds that have one. */
  readonly #keys = new Map<string, Map<number, string>>()
  readonly #clients = new Map<unknown, object>()
  #routeSource: number | undefined
  #making: Promise<number> | undefined

  /**
   * @param identity see `Vpp`
   * @param packed how objects are stored if there are many; default: a separate packing
   */
  constructor(connection: RpcConnection, identity: string, packed = new PackedObjects()) {
    this.#connection = connection
    this.#objects = new RefMap(packed.packingOf)
    this.identity = identity
  }

  /** Sends everything over another connection from now on. */
  speakOver(connection: RpcConnection): void {
    this.#connection = connection
    this.#clients.clear()
  }

  client<C extends object>(type: ClientClass<C>): C {
    const known = this.#clients.get(type) as C | undefined
    if (known !== undefined) return known
    const client = new type(this.#connection)
    this.#clients.set(type, client)
    return client
  }

  indexOf(kind: string, key: string): number {
    const index = this.get(kind, key)?.index
    if (index === undefined || index === NONE) throw new MissingError(kind, key)
    return index
  }

  keyOf(kind: string, index: number): string | undefined {
    return this.#keys.get(kind)?.get(index)
  }

  interfaceName(swIfIndex: number): string {
    return this.keyOf('interface', swIfIndex) ?? `~${swIfIndex}`
  }

  /** The agent's names of interfaces by index. */
  interfaceNames(): ReadonlyMap<number, string> {
    return this.#keys.get('interface') ?? new Map<number, string>()
  }

  of<V>(kind: string): Iterable<Actual<V>> {
    return this.#objects.of(kind) as Iterable<Actual<V>>
  }

  /** Objects of a kind that there are. */
  count(kind: string): number {
    return this.#objects.countOf(kind)
  }

  get<V>(kind: string, key: string): Actual<V> | undefined {
    return this.#objects.get(kind, key) as Actual<V> | undefined
  }

  has(kind: string, key: string): boolean {
    return this.#objects.has(kind, key)
  }

  /** The object with an id. */
  find(id: string): Actual | undefined {
    const { kind, key } = splitId(id)
    return this.#objects.get(kind, key)
  }

  set(object: Actual): void {
    const { kind, key, index } = object
    this.#objects.set(kind, key, object)
    if (index === undefined) return
    const keys = this.#keys.get(kind)
    if (keys === undefined) this.#keys.set(kind, new Map([[index, key]]))
    else keys.set(index, key)
  }

  delete(kind: string, key: string): void {
    const index = this.#objects.get(kind, key)?.index
    if (index !== undefined && this.keyOf(kind, index) === key) this.#keys.get(kind)?.delete(index)
    this.#objects.delete(kind, key)
  }

  /**
   * Takes these instead of what is known of a kind, all at once when they have been put together in slices.
   * @param expected how many there will be, about
   */
  async replace(
    kind: string,
    objects: Iterable<readonly Actual[]> | AsyncIterable<readonly Actual[]>,
    expected = 0,
  ): Promise<void> {
    const found = this.#objects.empty(kind, expected)
    const keys = new Map<number, string>()
    const turns = new Turns()
    // What comes from VPP comes in turns. Would it have to wait, a million would pile up.
    const isPaced = Symbol.asyncIterator in objects
    for await (const some of objects) {
      for (const object of some) {
        found.set(object.key, object)
        if (object.index !== undefined) keys.set(object.index, object.key)
        if (!isPaced && turns.over) await turns.next()
      }
    }
    this.#objects.replace(kind, found)
    if (keys.size === 0) this.#keys.delete(kind)
    else this.#keys.set(kind, keys)
  }

  /** Takes what another one knows of a kind, which is used no more. */
  takeOver(kind: string, from: Observed): void {
    this.#objects.share(kind, from.#objects)
    const keys = from.#keys.get(kind)
    if (keys !== undefined) this.#keys.set(kind, keys)
  }

  /** Keys of a kind that objects of others may not be like here. `undefined` now and then. */
  unlike(kind: string, others: RefMap<string, unknown>): Iterable<string | undefined> {
    return others.unlike(kind, this.#objects)
  }

  /** Keys of a kind that others do not have. `undefined` now and then. */
  missingIn(kind: string, others: RefMap<string, unknown>): Iterable<string | undefined> {
    return this.#objects.missingIn(kind, others)
  }

  [Symbol.iterator](): Iterator<Actual> {
    return this.#objects.values()[Symbol.iterator]()
  }

  async routeSource(): Promise<number | undefined> {
    if (this.#routeSource !== undefined) return this.#routeSource
    const sources = await this.client(FibClient).fibSourceDump().toArray()
    this.#routeSource = sources.find(({ src }) => src.name === MARK)?.src.id
    return this.#routeSource
  }

  async makeRouteSource(): Promise<number> {
    if (this.#routeSource !== undefined) return this.#routeSource
    this.#making ??= this.#addRouteSource()
    try {
      return await this.#making
    } finally {
      this.#making = undefined
    }
  }

  /** VPP would add another of the same name, and has room for 255. */
  async #addRouteSource(): Promise<number> {
    const known = await this.routeSource()
    if (known !== undefined) return known
    const src = { name: MARK, priority: ROUTE_PRIORITY, id: 0 }
    this.#routeSource = (await this.client(FibClient).fibSourceAdd({ src })).id
    return this.#routeSource
  }
}
