import { describe, expect, it } from 'vitest'
import { buildModel } from '../model/build.ts'
import { REPLY, REQUEST, apiJson } from '../testing/api-json.ts'
import { checkInput, type CheckOptions } from './check-input.ts'
import type { Schema } from './module.ts'

function check(documents: readonly Record<string, unknown>[], options: CheckOptions = {}): Promise<Schema> {
  const files = documents.map((document) => {
    const source = `${String(document['module'])}.api.json`
    return { source, file: source, bytes: Buffer.from(JSON.stringify(document)) }
  })
  return checkInput({ files, release: undefined, label: 'memory' }, options)
}

const names = (schema: Schema) =>
  [...schema.modules.values()].map(({ name, messages }) => [name, messages.map((message) => message.name)])

const GOOD = apiJson('good', { messages: [['poke', ...REQUEST]] })

describe('keys that are unknown', () => {
  it('are named once each, and cost nothing', async () => {
    const document = {
      ...apiJson('m', {
        messages: [
          ['poke', ...REQUEST, { since: '26.10' }],
          ['poke_reply', ...REPLY, { since: '26.10' }],
        ],
        enums: [['e', ['A', 1], { enumtype: 'u8', doc: 'x' }]] as never,
      }),
      generated: true,
    }
    for (const strict of [false, true]) {
      const schema = await check([document], { strict })
      expect(names(schema)).toEqual([['m', ['poke', 'poke_reply']]])
      expect(schema.leftOut).toEqual([])
      expect(schema.notes).toEqual([
        'unknown key "generated" in m.api.json# is ignored; a newer generator may know it',
        'unknown key "since" in m.api.json#/messages/0/4 and 1 more places is ignored; a newer generator may know it',
        'unknown key "doc" in m.api.json#/enums/0/2 is ignored; a newer generator may know it',
      ])
      expect(buildModel(schema).modules[0]?.messages).toHaveLength(2)
    }
  })
})

describe('what cannot be supported', () => {
  it.each<[string, readonly unknown[]]>([
    ['a field with a fifth part', ['bad', ...REQUEST, ['u8', 'a', 0, 'n', 'new']]],
    ['a value where an array belongs', ['bad', ...REQUEST, 'new']],
    ['an unknown type', ['bad', ...REQUEST, ['u128', 'a']]],
    ['a default that fits nothing', ['bad', ...REQUEST, ['u8', 'a', { default: 'GONE' }]]],
    ['a field twice', ['bad', ...REQUEST, ['u8', 'a'], ['u8', 'a']]],
  ])('is left out, with what needs it, and nothing else: %s', async (_, bad) => {
    const document = apiJson('m', {
      messages: [['poke', ...REQUEST], ['poke_reply', ...REPLY], bad, ['bad_reply', ...REPLY]],
      services: { poke: { reply: 'poke_reply' }, bad: { reply: 'bad_reply' } },
    })
    const schema = await check([document, GOOD])
    expect(names(schema)).toEqual([
      ['good', ['poke']],
      ['m', ['poke', 'poke_reply', 'bad_reply']],
    ])
    expect(schema.leftOut).toMatchObject([{ kind: 'message', name: 'bad', module: 'm' }])
    const m = buildModel(schema).modules.find(({ name }) => name === 'm')
    expect(m?.methods.map(({ name }) => name)).toEqual(['poke'])
    await expect(check([document, GOOD], { strict: true })).rejects.toMatchObject({ code: 'BINAPI_INVALID' })
  })

  it('is a service alone, when its messages are fine', async () => {
    const document = apiJson('m', {
      messages: [['poke', ...REQUEST]],
      services: { poke: { reply: 'gone_reply' } },
    })
    const schema = await check([document])
    expect(schema.leftOut).toMatchObject([{ kind: 'service', name: 'poke' }])
    expect(names(schema)).toEqual([['m', ['poke']]])
  })

  it('is a whole module, when its types are concerned; those that import it have the types as well', async () => {
    const types = apiJson('types', {
      types: [
        ['pair', ['u8', 'a']],
        ['odd', ['u256', 'a']],
      ],
    })
    const user = apiJson('user', {
      types: [['pair', ['u8', 'a']]],
      imports: ['vnet/types.api'],
      messages: [['poke', ...REQUEST, ['vl_api_pair_t', 'p']]],
    })
    const schema = await check([types, user])
    expect(names(schema)).toEqual([['user', ['poke']]])
    expect(schema.leftOut).toMatchObject([
      { kind: 'module', name: 'types', problems: [{ code: 'unknown-type', path: '/types/1/1' }] },
    ])
    expect(buildModel(schema).modules[0]?.types.map(({ wireName }) => wireName)).toEqual(['pair'])
  })

  it('fails when it was asked for, or when nothing else is there', async () => {
    const bad = apiJson('bad', { types: [['odd', ['u256', 'a']]] })
    const wanted = { wanted: ['bad'] }
    await expect(check([bad, GOOD], wanted)).rejects.toMatchObject({ code: 'BINAPI_INVALID' })
    await expect(check([bad])).rejects.toMatchObject({ code: 'BINAPI_INVALID' })
    expect((await check([bad, GOOD], { wanted: ['good'] })).leftOut).toHaveLength(1)
  })

  it.each([
    ['two modules of one name', [GOOD, GOOD]],
    [
      'types that contradict each other',
      [
        apiJson('a', { types: [['pair', ['u8', 'a']]] }),
        apiJson('b', { types: [['pair', ['u16', 'a']]], imports: ['a.api'] }),
      ],
    ],
  ])('fails for the input as a whole: %s', async (_, documents) => {
    await expect(check([...documents, apiJson('other')])).rejects.toMatchObject({ code: 'BINAPI_INVALID' })
  })

  it('is never a file that was cut short: its bindings would go with it', async () => {
    const file = { source: 'm.api.json', file: 'm.api.json', bytes: Buffer.from('{"types": [') }
    const good = { source: 'good.api.json', file: 'good.api.json', bytes: Buffer.from(JSON.stringify(GOOD)) }
    await expect(
      checkInput({ files: [file, good], release: undefined, label: 'memory' }),
    ).rejects.toMatchObject({ problems: [{ code: 'json' }] })
  })
})

it('takes counters that are declared twice once', async () => {
  const set = (name: string, ...elements: string[]) => ({
    name,
    elements: elements.map((element) => ({ name: element })),
  })
  const schema = await check([
    apiJson('m', { counters: [set('a', 'x', 'x', 'y'), set('b', 'x'), set('a', 'z')] as never }),
  ])
  expect(schema.modules.get('m')?.counters).toEqual([set('a', 'x', 'y', 'z'), set('b', 'x')])
})
