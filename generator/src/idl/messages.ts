import type { DefineStatement, Field, Statement } from './ast.ts'
import type { FileReport } from './diagnostics.ts'

/** The messages of a file in order: each `autoreply` is followed by the reply it stands for. */
export function messagesOf(statements: readonly Statement[]): readonly DefineStatement[] {
  return statements.flatMap((statement) => {
    if (statement.kind !== 'define') return []
    return statement.flags.includes('autoreply') ? [statement, automaticReply(statement)] : [statement]
  })
}

/** The reply has the options of its request and no flags. */
function automaticReply(request: DefineStatement): DefineStatement {
  const field = (type: string, name: string): Field => ({
    type,
    typeAt: request.at,
    name,
    at: request.at,
    extent: { kind: 'one' },
    options: [],
  })
  const fields = [field('u32', 'context'), field('i32', 'retval')]
  return { ...request, name: `${request.name}_reply`, flags: [], fields }
}

/** Reports messages of the same name, counting the replies that `autoreply` adds. */
export function checkMessageNames(messages: readonly DefineStatement[], report: FileReport): void {
  const lines = new Map<string, number>()
  for (const { name, at } of messages) {
    const line = lines.get(name)
    if (line === undefined) lines.set(name, report.lineOf(at))
    else {
      const remedy = 'remove one (autoreply already adds the reply of its message)'
      report.error('IDL_MESSAGE', at, `message "${name}" is defined twice, first in line ${line}: ${remedy}`)
    }
  }
}
