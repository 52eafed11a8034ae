import { describe, expect, expectTypeOf, it } from 'vitest'
import type { Init } from './classes.ts'
import { decodeMessage, encodeMessage, readHeader } from './message.ts'
import {
  AddressUnion,
  Auth,
  Bits,
  Bytes,
  Color,
  Defaults,
  Enums,
  Forms,
  Inner,
  Nested,
  Noticed,
  Numbers,
  Outer,
  Pair,
  Pairs,
  Ping,
  Profile,
  Tagged,
  Texts,
  type Unions,
  Wide,
  WithDefaults,
} from '../testing/codec/demo.ts'
import { Timestamp } from './form/timestamp.ts'

describe('a message', () => {
  it('has its fields as own properties, in wire order, zero unless the API says otherwise', () => {
    expect(Object.entries(new Numbers())).toEqual([
      ['u8', 0],
      ['i8', 0],
      ['u16', 0],
      ['i16', 0],
      ['u32', 0],
      ['i32', 0],
      ['u64', 0n],
      ['i64', 0n],
      ['f64', 0],
      ['yes', false],
      ['no', false],
    ])
    expect(Object.keys(new Pairs())).toEqual(['flag', 'mtu', 'fixed', 'pairs'])
  })

  it('takes defaults at every depth', () => {
    const message = new WithDefaults({ several: [{ index: 3 }, {}] })
    expect({ ...message }).toEqual({
      isAdd: true,
      cookie: 7n,
      color: Color.BLUE,
      nested: new Defaults({ index: 0xffffffff, ratio: 1 }),
      several: [new Defaults({ index: 3 }), new Defaults()],
      last: -1,
    })
    expect(message.nested).toBeInstanceOf(Defaults)
  })

  it('makes instances of what is nested', () => {
    const message = new Nested({ profile: { name: 'p', auth: { data: Uint8Array.of(1) } } })
    expect(message.profile).toBeInstanceOf(Profile)
    expect(message.profile.auth).toBeInstanceOf(Auth)
    expect(message.profile.auth.data).toEqual(Uint8Array.of(1))
    const pairs = new Pairs({ pairs: [{ a: 1 }], fixed: [{}, {}] })
    for (const pair of [...pairs.pairs, ...pairs.fixed]) expect(pair).toBeInstanceOf(Pair)
  })

  it('keeps instances, copies arrays, and shares nothing it made itself', () => {
    const pair = new Pair({ a: 1 })
    const list = [pair]
    const message = new Pairs({ pairs: list })
    expect(message.pairs).not.toBe(list)
    expect(message.pairs[0]).toBe(pair)
    const [one, other] = [new Pairs(), new Pairs()]
    expect(one.mtu).not.toBe(other.mtu)
    expect(one.fixed[0]).not.toBe(other.fixed[0])
    expect(new Bytes().key).not.toBe(new Bytes().key)
  })

  it('turns other spellings into the one that is kept', () => {
    const enums = new Enums({ color: 'RED', bits: ['A', 'C', 64], bitsList: [['B'], 3] })
    expect([enums.color, enums.bits, enums.bitsList]).toEqual([4, 193, [2, 3]])
    const forms = new Forms({
      ip4: Uint8Array.of(10, 0, 0, 1),
      address: new Uint8Array(16),
      mac: Uint8Array.of(2, 0, 0, 0, 0, 1),
      time: new Date(1500),
      index: -1,
    })
    expect(forms).toMatchObject({
      ip4: '10.0.0.1',
      address: '::',
      mac: '02:00:00:00:00:01',
      index: 0xffffffff,
    })
    expect(forms.time).toEqual(new Timestamp(1.5))
  })

  it('has the same zero from all zero bytes as from nothing', () => {
    for (const type of [Numbers, Texts, Bytes, Pairs, Enums, Forms, Nested]) {
      const zero = new (type as typeof Numbers)()
      expect(decodeMessage(type as typeof Numbers, encodeMessage(type as typeof Numbers, {}))).toStrictEqual(
        zero,
      )
    }
  })

  it('can be extended', () => {
    class MyPing extends Noticed {
      note = 'mine'
    }
    const mine = new MyPing({ pid: 5 })
    expect(mine).toBeInstanceOf(MyPing)
    expect(mine).toBeInstanceOf(Noticed)
    expect({ ...mine }).toEqual({ pid: 5, note: 'mine' })
    expect(encodeMessage(Noticed, mine).toString('hex')).toBe('00000000000000000005')
  })

  it('is made of one shape, however it came about', () => {
    const decoded = decodeMessage(Noticed, encodeMessage(Noticed, { pid: 1 }))
    expect(decoded).toStrictEqual(new Noticed({ pid: 1 }))
    expect(decoded.constructor).toBe(Noticed)
    expect(Object.getPrototypeOf(decoded)).toBe(Noticed.prototype)
  })
})

describe('a header', () => {
  it('is written and read by layout', () => {
    const header = { id: 0x1234, clientIndex: 0x80000001, context: 0xfffffffe }
    expect(encodeMessage(Ping, {}, header).toString('hex')).toBe('123480000001fffffffe')
    expect(readHeader(Ping, encodeMessage(Ping, {}, header))).toEqual(header)
    expect(readHeader(Pairs, encodeMessage(Pairs, {}, header))).toEqual({ id: 0x1234, context: 0xfffffffe })
    expect(readHeader(Noticed, encodeMessage(Noticed, {}, header))).toEqual({
      id: 0x1234,
      clientIndex: 0x80000001,
    })
    expect(readHeader(Texts, encodeMessage(Texts, {}, header))).toEqual({ id: 0x1234 })
  })

  it('is zero where nothing is given', () => {
    expect(readHeader(Ping, encodeMessage(Ping, {}))).toEqual({ id: 0, clientIndex: 0, context: 0 })
  })

  it('must be there', () => {
    expect(() => readHeader(Ping, new Uint8Array(9))).toThrow('ping: needs 10 bytes at offset 0, 9 available')
  })

  it('may stand in any Uint8Array', () => {
    const bytes = new Uint8Array(12)
    bytes.set([0, 0, 0, 0, 0, 1, 0, 0, 0, 9], 1)
    expect(decodeMessage(Noticed, bytes.subarray(1, 11)).pid).toBe(9)
  })
})

describe('a union', () => {
  it('reads its bytes through every arm', () => {
    const union = AddressUnion.ip4('10.0.0.1')
    expect(union.ip4).toBe('10.0.0.1')
    expect(union.ip6).toBe('a00:1::')
    expect(union.bytes).toEqual(Uint8Array.of(10, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
  })

  it('is written through an arm, the rest becoming zero', () => {
    const union = AddressUnion.ip6('ffff:ffff::1')
    union.ip4 = '1.2.3.4'
    expect(union.ip6).toBe('102:304::')
    expect(() => (union.ip4 = 'nonsense')).toThrow(
      'address_union: ip4: expected an IPv4 address like \'10.0.0.1\', received "nonsense"',
    )
    expect(union.ip4).toBe('1.2.3.4')
  })

  it('gives copies', () => {
    const union = new Outer({ wide: { x: 7 } })
    const { wide } = union
    wide.x = 8
    expect(union.wide.x).toBe(7)
    union.wide = wide
    expect(union.wide).toEqual(new Wide({ x: 8 }))
    union.bytes.fill(9)
    expect(union.wide.x).toBe(8)
  })

  it('is all zero without an arm', () => {
    expect(new Outer().bytes).toEqual(new Uint8Array(9))
  })

  it('is equal to another with the same bytes, and to no other', () => {
    expect(AddressUnion.ip4('1.2.3.4')).toStrictEqual(AddressUnion.ip6('102:304::'))
    expect(AddressUnion.ip4('1.2.3.4')).not.toEqual(AddressUnion.ip4('1.2.3.5'))
  })

  it('takes bytes of exactly its size', () => {
    expect(Inner.fromBytes(Uint8Array.of(9, 8, 7, 6)).pair).toEqual(new Pair({ a: 0x0908, c: 0x0706 }))
    expect(() => Inner.fromBytes(new Uint8Array(3))).toThrow('inner: expected 4 bytes, received 3 bytes')
    expect(() => Outer.fromBytes(new Uint8Array(12))).toThrow('outer: expected 9 bytes, received 12 bytes')
  })

  it('fills in the discriminator of the arm that it was made from or set through', () => {
    expect(new Tagged({ value: { colors: ['RED', 5] } }).kind).toBe(6)
    expect(new Tagged({ kind: 1, value: { colors: [1, 2] } }).kind).toBe(1)
    const outer = new Outer({ wide: {} })
    outer.mac = '00:00:00:00:00:01'
    expect(new Tagged({ value: outer }).kind).toBe(5)
    expect(new Tagged({ value: { key: new Uint8Array(4) } }).kind).toBe(0)
    expect(new Tagged({ value: Outer.fromBytes(new Uint8Array(9)) }).kind).toBe(0)
  })
})

describe('the types', () => {
  it('offer what the codec takes', () => {
    expectTypeOf<{ color: 'RED'; bits: ['A', 1]; bitsList: [1, ['B', 7]] }>().toExtend<Init<Enums>>()
    expectTypeOf<{ ip4: Uint8Array; time: Date; index: -1; prefix: '::/0' }>().toExtend<Init<Forms>>()
    expectTypeOf<{ outer: { mac: string }; address: '10.0.0.1'; tagged: { kind: 'RED' } }>().toExtend<
      Init<Unions>
    >()
    expectTypeOf<{ address: AddressUnion }>().toExtend<Init<Unions>>()
    expectTypeOf<Unions>().toExtend<Init<Unions>>()
  })

  it('refuse what the codec refuses', () => {
    expectTypeOf<{ color: 'PINK' }>().not.toExtend<Init<Enums>>()
    expectTypeOf<{ color: ['RED'] }>().not.toExtend<Init<Enums>>()
    expectTypeOf<{ bits: ['Z'] }>().not.toExtend<Init<Enums>>()
    expectTypeOf<{ u64: number }>().not.toExtend<Init<Numbers>>()
    expectTypeOf<{ prefix: Uint8Array }>().not.toExtend<Init<Forms>>()
    expectTypeOf<{ outer: { fax: 1 } }>().not.toExtend<Init<Unions>>()
    expectTypeOf<{ outer: {} }>().not.toExtend<Init<Unions>>()
    expectTypeOf<{ outer: '00:00:00:00:00:01' }>().not.toExtend<Init<Unions>>()
    expectTypeOf<{ address: 5 }>().not.toExtend<Init<Unions>>()
    expectTypeOf<{ tagged: { nope: 1 } }>().not.toExtend<Init<Unions>>()
    expectTypeOf<{ list: [{ tiny: 'x' }] }>().not.toExtend<Init<Unions>>()
    expectTypeOf<'toJSON'>().not.toExtend<Exclude<keyof Init<Numbers>, keyof Numbers>>()
  })

  it('give numbers and texts', () => {
    expectTypeOf(new Enums().color).toExtend<number>()
    expectTypeOf(new Forms().address).toExtend<string>()
    const color: Color = 77
    const bits: Bits = Bits.A | Bits.C
    expect([color, bits]).toEqual([77, 129])
  })
})
