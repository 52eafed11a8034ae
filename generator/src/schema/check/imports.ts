import { moduleOfImport, type SchemaModule } from '../module.ts'
import type { FileReport } from '../report.ts'
import { sameType } from '../type-table.ts'

/** A module with the report of its file. */
export interface CheckedModule {
  readonly module: SchemaModule
  readonly report: FileReport
}

/** Checks what several files must get right together: no cycles, and one content for every imported type. */
export function checkImports(checked: ReadonlyMap<string, CheckedModule>): void {
  findCycles(checked)
  for (const { module, report } of checked.values()) {
    for (const path of module.imports) {
      const imported = checked.get(moduleOfImport(path))?.module
      if (imported !== undefined && imported !== module) compareTypes(module, imported, report)
    }
  }
}

function compareTypes(module: SchemaModule, imported: SchemaModule, report: FileReport): void {
  for (const type of module.types.values()) {
    const other = imported.types.get(type.name)
    if (other === undefined || sameType(type, other)) continue
    report.add(
      'conflicting-type',
      type.path,
      `type "${type.name}" differs from the one that ${imported.file} defines`,
      'generate all files from one VPP release',
    )
  }
}

function findCycles(checked: ReadonlyMap<string, CheckedModule>): void {
  const done = new Set<string>()
  const open: string[] = []
  const visit = (name: string): void => {
    const entry = checked.get(name)
    if (entry === undefined || done.has(name)) return
    if (open.includes(name)) {
      const cycle = [...open.slice(open.indexOf(name)), name].join(' → ')
      entry.report.add(
        'import-cycle',
        '/imports',
        `files import each other: ${cycle}`,
        'move the shared types to a file of their own',
      )
      return
    }
    open.push(name)
    for (const path of entry.module.imports) visit(moduleOfImport(path))
    open.pop()
    done.add(name)
  }
  for (const name of checked.keys()) visit(name)
}
