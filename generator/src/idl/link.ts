import type { DefineStatement, Field, ImportStatement, Statement, TypeStatement } from './ast.ts'
import { checkBlock, checkField, type BlockContext, type BlockShape } from './check-block.ts'
import { checkEnum } from './check-enum.ts'
import type { FileReport } from './diagnostics.ts'
import { LinkDraft, type LinkedFile, type SourceFile } from './linked-file.ts'

/** VPP itself needs 7 levels of types and chains of 5 imports; flattened, its largest file has 270 entries. */
const MAX_TYPE_DEPTH = 64
const MAX_TYPE_WEIGHT = 100_000
const MAX_IMPORT_DEPTH = 64

/**
 * Follows imports and resolves types, file by file, each file once. A type must be defined or imported before it
 * is used. Errors go to the report of the file they are in.
 */
export class Linker {
  readonly #files: ReadonlyMap<string, SourceFile>
  readonly #linked = new Map<string, LinkedFile>()
  readonly #chain: string[] = []
  #definitions: ReadonlyMap<string, string> | undefined

  constructor(files: ReadonlyMap<string, SourceFile>) {
    this.#files = files
  }

  /** Links one of the files given to the constructor. */
  link(source: SourceFile): LinkedFile {
    const known = this.#linked.get(source.path)
    if (known !== undefined) return known
    this.#chain.push(source.path)
    const linked = this.#linkStatements(source)
    this.#chain.pop()
    this.#linked.set(source.path, linked)
    return linked
  }

  #linkStatements(source: SourceFile): LinkedFile {
    const draft = new LinkDraft(source)
    for (const statement of source.statements) {
      switch (statement.kind) {
        case 'import':
          draft.addImport(statement, this.#follow(statement, source))
          break
        case 'define':
          this.#checkMessage(statement, draft)
          break
        case 'typedef':
        case 'union':
        case 'alias':
        case 'enum':
        case 'enumflag':
          this.#declare(statement, draft)
          break
        default:
          break
      }
    }
    return draft.finish()
  }

  #follow(statement: ImportStatement, source: SourceFile): LinkedFile | undefined {
    const { path, at } = statement
    const target = this.#files.get(path)
    if (target === undefined) {
      source.report.error(
        'IDL_IMPORT',
        at,
        `imported file "${path}" does not exist: ${this.#suggestPath(path)}`,
      )
      return undefined
    }
    const start = this.#chain.indexOf(path)
    if (start !== -1) {
      const cycle = [...this.#chain.slice(start), path].join(' → ')
      source.report.error(
        'IDL_IMPORT',
        at,
        `import cycle ${cycle}: move what they share to a file of its own`,
      )
      return undefined
    }
    if (this.#chain.length >= MAX_IMPORT_DEPTH) {
      source.report.error(
        'IDL_IMPORT',
        at,
        `imports are nested deeper than ${MAX_IMPORT_DEPTH}: import the file directly`,
      )
      return undefined
    }
    const linked = this.link(target)
    if (linked.importDepth < MAX_IMPORT_DEPTH) return linked
    source.report.error(
      'IDL_IMPORT',
      at,
      `imports are nested deeper than ${MAX_IMPORT_DEPTH}: import the file directly`,
    )
    return undefined
  }

  #suggestPath(path: string): string {
    const name = path.slice(path.lastIndexOf('/') + 1)
    const similar = [...this.#files.keys()].filter((file) => file === name || file.endsWith(`/${name}`))
    if (similar.length > 0) return `write ${similar.map((file) => `"${file}"`).join(' or ')}`
    return 'paths are relative to the source root, such as "vnet/ip/ip_types.api"'
  }

  #context(draft: LinkDraft): BlockContext {
    const { scope, source } = draft
    return { scope, report: source.report, unknownType: (field) => this.#unknownType(field, draft) }
  }

  #unknownType({ type, typeAt }: Field, draft: LinkDraft): void {
    const name = /^vl_api_(.+)_t$/.exec(type)?.[1]
    if (name !== undefined && draft.mayBeLost(name)) return
    const place = name === undefined ? undefined : this.#definitionOf(name)
    let remedy = 'define it or import the file that does'
    if (name === undefined)
      remedy = `built-in types are u8, u32, string …, others are written vl_api_${type}_t`
    else if (place === draft.source.path) remedy = 'it is defined further down: move it before its use'
    else if (place !== undefined) remedy = `add import "${place}";`
    draft.source.report.error('IDL_TYPE', typeAt, `unknown type "${type}": ${remedy}`)
  }

  #definitionOf(name: string): string | undefined {
    this.#definitions ??= new Map(
      [...this.#files.values()].flatMap((file) =>
        file.statements.flatMap((statement) =>
          isType(statement) ? [[statement.name, file.path] as const] : [],
        ),
      ),
    )
    return this.#definitions.get(name)
  }

  #checkMessage(statement: DefineStatement, draft: LinkDraft): void {
    const shape = checkBlock(statement.fields, this.#context(draft))
    checkLimits(statement.name, shape, statement.at, draft.source.report)
  }

  #declare(statement: TypeStatement, draft: LinkDraft): void {
    const shape = this.#shapeOf(statement, draft)
    checkLimits(statement.name, shape, statement.at, draft.source.report)
    draft.declare(statement, shape)
  }

  #shapeOf(statement: TypeStatement, draft: LinkDraft): BlockShape {
    const { report } = draft.source
    switch (statement.kind) {
      case 'typedef':
      case 'union':
        return checkBlock(statement.fields, this.#context(draft))
      case 'alias': {
        const { field } = statement
        if (field.extent.kind === 'counted') {
          report.error(
            'IDL_FIELD',
            field.at,
            `alias "${field.name}" has a count field: only a fixed length is possible`,
          )
        }
        if (field.options.length > 0)
          report.warning('IDL_FIELD', field.at, 'options of an alias have no effect: remove them')
        const { variable, depth } = checkField(field, this.#context(draft))
        return { variable, depth: depth + 1, weight: 1 }
      }
      case 'enum':
      case 'enumflag':
        checkEnum(statement, report)
        return { variable: false, depth: 1, weight: 1 }
    }
  }
}

function checkLimits(name: string, { depth, weight }: BlockShape, at: number, report: FileReport): void {
  if (depth > MAX_TYPE_DEPTH)
    report.error('IDL_TYPE', at, `types of "${name}" are nested deeper than ${MAX_TYPE_DEPTH}`)
  if (weight > MAX_TYPE_WEIGHT)
    report.error('IDL_TYPE', at, `"${name}" contains more than ${MAX_TYPE_WEIGHT} types`)
}

function isType(statement: Statement): statement is TypeStatement {
  return ['typedef', 'union', 'alias', 'enum', 'enumflag'].includes(statement.kind)
}
