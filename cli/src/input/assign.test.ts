import { describe, expect, it } from 'vitest'
import { Schema } from '@vpp-ts/runtime/dynamic'
import { assignAll } from './assign.ts'

const schema = Schema.fromApiJson([
  {
    module: 'demo',
    types: [
      ['inner', ['u16', 'small'], ['u32', 'sw_if_index'], ['vl_api_color_t', 'color'], ['u8', 'key', 4]],
      ['outer', ['vl_api_inner_t', 'one'], ['u8', 'n'], ['vl_api_inner_t', 'many', 0, 'n']],
    ],
    enums: [['color', ['COLOR_RED', 0], ['COLOR_DARK_RED', 1], ['COLOR_BLUE', 2], { enumtype: 'u8' }]],
    enumflags: [['mood', ['MOOD_HAPPY', 1], ['MOOD_SAD', 2], { enumtype: 'u8' }]],
    unions: [['shape', ['u32', 'number'], ['vl_api_inner_t', 'inner']]],
    aliases: { interface_index: { type: 'u32' }, timestamp: { type: 'f64' }, cookie: { type: 'u64' } },
    messages: [
      [
        'put',
        ['u16', '_vl_msg_id'],
        ['u32', 'client_index'],
        ['u32', 'context'],
        ['bool', 'is_add'],
        ['u8', 'byte'],
        ['i32', 'signed'],
        ['u64', 'wide'],
        ['vl_api_cookie_t', 'cookie'],
        ['f64', 'rate'],
        ['string', 'tag', 8],
        ['vl_api_mood_t', 'mood'],
        ['vl_api_timestamp_t', 'when'],
        ['vl_api_shape_t', 'shape'],
        ['u32', 'counts', 2],
        ['vl_api_outer_t', 'deep'],
        { crc: '0x1' },
      ],
      ['put_reply', ['u16', '_vl_msg_id'], ['u32', 'context'], ['i32', 'retval'], { crc: '0x2' }],
    ],
    services: { put: { reply: 'put_reply' } },
  },
])
const { descriptor } = schema.message('put')
const lookup = (name: string) =>
  name === 'loop0' ? Promise.resolve(9) : Promise.reject(new Error(`no interface ${name}`))
const assign = (...args: string[]) => assignAll(descriptor, {}, args, lookup)

describe('fields by path', () => {
  it.each([
    ['is_add=on', { is_add: true }],
    ['isAdd=NO', { is_add: false }],
    ['byte=~0', { byte: 255 }],
    ['byte=none', { byte: 255 }],
    ['signed=none', { signed: -1 }],
    ['wide=ALL', { wide: '18446744073709551615' }],
    ['deep.one.sw_if_index=none', { deep: { one: { sw_if_index: 4294967295 } } }],
    ['deep.one.sw_if_index=all', { deep: { one: { sw_if_index: 4294967295 } } }],
    ['deep.one.sw_if_index=~0', { deep: { one: { sw_if_index: 4294967295 } } }],
    ['byte=0xff', { byte: 255 }],
    ['signed=-7', { signed: -7 }],
    ['signed=~0', { signed: -1 }],
    ['wide=~0', { wide: '18446744073709551615' }],
    ['wide=18446744073709551615', { wide: '18446744073709551615' }],
    ['cookie=0x10', { cookie: '16' }],
    ['rate=1e3', { rate: 1000 }],
    ['tag=a=b', { tag: 'a=b' }],
    ['tag=', { tag: '' }],
    ['mood=sad,MOOD_HAPPY', { mood: ['MOOD_SAD', 'MOOD_HAPPY'] }],
    ['mood=', { mood: [] }],
    ['mood=["MOOD_SAD"]', { mood: ['MOOD_SAD'] }],
    ['when=12.5', { when: 12.5 }],
    ['when=2026-01-02T03:04:05Z', { when: '2026-01-02T03:04:05Z' }],
    ['shape.number=3', { shape: { number: 3 } }],
    ['shape.inner.small=3', { shape: { inner: { small: 3 } } }],
    ['counts=1,2', { counts: [1, 2] }],
    ['counts=[1,2]', { counts: [1, 2] }],
    ['deep.one.color=dark_red', { deep: { one: { color: 'COLOR_DARK_RED' } } }],
    ['deep.one.color=2', { deep: { one: { color: 2 } } }],
    ['deep.one.key=0x01020304', { deep: { one: { key: '0x01020304' } } }],
    ['deep.one.key=abcd', { deep: { one: { key: '0x61626364' } } }],
    ['deep.one.sw_if_index=loop0', { deep: { one: { sw_if_index: 9 } } }],
    ['deep.one.swIfIndex=-1', { deep: { one: { sw_if_index: 4294967295 } } }],
    ['deep.one={"small":5}', { deep: { one: { small: 5 } } }],
    ['deep.many=[{"small":5}]', { deep: { many: [{ small: 5 }] } }],
    ['deep.many[0].color=COLOR_BLUE', { deep: { many: [{ color: 'COLOR_BLUE' }] } }],
  ])('%s', async (arg, expected) => {
    expect(await assign(arg)).toEqual(expected)
  })

  it('adds up, the last one counts', async () => {
    expect(await assign('deep.many[1].small=2', 'deep.many[0].small=1', 'deep.many[1].small=3')).toEqual({
      deep: { many: [{ small: 1 }, { small: 3 }] },
    })
    expect(
      await assignAll(descriptor, { deep: { one: { small: 1 } } }, ['deep.one.color=2'], lookup),
    ).toEqual({
      deep: { one: { small: 1, color: 2 } },
    })
  })

  it.each(['deep.one.sw_if_index=/root', 'byte=/home/me'])(
    '%s, which a shell made of ~0, gets a hint',
    async (arg) => {
      await expect(assign(arg)).rejects.toMatchObject({
        remedy: expect.stringMatching(/=~0', or write .*=none/) as string,
      })
    },
  )

  it.each([
    ['deep.one.color=red', /may be several members/],
    ['deep.one.color=green', /'green' is not a member of color/],
    ['counts[2]=1', /counts\[0\] is not set/],
    ['byte=', /whole number/],
    ['byte=1.5', /whole number/],
    ['rate=fast', /a number/],
    ['deep.one={', /not JSON/],
    ['deep.one.sw_if_index=loop1', /no interface loop1/],
    ['deep.one.small.x=1', /has no fields/],
    ['deep.n=1', /has no field n/],
    ['=1', /not of the form FIELD=VALUE/],
    ['__proto__.x=1', /has no field __proto__/],
    ['constructor=1', /has no field constructor/],
  ])('refuses %s', async (arg, reason) => {
    await expect(assign(arg)).rejects.toThrow(reason)
  })
})
