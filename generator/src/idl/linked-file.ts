import type { ImportStatement, Statement, TypeStatement } from './ast.ts'
import type { BlockShape } from './check-block.ts'
import { crcText } from './crc.ts'
import type { FileReport } from './diagnostics.ts'
import { typeReference, type TypeEntry } from './scope.ts'

/** A parsed file before its imports are followed. */
export interface SourceFile {
  /** Path relative to the source root, as import statements spell it. */
  readonly path: string
  readonly statements: readonly Statement[]
  readonly lostNames: ReadonlySet<string>
  readonly report: FileReport
}

/** A file with everything that it can refer to. */
export interface LinkedFile extends SourceFile {
  readonly scope: ReadonlyMap<string, TypeEntry>
  readonly imports: ReadonlyMap<ImportStatement, LinkedFile>
  /** Entries of the list that flattening the imports gives. */
  readonly flatSize: number
  /** Files on the longest chain of imports, this one included. */
  readonly importDepth: number
  /** False when an import failed here or below, so that an unknown type may be an echo. */
  readonly complete: boolean
}

/** Most statements of a file with its imports in place; VPP's largest has 270. */
const MAX_FLAT_SIZE = 20_000

/** A file while its statements are linked in order. */
export class LinkDraft {
  readonly source: SourceFile
  readonly scope = new Map<string, TypeEntry>()
  readonly #imports = new Map<ImportStatement, LinkedFile>()
  #flatSize: number
  #importDepth = 1
  #complete = true

  constructor(source: SourceFile) {
    this.source = source
    this.#flatSize = source.statements.length
  }

  addImport(statement: ImportStatement, target: LinkedFile | undefined): void {
    if (target === undefined) {
      this.#complete = false
      return
    }
    this.#imports.set(statement, target)
    this.#flatSize += target.flatSize
    this.#importDepth = Math.max(this.#importDepth, target.importDepth + 1)
    this.#complete &&= target.complete && target.lostNames.size === 0
    if (this.#flatSize > MAX_FLAT_SIZE) {
      this.source.report.error(
        'IDL_IMPORT',
        statement.at,
        `imports add up to more than ${MAX_FLAT_SIZE} statements`,
      )
    }
    for (const [reference, entry] of target.scope) this.#add(reference, entry, statement.at)
  }

  declare(statement: TypeStatement, shape: BlockShape): void {
    const { path, report } = this.source
    const origin = `${path}:${report.lineOf(statement.at)}`
    const entry: TypeEntry = { statement, origin, crcText: crcText(statement) ?? '', ...shape }
    this.#add(typeReference(statement.name), entry, statement.at)
  }

  /** True when the definition of a name may be in something that could not be read. */
  mayBeLost(name: string): boolean {
    return !this.#complete || this.source.lostNames.has(name)
  }

  finish(): LinkedFile {
    return {
      ...this.source,
      scope: this.scope,
      imports: this.#imports,
      flatSize: this.#flatSize,
      importDepth: this.#importDepth,
      complete: this.#complete,
    }
  }

  #add(reference: string, entry: TypeEntry, at: number): void {
    const known = this.scope.get(reference)
    if (known === undefined) {
      this.scope.set(reference, entry)
    } else if (known.statement !== entry.statement) {
      const places = `${known.origin} and ${entry.origin}`
      const remedy = 'keep one definition and import it'
      this.source.report.error(
        'IDL_TYPE',
        at,
        `type "${entry.statement.name}" is defined twice, ${places}: ${remedy}`,
      )
    }
  }
}
