import type { ModelModule } from '../model/model.ts'
import { array, literal, object, quote, type Expression } from './literal.ts'
import type { SourceFile } from './source-file.ts'

/** Constants about the file itself. */
export function emitConstants({ name, version, crc, options }: ModelModule, file: SourceFile): void {
  file.doc(['Name of the API file.'])
  file.line(`export const API_NAME = ${quote(name)}`)
  if (version !== undefined) {
    file.doc(['Version that the API file gives itself.'])
    file.line(`export const API_VERSION = ${quote(version)}`)
  }
  file.doc(['CRC of the API file with all it imports.'])
  file.line(`export const API_CRC = ${quote(crc)}`)
  const entries = Object.entries(options).map(([option, value]) => [option, literal(value)] as const)
  file.doc(['Options of the API file.'])
  file.assign('export const API_OPTIONS', object(entries), ' as const')
}

/** Counters and stat paths, where the API has them. */
export function emitCounters({ counters, paths }: ModelModule, file: SourceFile): void {
  if (counters.length > 0) {
    const sets = counters.map(({ name, elements }) => [name, object(elements.map(counter))] as const)
    file.blank().doc(['Sets of counters in the stats segment, by name; each counter by name.'])
    file.assign('export const counters', object(sets), ' as const')
  }
  if (paths.length > 0) {
    const items = paths.map(({ path, counter: name }) =>
      object([
        ['path', quote(path)],
        ['counter', quote(name)],
      ]),
    )
    file.blank().doc(['Where the stats segment has the sets of counters.'])
    file.assign('export const paths', array(items), ' as const')
  }
}

function counter({
  name,
  ...facts
}: ModelModule['counters'][number]['elements'][number]): readonly [string, Expression] {
  return [name, object(Object.entries(facts).map(([fact, value]) => [fact, quote(value)] as const))]
}
