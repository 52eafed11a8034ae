import { describe, expect, it } from 'vitest'
import { VppEncodeError } from '../codec/errors.ts'
import { DynamicApi, Schema } from './index.ts'

/** Uses every construct that has its own plain form. */
const DEMO = {
  module: 'demo',
  types: [
    ['pair', ['u16', 'small_part'], ['vl_api_color_t', 'the_color']],
    ['tagged', ['vl_api_color_t', 'kind'], ['vl_api_shape_t', 'the_value', { discriminator: 'kind' }]],
  ],
  unions: [['shape', ['u8', 'raw_bytes', 8], ['vl_api_pair_t', 'one_pair', { case: 'BLUE' }]]],
  enums: [['color', ['RED', 0], ['BLUE', 5], { enumtype: 'u8' }]],
  enumflags: [['mood', ['HAPPY', 1], ['SAD', 2], { enumtype: 'u8' }]],
  aliases: {
    ip4_address: { type: 'u8', length: 4 },
    cookie: { type: 'u64' },
    key: { type: 'u8', length: 4 },
  },
  messages: [
    [
      'put',
      ['u16', '_vl_msg_id'],
      ['u32', 'client_index'],
      ['u32', 'context'],
      ['u64', 'big_number'],
      ['vl_api_cookie_t', 'a_cookie'],
      ['vl_api_key_t', 'a_key'],
      ['vl_api_mood_t', 'the_mood'],
      ['vl_api_ip4_address_t', 'next_hop'],
      ['vl_api_tagged_t', 'the_tag'],
      ['u64', 'two_counters', 2],
      ['u8', 'n_pairs'],
      ['vl_api_pair_t', 'many_pairs', 0, 'n_pairs'],
      { crc: '0x00000001' },
    ],
    ['put_reply', ['u16', '_vl_msg_id'], ['u32', 'context'], ['i32', 'retval'], { crc: '0x00000002' }],
  ],
  services: { put: { reply: 'put_reply' } },
}

const schema = Schema.fromApiJson([DEMO])
const vppNames = DynamicApi.fromSchema(schema, undefined, { names: 'vpp' })
const camel = DynamicApi.fromSchema(schema)

const PLAIN = {
  big_number: '18446744073709551615',
  a_cookie: '7',
  a_key: '0x01020304',
  the_mood: ['HAPPY', 'SAD'],
  next_hop: '192.0.2.1',
  the_tag: { kind: 'BLUE', the_value: { one_pair: { small_part: 9, the_color: 'RED' } } },
  two_counters: ['1', '2'],
  many_pairs: [
    { small_part: 1, the_color: 'BLUE' },
    { small_part: 2, the_color: 77 },
  ],
}

function refusal(value: object): VppEncodeError {
  try {
    vppNames.encode('put', value)
  } catch (error) {
    if (error instanceof VppEncodeError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

describe('plain form', () => {
  it("has VPP's names or the properties', and comes back as it was", () => {
    const bytes = vppNames.encode('put', PLAIN)
    expect(vppNames.decode('put', bytes)).toEqual(PLAIN)
    const properties = camel.decode('put', bytes)
    expect(properties).toMatchObject({
      bigNumber: '18446744073709551615',
      theTag: { theValue: { onePair: { smallPart: 9 } } },
      manyPairs: [{ smallPart: 1, theColor: 'BLUE' }, { theColor: 77 }],
    })
    expect(camel.encode('put', properties)).toEqual(bytes)
    expect(vppNames.encode('put', properties)).toEqual(bytes)
    expect(JSON.parse(JSON.stringify(properties))).toEqual(properties)
  })

  it('takes bigints, byte arrays and both spellings of a name', () => {
    const value = {
      bigNumber: 2n ** 64n - 1n,
      a_cookie: 7n,
      aKey: Uint8Array.of(1, 2, 3, 4),
      the_mood: 3,
      next_hop: Uint8Array.of(192, 0, 2, 1),
      theTag: { kind: 5, the_value: { one_pair: { smallPart: 9 } } },
      two_counters: [1n, 2],
      manyPairs: PLAIN.many_pairs,
    }
    expect(vppNames.encode('put', value)).toEqual(vppNames.encode('put', PLAIN))
    const raw = { the_tag: { kind: 0, the_value: { raw_bytes: new Uint8Array(8).fill(3) } } }
    expect(vppNames.decode('put', vppNames.encode('put', raw))).toMatchObject({
      the_tag: { the_value: { raw_bytes: '0x0303030303030303' } },
    })
  })

  it('refuses what is undefined, and has defaults for what is left out', () => {
    expect(refusal({ big_number: undefined })).toMatchObject({ path: 'bigNumber', received: undefined })
    expect(refusal({ the_tag: { kind: undefined } }).path).toBe('theTag.kind')
    expect(vppNames.defaults('put')).toMatchObject({ big_number: '0', many_pairs: [], the_mood: [] })
  })

  it('refuses a name that is not there, saying where and which there are', () => {
    expect(refusal({ the_tag: { kimd: 1 } })).toMatchObject({
      messageName: 'put',
      path: 'the_tag.kimd',
      expected: "a field of tagged (kind, the_value); did you mean 'kind'?",
    })
    expect(refusal({ many_pairs: [{}, { constructor: 1 }] }).path).toBe('many_pairs[1].constructor')
    expect(refusal(JSON.parse('{"__proto__": {"x": 1}}') as object).path).toBe('__proto__')
    expect(refusal({ the_tag: { the_value: { nonsense: 1 } } }).path).toBe('the_tag.the_value.nonsense')
  })

  it('refuses one field under two names', () => {
    expect(refusal({ big_number: 1, bigNumber: 2 })).toMatchObject({ path: 'bigNumber' })
  })

  it('leaves all other checks to the codec', () => {
    expect(refusal({ the_mood: ['ANGRY'] }).path).toBe('theMood')
    expect(refusal({ many_pairs: [{ small_part: 65_536 }] })).toMatchObject({
      path: 'manyPairs[0].smallPart',
      received: 65_536,
    })
    expect(refusal({ the_tag: 7 }).path).toBe('theTag')
    expect(refusal({ many_pairs: 7 }).path).toBe('manyPairs')
    expect(refusal({ a_key: '0x0102' }).path).toBe('aKey')
  })
})

describe('without a connection', () => {
  it('definitions can be looked at and messages read and written, but not called', async () => {
    expect(vppNames.newest('put')).toBe('put')
    await expect(vppNames.call('put')).rejects.toMatchObject({ code: 'VPP_INVALID_ARGUMENT' })
    expect(() => vppNames.dump('put')).toThrow(/have no connection/)
    expect(() => vppNames.events('put')).toThrow(/have no connection/)
  })
})
