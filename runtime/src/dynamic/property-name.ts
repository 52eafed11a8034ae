import { camelCase, propertyScope } from './rules/names.ts'

/**
 * Property of a field, as generated bindings call it: `swIfIndex` of `sw_if_index`. Where a message has two fields whose
 * names differ by underscores alone, the second one has an underscore behind it.
 */
export function propertyName(wireName: string): string {
  return propertyScope().take(camelCase(wireName))
}
