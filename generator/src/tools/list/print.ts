import { textTable } from '../print/table.ts'
import { yamlText } from '../print/yaml.ts'
import type { Item } from './list.ts'

/** How lists can be printed. */
export const LIST_FORMATS = ['table', 'json', 'yaml'] as const
/** How lists can be printed. */
export type ListFormat = (typeof LIST_FORMATS)[number]

/** A list as text; nothing at all for an empty table. */
export function listText(items: readonly Item[], format: ListFormat): string {
  if (format === 'json') return `${JSON.stringify(items, null, 2)}\n`
  if (format === 'yaml') return yamlText(items)
  const [first] = items
  if (first === undefined) return ''
  const keys = Object.keys(first).filter(
    (key) => key !== 'module' || items.some(({ name, module }) => name !== module),
  )
  const rows = items.map((item) => keys.map((key) => cell(item[key])))
  return textTable([keys.map((key) => key.toUpperCase()), ...rows])
}

function cell(value: Item[string] | undefined): string {
  if (value === null || value === undefined) return '-'
  if (typeof value === 'object') return value.length === 0 ? '-' : value.join(',')
  return String(value)
}
