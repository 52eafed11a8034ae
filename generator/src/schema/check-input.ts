import { invalidInput, GeneratorError } from '../errors.ts'
import { checkImports, type CheckedModule } from './check/imports.ts'
import { checkModule } from './check/module.ts'
import { moduleOfFile, type Input, type InputFile } from './input/input.ts'
import { textOf } from './input/text.ts'
import { moduleOfImport, type Schema, type SchemaModule } from './module.ts'
import { readModule } from './read-module.ts'
import { FileReport } from './report.ts'
import { loadShapeCheck, type ShapeCheck } from './validate.ts'

/**
 * Checks and normalises API definitions that were read.
 *
 * @param shapeCheck the check of shapes, for callers that have loaded it
 */
export async function checkInput(
  input: Input,
  wanted: readonly string[] = [],
  shapeCheck?: ShapeCheck,
): Promise<Schema> {
  const check = shapeCheck ?? (await loadShapeCheck())
  const checked = new Map<string, CheckedModule>()
  const reports: FileReport[] = []
  for (const file of input.files) {
    const report = new FileReport(file.file)
    reports.push(report)
    const module = readFile(file, check, report)
    if (module !== undefined) addModule({ module, report }, checked)
  }
  checkImports(checked)
  const problems = reports.flatMap((report) => report.problems())
  if (problems.length > 0) throw invalidInput(problems)
  const modules = select(checked, [...(input.named ?? []), ...wanted])
  return { modules, release: input.release, source: input.label, notes: missingImports(modules) }
}

function readFile(
  { bytes, source, file }: InputFile,
  check: ShapeCheck,
  report: FileReport,
): SchemaModule | undefined {
  let json: unknown
  try {
    json = JSON.parse(textOf(bytes))
  } catch (error) {
    const message = `no JSON in ${bytes.length} bytes: ${(error as Error).message}`
    report.add('json', '', message, 'the file is damaged or was cut short; get it anew')
    return undefined
  }
  if (!check(json, report)) return undefined
  const module = readModule(json, { name: moduleOfFile(source), file, source }, report)
  checkModule(module, report)
  return module
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
  const unknown = wanted.filter((name) => !checked.has(name))
  if (unknown.length > 0) {
    const all = [...checked.keys()].toSorted().join(', ')
    throw new GeneratorError(
      'BINAPI_USAGE',
      `no module "${unknown.join('", "')}" in the input, which has: ${all}`,
    )
  }
  for (const name of wanted.length > 0 ? wanted : checked.keys()) visit(name)
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
