import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { codecOf } from '../codec/codec.ts'
import { ByteWriter } from '../codec/writer.ts'
import { Schema, VppSchemaError } from './index.ts'

/** A module that uses every construct of the format once. */
const DEMO = {
  module: 'demo',
  types: [
    ['address', ['vl_api_address_family_t', 'af'], ['vl_api_address_union_t', 'un', { discriminator: 'af' }]],
    ['pair', ['u16', 'a'], ['vl_api_color_t', 'c'], { comment: '/* pair */' }],
    ['tagged', ['vl_api_color_t', 'kind'], ['vl_api_shape_t', 'value', { discriminator: 'kind' }]],
  ],
  messages: [
    [
      'poke',
      ['u16', '_vl_msg_id'],
      ['u32', 'client_index'],
      ['u32', 'context'],
      ['bool', 'is_on', { default: 'true' }],
      ['bool', 'off', { default: 0 }],
      ['u64', 'cookie', { default: 7 }],
      ['u8', 'none', { default: 4294967295 }],
      ['f64', 'rate', { default: 1 }],
      ['vl_api_color_t', 'color', { default: 'BLUE' }],
      ['vl_api_interface_index_t', 'sw_if_index', { default: 4294967295 }],
      ['vl_api_address_t', 'host'],
      ['vl_api_tagged_t', 'tagged'],
      ['string', 'tag', 16],
      ['u16', 'cnt'],
      ['vl_api_pair_t', 'pairs', 0, 'cnt'],
      { crc: '0x337c6bee', options: { deprecated: null } },
    ],
    ['poke_reply', ['u16', '_vl_msg_id'], ['u32', 'context'], ['i32', 'retval'], { crc: '0xe8d4e804' }],
    ['demo_dump', ['u16', '_vl_msg_id'], ['u32', 'client_index'], ['u32', 'context'], { crc: '0x51077d14' }],
    [
      'demo_details',
      ['u16', '_vl_msg_id'],
      ['u32', 'context'],
      ['string', 'text', 0],
      { crc: '0x0000002a', options: {} },
    ],
    [
      'demo_get',
      ['u16', '_vl_msg_id'],
      ['u32', 'client_index'],
      ['u32', 'context'],
      ['u32', 'cursor'],
      { crc: '0xf75ba505' },
    ],
    [
      'demo_get_reply',
      ['u16', '_vl_msg_id'],
      ['u32', 'context'],
      ['i32', 'retval'],
      ['u32', 'cursor'],
      { crc: '0x53b48f5d' },
    ],
    [
      'want_demo_events',
      ['u16', '_vl_msg_id'],
      ['u32', 'client_index'],
      ['u32', 'context'],
      ['bool', 'enable'],
      ['u32', 'pid'],
      { crc: '0x3bc1a1b2' },
    ],
    [
      'want_demo_events_reply',
      ['u16', '_vl_msg_id'],
      ['u32', 'context'],
      ['i32', 'retval'],
      { crc: '0xe8d4e804' },
    ],
    [
      'demo_event',
      ['u16', '_vl_msg_id'],
      ['u32', 'client_index'],
      ['u32', 'pid'],
      ['u8', 'rest', 0],
      { crc: '0x00000001' },
    ],
    ['bye', ['u16', '_vl_msg_id'], ['u8', 'T1'], { crc: '0x00000002' }],
  ],
  unions: [
    ['address_union', ['vl_api_ip4_address_t', 'ip4'], ['vl_api_ip6_address_t', 'ip6']],
    ['shape', ['u8', 'raw', 9], ['u32', 'number', { case: 'BLUE' }]],
  ],
  enums: [
    ['address_family', ['ADDRESS_IP4', 0], ['ADDRESS_IP6', 1], { enumtype: 'u8' }],
    ['color', ['RED', 4], ['BLUE', 5], { enumtype: 'u8' }],
  ],
  enumflags: [['mood', ['HAPPY', 1], ['SAD', 2], { enumtype: 'u8' }]],
  services: {
    poke: { reply: 'poke_reply' },
    demo_dump: { reply: 'demo_details', stream: true },
    demo_get: { reply: 'demo_get_reply', stream: true, stream_msg: 'demo_details' },
    want_demo_events: { reply: 'want_demo_events_reply', events: ['demo_event'] },
    bye: { reply: 'null' },
  },
  options: { version: '1.2.3' },
  aliases: {
    ip4_address: { type: 'u8', length: 4 },
    ip6_address: { type: 'u8', length: 16 },
    interface_index: { type: 'u32' },
  },
  vl_api_version: '0xf2367b47',
  imports: [],
  counters: [],
  paths: [],
} as const

const schema = Schema.fromApiJson([DEMO])

/** A copy of the demo module with one thing changed. */
function changed(change: (copy: Record<string, unknown>) => void): unknown {
  const copy = structuredClone(DEMO) as unknown as Record<string, unknown>
  change(copy)
  return copy
}

/** Makes a copy another module with one message. */
function asModule(copy: Record<string, unknown>, module: string): void {
  copy['module'] = module
  copy['services'] = {}
  copy['messages'] = [[`${module}_poke`, ...(DEMO.messages[0] as readonly unknown[]).slice(1)]]
}

function withMessage(...fields: unknown[]): unknown {
  return changed((copy) => {
    copy['messages'] = [['odd', ['u16', '_vl_msg_id'], ...fields, { crc: '0x00000003' }]]
    copy['services'] = {}
  })
}

function problem(act: () => unknown): VppSchemaError {
  try {
    act()
  } catch (error) {
    expect(error).toBeInstanceOf(VppSchemaError)
    return error as VppSchemaError
  }
  throw new Error('nothing was refused')
}

describe('a schema from documents', () => {
  it('lists modules, messages and CRCs', () => {
    expect(schema.modules()).toEqual(['demo'])
    expect(schema.messages()).toEqual(DEMO.messages.map(([name]) => name))
    expect(schema.messages('demo')).toEqual(schema.messages())
    expect(schema.messages('other')).toEqual([])
    expect(schema.moduleOf('poke')).toBe('demo')
    expect(schema.crcOf('demo_details')).toBe('0000002a')
    expect(schema.crcOf('nothing')).toBeUndefined()
    expect(schema.has('poke')).toBe(true)
  })

  it('makes classes whose instances print under their name', () => {
    const Poke = schema.message('poke')
    expect(schema.message('poke')).toBe(Poke)
    expect(new Poke()).toBeInstanceOf(Poke)
    expect(inspect(new Poke({ tag: 'x' }))).toContain('Poke {')
  })

  it('takes the defaults of the API, whatever JSON type they are written in', () => {
    const Poke = schema.message('poke')
    expect(new Poke()).toMatchObject({
      isOn: true,
      off: false,
      cookie: 7n,
      none: 255,
      rate: 1,
      color: 5,
      swIfIndex: 0xffff_ffff,
      host: '0.0.0.0',
      tag: '',
      pairs: [],
    })
  })

  it('encodes and decodes with the codec of generated bindings', () => {
    const Poke = schema.message('poke')
    const codec = codecOf(Poke.descriptor)
    const writer = new ByteWriter()
    const value = {
      host: '2001:db8::1',
      tagged: { kind: 'BLUE', value: { number: 9 } },
      pairs: [{ a: 1, c: 'RED' }],
    }
    codec.encode(writer, value, 99, 7, 5)
    const bytes = writer.take()
    expect(bytes.readUInt16BE(0)).toBe(99)
    const back = codec.decode(bytes, 0, bytes.length)
    expect(back).toBeInstanceOf(Poke)
    expect(back).toMatchObject({ host: '2001:db8::1', pairs: [{ a: 1, c: 4 }], tagged: { kind: 5 } })
    expect(inspect(back, { depth: 5 })).toContain('number: 9')
  })

  it('gives every layout of the header its kind', () => {
    const kinds = schema.messages().map((name) => [name, schema.message(name).descriptor.header])
    expect(Object.fromEntries(kinds)).toMatchObject({
      poke: 'request',
      poke_reply: 'reply',
      demo_event: 'event',
      bye: 'none',
    })
  })

  it('knows what answers a request', () => {
    expect(schema.services().map((it) => [it.request, it.kind])).toEqual([
      ['poke', 'unary'],
      ['demo_dump', 'dump'],
      ['demo_get', 'stream'],
      ['want_demo_events', 'unary'],
      ['bye', 'one-way'],
    ])
    expect(schema.service('poke_reply')).toBeUndefined()
    expect(schema.method('demo_get')).toEqual({
      kind: 'stream',
      request: schema.message('demo_get'),
      reply: schema.message('demo_get_reply'),
      details: schema.message('demo_details'),
    })
    expect(schema.method('demo_dump').kind).toBe('dump')
    expect(schema.method('bye').kind).toBe('one-way')
    expect(() => schema.method('poke_reply')).toThrow(VppSchemaError)
  })

  it('knows how an event is subscribed to', () => {
    expect(schema.event('demo_event')).toEqual({
      kind: 'event',
      event: schema.message('demo_event'),
      want: {
        request: schema.message('want_demo_events'),
        reply: schema.message('want_demo_events_reply'),
        enable: 'enable',
        pid: 'pid',
      },
    })
    expect(schema.event('bye')).toEqual({ kind: 'event', event: schema.message('bye') })
  })

  it('shares a type that two modules define alike, and keeps those apart that differ', () => {
    const same = changed((copy) => asModule(copy, 'same'))
    const other = changed((copy) => {
      asModule(copy, 'other')
      copy['types'] = [...DEMO.types.slice(0, 2), ['tagged', ['u8', 'kind']]]
    })
    const three = Schema.fromApiJson([DEMO, same, other])
    const typeOf = (message: string, field: string): unknown =>
      three.message(message).descriptor.fields.find(([name]) => name === field)?.[2]
    expect(typeOf('same_poke', 'tagged')).toBe(typeOf('poke', 'tagged'))
    expect(typeOf('other_poke', 'tagged')).not.toBe(typeOf('poke', 'tagged'))
    expect(typeOf('other_poke', 'host')).toBe(typeOf('poke', 'host'))
  })

  it('tolerates an import that repeats types and a message defined alike twice', () => {
    const twice = changed((copy) => {
      copy['types'] = [...DEMO.types, ...DEMO.types]
    })
    expect(Schema.fromApiJson([twice, DEMO]).message('poke').descriptor.crc).toBe('337c6bee')
  })

  it('names modules that do not say their name', () => {
    const nameless = changed((copy) => delete copy['module'])
    expect(Schema.fromApiJson([nameless]).modules()).toEqual(['document 0'])
    expect(Schema.fromApiJson([nameless], { moduleNames: ['x'] }).modules()).toEqual(['x'])
  })
})

describe('a broken definition', () => {
  it.each([
    ['no object', 17, ''],
    ['a list that is none', { ...DEMO, messages: {} }, 'messages'],
    ['an entry that is not a list', { ...DEMO, types: [1] }, 'types[0]'],
    ['an entry without a name', { ...DEMO, types: [[]] }, 'types[0][0]'],
    ['services that are none', { ...DEMO, services: [] }, 'services'],
    ['an alias that is none', { ...DEMO, aliases: { a: 1 } }, 'aliases.a'],
  ])('is refused at once: %s', (_what, document, path) => {
    const error = problem(() => Schema.fromApiJson([document], { moduleNames: ['demo'] }))
    expect(error).toMatchObject({ code: 'VPP_SCHEMA', module: 'demo', path })
  })

  it.each([
    ['a field that is none', [17], 'messages[0][2]'],
    ['a type that is not a name', [[1, 'x']], 'messages[0][2][0]'],
    ['a field without a name', [['u8']], 'messages[0][2][1]'],
    ['a length that is none', [['u8', 'x', -1]], 'messages[0][2][2]'],
    ['a count that is not a name', [['u8', 'x', 0, 1]], 'messages[0][2][3]'],
    ['a type that is missing', [['vl_api_nothing_t', 'x']], 'messages[0][2][0]'],
    ['a default of the wrong kind', [['u8', 'x', { default: {} }]], 'messages[0][2][2].default'],
    ['a limit of the wrong kind', [['u8', 'x', { limit: '1' }]], 'messages[0][2][2].limit'],
    [
      'a discriminator of the wrong kind',
      [['u8', 'x', { discriminator: 1 }]],
      'messages[0][2][2].discriminator',
    ],
    ['a count that is missing', [['u8', 'x', 0, 'n']], 'messages[0]'],
    [
      'two fields of one name',
      [
        ['u8', 'x'],
        ['u8', 'x'],
      ],
      'messages[0]',
    ],
    [
      'an array in the middle',
      [
        ['u8', 'n'],
        ['u8', 'x', 0, 'n'],
        ['u8', 'y'],
      ],
      'messages[0]',
    ],
    ['a field as wide as the memory', [['u8', 'x', 2 ** 40]], 'messages[0]'],
  ])('harms only its own message: %s', (_what, fields, path) => {
    const odd = Schema.fromApiJson([withMessage(...fields), { ...DEMO, module: 'good' }])
    const error = problem(() => odd.message('odd'))
    expect(error).toMatchObject({ code: 'VPP_SCHEMA', module: 'demo', path })
    expect(odd.message('poke').descriptor.name).toBe('poke')
  })

  it.each([
    ['no id', [['odd', ['u32', 'context'], { crc: '0x1' }]], 'messages[0][1]'],
    ['no CRC', [['odd', ['u16', '_vl_msg_id'], {}]], 'messages[0][2].crc'],
    ['no end', [['odd', ['u16', '_vl_msg_id']]], 'messages[0][1]'],
  ])('has %s', (_what, messages, path) => {
    const odd = Schema.fromApiJson([{ ...DEMO, messages, services: {} }])
    expect(problem(() => odd.message('odd')).path).toBe(path)
  })

  it('may contain itself, or nest without end', () => {
    const looped = changed((copy) => {
      copy['types'] = [
        ['a', ['vl_api_b_t', 'b']],
        ['b', ['vl_api_a_t', 'a']],
      ]
      copy['messages'] = [['odd', ['u16', '_vl_msg_id'], ['vl_api_a_t', 'a'], { crc: '0x1' }]]
      copy['services'] = {}
    })
    expect(problem(() => Schema.fromApiJson([looped]).message('odd')).message).toContain('contains itself')
    const deep = changed((copy) => {
      copy['types'] = Array.from({ length: 5000 }, (_, i) => [
        `t${i}`,
        [i === 4999 ? 'u8' : `vl_api_t${i + 1}_t`, 'x'],
      ])
      copy['messages'] = [['odd', ['u16', '_vl_msg_id'], ['vl_api_t0_t', 'a'], { crc: '0x1' }]]
      copy['services'] = {}
    })
    expect(problem(() => Schema.fromApiJson([deep]).message('odd')).message).toContain('nests over 64 deep')
  })

  it.each([
    ['an enum with an odd base', { enums: [['color', ['RED', 1], { enumtype: 'u64' }]] }],
    ['an enum with a member that is none', { enums: [['color', ['RED', 'x'], { enumtype: 'u8' }]] }],
    ['a member that does not fit', { enums: [['color', ['RED', 256], { enumtype: 'u8' }]] }],
    ['an arm of an unknown case', { unions: [['shape', ['u8', 'raw', { case: 'GREEN' }]]] }],
    ['an alias without a type', { aliases: { interface_index: {} } }],
    ['an alias of an odd length', { aliases: { interface_index: { type: 'u32', length: -4 } } }],
  ])('is found through the types of a message: %s', (_what, part) => {
    const broken = Schema.fromApiJson([{ ...DEMO, ...part }])
    expect(problem(() => broken.message('poke')).code).toBe('VPP_SCHEMA')
  })

  it.each([
    ['an unknown reply', { poke: { reply: 'nothing' } }, 'services.poke.reply'],
    ['no reply', { poke: {} }, 'services.poke.reply'],
    ['an unknown request', { nothing: { reply: 'poke_reply' } }, 'services.nothing.request'],
    ['an unknown event', { poke: { reply: 'poke_reply', events: ['x'] } }, 'services.poke.events[0]'],
  ])('is found in a service: %s', (_what, services, path) => {
    const broken = Schema.fromApiJson([{ ...DEMO, services }])
    expect(problem(() => broken.services()).path).toBe(path)
  })

  it('cannot give one name two layouts', () => {
    const other = changed((copy) => {
      copy['messages'] = [['poke', ['u16', '_vl_msg_id'], { crc: '0x00000001' }]]
      copy['services'] = {}
    })
    expect(problem(() => Schema.fromApiJson([DEMO, other])).message).toContain('337c6bee against 00000001')
  })

  it('does not know what nobody defined', () => {
    expect(problem(() => schema.message('nothing')).message).toContain("message 'nothing'")
  })
})
