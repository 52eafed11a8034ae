import { describe, expect, it } from 'vitest'
import { GeneratorError } from '../errors.ts'
import { formatProblem } from '../problem.ts'
import { REPLY, REQUEST, apiJson } from '../testing/api-json.ts'
import { tempFolder } from '../testing/folder.ts'
import { problemsOf, schemaOf } from '../testing/load.ts'
import { loadSchema } from './load.ts'

const POKE = ['poke', ...REQUEST, ['u8', 'n']]

describe('loadSchema', () => {
  it('normalises what VPP writes', async () => {
    const color = ['color', ['RED', 4], ['BLUE', 5], { enumtype: 'u8' }]
    const { modules } = await schemaOf(
      apiJson('demo', {
        enums: [color] as never,
        aliases: { mac: { type: 'u8', length: 6 } },
        types: [
          [
            'pair',
            ['vl_api_color_t', 'c'],
            ['u16', 'n'],
            ['vl_api_mac_t', 'm', 0, 'n'],
            { comment: '/* p */' },
          ],
        ],
        messages: [
          [
            'poke',
            ...REQUEST,
            ['bool', 'on', { default: 'true' }],
            ['string', 'tag', 16],
            ['string', 'text', 0],
          ],
        ],
        imports: ['vnet/a.api', 'vnet/a.api'],
        paths: [{ path: '/a', counter: 'c' }, [{ path: '/b', counter: 'c' }]],
      }),
    )
    const demo = modules.get('demo')
    expect(demo).toMatchObject({ name: 'demo', crc: '0x12345678', imports: ['vnet/a.api'] })
    expect(demo?.paths).toEqual([
      { path: '/a', counter: 'c' },
      { path: '/b', counter: 'c' },
    ])
    expect(demo?.types.get('pair')).toMatchObject({
      kind: 'struct',
      comment: '/* p */',
      fields: [
        { name: 'c', type: 'color', array: undefined, path: '/types/0/1' },
        { name: 'n', type: 'u16' },
        { name: 'm', type: 'mac', array: { kind: 'counted', by: 'n' } },
      ],
    })
    expect(demo?.messages[0]).toMatchObject({
      name: 'poke',
      crc: '0a1b2c3d',
      fields: [
        { name: 'client_index' },
        { name: 'context' },
        { name: 'on', options: { default: 'true' } },
        { name: 'tag', array: { kind: 'fixed', length: 16 } },
        { name: 'text', array: { kind: 'open' } },
      ],
    })
  })

  it('strips exactly one prefix and suffix of a type reference', async () => {
    const { modules } = await schemaOf(
      apiJson('lb', {
        enums: [['lkp_type_t', ['A', 1], { enumtype: 'u32' }]] as never,
        messages: [['poke', ...REQUEST, ['vl_api_lkp_type_t_t', 'type']]],
      }),
    )
    expect(modules.get('lb')?.messages[0]?.fields[2]?.type).toBe('lkp_type_t')
  })

  it('accepts repeated types when they are the same, comments aside', async () => {
    const twice = [
      ['pair', ['u8', 'a'], { comment: '/* one */' }],
      ['pair', ['u8', 'a'], { comment: '/* two */' }],
    ]
    const { modules } = await schemaOf(apiJson('demo', { types: twice }))
    expect([...(modules.get('demo')?.types.keys() ?? [])]).toEqual(['pair'])
  })

  it('takes files without the key module, by their name', async () => {
    const { module: _, ...old } = apiJson('demo', { messages: [POKE] })
    const folder = tempFolder({ 'plugins/old.name.api.json': old })
    const { modules } = await loadSchema({ input: folder })
    expect([...modules.keys()]).toEqual(['old_name'])
  })

  it('selects modules with all they import', async () => {
    const folder = tempFolder({
      'a.api.json': apiJson('a', { imports: ['x/b.api'] }),
      'b.api.json': apiJson('b', { imports: ['x/c.api'] }),
      'c.api.json': apiJson('c'),
      'd.api.json': apiJson('d'),
    })
    const { modules } = await loadSchema({ input: folder, modules: ['a'] })
    expect([...modules.keys()]).toEqual(['a', 'b', 'c'])
    await expect(loadSchema({ input: folder, modules: ['e'] })).rejects.toMatchObject({
      code: 'BINAPI_USAGE',
      message: 'no module "e" in the input; did you mean a, b, c, d?',
    })
  })

  it('notes imports that are not there', async () => {
    const { notes } = await schemaOf(apiJson('a', { imports: ['x/gone.api'] }))
    expect(notes).toEqual([
      'x/gone.api is imported and not in the input: its types go into the modules that use them',
    ])
  })
})

/** One bad document each: the code, the place and a part of the text that must come out. */
const BAD: [name: string, document: Record<string, unknown>, code: string, path: string, text: string][] = [
  ['a missing key', { module: 'm', messages: [], types: [] }, 'shape', '', 'key "vl_api_version" is missing'],
  ['a wrong type', apiJson('m', { types: [['t', ['u8', 5]]] }), 'shape', '/types/0/1/1', 'must be string'],
  [
    'a bad CRC',
    apiJson('m', { messages: [[...POKE, { crc: '0x1' }]] }),
    'shape',
    '/messages/0/5/crc',
    'must match',
  ],
  [
    'a bad base type',
    apiJson('m', { enums: [['e', ['A', 1], { enumtype: 'u64' }]] as never }),
    'shape',
    '/enums/0/2/enumtype',
    'must be one of u8',
  ],
  [
    'a name that is none',
    apiJson('m', { aliases: { 'a b': { type: 'u8' } } }),
    'shape',
    '/aliases',
    '"a b" is not a name',
  ],
  [
    'a negative length',
    apiJson('m', { types: [['t', ['u8', 'a', -1]]] }),
    'shape',
    '/types/0/1/2',
    'must be >= 0',
  ],
  [
    'fields after the trailer',
    apiJson('m', { types: [['t', ['u8', 'a'], { comment: '' }, ['u8', 'b']]] }),
    'shape',
    '/types/0/2',
    'an object between fields',
  ],
  [
    'no message id',
    { ...apiJson('m'), messages: [['x', ['u32', 'a'], { crc: '0x00000000' }]] },
    'shape',
    '/messages/0/1',
    'does not start with u16 _vl_msg_id',
  ],
  [
    'no CRC',
    { ...apiJson('m'), messages: [['x', ['u16', '_vl_msg_id'], ['u8', 'a']]] },
    'shape',
    '/messages/0',
    'has no CRC',
  ],
  [
    'a type defined twice',
    apiJson('m', {
      types: [
        ['t', ['u8', 'a']],
        ['t', ['u16', 'a']],
      ],
    }),
    'conflicting-type',
    '/types/1',
    'type "t" is defined with different content at /types/0',
  ],
  [
    'an enum and a struct of one name',
    apiJson('m', { types: [['e', ['u8', 'a']]], enums: [['e', ['A', 1], { enumtype: 'u8' }]] as never }),
    'conflicting-type',
    '/types/0',
    'type "e"',
  ],
  [
    'an unknown type',
    apiJson('m', { messages: [['x', ['vl_api_gone_t', 'a']]] }),
    'unknown-type',
    '/messages/0/2',
    'field "a" of message "x" has the unknown type "gone"',
  ],
  [
    'an alias of an unknown type',
    apiJson('m', { aliases: { a: { type: 'vl_api_gone_t' } } }),
    'unknown-type',
    '/aliases/a',
    'refers to the unknown type "gone"',
  ],
  [
    'an alias of a string',
    apiJson('m', { aliases: { a: { type: 'string', length: 4 } } }),
    'array',
    '/aliases/a',
    'alias "a" of string',
  ],
  [
    'a type that contains itself',
    apiJson('m', {
      types: [
        ['a', ['vl_api_b_t', 'b']],
        ['b', ['vl_api_a_t', 'a']],
      ],
    }),
    'recursive-type',
    '/types/0',
    'a → b → a',
  ],
  [
    'an alias of itself',
    apiJson('m', { aliases: { a: { type: 'vl_api_a_t' } } }),
    'recursive-type',
    '/aliases/a',
    'a → a',
  ],
  [
    'a counted array without count',
    apiJson('m', { messages: [['x', ['u8', 'a', 0, 'n']]] }),
    'array',
    '/messages/0/2',
    'is counted by "n", which does not come before it',
  ],
  [
    'a count that is not a number',
    apiJson('m', { messages: [['x', ['bool', 'n'], ['u8', 'a', 0, 'n']]] }),
    'array',
    '/messages/0/3',
    'which is not an integer',
  ],
  [
    'a length and a count',
    apiJson('m', { messages: [['x', ['u8', 'n'], ['u8', 'a', 4, 'n']]] }),
    'array',
    '/messages/0/3',
    'both a length and a count field',
  ],
  [
    'a string without size',
    apiJson('m', { messages: [['x', ['string', 's']]] }),
    'array',
    '/messages/0/2',
    'is a string without a size',
  ],
  [
    'a counted string',
    apiJson('m', { messages: [['x', ['u8', 'n'], ['string', 's', 0, 'n']]] }),
    'array',
    '/messages/0/3',
    'is a string with a count field',
  ],
  [
    'a variable field before another',
    apiJson('m', { messages: [['x', ['string', 's', 0], ['u8', 'a']]] }),
    'array',
    '/messages/0/2',
    'has a variable size and is not the last one',
  ],
  [
    'an array of a type without an end',
    apiJson('m', { types: [['v', ['u8', 's', 0]]], messages: [['x', ['vl_api_v_t', 'a', 2]]] }),
    'array',
    '/messages/0/2',
    'is an array of a type that takes the rest of the message',
  ],
  [
    'a variable arm',
    apiJson('m', { unions: [['u', ['string', 's', 0]]] as never }),
    'array',
    '/unions/0/1',
    'arm "s" of union "u" has a variable size',
  ],
  [
    'a message defined twice',
    apiJson('m', { messages: [POKE, POKE] }),
    'duplicate-name',
    '/messages/1',
    'message "poke" is defined twice',
  ],
  [
    'a field defined twice',
    apiJson('m', { messages: [['x', ['u8', 'a'], ['u8', 'a']]] }),
    'duplicate-name',
    '/messages/0/3',
    'message "x" has two fields called "a"',
  ],
  [
    'a member defined twice',
    apiJson('m', { enums: [['e', ['A', 1], ['A', 2], { enumtype: 'u8' }]] as never }),
    'duplicate-name',
    '/enums/0/2',
    'enum "e" has two members called A',
  ],
  [
    'a member that does not fit',
    apiJson('m', { enums: [['e', ['A', 256], { enumtype: 'u8' }]] as never }),
    'enum',
    '/enums/0/1',
    'A = 256 of enum "e" does not fit u8',
  ],
  [
    'a negative member that does not fit',
    apiJson('m', { enums: [['e', ['A', -129], { enumtype: 'i8' }]] as never }),
    'enum',
    '/enums/0/1',
    'does not fit i8',
  ],
  [
    'a service without request',
    apiJson('m', { services: { gone: { reply: 'null' } } }),
    'service',
    '/services/gone',
    'names the message "gone", which this file does not define',
  ],
  [
    'a service without reply',
    apiJson('m', { messages: [POKE], services: { poke: { reply: 'poke_reply' } } }),
    'service',
    '/services/poke',
    'names the message "poke_reply"',
  ],
  [
    'a discriminator that is not an enum',
    apiJson('m', {
      unions: [['u', ['u8', 'a']]] as never,
      types: [['t', ['u8', 'k'], ['vl_api_u_t', 'v', { discriminator: 'k' }]]],
    }),
    'union',
    '/types/0/2',
    'which is not an enum before it',
  ],
  [
    'a discriminator on no union',
    apiJson('m', { types: [['t', ['u8', 'k'], ['u8', 'v', { discriminator: 'k' }]]] }),
    'union',
    '/types/0/2',
    'has a discriminator and is not a union',
  ],
  [
    'a case that the enum has not',
    apiJson('m', {
      enums: [['e', ['A', 1], { enumtype: 'u8' }]] as never,
      unions: [['u', ['u8', 'a', { case: 'B' }]]] as never,
      types: [['t', ['vl_api_e_t', 'k'], ['vl_api_u_t', 'v', { discriminator: 'k' }]]],
    }),
    'union',
    '/unions/0/1',
    'has the case B, which enum "e" has not',
  ],
  [
    'a case that no enum has',
    apiJson('m', { unions: [['u', ['u8', 'a', { case: 'B' }]]] as never }),
    'union',
    '/unions/0/1',
    'has the case B, which no enum has',
  ],
  [
    'a default that is not a value',
    apiJson('m', { messages: [['x', ['u8', 'a', { default: 'maybe' }]]] }),
    'default',
    '/messages/0/2',
    'has the default maybe',
  ],
  [
    'a default of a struct',
    apiJson('m', { types: [['t', ['u8', 'a']]], messages: [['x', ['vl_api_t_t', 'a', { default: 0 }]]] }),
    'default',
    '/messages/0/2',
    'has the default 0',
  ],
]

describe('errors', () => {
  it.each(BAD)('%s', async (_name, document, code, path, text) => {
    const problems = await problemsOf(document)
    const found = problems.find((problem) => problem.code === code && problem.path === path)
    expect(problems.map(formatProblem), `${code} at ${path}`).not.toEqual([])
    expect(found?.message).toContain(text)
    expect(found?.remedy).not.toBe('')
  })

  it('come all together, each with its file', async () => {
    const folder = tempFolder({
      'core/a.api.json': '{"types": [',
      'core/b.api.json': { ...apiJson('b'), types: 1 },
      'plugins/c.api.json': apiJson('c', { messages: [['x', ['vl_api_gone_t', 'a']]] }),
    })
    const error = await loadSchema({ input: folder }).catch((reason: unknown) => reason as GeneratorError)
    expect(error).toBeInstanceOf(GeneratorError)
    const { message, problems } = error as GeneratorError
    expect(problems.map(({ code, file }) => [code, file.slice(folder.length + 1)])).toEqual([
      ['json', 'core/a.api.json'],
      ['shape', 'core/b.api.json'],
      ['unknown-type', 'plugins/c.api.json'],
    ])
    expect(message.split('\n')[0]).toBe('3 errors in the API definitions')
    expect(message).toContain('no JSON in 11 bytes')
    expect(message).toContain(`${folder}/plugins/c.api.json#/messages/0/2: field "a"`)
  })

  it('of one file beyond the twentieth are counted', async () => {
    const fields = Array.from({ length: 50 }, (_, i) => ['vl_api_gone_t', `f${i}`])
    const problems = await problemsOf(apiJson('m', { messages: [['x', ...fields]] }))
    expect(problems).toHaveLength(21)
    expect(problems.at(-1)?.message).toBe('30 more errors in this file are not listed')
  })

  it('name a module that is called otherwise than its file', async () => {
    const folder = tempFolder({ 'core/a.api.json': apiJson('b') })
    await expect(loadSchema({ input: folder })).rejects.toMatchObject({
      problems: [{ path: '/module', message: 'module is called "b", the file says "a"' }],
    })
  })

  it('name both files of a duplicate module', async () => {
    const folder = tempFolder({ 'core/a.api.json': apiJson('a'), 'plugins/a.api.json': apiJson('a') })
    await expect(loadSchema({ input: folder })).rejects.toMatchObject({
      problems: [{ code: 'duplicate-module', message: expect.stringContaining('core/a.api.json') as string }],
    })
  })

  it('name the modules of an import cycle', async () => {
    const problems = await problemsOf(
      apiJson('a', { imports: ['x/b.api'] }),
      apiJson('b', { imports: ['x/c.api'] }),
      apiJson('c', { imports: ['x/a.api'] }),
    )
    expect(problems).toMatchObject([
      { code: 'import-cycle', message: 'files import each other: a → b → c → a' },
    ])
  })

  it('name a type that differs from the imported one', async () => {
    const problems = await problemsOf(
      apiJson('a', { imports: ['x/b.api'], types: [['t', ['u8', 'a']]] }),
      apiJson('b', { types: [['t', ['u16', 'a']]] }),
    )
    expect(problems).toMatchObject([{ code: 'conflicting-type', file: 'a.api.json', path: '/types/0' }])
  })

  it('take no types of one name in modules that have nothing to do with each other', async () => {
    const problems = await problemsOf(
      apiJson('a', { types: [['t', ['u8', 'a']]] }),
      apiJson('b', { types: [['t', ['u16', 'a']]] }),
    )
    expect(problems).toEqual([])
  })

  it('end what doubles with every level before time does', async () => {
    const types = Array.from({ length: 60 }, (_, i) => {
      const inner = i === 0 ? 'u8' : `vl_api_t${i - 1}_t`
      return [`t${i}`, [inner, 'a'], [inner, 'b']]
    })
    const problems = await problemsOf(apiJson('m', { types }))
    expect(problems[0]).toMatchObject({
      code: 'recursive-type',
      message: 'type "t16" is made of more than 100,000 types',
    })
  })

  it('end nesting without measure before the stack does', async () => {
    const types = Array.from({ length: 5000 }, (_, i) => [
      `t${i}`,
      [i === 4999 ? 'u8' : `vl_api_t${i + 1}_t`, 'a'],
    ])
    const problems = await problemsOf(apiJson('m', { types }))
    expect(problems[0]).toMatchObject({ code: 'recursive-type', message: 'types nest deeper than 64 levels' })
  })

  it('leave out what only repeats another', async () => {
    const messages = [...POKE, ['u8', 'ok']]
    expect(await problemsOf(apiJson('m', { messages: [messages, ['poke_reply', ...REPLY]] }))).toEqual([])
  })
})
