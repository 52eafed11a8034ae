import type { ImportStatement, Statement, TypeStatement } from './ast.ts'
import type { LinkedFile } from './linked-file.ts'

/**
 * The statements of a file with every import replaced by the import itself and the types behind it, depth first.
 * Nothing is left out when it is reached twice: VPP's JSON lists it twice and its file CRC counts it twice.
 */
export function flatten(file: LinkedFile): Statement[] {
  const flat: Statement[] = []
  for (const statement of file.statements) {
    flat.push(statement)
    if (statement.kind === 'import') appendImported(file, statement, flat)
  }
  return flat
}

function appendImported(file: LinkedFile, statement: ImportStatement, flat: Statement[]): void {
  const target = file.imports.get(statement)
  if (target === undefined) return
  for (const inner of target.statements) {
    if (inner.kind === 'import') {
      flat.push(inner)
      appendImported(target, inner, flat)
    } else if (isTypeStatement(inner)) {
      flat.push(inner)
    }
  }
}

/** True for what defines a type. */
export function isTypeStatement(statement: Statement): statement is TypeStatement {
  return ['typedef', 'union', 'alias', 'enum', 'enumflag'].includes(statement.kind)
}
