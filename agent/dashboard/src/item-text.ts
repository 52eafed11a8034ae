import { isRecord } from './json-schema.ts'

/** A value as people read it, indented like YAML. */
export function valueText(value: unknown, indent = ''): string {
  if (Array.isArray(value)) return listText(value, indent)
  if (isRecord(value)) {
    return Object.entries(value)
      .filter(([, it]) => it !== undefined && it !== null)
      .map(([name, it]) => `${indent}${name}:${below(it, indent)}`)
      .join('')
  }
  return `${indent}${String(value)}\n`
}

function listText(list: readonly unknown[], indent: string): string {
  return list
    .map((it) => {
      const text = valueText(it, `${indent}  `)
      return `${indent}- ${text.trimStart()}`
    })
    .join('')
}

function below(value: unknown, indent: string): string {
  if (isRecord(value) && Object.keys(value).length > 0) return `\n${valueText(value, `${indent}  `)}`
  if (!Array.isArray(value)) return ` ${isRecord(value) ? '{}' : String(value)}\n`
  if (value.every((it) => typeof it !== 'object')) return ` [${value.map(String).join(', ')}]\n`
  return `\n${listText(value, `${indent}  `)}`
}

/** A value in one line: `permit tcp, 3 rules`. */
export function shortText(value: unknown): string {
  if (Array.isArray(value)) {
    return value.every((it) => typeof it !== 'object')
      ? value.map(String).join(', ')
      : value.length === 1
        ? shortText(value[0])
        : `${value.length} entries`
  }
  if (!isRecord(value)) return value === true ? 'yes' : value === false ? 'no' : String(value)
  return Object.entries(value)
    .filter(([, it]) => isTold(it))
    .map(([name, it]) => (it === true ? name : `${name} ${shortText(it)}`))
    .join(', ')
}

/** The fields of an item in one line, but those of its key. */
export function summaryOf(item: Readonly<Record<string, unknown>>, keyFields: readonly string[]): string {
  const rest = Object.entries(item).filter(([name]) => name !== 'kind' && !keyFields.includes(name))
  return shortText(Object.fromEntries(rest))
}

/** Nothing, "no" and empty lists say nothing in a summary. */
function isTold(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === 0) return false
  return !(Array.isArray(value) && value.length === 0)
}
