import { describe, expect, it } from 'vitest'
import { openApiDocument } from './document.ts'
import type { EnumShape, FieldShape, MessageShape, StructShape, UnionShape } from './shape.ts'

const COLOR: EnumShape = { kind: 'enum', name: 'color', base: 'u8', flags: false, members: { RED: 4 } }
const BITS: EnumShape = { kind: 'enum', name: 'bits', base: 'u8', flags: true, members: {} }
const PAIR: StructShape = {
  kind: 'struct',
  name: 'pair',
  form: undefined,
  fields: [
    ['a', 'a', 'u16'],
    ['c', 'c', { descriptor: COLOR }],
  ],
}
const SHAPE: UnionShape = {
  kind: 'union',
  name: 'shape',
  size: 4,
  arms: [
    ['as_pair', 'asPair', { descriptor: PAIR }],
    ['as_bytes', 'asBytes', 'u8', 4],
  ],
}

function message(name: string, ...fields: FieldShape[]): { descriptor: MessageShape } {
  return { descriptor: { kind: 'message', name, fields } }
}

const POKE = message(
  'poke',
  ['is_on', 'isOn', 'bool', undefined, { default: true }],
  ['cookie', 'cookie', 'u64', undefined, { default: 7n }],
  ['tag', 'tag', 'string', 16],
  ['text', 'text', 'string', 0],
  ['key', 'key', 'u8', 2],
  ['bits', 'bits', { descriptor: BITS }],
  ['shape', 'shape', { descriptor: SHAPE }],
  ['three', 'three', 'f64', 3],
  ['cnt', 'cnt', 'u8'],
  ['pairs', 'pairs', { descriptor: PAIR }, 'cnt'],
)
const POKE_REPLY = message('poke_reply', ['retval', 'retval', 'i32'], ['pair', 'pair', { descriptor: PAIR }])

const OPTIONS = { title: 'demo', version: '1' }

function schemasOf(...routes: Parameters<typeof openApiDocument>[0] extends Iterable<infer R> ? R[] : never) {
  return openApiDocument(routes, OPTIONS).components.schemas
}

describe('an OpenAPI document', () => {
  const poke = {
    module: 'demo',
    name: 'poke',
    method: { kind: 'unary', request: POKE, reply: POKE_REPLY },
  } as const

  it('says what a request may be: every property may be left out, counts are none', () => {
    const schemas = schemasOf(poke)
    expect(schemas['poke']).toEqual({
      type: 'object',
      properties: {
        isOn: { type: 'boolean', default: true },
        cookie: { type: 'string', pattern: '^[0-9]{1,20}$', default: '7' },
        tag: { type: 'string', maxLength: 15 },
        text: { type: 'string' },
        key: { type: 'string', pattern: '^0x([0-9a-fA-F]{2}){2}$' },
        bits: { $ref: '#/components/schemas/bits' },
        shape: { $ref: '#/components/schemas/shape.input' },
        three: { type: 'array', items: expect.anything() as object, minItems: 3, maxItems: 3 },
        pairs: { type: 'array', items: { $ref: '#/components/schemas/pair.input' }, maxItems: 255 },
      },
      additionalProperties: false,
    })
    expect(schemas['bits']).toEqual({ type: 'array', items: { type: 'integer', minimum: 0, maximum: 255 } })
    expect(schemas['color']).toEqual({
      anyOf: [
        { type: 'string', enum: ['RED'] },
        { type: 'integer', minimum: 0, maximum: 255 },
      ],
    })
    expect(schemas['shape.input']).toMatchObject({
      anyOf: [
        { required: ['asPair'], properties: { asPair: { $ref: '#/components/schemas/pair.input' } } },
        { required: ['asBytes'] },
        { required: ['bytes'], properties: { bytes: { pattern: '^0x([0-9a-fA-F]{2}){4}$' } } },
      ],
    })
    expect(schemas['pair.input']).not.toHaveProperty('required')
  })

  it('takes classes for descriptions, as bindings have them', () => {
    const pair = class {
      static readonly descriptor = PAIR
    }
    const shape: UnionShape = { ...SHAPE, arms: [['as_pair', 'asPair', pair]] }
    const request = message('poke', ['shape', 'shape', { descriptor: shape }])
    const schemas = schemasOf({ ...poke, method: { kind: 'unary', request, reply: POKE_REPLY } })
    expect(Object.keys(schemas)).toContain('shape.input')
  })

  it('says what a reply is: every property is there', () => {
    const schemas = schemasOf(poke)
    expect(schemas['poke_reply']).toMatchObject({
      required: ['retval', 'pair'],
      properties: { pair: { $ref: '#/components/schemas/pair' } },
    })
    expect(schemas['pair']).toMatchObject({ required: ['a', 'c'] })
  })

  it('tells types and messages of one name apart', () => {
    const other: EnumShape = { ...COLOR, members: { BLUE: 5 } }
    const echo = message('color', ['a', 'a', { descriptor: COLOR }], ['b', 'b', { descriptor: other }])
    const method = { kind: 'unary', request: echo, reply: echo } as const
    const schemas = schemasOf({ module: 'demo', name: 'color', method })
    expect(Object.keys(schemas).toSorted()).toEqual(['color', 'color_2', 'color_3', 'color_4', 'problem'])
    expect(schemas['color']).not.toHaveProperty('required')
    expect(schemas['color_4']).toHaveProperty('required')
  })

  it('has a GET for an event, with what can be asked for', () => {
    const want = message(
      'want_pokes',
      ['enable', 'enable', 'bool'],
      ['pid', 'pid', 'u32'],
      ['tag', 'tag', 'u8'],
    )
    const method = {
      kind: 'event',
      event: POKE_REPLY,
      want: { request: want, enable: 'enable', pid: 'pid' },
    } as const
    const { paths } = openApiDocument([{ module: 'demo', name: 'poke_event', method }], {
      ...OPTIONS,
      prefix: '/api',
    })
    expect(paths['/api/demo/poke_event']).toMatchObject({
      get: {
        parameters: [
          { name: 'want', content: { 'application/json': { schema: { properties: { tag: {} } } } } },
        ],
      },
    })
    expect(JSON.stringify(paths)).not.toContain('"pid"')
  })

  it('asks for a token where one is needed', () => {
    expect(openApiDocument([poke], { ...OPTIONS, token: true })).toMatchObject({ security: [{ token: [] }] })
    expect(openApiDocument([poke], OPTIONS)).not.toHaveProperty('security')
  })
})
