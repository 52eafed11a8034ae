import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { Message, Struct, Union } from './classes.ts'
import { defineMessage, defineStruct, defineUnion } from './define.ts'
import { VppEncodeError } from './errors.ts'
import { planBlock } from './make-plan.ts'
import { encodeMessage } from './message.ts'
import { withoutSecrets } from './without-secrets.ts'

class Key extends Struct<Key> {
  declare data: Uint8Array
  static readonly descriptor = defineStruct<Key>(Key, 'key', [
    ['length', 'length', 'u8'],
    ['data', 'data', 'u8', 4],
  ])
}

class Auth extends Union<Auth> {
  declare key: Key
  declare number: number
  static readonly descriptor = defineUnion<Auth>(Auth, 'auth', 5, [
    ['key', 'key', Key],
    ['number', 'number', 'u32'],
  ])
}

class Tunnel extends Message<Tunnel> {
  declare name: string
  declare privateKey: Uint8Array
  declare publicKey: Uint8Array
  declare secret: string
  declare cryptoKey: Key
  declare salt: number
  declare key: number
  declare keySet: boolean
  declare more: Key[]
  declare auth: Auth
  static readonly descriptor = defineMessage<Tunnel>(Tunnel, 'tunnel', '00000000', 'request', [
    ['name', 'name', 'string', 8],
    ['private_key', 'privateKey', 'u8', 4],
    ['public_key', 'publicKey', 'u8', 4],
    ['secret', 'secret', 'string', 8],
    ['crypto_key', 'cryptoKey', Key],
    ['salt', 'salt', 'u32'],
    ['key', 'key', 'u32'],
    ['preshared_key_set', 'keySet', 'bool'],
    ['more', 'more', Key, 1],
    ['auth', 'auth', Auth],
  ])
}

/** What is refused, and what of the value can be read in the error. */
function refusal(input: unknown): VppEncodeError {
  try {
    encodeMessage(Tunnel, Tunnel.fromJSON(input as never))
    throw new TypeError('nothing was refused')
  } catch (error) {
    if (error instanceof VppEncodeError) return error
    throw error
  }
}

describe('the value of a secret', () => {
  it.each([
    ['privateKey', { privateKey: 'yAnz5TF' }],
    ['cryptoKey', { cryptoKey: 'yAnz5TF' }],
    ['cryptoKey.data', { cryptoKey: { data: 'yAnz5TF' } }],
    ['more[0].data', { more: [{ data: 'yAnz5TF' }] }],
    ['auth.key.data', { auth: { key: { data: 'yAnz5TF' } } }],
    ['privatKey', { privatKey: 'yAnz5TF' }],
    ['cryptoKey.dat', { cryptoKey: { dat: 'yAnz5TF' } }],
  ])('is not in the error of %s, text, property or picture', (path, input) => {
    const error = refusal(input)
    expect(error).toMatchObject({ path, received: '(hidden)' })
    expect(error.message).toMatch(/received \(hidden\)$/)
    expect(inspect(error)).not.toContain('yAnz5TF')
  })

  it('is not in the error of an encoder either', () => {
    const secret = 'longer than eight'
    expect(() => encodeMessage(Tunnel, { secret })).toThrow('received (hidden)')
    expect(() => encodeMessage(Tunnel, { privateKey: Uint8Array.of(1, 2, 3) })).toThrow('received (hidden)')
  })

  it('stays seen where there is none', () => {
    expect(refusal({ publicKey: 'abc' }).message).toContain('"abc"')
    expect(refusal({ name: 5 }).message).toContain('received 5')
  })

  it('is hidden in a message that is shown, and nothing else is', () => {
    const message = new Tunnel({
      name: 'wg0',
      privateKey: Uint8Array.of(1, 2, 3, 4),
      publicKey: Uint8Array.of(5, 6, 7, 8),
      secret: 'hush',
      cryptoKey: { data: Uint8Array.of(9, 9, 9, 9) },
      salt: 77,
      key: 88,
      keySet: true,
      auth: { key: { data: Uint8Array.of(7, 7, 7, 7) } },
    })
    expect(withoutSecrets(planBlock(Tunnel.descriptor), message)).toEqual({
      name: 'wg0',
      privateKey: '(hidden)',
      publicKey: '0x05060708',
      secret: '(hidden)',
      cryptoKey: '(hidden)',
      salt: '(hidden)',
      key: 88,
      keySet: true,
      more: [{ length: 0, data: '(hidden)' }],
      auth: { key: { length: 4, data: '(hidden)' } },
    })
  })
})
