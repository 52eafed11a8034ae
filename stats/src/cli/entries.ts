import type { StatEntry } from '../entries.ts'

/** An entry as plain data, for JSON. */
export function entryData(entry: StatEntry): Record<string, unknown> {
  const { index, name, type } = entry
  return { index, name, type, ...valueData(entry) }
}

function valueData(entry: StatEntry): Record<string, unknown> {
  switch (entry.type) {
    case 'scalar':
    case 'gauge':
      return { value: entry.value }
    case 'simple':
      return {
        values: threads(entry.rows, (row) => cells(entry.columns(row), (i) => entry.get(row, i))),
      }
    case 'combined':
      return {
        packets: threads(entry.rows, (row) => cells(entry.columns(row), (i) => entry.packets(row, i))),
        bytes: threads(entry.rows, (row) => cells(entry.columns(row), (i) => entry.bytes(row, i))),
      }
    case 'names':
      return { names: entry.names.map((name) => name ?? null) }
    case 'histogram':
      return { bins: threads(entry.rows, (row) => entry.bins(row)) }
    case 'ring':
      return {
        entrySize: entry.entrySize,
        ringSize: entry.ringSize,
        sequences: threads(entry.threads, (thread) => entry.sequence(thread)),
      }
    case 'symlink':
      return { target: entry.target, column: entry.column }
    case 'unknown':
      return {}
  }
}

/** An entry as lines of text: one per value that is not zero, or all with `zeros`. */
export function entryLines(entry: StatEntry, zeros: boolean): string[] {
  const { name } = entry
  switch (entry.type) {
    case 'scalar':
    case 'gauge':
      return [`${name} ${entry.value}`]
    case 'simple':
      return counterLines(entry, zeros, (row, i) => nonZero(entry.get(row, i), zeros, (value) => `${value}`))
    case 'combined':
      return counterLines(entry, zeros, (row, i) => {
        const packets = entry.packets(row, i) ?? 0n
        const bytes = entry.bytes(row, i) ?? 0n
        return packets === 0n && bytes === 0n && !zeros ? undefined : `${packets} packets ${bytes} bytes`
      })
    case 'names':
      return entry.names.flatMap((it, i) => (it === undefined ? [] : [`${name}[${i}] ${it}`]))
    case 'histogram':
      return threads(entry.rows, (row) =>
        entry.bins(row).flatMap(({ upperBound, count }) => {
          const line = `${name}[${row}] le ${upperBound ?? 'inf'}: ${count}`
          return count === 0n && !zeros ? [] : [line]
        }),
      ).flat()
    case 'ring':
      return threads(entry.threads, (thread) => `${name}[${thread}] ${entry.sequence(thread)} records`)
    case 'symlink':
      return [`${name} -> ${entry.target}[${entry.column}]`]
    case 'unknown':
      return [`${name} of a type unknown here`]
  }
}

interface Shape {
  readonly name: string
  readonly rows: number
  readonly target: number | undefined
  columns(row: number): number
  isZero(): boolean
}

function counterLines(
  shape: Shape,
  zeros: boolean,
  text: (row: number, column: number) => string | undefined,
): string[] {
  if (!zeros && shape.isZero()) return []
  return threads(shape.rows, (row) =>
    cells(shape.columns(row), (column) => {
      const value = text(row, column)
      const place = shape.target === undefined ? `[${row}][${column}]` : `[${row}]`
      return value === undefined ? undefined : `${shape.name}${place} ${value}`
    }).filter((line) => line !== undefined),
  ).flat()
}

function nonZero(
  value: bigint | undefined,
  zeros: boolean,
  text: (value: bigint) => string,
): string | undefined {
  return value === undefined || (value === 0n && !zeros) ? undefined : text(value)
}

function threads<T>(count: number, make: (thread: number) => T): T[] {
  return Array.from({ length: count }, (_, thread) => make(thread))
}

function cells<T>(count: number, make: (column: number) => T): T[] {
  return Array.from({ length: count }, (_, column) => make(column))
}
