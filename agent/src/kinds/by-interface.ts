import type { ItemRef } from '../model/item-ref.ts'
import type { Collection, WantedView } from './descriptor.ts'

/** Collection of a kind of which an interface has one item. */
export function byInterface(path: string): Collection {
  return {
    path,
    key: 'interface',
    keyOfPath: (text) => text,
    fieldsOf: (key) => ({ interface: key }),
  }
}

/**
 * Whether the agent made an object that VPP keeps no mark on: it is written down, or, with a store that has no records
 * of that yet, declared.
 */
export function isMade(wanted: WantedView, kind: string, key: string, item: ItemRef): boolean {
  return wanted.made(kind, key) ?? wanted.owns(item)
}
