import { describe, type Part } from '../descriptor.ts'
import { fingerprintOf, initialMac } from '../mark.ts'
import { table } from '../table/object.ts'
import { address, type AddressValue } from './address.ts'
import { interfaceObject } from './object.ts'
import { interfaceRx, type InterfaceRxValue } from './rx.ts'
import { interfaceSchema, type InterfaceItem } from './schema.ts'
import { interfaceTable, tablesOfInterface } from './table.ts'
import { claimsOf } from './types.ts'
import { interfaceUp, type InterfaceUpValue } from './up.ts'
import type { InterfaceValue } from './value.ts'

/** A MAC address that is not declared is made up, always in the same way. */
function macOf(item: InterfaceItem): string | undefined {
  if (item.type === 'existing') return item.mac
  const hasNone = item.type === 'vlan' || (item.type === 'memif' && item.mode === 'ip')
  return hasNone ? undefined : initialMac(item)
}

function valueOf(item: InterfaceItem): InterfaceValue {
  return {
    type: item.type,
    fingerprint: fingerprintOf(item),
    tagged: true,
    mtu: item.mtu,
    linkMtu: item.type === 'existing' ? item.linkMtu : undefined,
    mac: macOf(item),
    parent: item.type === 'vlan' ? item.parent : undefined,
    socket: item.type === 'memif' ? item.socket : undefined,
    claims: claimsOf(item),
    source: item,
  }
}

function* rxOf(item: InterfaceItem): Iterable<Part> {
  if (item.type !== 'existing' || (item.rxMode === undefined && item.rxPlacement.length === 0)) return
  const value = { interface: item.name, mode: item.rxMode, placement: item.rxPlacement }
  yield { kind: 'interface-rx', key: item.name, value: value satisfies InterfaceRxValue }
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
  objects: [table, interfaceObject, interfaceTable, address, interfaceRx, interfaceUp],
  *decompose(item, key) {
    const { name, enabled, addresses } = item
    const value = valueOf(item)
    yield { kind: 'interface', key, value }
    if (item.table !== undefined) yield* tablesOfInterface(name, item.table)
    for (const text of addresses) {
      const of: AddressValue = { interface: name, address: text, table: item.table }
      yield { kind: 'address', key: `${name}/${text}`, value: of }
    }
    yield* rxOf(item)
    if (!enabled) return
    yield {
      kind: 'interface-up',
      key,
      value: { interface: name, parent: value.parent } satisfies InterfaceUpValue,
    }
  },
})
