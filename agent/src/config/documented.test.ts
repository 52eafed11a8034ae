import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { configSchema } from './schema.ts'

interface Node {
  readonly properties?: Readonly<Record<string, Node>>
  readonly items?: Node
  readonly anyOf?: readonly Node[]
  readonly oneOf?: readonly Node[]
}

/** Paths of all keys of a schema that have no keys below them. */
function* keysOf(node: Node, path: readonly string[] = []): Iterable<string> {
  const below = [
    ...Object.entries(node.properties ?? {}).map(([key, it]) => [it, [...path, key]] as const),
    ...[...(node.anyOf ?? []), ...(node.oneOf ?? [])].map((it) => [it, path] as const),
    ...(node.items?.properties === undefined
      ? []
      : [[node.items, [...path.slice(0, -1), `${path.at(-1)}[]`]] as const]),
  ]
  if (below.length === 0) yield path.join('.')
  for (const [it, at] of below) yield* keysOf(it, at)
}

describe('configuration', () => {
  it('every key is in the guide', () => {
    const guide = readFileSync(new URL('../../../docs/agent.md', import.meta.url), 'utf8')
    const schema = z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' }) as Node
    const keys = [...new Set(keysOf(schema))]
    expect(keys).toContain('rest.tls.client-ca')
    const missing = keys.filter((key) => {
      const shared = key.replace(/^(rest|metrics)\./, '….')
      return !guide.includes(`\`${key}\``) && !guide.includes(`\`${shared}\``)
    })
    expect(missing).toEqual([])
  })
})
