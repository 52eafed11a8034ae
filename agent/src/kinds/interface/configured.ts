import type { Actual, WantedView } from '../descriptor.ts'
import type { InterfaceItem } from './schema.ts'
import type { InterfaceValue } from './value.ts'

/**
 * True when the agent sets what an interface has: it made or adopted it, or it adopted it before with an item that
 * asks for a reset.
 */
export function isConfigured({ key, foreign }: Actual<InterfaceValue>, wanted: WantedView): boolean {
  return foreign !== true || resetItem(key, wanted) !== undefined
}

/** The deleted item of an adopted interface that has to be reset. */
export function resetItem(name: string, wanted: WantedView): InterfaceItem | undefined {
  for (const item of wanted.gone<InterfaceItem>('interface')) {
    if (item.name === name && item.type === 'existing' && item.onRemove === 'reset') return item
  }
  return undefined
}
