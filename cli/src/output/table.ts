import { escapeText, toJsonText } from './escape.ts'

/** One line of a table, by column. */
export type Row = Readonly<Record<string, unknown>>

/** A value as a cell: text as it is, lists with commas, the rest as JSON. */
export function cellText(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return escapeText(value)
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) {
    return value.map((item) => escapeText(String(item))).join(',')
  }
  return typeof value === 'object' ? toJsonText(value) : String(value)
}

/** Cells in columns as wide as their widest cell, without trailing spaces; numbers on the right. */
export function formatTable(
  columns: readonly string[],
  rows: readonly Row[],
  heading: (text: string) => string,
): string {
  if (columns.length === 0) return ''
  const cells = rows.map((row) => columns.map((column) => cellText(row[column])))
  const right = columns.map(
    (column) => rows.length > 0 && rows.every((row) => typeof row[column] === 'number'),
  )
  const widths = columns.map((column, at) =>
    cells.reduce((widest, line) => Math.max(widest, line[at]?.length ?? 0), column.length),
  )
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, at) => (right[at] === true ? text.padStart(widths[at] ?? 0) : text.padEnd(widths[at] ?? 0)))
      .join('  ')
      .trimEnd()
  return [heading(line(columns)), ...cells.map(line)].map((text) => `${text}\n`).join('')
}

/** A message as lines of field and value, nested fields by path: what `call` takes. */
export function flatten(value: unknown, path = ''): [path: string, value: unknown][] {
  if (Array.isArray(value) && value.some((item) => typeof item === 'object' && item !== null)) {
    return value.flatMap((item: unknown, index) => flatten(item, `${path}[${index}]`))
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, value]]
  return Object.entries(value).flatMap(([name, field]) =>
    flatten(field, path === '' ? name : `${path}.${name}`),
  )
}
