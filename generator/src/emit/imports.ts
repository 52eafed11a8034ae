import { LINE_WIDTH } from './literal.ts'

/** A name that a file has from elsewhere. */
export interface Imported {
  readonly name: string
  /** What it is called in the file. */
  readonly local: string
  readonly typeOnly: boolean
}

/** Import statements, the runtime's first, then by specifier; names sorted. */
export function importLines(
  imports: ReadonlyMap<string, ReadonlyMap<string, Imported>>,
  runtime: string,
): string[] {
  const order = (specifier: string) => (specifier === runtime ? '' : specifier)
  return [...imports]
    .toSorted(([a], [b]) => (order(a) < order(b) ? -1 : 1))
    .flatMap(([specifier, names]) => statement(specifier, [...names.values()]))
}

function statement(specifier: string, names: readonly Imported[]): string[] {
  const sorted = names.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const allTypes = sorted.every(({ typeOnly }) => typeOnly)
  const items = sorted.map((item) => text(item, allTypes))
  const head = allTypes ? 'import type {' : 'import {'
  const tail = `} from '${specifier}'`
  const line = `${head} ${items.join(', ')} ${tail}`
  if (line.length <= LINE_WIDTH || items.length === 1) return [line]
  return [head, ...items.map((item) => `  ${item},`), tail]
}

function text({ name, local, typeOnly }: Imported, allTypes: boolean): string {
  const renamed = local === name ? name : `${name} as ${local}`
  return typeOnly && !allTypes ? `type ${renamed}` : renamed
}
