import { GeneratorError } from '../errors.ts'
import { matcher } from './glob.ts'
import { similarTo } from './similar.ts'

/** What there is to select from. */
export interface Selectable {
  readonly modules: readonly string[]
  /** Module of a message, by the name of the message. */
  readonly moduleOfMessage: (message: string) => string | undefined
}

/**
 * Names of the modules that are meant. `ip-types` and `IP` are `ip_types` and `ip`; `*` and `?` stand for others; the name
 * of a message stands for its module; what comes behind `!` is left out. Only exclusions mean all others.
 *
 * @throws GeneratorError `BINAPI_USAGE` for a name that nothing has
 */
export function selectModules(wanted: readonly string[], { modules, moduleOfMessage }: Selectable): string[] {
  const excluded = wanted.filter((name) => name.startsWith('!')).map((name) => normal(name.slice(1)))
  const included = wanted.filter((name) => !name.startsWith('!'))
  const isExcluded = excluded.length === 0 ? () => false : matcher(excluded)
  const found = new Set(included.length === 0 ? modules : [])
  const unknown: string[] = []
  for (const name of included) {
    const isWanted = matcher([normal(name)])
    const matching = modules.filter((module) => isWanted(module.toLowerCase()))
    const owner = matching.length === 0 ? moduleOfMessage(name) : undefined
    if (matching.length === 0 && owner === undefined) unknown.push(name)
    for (const module of owner === undefined ? matching : [owner]) found.add(module)
  }
  if (unknown.length > 0) throw unknownNames(unknown, modules)
  return [...found].filter((module) => !isExcluded(module.toLowerCase()))
}

function normal(name: string): string {
  return name.toLowerCase().replaceAll('-', '_')
}

function unknownNames(names: readonly string[], modules: readonly string[]): GeneratorError {
  const hints = new Set(names.flatMap((name) => similarTo(normal(name), modules)))
  const hint =
    hints.size === 0
      ? `list its ${modules.length} modules with: binapi-gen ls`
      : `did you mean ${[...hints].join(', ')}?`
  return new GeneratorError('BINAPI_USAGE', `no module "${names.join('", "')}" in the input; ${hint}`)
}
