import type { DiffReport, Difference } from '../diff/report.ts'
import type { Usage } from './usage.ts'

/** The report with what a program uses: its messages with the places, the types in them, its modules. */
export function limitToUsage(report: DiffReport, usage: Usage, folder: string): DiffReport {
  const messages = report.messages.flatMap((message) => {
    const usedIn = namesOf(message).flatMap((name) => usage.messages.get(name) ?? [])
    return usedIn.length === 0 ? [] : [{ ...message, usedIn }]
  })
  const reached = new Set(messages.flatMap(({ via }) => via.map(({ type, module }) => `${module} ${type}`)))
  const isUsedType = (type: Difference) =>
    reached.has(`${type.module} ${type.name}`) || namesOf(type).some((name) => usage.types.has(name))
  return {
    ...report,
    limitedTo: folder,
    messages,
    types: report.types.filter(isUsedType),
    services: report.services.filter(({ name }) => usage.messages.has(name)),
    modules: report.modules.filter(({ name }) => usage.modules.has(name)),
  }
}

/** The name that a program may know it by: that of now, or the one before. */
function namesOf({ name, changes }: Difference): string[] {
  return [
    name,
    ...changes.flatMap(({ kind, before }) => (kind === 'renamed' && before !== undefined ? [before] : [])),
  ]
}
