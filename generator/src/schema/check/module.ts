import type { SchemaModule } from '../module.ts'
import type { FileReport } from '../report.ts'
import { checkFields, type CheckContext } from './fields.ts'
import { checkMessagesAndServices } from './services.ts'
import { checkTypes, findOpenEnded, findVariableTypes } from './types.ts'
import { checkDiscriminators, checkLooseCases } from './unions.ts'

/** Checks all that one file must get right, without the others. */
export function checkModule(module: SchemaModule, report: FileReport): void {
  const context: CheckContext = {
    module,
    report,
    variable: findVariableTypes(module, report),
    openEnded: findOpenEnded(module),
  }
  checkTypes(context)
  for (const type of module.types.values()) {
    if (type.kind === 'struct') checkDiscriminators(`struct "${type.name}"`, type.fields, context)
  }
  for (const { name, fields } of module.messages) {
    checkFields(`message "${name}"`, fields, context)
    checkDiscriminators(`message "${name}"`, fields, context)
  }
  checkLooseCases(context)
  checkMessagesAndServices(context)
}
