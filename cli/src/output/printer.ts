import { CliError } from '../errors.ts'
import { escapeLines, escapeText, toJsonText, toYamlText } from './escape.ts'
import type { Output } from './output.ts'
import { cellText, flatten, flattenBlocks, formatTable } from './table.ts'
import type { Row } from './table.ts'

/** How results are printed. */
export type OutputFormat = 'table' | 'json' | 'ndjson' | 'yaml'

export const OUTPUT_FORMATS: readonly OutputFormat[] = ['table', 'json', 'ndjson', 'yaml']

/** Which columns there are. */
export interface ColumnChoice {
  /** These, in this order, also in JSON. */
  readonly fields?: readonly string[] | undefined
  /** Columns in which every row is as here are left out of a table. */
  readonly dull?: Row | undefined
  /** What a table says instead of an empty one. */
  readonly empty?: string | undefined
}

/** Prints results in the format that was asked for. */
export class Printer {
  readonly format: OutputFormat
  readonly #out: Output

  constructor(format: OutputFormat, out: Output) {
    this.format = format
    this.#out = out
  }

  /** Text of one line or several; what could control a terminal is escaped. */
  async text(text: string): Promise<void> {
    await this.#out.write(text === '' || text.endsWith('\n') ? escapeLines(text) : `${escapeLines(text)}\n`)
  }

  /** One object: lines of field and value, or JSON. */
  async one(row: Row): Promise<void> {
    if (this.format === 'json') return this.text(toJsonText(row, 2))
    if (this.format === 'ndjson') return this.text(toJsonText(row))
    if (this.format === 'yaml') return this.text(toYamlText(row))
    const lines = flatten(row)
    const width = lines.reduce((widest, [path]) => Math.max(widest, path.length), 0)
    const text = lines.map(
      ([path, value]) => `${escapeText(path).padEnd(width)}  ${cellText(visible(value))}\n`,
    )
    await this.#out.write(text.join(''))
  }

  /** Many objects: JSON as they come, a table when all are there. */
  async many(rows: AsyncIterable<Row> | Iterable<Row>, columns: ColumnChoice = {}): Promise<void> {
    if (this.format === 'table') return this.#table(rows, columns)
    if (this.format === 'json') return this.#array(rows, columns)
    for await (const row of rows) {
      const part = chosen(row, columns.fields)
      await this.text(this.format === 'yaml' ? toYamlText([part]) : toJsonText(part))
      if (this.#out.closed) return
    }
  }

  async #array(rows: AsyncIterable<Row> | Iterable<Row>, { fields }: ColumnChoice): Promise<void> {
    let count = 0
    for await (const row of rows) {
      const text = toJsonText(chosen(row, fields), 2).replaceAll(/^/gm, '  ')
      await this.#out.write(`${count++ === 0 ? '[' : ','}\n${text}`)
      if (this.#out.closed) return
    }
    await this.#out.write(count === 0 ? '[]\n' : '\n]\n')
  }

  async #table(source: AsyncIterable<Row> | Iterable<Row>, choice: ColumnChoice): Promise<void> {
    const rows: Row[] = []
    for await (const row of source) rows.push(flattenBlocks(row))
    if (rows.length === 0) return this.text(choice.empty ?? '')
    const columns =
      choice.fields ?? lively(rows, choice.dull === undefined ? undefined : flattenBlocks(choice.dull))
    for (const field of columns) {
      if (rows.every((row) => !Object.hasOwn(row, field))) {
        throw new CliError(
          'CLI_USAGE',
          `there is no column ${field}`,
          `columns: ${[...columnsOf(rows)].join(', ')}`,
        )
      }
    }
    await this.#out.write(formatTable(columns, rows, (text) => this.#out.bold(text)))
  }
}

/** Empty values stay visible where each has its own line. */
function visible(value: unknown): unknown {
  if (value === '') return '""'
  return Array.isArray(value) && value.length === 0 ? '[]' : value
}

function columnsOf(rows: readonly Row[]): Set<string> {
  return new Set(rows.flatMap((row) => Object.keys(row)))
}

function chosen(row: Row, fields: readonly string[] | undefined): Row {
  if (fields === undefined) return row
  const flat = { ...flattenBlocks(row), ...row }
  return Object.fromEntries(fields.map((field) => [field, flat[field]]))
}

/** Columns that say something. */
function lively(rows: readonly Row[], dull: Row | undefined): string[] {
  const all = [...columnsOf(rows)]
  if (dull === undefined) return all
  const kept = all.filter((column) => {
    const usual = JSON.stringify(dull[column])
    return rows.some((row) => JSON.stringify(row[column]) !== usual)
  })
  return kept.length > 0 ? kept : all
}
