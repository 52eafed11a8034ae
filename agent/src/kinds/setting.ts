import type { ItemRef } from '../model/item-ref.ts'
import type { Actual, Collection, Vpp, WantedView } from './descriptor.ts'
import type { InterfaceValue } from './interface/value.ts'

/** Something that is set on an interface, and that VPP keeps no mark on. */
export interface Setting {
  readonly interface: string
  /** True when its interface was deleted: VPP keeps it for the next one with the index, without an effect. */
  readonly dead?: boolean
}

function isOfAgent(vpp: Pick<Vpp, 'get'>, name: string): boolean {
  const it: Actual<InterfaceValue> | undefined = vpp.get<InterfaceValue>('interface', name)
  return it !== undefined && it.foreign !== true && it.value.type !== 'existing'
}

/**
 * Whether a setting is the agent's: all are on an interface that the agent made; on others those that it has written
 * down, or, with a store that has no records of that yet, those that are declared.
 */
export function isOwnSetting(
  vpp: Pick<Vpp, 'get'>,
  wanted: WantedView,
  on: string,
  { kind, key, item }: { readonly kind: string; readonly key: string; readonly item: ItemRef },
): boolean {
  return isOfAgent(vpp, on) || (wanted.made(kind, key) ?? wanted.owns(item))
}

/** Whether it has to be recorded that the agent made a setting. */
export function isRecordedSetting({ interface: on }: Setting, vpp: Pick<Vpp, 'get'>): boolean {
  return !isOfAgent(vpp, on)
}

/** A setting whose interface was deleted. */
export function lostSetting<V extends Setting>(value: V): V {
  return { ...value, dead: true }
}

/** Collection of a kind of which an interface has one item. */
export function byInterface(path: string): Collection {
  return { path, key: 'interface', keyOfPath: (text) => text, fieldsOf: (key) => ({ interface: key }) }
}
