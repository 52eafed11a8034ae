import { describe, type Part } from '../descriptor.ts'
import { declaredMac, fingerprintOf } from '../mark.ts'
import { table } from '../table/object.ts'
import { address, type AddressValue } from './address.ts'
import { bondMember, type BondMemberValue } from './bond-member.ts'
import { dumpInterfaces } from './dump.ts'
import { linuxCp, type LinuxCpValue } from './linux-cp.ts'
import { interfaceObject } from './object.ts'
import { advertisementsOf, routerAdvertisements } from './router-advertisements.ts'
import { interfaceRx, type InterfaceRxValue } from './rx.ts'
import { interfaceSchema, type InterfaceItem } from './schema.ts'
import { interfaceTable, tablesOfInterface } from './table.ts'
import { tagRewrite, type TagRewriteValue } from './tag-rewrite.ts'
import { claimsOf } from './types.ts'
import { unnumbered, type UnnumberedValue } from './unnumbered.ts'
import { interfaceUp, type InterfaceUpValue } from './up.ts'
import type { InterfaceValue } from './value.ts'

function valueOf(item: InterfaceItem): InterfaceValue {
  return {
    type: item.type,
    fingerprint: fingerprintOf(item),
    tagged: true,
    mtu: item.mtu,
    linkMtu: 'linkMtu' in item ? item.linkMtu : undefined,
    mac: declaredMac(item),
    parent: item.type === 'vlan' ? item.parent : undefined,
    socket: item.type === 'memif' ? item.socket : undefined,
    role: item.type === 'memif' ? item.role : undefined,
    claims: claimsOf(item),
    source: item,
  }
}

function* rxOf(item: InterfaceItem): Iterable<Part> {
  if (!('rxPlacement' in item) || (item.rxMode === undefined && item.rxPlacement.length === 0)) return
  const value = { interface: item.name, mode: item.rxMode, placement: item.rxPlacement }
  yield { kind: 'interface-rx', key: item.name, value: value satisfies InterfaceRxValue }
}

function* addressesOf({ name, addresses, table: id }: InterfaceItem): Iterable<Part> {
  if (addresses === 'external') return
  for (const text of addresses) {
    const value: AddressValue = { interface: name, address: text, table: id }
    yield { kind: 'address', key: `${name}/${text}`, value }
  }
}

function* membersOf(item: InterfaceItem): Iterable<Part> {
  if (item.type !== 'bond') return
  for (const { interface: member, passive, longTimeout, weight } of item.members) {
    const value: BondMemberValue = { bond: item.name, interface: member, passive, longTimeout, weight }
    yield { kind: 'bond-member', key: `${item.name}/${member}`, value }
  }
}

/** What hangs on an interface beside its addresses. */
function* extrasOf(item: InterfaceItem, parent: string | undefined): Iterable<Part> {
  const { name, unnumbered: of, linuxCp: pair, routerAdvertisements: advertisements } = item
  if (of !== undefined) {
    const value: UnnumberedValue = { interface: name, of }
    yield { kind: 'unnumbered', key: name, value }
  }
  if (item.type === 'vlan' && item.tagRewrite !== undefined) {
    const value: TagRewriteValue = { interface: name, rewrite: item.tagRewrite }
    yield { kind: 'tag-rewrite', key: name, value }
  }
  if (pair !== undefined) {
    const { hostName, hostType, namespace } = pair
    const value: LinuxCpValue = { interface: name, parent, hostName, hostType, namespace }
    yield { kind: 'linux-cp', key: name, value }
  }
  if (advertisements !== undefined) {
    yield { kind: 'router-advertisements', key: name, value: advertisementsOf(name, advertisements) }
  }
}

/** Interfaces with their tables, addresses and admin state. */
export const interfaces = describe<InterfaceItem, 'interface'>({
  kind: 'interface',
  schema: interfaceSchema,
  keyOf: ({ name }) => name,
  collection: {
    path: 'interfaces',
    key: 'name',
    keyOfPath: (text) => text,
    fieldsOf: (key) => ({ name: key }),
  },
  secrets: ['secret'],
  unmarked: true,
  leaves(item, objectKind) {
    if (item.type !== 'existing') return false
    return item.onRemove === 'leave' || objectKind === 'interface' || objectKind === 'interface-rx'
  },
  objects: [
    table,
    interfaceObject,
    interfaceTable,
    address,
    unnumbered,
    interfaceRx,
    bondMember,
    tagRewrite,
    linuxCp,
    routerAdvertisements,
    interfaceUp,
  ],
  dump: dumpInterfaces,
  *decompose(item, key) {
    const { name, enabled } = item
    const value = valueOf(item)
    yield { kind: 'interface', key, value }
    if (item.table !== undefined) yield* tablesOfInterface(name, item.table)
    yield* addressesOf(item)
    yield* membersOf(item)
    yield* extrasOf(item, value.parent)
    yield* rxOf(item)
    if (!enabled) return
    yield {
      kind: 'interface-up',
      key,
      value: { interface: name, parent: value.parent } satisfies InterfaceUpValue,
    }
  },
})
