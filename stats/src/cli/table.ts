/** A column: its title, and which side its cells are aligned to. */
export interface Column {
  readonly title: string
  readonly align?: 'left' | 'right'
}

/** Cells in columns as wide as their widest cell, without trailing spaces. */
export function formatTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const lines = [columns.map(({ title }) => title), ...rows]
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)))
  return lines
    .map((line) =>
      columns
        .map(({ align }, i) => {
          const cell = line[i] ?? ''
          const width = widths[i] ?? 0
          return align === 'right' ? cell.padStart(width) : cell.padEnd(width)
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** A number with a unit prefix: 1234567 as `1.23M`. */
export function formatRate(value: number): string {
  const units = ['', 'k', 'M', 'G', 'T', 'P']
  let unit = 0
  let scaled = value
  while (Math.abs(scaled) >= 999.5 && unit < units.length - 1) {
    scaled /= 1000
    unit++
  }
  const digits = unit === 0 || scaled >= 99.95 ? 0 : scaled >= 9.995 ? 1 : 2
  return `${scaled.toFixed(digits)}${units[unit] ?? ''}`
}

/** JSON in which whole numbers stay exact: a bigint beyond 2^53 becomes a string. */
export function formatJson(value: unknown): string {
  return JSON.stringify(value, (_, it: unknown) => {
    if (typeof it !== 'bigint') return it
    return it <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(it) : String(it)
  })
}
