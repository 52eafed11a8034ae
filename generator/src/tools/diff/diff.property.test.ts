import fc from 'fast-check'
import { expect, it } from 'vitest'
import { schemaOfApi } from '../../testing/api-text.ts'
import { diffSchemas } from './diff.ts'
import { differencesOf } from './report.ts'

/**
 * Random definitions in the API language: three types that build on each other, and a message with them. A second one of
 * the same kind differs in anything at all, and the importer computes the CRCs of both.
 */
const SCALARS = ['u8', 'u16', 'u32', 'u64', 'bool', 'f64'] as const
const NAMES = ['a', 'b', 'c', 'd'] as const

const member = fc.record({ name: fc.constantFrom('X', 'Y', 'Z'), step: fc.integer({ min: 1, max: 2 }) })
const enumeration = fc
  .record({
    base: fc.constantFrom('u8', 'u32'),
    members: fc.uniqueArray(member, { selector: ({ name }) => name, minLength: 1, maxLength: 3 }),
    counted: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ base, members, counted }) => {
    let value = 0
    const lines = members.map(({ name, step }, index) => {
      value += step
      return `${name} = ${value}${index < counted ? '' : ' [backwards_compatible]'},`
    })
    return `enum kind : ${base} { ${lines.join(' ')} };`
  })

function block(types: readonly string[]): fc.Arbitrary<string> {
  const field = fc.record({
    name: fc.constantFrom(...NAMES),
    type: fc.constantFrom(...SCALARS, ...types.map((type) => `vl_api_${type}_t`)),
    rest: fc.constantFrom('', '', '[2]', '[3]', ' [default=1]', ' [limit=4]'),
  })
  return fc.uniqueArray(field, { selector: ({ name }) => name, minLength: 1, maxLength: 4 }).map((fields) =>
    fields
      .map(({ name, type, rest }) => {
        const plain = rest.startsWith(' ') && type.startsWith('vl_api_')
        return `${type} ${name}${plain ? '' : rest};`
      })
      .join(' '),
  )
}

const definitions = fc
  .record({
    kind: enumeration,
    alias: fc.constantFrom('u32', 'u64', 'vl_api_kind_t'),
    inner: block(['kind', 'other']),
    outer: block(['kind', 'inner']),
    message: block(['kind', 'other', 'inner', 'outer']),
  })
  .map(
    ({ kind, alias, inner, outer, message }) =>
      `${kind} typedef ${alias} other; typedef inner { ${inner} }; typedef outer { ${outer} };
       autoreply define poke { u32 client_index; u32 context; ${message} };`,
  )

/** What no CRC shows, although bytes differ. */
const UNSEEN = new Set(['enum-base', 'alias-target', 'member-value', 'member-removed', 'member-renamed'])

it('explains every changed CRC, and finds no other break but of kinds that CRCs cannot show', async () => {
  let changed = 0
  await fc.assert(
    fc.asyncProperty(definitions, definitions, async (before, after) => {
      const [old, now] = [
        await schemaOfApi({ 'vnet/it.api': before }),
        await schemaOfApi({ 'vnet/it.api': after }),
      ]
      const report = diffSchemas(old, now)
      const poke = report.messages.find(({ name }) => name === 'poke')
      const [was, is] = [old, now].map(({ modules }) => modules.get('it')?.messages[0]?.crc)
      if (was !== is) {
        changed += 1
        expect(poke?.impact).toBe('wire')
        expect(poke?.changes.map(({ kind }) => kind)).not.toContain('crc')
      } else if (poke?.impact === 'wire') {
        expect(poke.changes).toEqual([])
        const kinds = poke.via
          .filter(({ impact }) => impact === 'wire')
          .map(
            ({ type }) =>
              report.types.find(({ name }) => name === type)?.changes.map(({ kind }) => kind) ?? [],
          )
        for (const found of kinds) expect(found.some((kind) => UNSEEN.has(kind))).toBe(true)
      }
    }),
    { numRuns: 400, seed: 606 },
  )
  expect(changed).toBeGreaterThan(300)
})

it('finds nothing between equal definitions, and the opposite on the way back', async () => {
  await fc.assert(
    fc.asyncProperty(definitions, definitions, async (before, after) => {
      const [old, now] = [
        await schemaOfApi({ 'vnet/it.api': before }),
        await schemaOfApi({ 'vnet/it.api': after }),
      ]
      expect(differencesOf(diffSchemas(old, old))).toEqual([])
      const there = differencesOf(diffSchemas(old, now)).map(({ name }) => name)
      const back = differencesOf(diffSchemas(now, old)).map(({ name }) => name)
      expect(new Set(back)).toEqual(new Set(there))
    }),
    { numRuns: 100, seed: 607 },
  )
})
