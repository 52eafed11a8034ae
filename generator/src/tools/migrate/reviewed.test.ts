import { describe, expect, it } from 'vitest'
import { loadSchema } from '../../input/load.ts'
import { bundled, RELEASES } from '../../testing/folder.ts'
import { Catalog } from '../catalog/catalog.ts'
import { NEUTRAL_FIELDS, REVIEWED_REPLACEMENTS, REVIEWED_VERSIONS } from './reviewed.ts'

const catalogs = await Promise.all(
  RELEASES.map(async (release) => new Catalog(await loadSchema({ input: bundled(release) }))),
)

/** Fields of a message in the releases that have it. */
function fieldsOf(message: string): string[][] {
  return catalogs.flatMap(({ messages }) => {
    const found = messages.get(message)
    return found === undefined ? [] : [found.message.fields.map(({ name }) => name)]
  })
}

describe('the reviewed table', () => {
  it.each(REVIEWED_VERSIONS.map((item) => [item.from, item] as const))(
    'says of %s what the definitions have',
    (_, { from, to, fields, change }) => {
      expect(change).toMatch(/^[0-9a-f]{11}$/)
      const [old] = fieldsOf(from)
      const now = fieldsOf(to).at(-1)
      for (const [before, after] of Object.entries(fields)) {
        expect(old).toContain(before)
        expect(now).toContain(after)
      }
      expect(old?.map((name) => fields[name] ?? name).every((name) => now?.includes(name))).toBe(true)
    },
  )

  it.each(REVIEWED_REPLACEMENTS.flatMap(({ messages }) => messages))('names %s, which is gone', (message) => {
    expect(fieldsOf(message)).not.toEqual([])
    expect(catalogs.at(-1)?.messages.has(message)).toBe(false)
  })

  it.each(NEUTRAL_FIELDS.map((item) => [item.owner, item] as const))(
    'names a field of %s that is new',
    (owner, { field }) => {
      const has = catalogs.map(({ types, messages }) => {
        const type = types.find((item) => item.type.name === owner)?.type
        const fields =
          messages.get(owner)?.message.fields ?? (type !== undefined && 'fields' in type ? type.fields : [])
        return fields.some(({ name }) => name === field)
      })
      expect(has[0]).toBe(false)
      expect(has.at(-1)).toBe(true)
    },
  )
})
