import { KINDS } from '../kinds/built-in.ts'
import { documentationOf, type JsonSchema } from '../kinds/documentation.ts'

/** Fields of a schema, and of its choices and lists. */
function* fieldsOf(schema: JsonSchema): Iterable<readonly [string, JsonSchema]> {
  yield* Object.entries(schema.properties ?? {})
  for (const choice of [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])]) yield* fieldsOf(choice)
  if (schema.items !== undefined) yield* fieldsOf(schema.items)
}

/** Paths of fields that go on from what has been typed, as `route.paths.`; those with fields of their own end in a dot. */
export function fieldPaths(word: string): string[] {
  const dot = word.lastIndexOf('.')
  if (dot < 0) return Array.from(KINDS.items.keys(), (kind) => `${kind}.`)
  const [kind = '', ...path] = word.slice(0, dot).split('.')
  const descriptor = KINDS.items.get(kind)
  let schemas: JsonSchema[] = descriptor === undefined ? [] : [documentationOf(descriptor).schema]
  for (const part of path) {
    const name = part.replace(/\[\d*\]$/, '')
    schemas = schemas.flatMap((schema) =>
      [...fieldsOf(schema)].filter(([field]) => field === name).map(([, field]) => field),
    )
  }
  const found = new Set<string>()
  for (const [name, field] of schemas.flatMap((schema) => [...fieldsOf(schema)])) {
    const [below] = fieldsOf(field)
    found.add(`${word.slice(0, dot + 1)}${name}${below === undefined ? '' : '.'}`)
  }
  return [...found]
}
