import type { RpcConnection } from '@vpp-ts/runtime'
import type { z } from 'zod'
import type { ItemRef } from '../model/item-ref.ts'
import type { ObjectValue } from '../model/plan.ts'
import type { InterfaceValue } from './interface/value.ts'
import type { MessageUse } from './uses.ts'

/** What every item has. */
export interface AnyItem {
  readonly kind: string
}

/** Part of an item: one desired object. */
export interface Part<V = unknown> {
  /** Kind of the object. */
  readonly kind: string
  /** Key among the objects of its kind. */
  readonly key: string
  readonly value: V
}

/** A desired object. */
export type Desired<V = unknown> = Part<V>

/** An object that VPP has. */
export interface Actual<V = unknown> extends Part<V> {
  /** True for a foreign object, which is left alone. */
  readonly foreign?: boolean
  /** VPP's index of it, if it has one. */
  readonly index?: number | undefined
}

/** A generated client, such as `IpClient`. */
export type ClientClass<C> = new (connection: RpcConnection) => C

/** Context of looks and changes. */
export interface Vpp {
  /** Identifies this VPP among all that agents manage: values generated for it are derived from this. */
  readonly identity: string
  /** The client of an API file, one shared instance. */
  client<C extends object>(type: ClientClass<C>): C
  /** VPP's index of an object. @throws MissingError if unknown: an index is never guessed */
  indexOf(kind: string, key: string): number
  /** Key of the object with an index; undefined if there is none. */
  keyOf(kind: string, index: number): string | undefined
  /** The agent's name for an interface, or `~7` for an unknown index. */
  interfaceName(swIfIndex: number): string
  /** Objects of a kind as of the last look, updated by changes since. */
  of<V>(kind: string): Iterable<Actual<V>>
  get<V>(kind: string, key: string): Actual<V> | undefined
  /** Number of the agent's own source of routes; undefined while VPP has none. */
  routeSource(): Promise<number | undefined>
  /** The same, added when VPP has none. */
  makeRouteSource(): Promise<number>
}

/** What is known of the desired state while VPP is looked at. */
export interface WantedView {
  /** The object that is desired under a key. */
  desired<V>(kind: string, key: string): Desired<V> | undefined
  /** Number of desired objects of a kind. */
  count(kind: string): number
  /** Items in force, of a kind without a mark in VPP or with several objects per item. */
  items<I extends AnyItem>(kind: string): Iterable<I>
  item<I extends AnyItem>(ref: ItemRef): I | undefined
  /** Items of a kind that were deleted, and that VPP may still have. */
  gone<I extends AnyItem>(kind: string): Iterable<I>
  /**
   * Whether the agent created an object of a kind without a mark in VPP; undefined for a store that has no such records
   * yet, so that only the declarations show it.
   */
  made(kind: string, key: string): boolean | undefined
  /** Whether there are records of objects of a kind that the agent created. */
  hasMade(kind: string): boolean
  /** True when an item of that name is in force, frozen, or was deleted and VPP may still have it. */
  owns(ref: ItemRef): boolean
}

/** VPP's state, seen as if everything that items can express belonged to the agent. */
export interface FoundView {
  /** Objects of a kind that items can express. */
  of<V>(kind: string): Iterable<Actual<V>>
  /** All of a kind, including those that VPP or others create, such as addresses from DHCP. */
  all<V>(kind: string): Iterable<Actual<V>>
  get<V>(kind: string, key: string): Actual<V> | undefined
  /** The item that is declared under a name, whatever VPP has. */
  declared<I extends AnyItem>(ref: ItemRef): I | undefined
  /** The item given by the caller for what VPP does not report of it. */
  given<I extends AnyItem>(ref: ItemRef): I | undefined
  /** Reports what items cannot express of VPP's state, and why. @param isOwn the agent would remove it unless declared */
  leaveOut(ref: ItemRef, reason: string, isOwn?: boolean): void
}

/** How the items of a kind are derived from VPP's state, in their shortest form; or why they cannot be. */
export type ItemDump = ((vpp: FoundView) => Iterable<object>) | { readonly none: string }

/** Scope of a look. */
export interface LookOptions {
  /** Include those that the agent leaves alone, even if there may be many. */
  readonly foreign: boolean
}

/** How an object of a kind is read, compared, created, changed and removed. */
export interface ObjectDescriptor<V = unknown> {
  readonly kind: string
  /** Items that the object belongs to. */
  itemsOf(object: Part<V>): readonly ItemRef[]
  /** Ids of objects that must be created before it and removed after it. */
  dependsOn(value: V): readonly string[]
  /** Ids of objects that are created before it and removed after it if they are desired at all: what protects it. */
  awaits?(value: V): readonly string[]
  /** Resources that only one object in VPP can have, in words: `VLAN 10 of "eth0"`. */
  claims?(value: V): readonly string[]
  /** Why it is impossible in the current state; undefined if it is possible. */
  refuse?(value: V, vpp: Pick<Vpp, 'get' | 'of'>): string | undefined
  /** Several items may declare one: merges their values, ordered by item. */
  merge?(parts: readonly V[]): V
  /** Several items may declare one, with the same value; chooses between two that differ slightly. */
  uniform?(one: V, other: V): V
  /** Keeps the parts of unreadable items. `wanted` undefined: nothing else is left of it. */
  keepFrozen?(wanted: V | undefined, has: V, isFrozen: (ref: ItemRef) => boolean): V | undefined
  /** Kinds that must be known before a look, since the replies refer to them by index. */
  readonly lookAfter?: readonly string[]
  /** Kind whose look also covers this one: this look sends nothing to VPP, and is made together with that one. */
  readonly toldBy?: string
  /** All objects of the kind: at once, or in batches if there may be many. */
  look(
    vpp: Vpp,
    wanted: WantedView,
    options: LookOptions,
  ): Promise<Actual<V>[]> | AsyncIterable<readonly Actual<V>[]>
  /** Default: `same` if the values are equal as JSON, else `update` if it is defined, else `replace`. */
  compare?(wanted: V, has: V): 'same' | 'update' | 'replace'
  /** True for one that only others create, and that the agent waits for. */
  isFound?(value: V): boolean
  /** @returns VPP's index of it, if it has one */
  create(vpp: Vpp, object: Desired<V>): Promise<number | undefined>
  update?(vpp: Vpp, object: Desired<V>, actual: Actual<V>): Promise<void>
  remove(vpp: Vpp, actual: Actual<V>): Promise<void>
  /** Asks VPP for this one after its creation, if the reply to the request proves nothing. */
  verify?(vpp: Vpp, object: Desired<V>): Promise<boolean>
  /** It is changed by several requests, so after a failure VPP is looked at. */
  readonly composite?: boolean
  /** Objects that VPP creates along with it, with their initial values. */
  brings?(value: V): readonly Part[]
  /** VPP removes it with the interface that it depends on. */
  readonly goesWithInterface?: boolean
  /** Its value after an interface that it depends on was deleted, for kinds that VPP keeps. */
  lost?(value: V): V
  /**
   * Keys of those that are lost already, although VPP shows them unchanged: called after a look if the interfaces
   * were not followed before it.
   */
  findLost?(vpp: Vpp): Promise<readonly string[]>
  /** Nothing ever depends on it. */
  readonly leaf?: boolean
  /** Whether a foreign one can be used instead; default: never. It stays when the item is deleted. */
  usable?(wanted: V, has: V): boolean
  /** True for objects without a mark in VPP: the store records that the agent created them. */
  recorded?(value: V, vpp: Pick<Vpp, 'get'>): boolean
  /**
   * True for objects with a mark in VPP that may be taken over without one: an object that the agent has recorded
   * belongs to it although it carries no mark.
   */
  readonly adoptable?: boolean
  /** True if VPP reports too little to identify it, so that only the records do. */
  readonly untold?: boolean
  /** VPP plugin that provides its messages, such as `linux_cp`; default: always available. */
  plugin?(value: V): string | undefined
  /** Its messages and the meaning of their fields, for the guide and its test. */
  readonly messages?: readonly MessageUse[]
  /** The value as people may see it; default: unchanged. */
  view?(value: V): ObjectValue
}

/** The REST collection of a kind of item. */
export interface Collection {
  readonly path: string
  /** Meaning of the key in a path, for the documentation. */
  readonly key: string
  /** True if a query parameter gives the table in addition to the key. */
  readonly hasTable?: boolean
  /** What the last part of a path must be, such as `a prefix such as 192.0.2.0/24`; default: anything. */
  readonly expected?: string
  /** Key of the item named by the last part of a path; undefined if it is not a key. */
  keyOfPath(text: string, table: number): string | undefined
  /** Fields of an item that its key determines, so that a request need not repeat them. */
  fieldsOf(key: string): Readonly<Record<string, unknown>>
}

/** How to distinguish items of a kind with very many items that differ only in one name. */
export interface AlikeItems<I extends AnyItem = AnyItem> {
  /** The name as it stands in the JSON of the item with this key: digits, dots and slashes; undefined when it may not. */
  nameOf(key: string): string | undefined
  /** A name that any of them could have. */
  readonly sample: string
  /** The same item under another name. */
  named(item: I, name: string): I
}

/** Everything about a kind of item. */
export interface ItemDescriptor<I extends AnyItem = AnyItem> {
  readonly kind: string
  /** With all defaults, in the canonical form that items are compared by. */
  readonly schema: z.ZodType<I>
  /** Parses the simplest form as the schema would, but faster; undefined: use the schema. */
  plain?(value: object): I | undefined
  /** For kinds with very many similar items. */
  readonly alike?: AlikeItems<I>
  keyOf(item: I): string
  readonly collection: Collection
  /** Fields that never appear in responses, events, logs or errors. */
  readonly secrets?: readonly string[]
  /** VPP keeps no mark on it, at least temporarily: its declaration must be remembered until it is gone. */
  readonly unmarked?: boolean
  /** The objects of the item. @param key of the item, a string shared by all who store it */
  decompose(item: I, key: string): Iterable<Part>
  /** The reverse of `decompose`: the items in VPP. */
  readonly dump: ItemDump
  /** True for an object that stays unchanged, as a foreign one, when the item is deleted. */
  leaves?(item: I, objectKind: string): boolean
  /** Object kinds of this kind. */
  readonly objects: readonly ObjectDescriptor[]
}

/** "None" and "all" in fields that hold an index. */
export const NONE = 0xffff_ffff

/** Id of the interface with this name. */
export function interfaceId(name: string): string {
  return `interface ${name}`
}

/** The interfaces in VPP. */
export function interfacesOf(vpp: Vpp): Iterable<Actual<InterfaceValue>> {
  return vpp.of<InterfaceValue>('interface')
}

/** Descriptor of an item kind, without its types: the compiler cannot see that an item and its kind go together. */
export function describe<I extends AnyItem, const K extends string>(
  descriptor: ItemDescriptor<I> & { readonly kind: K },
): ItemDescriptor<I> & { readonly kind: K } {
  return descriptor
}
