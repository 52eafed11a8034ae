import { describe, expect, it } from 'vitest'
import { renderBindings } from '../generate.ts'
import { REPLY, REQUEST, apiJson } from '../testing/api-json.ts'
import { modelOf } from '../testing/load.ts'
import { http } from './http.ts'
import { zod } from './zod.ts'

const PAIR = { types: [['pair', ['u8', 'a']]] }
const DOCUMENTS = [
  apiJson('b_types', PAIR),
  apiJson('a', {
    imports: ['x/b_types.api'],
    ...PAIR,
    messages: [
      [
        'poke',
        ...REQUEST,
        ['vl_api_pair_t', 'pair'],
        { options: { deprecated: 'soon' }, comment: '/* pokes */' },
      ],
      ['poke_reply', ...REPLY],
    ],
    services: { poke: { reply: 'poke_reply' } },
  }),
  apiJson('memclnt', {
    messages: [
      ['sockclnt_delete', ...REQUEST],
      ['sockclnt_delete_reply', ...REPLY],
    ],
    services: { sockclnt_delete: { reply: 'sockclnt_delete_reply' } },
  }),
]

async function render(options: Parameters<typeof renderBindings>[1]): Promise<Map<string, string>> {
  const files = await renderBindings(await modelOf(...DOCUMENTS), options)
  return new Map(files.map(({ path, text }) => [path, text]))
}

describe('the plugin http', () => {
  it('gives routes as data, with what the definition says', async () => {
    const files = await render({ plugins: [http] })
    const text = files.get('a/http.ts') ?? ''
    expect(text).toContain("import { Poke, PokeReply } from './messages.js'")
    expect(text).toContain("method: { kind: 'unary', request: Poke, reply: PokeReply }")
    expect(text).toContain('deprecated: true')
    expect(text).toContain("description: 'pokes'")
    expect(files.get('a/index.ts')).toContain("export * from './http.js'")
  })

  it('leaves out what would end the connection that carries the requests', async () => {
    const files = await render({ plugins: [http] })
    expect(files.has('memclnt/http.ts')).toBe(false)
    expect(Object.keys((JSON.parse(files.get('openapi.json') ?? '') as { paths: object }).paths)).toEqual([
      '/a/poke',
    ])
  })

  it('leaves comments out where they are not wanted', async () => {
    const files = await render({ plugins: [http], comments: false })
    expect(files.get('a/http.ts')).not.toContain('description')
    expect(files.get('openapi.json')).not.toContain('pokes')
  })
})

describe('the plugin zod', () => {
  it('gives a schema for each message and type, with what other modules have', async () => {
    const files = await render({ plugins: [zod] })
    expect(files.get('a/zod.ts')).toContain("import { PairInputSchema } from '../b_types/zod.js'")
    expect(files.get('a/zod.ts')).toContain('pair: z.optional(PairInputSchema)')
    expect(files.get('a/zod.ts')).toContain('retval: z.int().min(-2147483648).max(2147483647)')
    expect(files.get('b_types/zod.ts')).toContain(
      'export const PairInputSchema = z.strictObject({ a: z.optional(z.int().min(0).max(255)) })',
    )
    expect(files.get('a/index.ts')).not.toContain('zod')
  })

  it('is imported from a separate package, which says that it needs zod', async () => {
    const files = await render({ plugins: [zod], layout: 'packages' })
    expect(files.get('a/zod.ts')).toContain("from '@vpp-ts/binapi-b-types/zod'")
    expect(JSON.parse(files.get('a/package.json') ?? '')).toMatchObject({
      exports: { './zod': { default: './zod.js' } },
      peerDependencies: { zod: '^4.0.0' },
    })
    expect(files.get('tsconfig.json')).toContain('./*.ts')
  })
})
