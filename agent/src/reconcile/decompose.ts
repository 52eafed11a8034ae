import type { AclItem, AclRule } from '../kinds/acl/schema.ts'
import type { BridgeDomainItem } from '../kinds/bridge-domain/schema.ts'
import { familyOf, type Family } from '../model/ip.ts'
import type { InterfaceItem } from '../kinds/interface/schema.ts'
import { keyOf, type Item, type ItemRef } from '../kinds/item.ts'
import { RefMap } from '../model/ref-map.ts'
import type { RouteItem, RoutePath } from '../kinds/route/schema.ts'
import { fingerprintOf, initialMac } from '../kinds/mark.ts'
import { interfaceId, objectId, type AclBindingValue, type Desired, type Kind } from '../kinds/object.ts'
import { routeRefs, sortPaths } from '../kinds/route/handler.ts'

/** What VPP is to have, object by object. */
export type DesiredObjects = Pick<RefMap<Kind, Desired>, 'get' | 'has' | 'values'>

/**
 * Objects of items that nothing else has a say in, so that a hundred thousand routes are not taken apart whenever VPP
 * is compared with them.
 */
export type KnownParts = WeakMap<Item, readonly Desired[]>

/** An item with its name. */
export interface DeclaredItem {
  readonly item: Item
  readonly ref: ItemRef
}

/**
 * Takes items apart into the objects that they are made of in VPP.
 * @param known is looked at and added to
 */
export function objectsOf(
  items: Iterable<DeclaredItem>,
  interfaces: ReadonlyMap<string, InterfaceItem>,
  known: KnownParts = new WeakMap(),
): DesiredObjects {
  const objects = new RefMap<Kind, Desired>()
  const acls: AclItem[] = []
  const add = (object: Desired): void => {
    objects.set(object.kind, object.key, object)
  }
  for (const declared of items) {
    const parts =
      declared.item.kind === 'route' ? knownParts(declared, interfaces, known) : partsOf(declared, interfaces)
    for (const object of parts) add(object)
    if (declared.item.kind === 'acl') acls.push(declared.item)
  }
  for (const binding of bindingsOf(acls)) add(binding)
  return objects
}

function knownParts(
  declared: DeclaredItem,
  interfaces: ReadonlyMap<string, InterfaceItem>,
  known: KnownParts,
): readonly Desired[] {
  const before = known.get(declared.item)
  if (before !== undefined) return before
  const parts = [...partsOf(declared, interfaces)]
  known.set(declared.item, parts)
  return parts
}

function* partsOf(
  { item, ref }: DeclaredItem,
  interfaces: ReadonlyMap<string, InterfaceItem>,
): Iterable<Desired> {
  const common = { key: ref.key, refs: [] }
  switch (item.kind) {
    case 'memif-socket':
      yield { ...common, kind: 'memif-socket', value: { id: item.id, path: item.path } }
      return
    case 'interface':
      yield* interfaceParts(item, interfaces)
      return
    case 'bridge-domain':
      yield* bridgeParts(item)
      return
    case 'acl':
      yield { ...common, kind: 'acl', value: { name: item.name, rules: item.rules.map(ruleOf) } }
      return
    case 'neighbour': {
      const { interface: name, address, mac } = item
      const refs = [interfaceId(name)]
      yield { ...common, kind: 'neighbour', value: { interface: name, address, mac }, refs }
      return
    }
    case 'route':
      yield* routeParts(item, ref.key)
      return
    case 'nat44-static': {
      const { protocol, localAddress, localPort, externalAddress, externalPort, table } = item
      const value = { protocol, localAddress, localPort, externalAddress, externalPort, table }
      yield* tables(table, [4])
      yield { ...common, kind: 'nat44-static', value, refs: tableRefs(table, [4]) }
    }
  }
}

function* tables(table: number, families: readonly Family[]): Iterable<Desired> {
  if (table === 0) return
  for (const family of families) {
    yield { kind: 'table', key: `${family}/${table}`, value: { family, table }, refs: [] }
  }
}

function tableRefs(table: number, families: readonly Family[]): string[] {
  return table === 0 ? [] : families.map((family) => objectId('table', `${family}/${table}`))
}

/** A MAC address that is not declared is made up, always in the same way. */
function macOf(item: InterfaceItem): string | undefined {
  const hasNone = item.type === 'vlan' || (item.type === 'memif' && item.mode === 'ip')
  return hasNone ? undefined : initialMac(item)
}

function interfaceRefs(item: InterfaceItem): string[] {
  const refs = tableRefs(item.table, [4, 6])
  if (item.type === 'vlan') refs.push(interfaceId(item.parent))
  if (item.type === 'memif') refs.push(objectId('memif-socket', String(item.socket)))
  return refs
}

function* interfaceParts(
  source: InterfaceItem,
  interfaces: ReadonlyMap<string, InterfaceItem>,
): Iterable<Desired> {
  const { name, type, table, mtu, addresses } = source
  const parent = source.type === 'vlan' ? interfaces.get(source.parent) : undefined
  const value = {
    type,
    fingerprint: fingerprintOf(source),
    tagged: true,
    // VPP has no VLAN up while what it is a part of is down.
    enabled: source.enabled && parent?.enabled !== false,
    mtu,
    mac: macOf(source),
    ip4Table: table,
    ip6Table: table,
  }
  yield* tables(table, [4, 6])
  yield { kind: 'interface', key: name, value, refs: interfaceRefs(source), source }
  for (const address of addresses) {
    const key = `${name}/${address}`
    yield {
      kind: 'address',
      key,
      value: { interface: name, address, table },
      refs: [interfaceId(name)],
    }
  }
}

function* bridgeParts(source: BridgeDomainItem): Iterable<Desired> {
  const { id, flood, unknownUnicastFlood, forward, learn, arpTermination, macAge, members } = source
  const key = keyOf(source)
  const value = { id, flood, unknownUnicastFlood, forward, learn, arpTermination, macAge }
  yield { kind: 'bridge-domain', key, value, refs: [] }
  for (const { interface: name, splitHorizonGroup, bvi } of members) {
    yield {
      kind: 'bridge-member',
      key: `${id}/${name}`,
      value: { bridgeDomain: id, interface: name, splitHorizonGroup, bvi },
      refs: [objectId('bridge-domain', key), interfaceId(name)],
    }
  }
}

function ruleOf(rule: AclRule): AclRule {
  const { action, protocol, sourcePorts, destinationPorts, tcpFlags, source, destination } = rule
  return {
    action,
    protocol,
    sourcePorts: { first: sourcePorts.first, last: sourcePorts.last },
    destinationPorts: { first: destinationPorts.first, last: destinationPorts.last },
    tcpFlags: { mask: tcpFlags.mask, value: tcpFlags.value },
    source,
    destination,
  }
}

/** Which of the access lists every interface has, in the order of their names. */
function bindingsOf(acls: readonly AclItem[]): Desired<'acl-binding'>[] {
  const bindings = new Map<string, { ingress: string[]; egress: string[] }>()
  const listOf = (name: string): { ingress: string[]; egress: string[] } => {
    const known = bindings.get(name) ?? { ingress: [], egress: [] }
    bindings.set(name, known)
    return known
  }
  for (const { name, ingress, egress } of acls.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    for (const it of ingress) listOf(it).ingress.push(name)
    for (const it of egress) listOf(it).egress.push(name)
  }
  return Array.from(bindings, ([name, { ingress, egress }]) => {
    const value: AclBindingValue = { interface: name, ingress, egress }
    const used = [...new Set([...ingress, ...egress])].map((acl) => objectId('acl', acl))
    return { kind: 'acl-binding', key: name, value, refs: [interfaceId(name), ...used] }
  })
}

function pathOf({ nextHop, interface: name, weight, preference }: RoutePath): RoutePath {
  return {
    ...(nextHop === undefined ? {} : { nextHop }),
    ...(name === undefined ? {} : { interface: name }),
    weight,
    preference,
  }
}

function* routeParts(source: RouteItem, key: string): Iterable<Desired> {
  const { table, prefix, paths, drop } = source
  // The item's own while there is nothing to put in order: most routes have one path, and there may be a million.
  const sorted = paths.length < 2 ? paths : sortPaths(paths.map(pathOf))
  const value = { table, prefix, paths: sorted, drop }
  yield* tables(table, [familyOf(prefix)])
  yield { kind: 'route', key, value, refs: routeRefs(value) }
}
