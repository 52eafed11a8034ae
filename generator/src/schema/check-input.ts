import { exactDefaults } from '../rules/defaults.ts'
import { invalidInput } from '../errors.ts'
import { checkImports, type CheckedModule } from './check/imports.ts'
import { checkModule } from './check/module.ts'
import type { ProblemCode } from '../problem.ts'
import type { ApiDocument } from './document.ts'
import { moduleOfFile, type Input, type InputFile } from './input.ts'
import { textOf } from './text.ts'
import { leaveOut, messageAt, wholeModule, type Reduced } from './leave-out.ts'
import { moduleOfImport, type LeftOut, type Schema, type SchemaModule } from './module.ts'
import { readModule } from './read-module.ts'
import { FileReport, type UnknownKey } from './report.ts'
import { selectModules } from './select-modules.ts'
import { loadShapeCheck, type ShapeCheck } from './validate.ts'

/** How to check definitions. */
export interface CheckOptions {
  /** Modules that are wanted, as `selectModules` takes them; those they import come along. Empty or left out: all. */
  readonly wanted?: readonly string[] | undefined
  /** Fail for anything that cannot be supported, instead of leaving it out. */
  readonly strict?: boolean | undefined
  /** The check of shapes, for callers that have loaded it. */
  readonly shapeCheck?: ShapeCheck | undefined
}

/** Problems of the input as a whole: to leave out what has them would leave out what is fine, or hide damage. */
const ALWAYS_FATAL: ReadonlySet<ProblemCode> = new Set([
  'json',
  'duplicate-module',
  'import-cycle',
  'conflicting-type',
])

/**
 * Checks and normalises API definitions that were read. What cannot be supported is left out and named, unless it was
 * asked for by name or everything had to be supported.
 *
 * @throws GeneratorError `BINAPI_INVALID` with all problems of all files
 */
export async function checkInput(input: Input, options: CheckOptions = {}): Promise<Schema> {
  const check = options.shapeCheck ?? (await loadShapeCheck())
  const checked = new Map<string, CheckedModule>()
  const reports: FileReport[] = []
  const leftOut: LeftOut[] = []
  for (const file of input.files) {
    const report = new FileReport(file.file)
    reports.push(report)
    const reduced = readFile(file, check, report)
    leftOut.push(...reduced.leftOut)
    if (reduced.module !== undefined) addModule({ module: reduced.module, report }, checked)
  }
  checkImports(checked)
  const problems = reports.flatMap((report) => report.problems())
  const isFatal = options.strict === true || checked.size === 0
  if (problems.some(({ code }) => isFatal || ALWAYS_FATAL.has(code))) throw invalidInput(problems)
  const wanted = [...(input.named ?? []), ...(options.wanted ?? [])]
  refuseLeftOut(wanted, leftOut)
  const modules = select(checked, wanted)
  const notes = [...unknownKeyNotes(reports), ...missingImports(modules)]
  return { modules, release: input.release, source: input.label, notes, leftOut }
}

/** What was asked for by name must be there as a whole. */
function refuseLeftOut(wanted: readonly string[], leftOut: readonly LeftOut[]): void {
  const problems = leftOut
    .filter(({ kind, name }) => kind === 'module' && wanted.includes(name))
    .flatMap((item) => item.problems)
  if (problems.length > 0) throw invalidInput(problems)
}

function readFile({ bytes, source, file }: InputFile, check: ShapeCheck, report: FileReport): Reduced {
  const name = moduleOfFile(source)
  let json: unknown
  try {
    json = JSON.parse(exactDefaults(textOf(bytes)))
  } catch (error) {
    const message = `no JSON in ${bytes.length} bytes: ${(error as Error).message}`
    report.add('json', '', message, 'the file is damaged or was cut short; get it again')
    return wholeModule(name, report.problems())
  }
  const hasShape = check(json, report)
  const misshapen = new Set(report.problems().map(({ path }) => messageAt(path) ?? -1))
  if (!hasShape && (misshapen.has(-1) || report.overflowed)) return wholeModule(name, report.problems())
  // Messages alone have another shape, and they are passed over.
  const document = json as ApiDocument
  const module = readModule(document, { name, file, source }, report, misshapen)
  checkModule(module, report)
  return leaveOut(module, document.messages.map(nameOfMessage), report)
}

/** Of a message that has not the right shape the name may be missing as well. */
function nameOfMessage(message: unknown, index: number): string {
  const name: unknown = Array.isArray(message) ? message[0] : undefined
  return typeof name === 'string' ? name : `#${index}`
}

/** Each key once, however often it occurs. */
function unknownKeyNotes(reports: readonly FileReport[]): string[] {
  const byKey = new Map<string, UnknownKey[]>()
  for (const unknown of reports.flatMap(({ unknownKeys }) => unknownKeys))
    byKey.set(unknown.key, [...(byKey.get(unknown.key) ?? []), unknown])
  return [...byKey].flatMap(([key, [first, ...others]]) => {
    if (first === undefined) return []
    const more = others.length === 0 ? '' : ` and ${others.length.toLocaleString('en-US')} more places`
    return `unknown key "${key}" in ${first.file}#${first.path}${more} is ignored; a newer generator may know it`
  })
}

function addModule(entry: CheckedModule, checked: Map<string, CheckedModule>): void {
  const { name } = entry.module
  const other = checked.get(name)
  if (other === undefined) {
    checked.set(name, entry)
    return
  }
  const message = `module "${name}" is also defined by ${other.module.file}`
  entry.report.add('duplicate-module', '', message, 'remove or rename one of the files')
}

function select(
  checked: ReadonlyMap<string, CheckedModule>,
  wanted: readonly string[],
): Map<string, SchemaModule> {
  const names = new Set<string>()
  const visit = (name: string): void => {
    const entry = checked.get(name)
    if (entry === undefined || names.has(name)) return
    names.add(name)
    for (const path of entry.module.imports) visit(moduleOfImport(path))
  }
  const owners = new Map<string, string>()
  for (const [name, { module }] of checked)
    for (const message of module.messages) owners.set(message.name, name)
  const modules = [...checked.keys()]
  const found = selectModules(wanted, { modules, moduleOfMessage: (message) => owners.get(message) })
  for (const name of found) visit(name)
  const sorted = [...names].toSorted()
  return new Map(sorted.map((name) => [name, (checked.get(name) as CheckedModule).module]))
}

function missingImports(modules: ReadonlyMap<string, SchemaModule>): string[] {
  const notes = new Set<string>()
  for (const { imports } of modules.values()) {
    for (const path of imports) {
      if (modules.has(moduleOfImport(path))) continue
      notes.add(`${path} is imported and not in the input: its types go into the modules that use them`)
    }
  }
  return [...notes].toSorted()
}
