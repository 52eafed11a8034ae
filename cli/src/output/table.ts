import { escapeText } from './escape.ts'

/** One line of a table, by column. */
export type Row = Readonly<Record<string, unknown>>

/** What VPP means by all bits of a u32: none, or not known. */
const ALL_BITS = 0xffff_ffff

/** A value as a cell: text as it is, lists with commas, objects by those of their fields that say something. */
export function cellText(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return escapeText(value)
  if (value === ALL_BITS) return '~0'
  if (Array.isArray(value))
    return value
      .map(cellText)
      .filter((text) => text !== '')
      .join(',')
  return typeof value === 'object' ? objectText(value) : String(value)
}

function objectText(value: object): string {
  const fields = flatten(value)
    .filter(([, field]) => !isDull(field))
    .map(([path, field]) => `${path}=${cellText(field)}`)
  return fields.length === 0 ? '' : `{${fields.join(' ')}}`
}

/** True for the defaults of fields. */
function isDull(value: unknown): boolean {
  return (
    value === 0 ||
    value === '' ||
    value === false ||
    value === '0' ||
    (Array.isArray(value) && value.length === 0)
  )
}

/** The fields of an object and of the objects in it, by path; lists stay whole. */
export function flattenBlocks(row: Row, prefix = ''): Row {
  const fields = Object.entries(row).flatMap(([name, value]): [string, unknown][] => {
    const path = `${prefix}${name}`
    const isBlock = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isBlock ? Object.entries(flattenBlocks(value as Row, `${path}.`)) : [[path, value]]
  })
  return Object.fromEntries(fields)
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
  return [heading(line(columns.map(escapeText))), ...cells.map(line)].map((text) => `${text}\n`).join('')
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
