import { describe, expect, expectTypeOf, it } from 'vitest'
import { Message } from './classes.ts'
import { codecOf } from './codec.ts'
import { defineMessage } from './define.ts'
import type { Base64Key, HexKey, Init } from './classes.ts'
import { ByteWriter } from './writer.ts'

/** As wireguard has its keys. */
class Interface extends Message<Interface> {
  declare privateKey: Base64Key
  declare publicKey: Base64Key
  static readonly descriptor = defineMessage<Interface>(Interface, 'interface', '00000000', 'none', [
    ['private_key', 'privateKey', 'u8', 32],
    ['public_key', 'publicKey', 'u8', 32],
  ])
}

/** As IPsec has them; and bytes that are no key. */
class Key extends Message<Key> {
  declare length: number
  declare data: HexKey
  declare other: Uint8Array
  static readonly descriptor = defineMessage<Key>(Key, 'key', '00000000', 'none', [
    ['length', 'length', 'u8'],
    ['data', 'data', 'u8', 8],
    ['other', 'other', 'u8', 2],
  ])
}

const bytes = Uint8Array.from({ length: 32 }, (_, index) => 255 - index)
const base64 = Buffer.from(bytes).toString('base64')

describe.each(['compiled', 'interpreted'] as const)('keys as text: %s', (engine) => {
  const encode = (type: typeof Interface | typeof Key, value: object) => {
    const writer = new ByteWriter()
    codecOf<object>(type.descriptor as never, engine).encode(writer, value, 1, 0, 0)
    return writer.take().toString('hex', 2)
  }

  it('takes a key of wireguard as wg prints it', () => {
    const whole = encode(Interface, { publicKey: bytes })
    expect(encode(Interface, { publicKey: base64 })).toBe(whole)
    expect(encode(Interface, { publicKey: `0x${Buffer.from(bytes).toString('hex')}` })).toBe(whole)
    expect(encode(Interface, new Interface({ publicKey: base64 }))).toBe(whole)
    expect(new Interface({ publicKey: base64 }).publicKey).toEqual(bytes)
  })

  it.each([
    '',
    base64.slice(0, -1),
    `${base64.slice(0, -2)}/=`,
    `${base64.slice(4)}====`,
    base64.replace(/./, '*'),
    Buffer.from(bytes).toString('hex'),
    '0x00',
  ])('refuses %j in its place', (text) => {
    expect(() => encode(Interface, { publicKey: text })).toThrow(/interface: publicKey: expected/)
    expect(() => encode(Interface, Interface.fromJSON({ publicKey: text }))).toThrow(/publicKey: expected/)
  })

  it('keeps a private key that is refused out of the error', () => {
    expect(() => encode(Interface, { privateKey: base64.slice(1) })).toThrow(
      "interface: privateKey: expected a Uint8Array, or a key of 32 bytes as base64 like 'wg' prints it, received (hidden)",
    )
  })

  it('takes a key of IPsec as hex digits, and its length follows', () => {
    const whole = encode(Key, { length: 4, data: Uint8Array.of(0x4a, 0x50, 0x6a, 0xff) })
    expect(encode(Key, { data: '4a506aFF' })).toBe(whole)
    expect(encode(Key, { data: '0x4a506aff' })).toBe(whole)
    expect(encode(Key, { length: 4, data: '4a506aff' })).toBe(whole)
    expect(encode(Key, new Key({ data: '4a506aff' }))).toBe(whole)
    expect(encode(Key, Key.fromJSON({ data: '4a506aff' }))).toBe(whole)
    expect(encode(Key, { data: '' })).toBe(encode(Key, {}))
  })

  it('refuses hex digits that are none, half a byte, too many, or not as many as announced', () => {
    for (const data of ['4a5', 'xy', '4a 50'])
      expect(() => encode(Key, { data })).toThrow(
        "data: expected a Uint8Array, or hex digits like '4a506a79'",
      )
    expect(() => encode(Key, { data: '00'.repeat(9) })).toThrow('data: expected at most 8 elements')
    expect(() => encode(Key, { length: 3, data: '4a506aff' })).toThrow('data: expected 3 elements, as length')
  })

  it('leaves other bytes alone', () => {
    expect(() => encode(Key, { other: '0102' })).toThrow('other: expected a Uint8Array')
  })
})

describe('keys as text', () => {
  it('are base64 in JSON for wireguard, and 0x for others', () => {
    const json = new Interface({ publicKey: base64 }).toJSON()
    expect(json).toMatchObject({ publicKey: base64 })
    expect(Interface.fromJSON(json)).toEqual(new Interface({ publicKey: bytes }))
    expect(new Key({ data: '4a50' }).toJSON()).toMatchObject({ length: 2, data: '0x4a50' })
    const odd = Object.assign(new Interface(), { publicKey: new Uint8Array(2) })
    expect(odd.toJSON()).toMatchObject({ publicKey: '0x0000' })
  })

  it('are accepted by the types of requests, where other bytes are not', () => {
    expectTypeOf<{ publicKey: string; privateKey: Uint8Array }>().toExtend<Init<Interface>>()
    expectTypeOf<{ data: string }>().toExtend<Init<Key>>()
    expectTypeOf<{ other: string }>().not.toExtend<Init<Key>>()
  })
})
