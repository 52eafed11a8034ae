/**
 * Codes of what the importer of `.api` files can object to.
 *
 * - `IDL_LEXICAL`: text that is not a token of the language
 * - `IDL_SYNTAX`: a token in the wrong place
 * - `IDL_IMPORT`: an import that leads nowhere, back to its origin, or too deep
 * - `IDL_TYPE`: a type that is unknown, defined twice, or nested without bound
 * - `IDL_FIELD`: a field, array or field option that cannot be laid out
 * - `IDL_ENUM`: an enum member that cannot be stored
 * - `IDL_UNION`: a discriminator or case that does not fit
 * - `IDL_MESSAGE`: a message defined twice, or without fields
 * - `IDL_SERVICE`: a request without its reply, or the reverse
 * - `IDL_FILE`: a file that cannot be read as text, or two files of one module
 */
export type DiagnosticCode =
  | 'IDL_LEXICAL'
  | 'IDL_SYNTAX'
  | 'IDL_IMPORT'
  | 'IDL_TYPE'
  | 'IDL_FIELD'
  | 'IDL_ENUM'
  | 'IDL_UNION'
  | 'IDL_MESSAGE'
  | 'IDL_SERVICE'
  | 'IDL_FILE'

/** One objection to one place of one file. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning'
  readonly code: DiagnosticCode
  /** Path of the file as the import statements spell it. */
  readonly file: string
  /** Line and column, counted from 1; the column counts UTF-16 units. */
  readonly line: number
  readonly column: number
  /** What is wrong, what was expected, and what to do about it. */
  readonly message: string
}

/** The diagnostic as one line: `file:line:column: error CODE: message`. */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const { file, line, column, severity, code, message } = diagnostic
  return `${file}:${line}:${column}: ${severity} ${code}: ${message}`
}

/** More errors than this in one file are counted, not listed: they are nearly always echoes of the first ones. */
const MAX_ERRORS_PER_FILE = 20

/** Collects the diagnostics of one file and turns offsets into lines and columns. */
export class FileReport {
  readonly file: string
  readonly #text: string
  readonly #found: Diagnostic[] = []
  #lineStarts: number[] | undefined
  #errors = 0

  constructor(file: string, text: string) {
    this.file = file
    this.#text = text
  }

  /** True when at least one error was reported. */
  get failed(): boolean {
    return this.#errors > 0
  }

  /** Reports an error at an offset of the text. */
  error(code: DiagnosticCode, at: number, message: string): void {
    this.#errors += 1
    if (this.#errors <= MAX_ERRORS_PER_FILE) this.#add('error', code, at, message)
  }

  /** Reports something that VPP accepts and that is probably not meant. */
  warning(code: DiagnosticCode, at: number, message: string): void {
    this.#add('warning', code, at, message)
  }

  /** Everything reported, by position. */
  diagnostics(): Diagnostic[] {
    const sorted = this.#found.toSorted((a, b) => a.line - b.line || a.column - b.column)
    const last = sorted.at(-1)
    const hidden = this.#errors - MAX_ERRORS_PER_FILE
    if (last !== undefined && hidden > 0) {
      sorted.push({
        ...last,
        severity: 'error',
        message: `${hidden} more errors in this file are not listed`,
      })
    }
    return sorted
  }

  /** Line of an offset, from 1: names a second place in a message. */
  lineOf(at: number): number {
    return this.#position(at).line
  }

  #add(severity: Diagnostic['severity'], code: DiagnosticCode, at: number, message: string): void {
    this.#found.push({ severity, code, file: this.file, ...this.#position(at), message })
  }

  #position(at: number): { line: number; column: number } {
    this.#lineStarts ??= lineStarts(this.#text)
    let low = 0
    let high = this.#lineStarts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#lineStarts[middle] ?? 0) <= at) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: at - (this.#lineStarts[low] ?? 0) + 1 }
  }
}

function lineStarts(text: string): number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}
