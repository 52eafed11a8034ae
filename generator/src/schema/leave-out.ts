import type { Problem } from '../problem.ts'
import type { LeftOut, SchemaMessage, SchemaModule } from './module.ts'
import { messagesOf } from './read-module.ts'
import type { FileReport } from './report.ts'

/** A module without what cannot be supported, and what that is; without a module, all of it is left out. */
export interface Reduced {
  readonly module: SchemaModule | undefined
  readonly leftOut: readonly LeftOut[]
}

const MESSAGE = /^\/messages\/(\d+)(?:\/|$)/
const SERVICE = /^\/services\/([^/]+)(?:\/|$)/

/** Number of the message in its file that a JSON Pointer leads to; undefined when it leads elsewhere. */
export function messageAt(path: string): number | undefined {
  const found = MESSAGE.exec(path)?.[1]
  return found === undefined ? undefined : Number(found)
}

/**
 * Leaves out messages and services with problems; the whole module when the problems are elsewhere in it.
 *
 * @param messageNames names of all messages of the file, by their number in it
 */
export function leaveOut(module: SchemaModule, messageNames: readonly string[], report: FileReport): Reduced {
  const problems = report.problems()
  if (problems.length === 0) return { module, leftOut: [] }
  const byPart = new Map<string, Problem[]>()
  for (const problem of problems) {
    const key = partOf(problem.path, messageNames)
    if (key === undefined || report.overflowed) return wholeModule(module.name, problems)
    byPart.set(key, [...(byPart.get(key) ?? []), problem])
  }
  return reduce(module, byPart)
}

/** A module of which nothing can be used. */
export function wholeModule(name: string, problems: readonly Problem[]): Reduced {
  return { module: undefined, leftOut: [{ kind: 'module', name, module: name, problems }] }
}

function partOf(path: string, messageNames: readonly string[]): string | undefined {
  const message = messageNames[messageAt(path) ?? -1]
  if (message !== undefined) return `message ${message}`
  const service = SERVICE.exec(path)?.[1]
  return service === undefined ? undefined : `service ${service}`
}

function reduce(module: SchemaModule, byPart: ReadonlyMap<string, readonly Problem[]>): Reduced {
  const isKept = ({ name }: SchemaMessage) => !byPart.has(`message ${name}`)
  const messages = module.messages.filter(isKept)
  const names = new Set(messages.map(({ name }) => name))
  const services = module.services.filter(
    (service) =>
      !byPart.has(`service ${service.request}`) && messagesOf(service).every((name) => names.has(name)),
  )
  const leftOut = [...byPart].map(([key, problems]): LeftOut => {
    const [kind, name = ''] = key.split(' ')
    return { kind: kind === 'message' ? 'message' : 'service', name, module: module.name, problems }
  })
  return { module: { ...module, messages, services }, leftOut }
}
