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
  /** VPP's index of it, where it has one. */
  readonly index?: number | undefined
}

/** A generated client, as `IpClient`. */
export type ClientClass<C> = new (connection: RpcConnection) => C

/** What looks and changes work with. */
export interface Vpp {
  /** Identifies this VPP among all that agents manage: values generated for it are derived from this. */
  readonly identity: string
  /** The client of an API file; the same for all who ask. */
  client<C extends object>(type: ClientClass<C>): C
  /** VPP's index of an object. @throws MissingError when it is not known: an index is never guessed */
  indexOf(kind: string, key: string): number
  /** Key of the object with an index; undefined when there is none. */
  keyOf(kind: string, index: number): string | undefined
  /** Agent's name of an interface, or `~7` for an index that is not known. */
  interfaceName(swIfIndex: number): string
  /** Objects of a kind as of the last look, with what has been changed since. */
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
  /** Items in force, of a kind that VPP keeps no mark on or that is made of several objects. */
  items<I extends AnyItem>(kind: string): Iterable<I>
  item<I extends AnyItem>(ref: ItemRef): I | undefined
  /** Items of a kind that were deleted, and that VPP may still have. */
  gone<I extends AnyItem>(kind: string): Iterable<I>
  /**
   * Whether the agent made an object of a kind that VPP keeps no mark on; undefined for a store that has no records of
   * that yet, so that only what is declared can tell.
   */
  made(kind: string, key: string): boolean | undefined
  /** Whether it is recorded of any object of a kind that the agent made it. */
  hasMade(kind: string): boolean
  /** True when an item of that name is in force, frozen, or was deleted and VPP may still have it. */
  owns(ref: ItemRef): boolean
}

/** What VPP was found to have, seen as if all that items can say were the agent's. */
export interface FoundView {
  /** Objects of a kind that items can say. */
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

/** What a look is to find. */
export interface LookOptions {
  /** Also those that the agent leaves alone, even if there may be many. */
  readonly foreign: boolean
}

/** How an object of a kind is read, compared, created, changed and removed. */
export interface ObjectDescriptor<V = unknown> {
  readonly kind: string
  /** Items that the object is a part of. */
  itemsOf(object: Part<V>): readonly ItemRef[]
  /** Ids of what must be there before it, and must not go before it. */
  dependsOn(value: V): readonly string[]
  /** Ids of what has to be there before it where it is desired at all, and goes after it: what protects it. */
  awaits?(value: V): readonly string[]
  /** What only one object of VPP can have, in words: `VLAN 10 of "eth0"`. */
  claims?(value: V): readonly string[]
  /** Why it cannot be as things are; undefined when it can. */
  refuse?(value: V, vpp: Pick<Vpp, 'get' | 'of'>): string | undefined
  /** Several items may ask for one: makes one value of what each of them says, ordered by item. */
  merge?(parts: readonly V[]): V
  /** Several items may ask for one, and say the same of it; chooses between two that do not quite. */
  uniform?(one: V, other: V): V
  /** Keeps what items that cannot be read have in it. `wanted` undefined: nothing else is left of it. */
  keepFrozen?(wanted: V | undefined, has: V, isFrozen: (ref: ItemRef) => boolean): V | undefined
  /** Kinds that must be known before a look, since the answers name them by index. */
  readonly lookAfter?: readonly string[]
  /** Kind whose look also covers this one: this look sends nothing to VPP, and is made together with that one. */
  readonly toldBy?: string
  /** All objects of the kind: at once, or in batches if there may be many. */
  look(
    vpp: Vpp,
    wanted: WantedView,
    options: LookOptions,
  ): Promise<Actual<V>[]> | AsyncIterable<readonly Actual<V>[]>
  /** Default: `same` when the values are equal as JSON, else `update` where there is one, else `replace`. */
  compare?(wanted: V, has: V): 'same' | 'update' | 'replace'
  /** True for one that only others create, and that the agent waits for. */
  isFound?(value: V): boolean
  /** @returns VPP's index of it, where it has one */
  create(vpp: Vpp, object: Desired<V>): Promise<number | undefined>
  update?(vpp: Vpp, object: Desired<V>, actual: Actual<V>): Promise<void>
  remove(vpp: Vpp, actual: Actual<V>): Promise<void>
  /** Asks VPP for this one after it was made, where the answer to the request proves nothing. */
  verify?(vpp: Vpp, object: Desired<V>): Promise<boolean>
  /** It is changed by several requests, so after a failure VPP is asked what it has. */
  readonly composite?: boolean
  /** Objects that VPP makes with it, as they are then. */
  brings?(value: V): readonly Part[]
  /** VPP removes it with the interface that it depends on. */
  readonly goesWithInterface?: boolean
  /** What it is when an interface that it depends on was deleted and VPP keeps it, of kinds that stay. */
  lost?(value: V): V
  /**
   * Keys of those that are so already, though VPP shows them as before: asked for after a look, when nobody has
   * followed the interfaces before it.
   */
  findLost?(vpp: Vpp): Promise<readonly string[]>
  /** Nothing ever depends on it. */
  readonly leaf?: boolean
  /** Whether a foreign one can be used instead; default: never. It stays when the item is deleted. */
  usable?(wanted: V, has: V): boolean
  /** True for those that VPP keeps no mark on: that the agent made them is recorded in the store. */
  recorded?(value: V, vpp: Pick<Vpp, 'get'>): boolean
  /**
   * True for those that VPP keeps a mark on and that may be taken over without one: one that the agent has recorded
   * is its own although it carries no mark.
   */
  readonly adoptable?: boolean
  /** True where VPP reports too little to know which one it is, so that only what is recorded says so. */
  readonly untold?: boolean
  /** Plugin of VPP that has its messages, as `linux_cp`; left out: they are always there. */
  plugin?(value: V): string | undefined
  /** Its messages with what each of their fields means, for the guide and its test. */
  readonly messages?: readonly MessageUse[]
  /** The value as people may see it; default: as it is. */
  view?(value: V): ObjectValue
}

/** How a kind of item is called in REST. */
export interface Collection {
  readonly path: string
  /** What the key in a path is, for the documentation. */
  readonly key: string
  /** True when a query names the table beside the key. */
  readonly hasTable?: boolean
  /** What the last part of a path has to be, as `a prefix such as 192.0.2.0/24`; left out: anything. */
  readonly expected?: string
  /** Key of the item that the last part of a path names; undefined when it can be none. */
  keyOfPath(text: string, table: number): string | undefined
  /** Fields of an item that its key says, so that a request need not say them twice. */
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
  /** Reads what is given in the plainest form as the schema would, faster; undefined: ask the schema. */
  plain?(value: object): I | undefined
  /** Where there may be many that are alike. */
  readonly alike?: AlikeItems<I>
  keyOf(item: I): string
  readonly collection: Collection
  /** Fields that appear in no answer, event, log or error. */
  readonly secrets?: readonly string[]
  /** VPP keeps no mark on it, at least for a moment: what was declared has to be remembered until it is gone. */
  readonly unmarked?: boolean
  /** The objects that VPP makes of it. @param key that of the item, the text in memory for all who keep it */
  decompose(item: I, key: string): Iterable<Part>
  /** The reverse of `decompose`: the items in VPP. */
  readonly dump: ItemDump
  /** True for an object that stays as it is, and is no longer the agent's, when the item is deleted. */
  leaves?(item: I, objectKind: string): boolean
  /** Kinds of objects that come with this kind. */
  readonly objects: readonly ObjectDescriptor[]
}

/** "None" and "all" in fields that hold an index. */
export const NONE = 0xffff_ffff

/** Id of the interface that is called so. */
export function interfaceId(name: string): string {
  return `interface ${name}`
}

/** The interfaces that VPP has. */
export function interfacesOf(vpp: Vpp): Iterable<Actual<InterfaceValue>> {
  return vpp.of<InterfaceValue>('interface')
}

/** Descriptor of an item kind, without its types: the compiler cannot see that an item and its kind go together. */
export function describe<I extends AnyItem, const K extends string>(
  descriptor: ItemDescriptor<I> & { readonly kind: K },
): ItemDescriptor<I> & { readonly kind: K } {
  return descriptor
}
