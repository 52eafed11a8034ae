import type { ItemRef } from './item.ts'
import type { Family } from '../model/ip.ts'
import type { RoutePath } from './route/schema.ts'
import type { AclRule } from './acl/schema.ts'
import type { InterfaceItem } from './interface/schema.ts'
import type { OBJECT_KINDS } from '../model/plan.ts'

/** A table of routes. */
export interface TableValue {
  readonly family: Family
  readonly table: number
}

/** A socket of memifs. */
export interface MemifSocketValue {
  readonly id: number
  readonly path: string
}

/** An interface without what hangs on it. */
export interface InterfaceValue {
  /** `other`: not made by the agent, or of a type that it does not make. */
  readonly type: InterfaceItem['type'] | 'other'
  /** What it was made with, as a number to compare by; undefined when nobody can know. */
  readonly fingerprint: string | undefined
  /** False when the agent died between making and tagging it, so that it is still to be tagged. */
  readonly tagged: boolean
  readonly enabled: boolean
  /** Bytes; undefined: that of the link. */
  readonly mtu: number | undefined
  /** Undefined for what has none of its own. */
  readonly mac: string | undefined
  readonly ip4Table: number
  readonly ip6Table: number
}

/** An address of an interface. */
export interface AddressValue {
  readonly interface: string
  readonly address: string
  /** An address cannot follow its interface to another table, so it counts as another there. */
  readonly table: number
}

/** A bridge domain without its members. */
export interface BridgeDomainValue {
  readonly id: number
  readonly flood: boolean
  readonly unknownUnicastFlood: boolean
  readonly forward: boolean
  readonly learn: boolean
  readonly arpTermination: boolean
  readonly macAge: number
}

/** A member of a bridge domain. */
export interface BridgeMemberValue {
  readonly bridgeDomain: number
  readonly interface: string
  readonly splitHorizonGroup: number
  readonly bvi: boolean
}

/** An access list without where it applies. */
export interface AclValue {
  readonly name: string
  readonly rules: readonly AclRule[]
}

/** The agent's access lists of an interface, in the order in which they are asked. */
export interface AclBindingValue {
  readonly interface: string
  readonly ingress: readonly string[]
  readonly egress: readonly string[]
}

/** A static neighbour. */
export interface NeighbourValue {
  readonly interface: string
  readonly address: string
  readonly mac: string
}

/** A route. */
export interface RouteValue {
  readonly table: number
  readonly prefix: string
  readonly paths: readonly RoutePath[]
  readonly drop: boolean
}

/** A static mapping of NAT44. */
export interface Nat44StaticValue {
  readonly protocol: 'any' | 'tcp' | 'udp' | 'icmp'
  readonly localAddress: string
  readonly localPort: number
  readonly externalAddress: string
  readonly externalPort: number
  readonly table: number
}

/** Value of each kind of object. Values of one kind have their fields in one order, so that their JSON compares. */
export interface ObjectValues {
  readonly table: TableValue
  readonly 'memif-socket': MemifSocketValue
  readonly interface: InterfaceValue
  readonly address: AddressValue
  readonly 'bridge-domain': BridgeDomainValue
  readonly 'bridge-member': BridgeMemberValue
  readonly acl: AclValue
  readonly 'acl-binding': AclBindingValue
  readonly neighbour: NeighbourValue
  readonly route: RouteValue
  readonly 'nat44-static': Nat44StaticValue
}

/** Kind of an object; the list is in `instance/plan.ts`. */
export type Kind = (typeof OBJECT_KINDS)[number] & keyof ObjectValues

/** Something that VPP is to have. */
export interface Desired<K extends Kind = Kind> {
  readonly kind: K
  readonly key: string
  readonly value: ObjectValues[K]
  /** Ids of the objects that must be there before. */
  readonly refs: readonly string[]
  /** Of an interface: what it is made from. */
  readonly source?: InterfaceItem | undefined
}

/** Something that VPP has. */
export interface Actual<K extends Kind = Kind> {
  readonly kind: K
  readonly key: string
  /** True for what the agent made, or is to have made; the rest is left alone. */
  readonly owned: boolean
  readonly value: ObjectValues[K]
  readonly refs: readonly string[]
  /** VPP's index of an interface or access list. */
  readonly index?: number | undefined
}

/** Id of an object among those of all kinds. */
export function objectId(kind: Kind, key: string): string {
  return `${kind} ${key}`
}

/** Kind and key of the object with an id. */
export function splitId(id: string): [kind: Kind, key: string] {
  const blank = id.indexOf(' ')
  return [id.slice(0, blank) as Kind, id.slice(blank + 1)]
}

/** Id of the interface that is called so. */
export function interfaceId(name: string): string {
  return objectId('interface', name)
}

/** Item that an object is a part of; undefined for what several may share. */
export function itemOf({ kind, key, value }: Pick<Actual, 'kind' | 'key' | 'value'>): ItemRef | undefined {
  switch (kind) {
    case 'table':
    case 'acl-binding':
      return undefined
    case 'address':
      return { kind: 'interface', key: (value as AddressValue).interface }
    case 'bridge-member':
      return { kind: 'bridge-domain', key: String((value as BridgeMemberValue).bridgeDomain) }
    default:
      return { kind, key }
  }
}
