import { describe, expect, it } from 'vitest'
import { REPLY, REQUEST, apiJson } from '../testing/api-json.ts'
import { messageIn, modelOf, moduleIn, typeIn } from '../testing/load.ts'
import type { ModelField } from './model.ts'

/** The fields of one message with these types in its module. */
async function fieldsOf(
  fields: readonly unknown[],
  parts: Parameters<typeof apiJson>[1] = {},
): Promise<readonly ModelField[]> {
  const model = await modelOf(apiJson('m', { ...parts, messages: [['x', ...REQUEST, ...fields]] }))
  return messageIn(moduleIn(model, 'm'), 'x').fields
}

describe('sizes', () => {
  it('are exact through aliases, arrays, structs and unions', async () => {
    const model = await modelOf(
      apiJson('m', {
        aliases: {
          six: { type: 'u8', length: 6 },
          again: { type: 'vl_api_six_t' },
          pair: { type: 'vl_api_again_t', length: 2 },
        },
        unions: [
          ['u', ['u32', 'a'], ['vl_api_pair_t', 'b'], ['vl_api_s_t', 'c', 2], ['vl_api_inner_t', 'd']],
          ['inner', ['u8', 'x', 3]],
        ] as never,
        types: [
          ['s', ['u16', 'a'], ['vl_api_e_t', 'e'], ['f64', 'f']],
          ['v', ['u8', 'n'], ['vl_api_s_t', 'list', 0, 'n']],
          ['w', ['u32', 'a'], ['vl_api_v_t', 'v']],
        ],
        enums: [['e', ['A', 1], { enumtype: 'u16' }]] as never,
      }),
    )
    const size = (name: string) => typeIn(moduleIn(model, 'm'), name).size
    expect(size('pair')).toEqual({ bytes: 12, variable: false })
    expect(size('s')).toEqual({ bytes: 12, variable: false })
    expect(size('u')).toEqual({ bytes: 24, variable: false })
    expect(size('v')).toEqual({ bytes: 1, variable: true })
    expect(size('w')).toEqual({ bytes: 5, variable: true })
  })

  it('count what a variable message has at least', async () => {
    const model = await modelOf(
      apiJson('m', { messages: [['x', ...REPLY, ['u64', 'a'], ['string', 's', 0]]] }),
    )
    expect(messageIn(moduleIn(model, 'm'), 'x').size).toEqual({ bytes: 2 + 4 + 4 + 8 + 4, variable: true })
  })
})

describe('fields', () => {
  it('know how often they occur, and which only count', async () => {
    const fields = await fieldsOf([
      ['u8', 'n'],
      ['bool', 'flags', 3],
      ['string', 'name', 64],
      ['u32', 'list', 0, 'n'],
    ])
    expect(fields.map(({ name, occurs, isCount }) => [name, occurs.kind, isCount])).toEqual([
      ['n', 'once', true],
      ['flags', 'fixed', false],
      ['name', 'fixed', false],
      ['list', 'counted', false],
    ])
  })

  it('have open arrays of the rest of a message', async () => {
    const [field] = await fieldsOf([['u32', 'rest', 0]])
    expect(field).toMatchObject({ occurs: { kind: 'open' }, size: { bytes: 0, variable: true } })
  })

  it.each([
    ['bool', 'true', true],
    ['bool', false, false],
    ['bool', 4294967295, true],
    ['u8', false, 0],
    ['u8', 'true', 1],
    ['u8', 4294967295, 255],
    ['i8', 255, -1],
    ['i32', 4294967295, -1],
    ['u32', 4294967295, 4294967295],
    ['u64', 8000, 8000n],
    ['i64', -1, -1n],
    ['f64', 1.5, 1.5],
    ['vl_api_e_t', 4294967295, 4294967295],
    ['vl_api_e_t', 'B', 2],
    ['vl_api_alias_t', 70000, 4464],
  ])('of type %s with the default %s have %s', async (type, declared, value) => {
    const [field] = await fieldsOf([[type, 'a', { default: declared }]], {
      enums: [['e', ['A', 1], ['B', 2], { enumtype: 'u32' }]] as never,
      aliases: { alias: { type: 'u16' } },
    })
    expect(field?.default).toBe(value)
  })

  it('have the limits and the comments of the definition', async () => {
    const comment =
      '/** \\brief Poke it\n    @param client_index - opaque cookie\n    @param a - how hard\n      to poke\n*/'
    const model = await modelOf(
      apiJson('m', { messages: [['x', ...REQUEST, ['u8', 'n'], ['u8', 'a', { limit: 9 }], { comment }]] }),
    )
    const message = messageIn(moduleIn(model, 'm'), 'x')
    expect(message.comment).toEqual(['Poke it'])
    expect(message.fields[1]).toMatchObject({ limit: 9, comment: ['how hard', 'to poke'] })
  })
})

describe('types', () => {
  it('belong to the module that defines them, over any number of imports', async () => {
    const t = ['t', ['u8', 'a']]
    const u = ['u', ['vl_api_t_t', 't']]
    const model = await modelOf(
      apiJson('a', { imports: ['x/b.api', 'x/c.api'], types: [t, u, ['own', ['vl_api_u_t', 'u']]] }),
      apiJson('b', { imports: ['x/c.api'], types: [t, u] }),
      apiJson('c', { types: [t] }),
    )
    expect(model.modules.map(({ name, types }) => [name, types.map(({ wireName }) => wireName)])).toEqual([
      ['a', ['own']],
      ['b', ['u']],
      ['c', ['t']],
    ])
  })

  it('of an import that is not there belong to whoever uses them', async () => {
    const model = await modelOf(apiJson('a', { imports: ['x/gone.api'], types: [['t', ['u8', 'a']]] }))
    expect(moduleIn(model, 'a').types).toMatchObject([{ wireName: 't', module: 'a' }])
  })

  it('of another shape than the known one have no friendly form', async () => {
    const model = await modelOf(
      apiJson('m', {
        aliases: {
          ip4_address: { type: 'u8', length: 5 },
          timestamp: { type: 'u32' },
          mac_address: { type: 'u8', length: 6 },
        },
        types: [
          ['ip4_prefix', ['vl_api_ip4_address_t', 'address'], ['u8', 'len']],
          ['prefix', ['u8', 'a']],
        ],
      }),
    )
    const forms = moduleIn(model, 'm').types.map((type) => [
      type.wireName,
      'form' in type ? type.form : undefined,
    ])
    expect(Object.fromEntries(forms)).toEqual({
      ip4_address: undefined,
      timestamp: undefined,
      mac_address: 'mac-address',
      ip4_prefix: undefined,
      prefix: undefined,
    })
  })
})

function headerOf(name: string): readonly unknown[] {
  if (name.includes('event')) return [['u32', 'client_index']]
  return /_(?:reply|details)$/.test(name) ? REPLY : REQUEST
}

describe('methods', () => {
  it('come from services: one kind for each form of answer', async () => {
    const names = [
      'call',
      'call_reply',
      'fire',
      'a_dump',
      'a_details',
      'b_get',
      'b_get_reply',
      'b_details',
      'want_e',
      'want_e_reply',
      'e_event',
      'e_event_v2',
      'do_it',
      'do_it_reply',
      'done_event',
    ]
    const fields: Record<string, unknown[]> = { want_e: [...REQUEST, ['u8', 'enable'], ['u32', 'pid']] }
    const model = await modelOf(
      apiJson('m', {
        messages: names.map((name) => [name, ...(fields[name] ?? headerOf(name))]),
        services: {
          call: { reply: 'call_reply' },
          fire: { reply: 'null' },
          a_dump: { reply: 'a_details', stream: true },
          b_get: { reply: 'b_get_reply', stream: true, stream_msg: 'b_details' },
          want_e: { reply: 'want_e_reply', events: ['e_event', 'e_event_v2'] },
          do_it: { reply: 'do_it_reply', events: ['done_event'] },
        },
      }),
    )
    const { methods, clientName } = moduleIn(model, 'm')
    expect(clientName).toBe('MClient')
    expect(methods.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'unary call',
      'one-way fire',
      'dump aDump',
      'stream bGet',
      'unary wantE',
      'unary doIt',
      'event eEvents',
      'event eEventsV2',
      'event doneEvents',
    ])
    expect(methods[6]).toMatchObject({
      want: { enable: 'enable', pid: 'pid', request: { wireName: 'want_e' } },
    })
    expect(methods[8]).toMatchObject({ want: undefined, announcedBy: { wireName: 'do_it' } })
  })

  it('are none for a module without services: it has no client', async () => {
    const model = await modelOf(apiJson('m', { messages: [['e_event', ['u32', 'client_index']]] }))
    expect(moduleIn(model, 'm')).toMatchObject({ methods: [], clientName: undefined })
  })
})

describe('status', () => {
  it.each([
    [{ deprecated: null }, { deprecated: true, deprecation: undefined }],
    [{ deprecated: '21.01' }, { deprecated: true, deprecation: '21.01' }],
    [{ status: 'deprecated' }, { deprecated: true }],
    [{ in_progress: null }, { deprecated: false, inProgress: true }],
    [{ status: 'in_progress' }, { inProgress: true }],
    [{ replaced_by: 'y' }, { deprecated: false, replacedBy: 'y' }],
    [{ vat_help: 'x' }, { deprecated: false, inProgress: false, replacedBy: undefined }],
  ])('of %j', async (options, status) => {
    const model = await modelOf(apiJson('m', { messages: [['x', ...REQUEST, { options }]] }))
    expect(messageIn(moduleIn(model, 'm'), 'x').status).toMatchObject(status)
  })
})

it.each(['constructor', 'toString', 'hasOwnProperty', '__proto__'])(
  'takes a type that is called %s',
  async (name) => {
    const model = await modelOf(
      apiJson('m', {
        types: [[name, ['u8', 'a']]],
        unions: [[`${name}_u`, ['u8', name]]] as never,
        aliases: { [`${name}_a`]: { type: 'u8' } },
      }),
    )
    expect(model.modules[0]?.types.map(({ wireName }) => wireName)).toContain(name)
  },
)
