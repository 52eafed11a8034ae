import type { z } from 'zod'
import { AgentError } from '../model/errors.ts'
import type { ItemRef } from '../model/item-ref.ts'
import { BUILT_IN, KINDS } from './built-in.ts'
import type { Kinds } from './kinds.ts'
import type { AbfInput } from './abf/schema.ts'
import type { AclInput } from './acl/schema.ts'
import type { BridgeDomainInput } from './bridge-domain/schema.ts'
import type { DhcpClientInput } from './dhcp-client/schema.ts'
import type { DhcpProxyInput } from './dhcp-proxy/schema.ts'
import type { Dhcp6ProxyInput } from './dhcp6-proxy/schema.ts'
import type { DnsInput } from './dns/schema.ts'
import type { InterfaceInput } from './interface/schema.ts'
import type { MacipAclInput } from './macip-acl/schema.ts'
import type { MemifSocketInput } from './memif-socket/schema.ts'
import type { MssClampInput } from './mss-clamp/schema.ts'
import type { Nat44Input } from './nat44/schema.ts'
import type { Nat44IdentityInput } from './nat44-identity/schema.ts'
import type { Nat44LoadBalancerInput } from './nat44-load-balancer/schema.ts'
import type { Nat44StaticInput } from './nat44-static/schema.ts'
import type { Det44Input } from './det44/schema.ts'
import type { Det44MappingInput } from './det44-mapping/schema.ts'
import type { Nat64Input } from './nat64/schema.ts'
import type { Nat64StaticInput } from './nat64-static/schema.ts'
import type { Nat66Input } from './nat66/schema.ts'
import type { Nat66StaticInput } from './nat66-static/schema.ts'
import type { NeighbourInput } from './neighbour/schema.ts'
import type { PolicerInput } from './policer/schema.ts'
import type { PppoeInput } from './pppoe/schema.ts'
import type { PppoeSessionInput } from './pppoe-session/schema.ts'
import type { ProxyArpInput } from './proxy-arp/schema.ts'
import type { ProxyNdInput } from './proxy-nd/schema.ts'
import type { QosMapInput } from './qos-map/schema.ts'
import type { QosInput } from './qos/schema.ts'
import type { RouteInput } from './route/schema.ts'
import type { UrpfInput } from './urpf/schema.ts'
import type { VrfInput } from './vrf/schema.ts'

export type { ItemRef } from '../model/item-ref.ts'

type Descriptor = (typeof BUILT_IN)[number]

/** A kind of item. */
export type ItemKind = Descriptor['kind']

/** A desired item, validated, with all defaults and in the canonical form in which it is compared. */
export type Item = z.output<Descriptor['schema']>
/** An item as callers write it. */
export type ItemInput =
  | AbfInput
  | AclInput
  | BridgeDomainInput
  | DhcpClientInput
  | DhcpProxyInput
  | Dhcp6ProxyInput
  | DnsInput
  | InterfaceInput
  | MacipAclInput
  | MemifSocketInput
  | MssClampInput
  | Nat44Input
  | Nat44IdentityInput
  | Nat44LoadBalancerInput
  | Nat44StaticInput
  | Nat64Input
  | Nat64StaticInput
  | Nat66Input
  | Nat66StaticInput
  | Det44Input
  | Det44MappingInput
  | NeighbourInput
  | PolicerInput
  | PppoeInput
  | PppoeSessionInput
  | ProxyArpInput
  | ProxyNdInput
  | QosInput
  | QosMapInput
  | RouteInput
  | UrpfInput
  | VrfInput
/** The item of a kind. */
export type ItemOf<K extends ItemKind> = Extract<Item, { readonly kind: K }>

/** Schema of each kind of item. */
export const ITEM_SCHEMAS = Object.fromEntries(
  BUILT_IN.map(({ kind, schema }) => [kind, schema]),
) as unknown as { readonly [K in ItemKind]: z.ZodType<ItemOf<K>> }

/** All kinds. */
export const ITEM_KINDS = BUILT_IN.map(({ kind }) => kind) as readonly ItemKind[]

/** Kinds of the objects that items are made of in VPP. */
export const OBJECT_KINDS: readonly string[] = [...KINDS.objects.keys()]

/** Messages that objects of these kinds are made, changed, removed and looked at with, by name. */
export const OBJECT_MESSAGES: readonly string[] = [
  ...new Set(
    [...KINDS.objects.values()].flatMap(({ messages = [] }) => messages.map((it) => it.descriptor.name)),
  ),
].sort()

/** A desired item. */
export const itemSchema = KINDS.itemSchema as z.ZodType<Item>

/**
 * Key of an item among those of its kind: the name of an interface or ACL, the id of a bridge domain or memif socket,
 * `table/prefix`, `interface/address`, `protocol/address/port/table` of the outside of a mapping.
 */
export function keyOf(item: Item): string {
  return KINDS.item(item.kind).keyOf(item)
}

/** Kind and key of an item. */
export function refOf(item: Item): ItemRef {
  return KINDS.refOf(item)
}

/** True for the name of a kind. */
export function isItemKind(text: unknown): text is ItemKind {
  return typeof text === 'string' && KINDS.items.has(text)
}

/** What is wrong with one field of what should be an item. */
export interface ItemProblem {
  /** Path of the field, as in `paths.0.nextHop`; empty for the whole. */
  readonly field: string
  /** What is expected. */
  readonly message: string
}

/** An invalid item; `problems` names every invalid field. */
export class InvalidItemError extends AgentError {
  readonly problems: readonly ItemProblem[]

  constructor(where: string, problems: readonly ItemProblem[]) {
    const lines = problems.map(({ field, message }) => `${field === '' ? '' : `${field}: `}${message}`)
    super('AGENT_INVALID_ITEM', `${where}: ${lines.join('; ')}`)
    this.problems = problems
  }
}

/**
 * Takes what came from outside as an item.
 * @param where what to call it in errors
 * @param kinds default: those that come with the agent
 * @throws InvalidItemError
 */
export function parseItem(value: unknown, where = 'item', kinds: Kinds = KINDS): Item {
  const kind = typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined
  const descriptor = typeof kind === 'string' ? kinds.items.get(kind) : undefined
  if (descriptor === undefined) {
    const known = [...kinds.items.keys()].join(', ')
    const message = `expected one of ${known}; received ${JSON.stringify(kind) ?? 'nothing'}`
    throw new InvalidItemError(where, [{ field: 'kind', message }])
  }
  const plain = descriptor.plain?.(value as object)
  if (plain !== undefined) return plain as Item
  const result = descriptor.schema.safeParse(value)
  if (result.success) return result.data as Item
  throw new InvalidItemError(
    where,
    result.error.issues.map((issue) => ({ field: issue.path.join('.'), message: issue.message })),
  )
}
