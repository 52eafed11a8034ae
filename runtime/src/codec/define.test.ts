import { describe, expect, it } from 'vitest'
import { VppError } from '../errors/vpp-error.ts'
import { Message, Struct, Union } from './classes.ts'
import { defineEnum } from './define-enum.ts'
import { defineAlias, defineForm, defineMessage, defineStruct, defineUnion } from './define.ts'
import type { ArmSpec, FieldSpec, TypeRef } from './descriptor.ts'
import { Auth, Color, Ip4, Mac, Outer, Pair } from '../testing/codec/demo.ts'

class M extends Message<M> {}
class S extends Struct<S> {}

const struct = (...fields: FieldSpec[]): unknown => defineStruct(S, 'thing', fields)

/** A fresh class each time: a union gives its class accessors. */
function union(size: number, ...arms: ArmSpec[]): unknown {
  class U extends Union<U> {}
  return defineUnion(U, 'thing', size, arms)
}

/** A struct in a struct in a struct. */
function nest(levels: number): void {
  let inner: TypeRef = 'u8'
  for (let level = 0; level < levels; level++) {
    inner = { descriptor: defineStruct(S, 'thing', [['x', 'x', inner]]) }
  }
}

const Endless = { descriptor: defineStruct(S, 'endless', [['rest', 'rest', 'u8', '*']]) }

describe('a definer refuses', () => {
  it.each<[string, () => unknown, string]>([
    [
      'a field twice',
      () => struct(['a', 'a', 'u8'], ['a', 'b', 'u8']),
      'struct thing, field a: is given twice',
    ],
    [
      'a property twice',
      () => struct(['a', 'x', 'u8'], ['b', 'x', 'u8']),
      'struct thing, field b: property x is given twice',
    ],
    [
      'a strange property',
      () => struct(['a', 'a b', 'u8']),
      "struct thing, field a: 'a b' is not a property name",
    ],
    [
      'a property that the class has',
      () => struct(['to_json', 'toJSON', 'u8']),
      "struct thing, field to_json: the class already has 'toJSON'; rename the property",
    ],
    [
      'a property that every object has',
      () => struct(['constructor', 'constructor', 'u8']),
      "struct thing, field constructor: the class already has 'constructor'",
    ],
    [
      '__proto__',
      () => struct(['p', '__proto__', 'u8']),
      "struct thing, field p: the class already has '__proto__'",
    ],
    [
      'a count that is not there',
      () => struct(['x', 'x', 'u8', 'n']),
      "struct thing, field x: its count field 'n' is not among the fields before it",
    ],
    [
      'a count that comes later',
      () => struct(['x', 'x', 'u8', 'n'], ['n', 'n', 'u8']),
      "struct thing, field x: its count field 'n' is not among the fields before it",
    ],
    [
      'a count of another type',
      () => struct(['n', 'n', 'f64'], ['x', 'x', 'u8', 'n']),
      "struct thing, field x: its count field 'n' must be an integer",
    ],
    [
      'a count that is an array',
      () => struct(['n', 'n', 'u8', 2], ['x', 'x', 'u8', 'n']),
      "struct thing, field x: its count field 'n' must be an integer",
    ],
    [
      'a variable array before the end',
      () => struct(['n', 'n', 'u8'], ['x', 'x', 'u8', 'n'], ['y', 'y', 'u8']),
      'struct thing, field x: varies in size and must be the last field',
    ],
    [
      'a variable string before the end',
      () => struct(['x', 'x', 'string', 0], ['y', 'y', 'u8']),
      'struct thing, field x: varies in size and must be the last field',
    ],
    [
      'a variable struct before the end',
      () => struct(['x', 'x', Auth], ['y', 'y', 'u8']),
      'struct thing, field x: varies in size and must be the last field',
    ],
    [
      'an array of structs that have no end',
      () => struct(['x', 'x', Endless, 2]),
      'struct thing, field x: its elements take the rest of the message each',
    ],
    [
      'a string without a size',
      () => struct(['x', 'x', 'string']),
      'field x: a string needs a size in bytes',
    ],
    [
      'a counted string',
      () => struct(['n', 'n', 'u8'], ['x', 'x', 'string', 'n']),
      'field x: a string needs a size in bytes',
    ],
    ['an array of length 0', () => struct(['x', 'x', 'u8', 0]), 'field x: only a string can have length 0'],
    ['a negative length', () => struct(['x', 'x', 'u8', -1]), 'field x: -1 is not a length'],
    ['half a length', () => struct(['x', 'x', 'u8', 1.5]), 'field x: 1.5 is not a length'],
    [
      'more than a message can hold',
      () => struct(['x', 'x', 'u64', 4_000_000]),
      'struct thing: has 32000000 bytes; the maximum is 1048576',
    ],
    [
      'more fields than a message can hold',
      () => struct(...Array.from({ length: 1025 }, (_, i) => [`a${i}`, `a${i}`, 'u8'] as const)),
      'struct thing: has 1025 fields; the maximum is 1024',
    ],
    [
      'types in types without end',
      () => nest(100),
      'struct thing: is nested 65 levels deep; the maximum is 64',
    ],
    [
      'a default of the wrong type',
      () => struct(['x', 'x', 'u64', undefined, { default: 1 }]),
      'field x: its default must be a bigint from 0n to 2n ** 64n - 1n, not number 1',
    ],
    [
      'a default that does not fit',
      () => struct(['x', 'x', 'u8', undefined, { default: 256 }]),
      'field x: its default must be an integer from 0 to 255, not number 256',
    ],
    [
      'a default of a struct',
      () => struct(['x', 'x', Pair, undefined, { default: 1 }]),
      'field x: only a single number, boolean or string can have a default',
    ],
    ['a strange limit', () => struct(['x', 'x', 'string', 8, { limit: 0 }]), 'field x: 0 is not a limit'],
    [
      'a discriminator that is not there',
      () => struct(['x', 'x', Outer, undefined, { discriminator: 'k' }]),
      "field x: its discriminator 'k' is not among the fields before it",
    ],
    [
      'a discriminator that is text',
      () => struct(['k', 'k', 'string', 4], ['x', 'x', Outer, undefined, { discriminator: 'k' }]),
      "field x: its discriminator 'k' is neither enum nor integer",
    ],
    [
      'a discriminator of a struct',
      () => struct(['k', 'k', Color], ['x', 'x', Pair, undefined, { discriminator: 'k' }]),
      'field x: only a union has a discriminator',
    ],
    [
      'a CRC with 0x',
      () => defineMessage(M, 'm', '0x12345678', 'none', []),
      'message m: the CRC must be 8 lowercase',
    ],
    [
      'a member that does not fit',
      () => defineEnum('e', 'u8', { A: 256 }),
      'enum e: A = 256 does not fit u8',
    ],
    ['a negative member', () => defineEnum('e', 'u32', { A: -1 }), 'enum e: A = -1 does not fit u32'],
    [
      'a member of a reserved name',
      () => defineEnum('e', 'u8', { descriptor: 1 }),
      'enum e: no member can be called',
    ],
    [
      'a union of another size',
      () => union(5, ['a', 'a', 'u32']),
      'union thing: its size is given as 5, but its widest',
    ],
    [
      'a union without arms',
      () => union(0),
      'union thing: its size is given as 0, but its widest arm has 0 bytes',
    ],
    [
      'an arm twice',
      () => union(1, ['a', 'a', 'u8'], ['b', 'a', 'u8']),
      'union thing, field b: property a is given',
    ],
    [
      'an arm called bytes',
      () => union(1, ['bytes', 'bytes', 'u8']),
      "union thing, field bytes: the class already has 'bytes'",
    ],
    [
      'a variable arm',
      () => union(5, ['a', 'a', Auth]),
      'union thing, field a: an arm must have a fixed size',
    ],
    [
      'a variable string as arm',
      () => union(4, ['a', 'a', 'string', 0]),
      'field a: an arm must have a fixed size',
    ],
    [
      'an alias of several structs that have no end',
      () => defineAlias('a', Endless, 2),
      'alias a, field (target): its elements take the rest of the message each',
    ],
    [
      'an alias of a variable string',
      () => defineAlias('a', 'string', 0),
      'alias a: a string needs a fixed size here',
    ],
    [
      'a MAC address of 8 bytes',
      () => defineAlias('mac', 'u8', 8, 'mac-address'),
      'alias mac: the form mac-address needs 6 bytes, this has 8',
    ],
    [
      'a timestamp of 8 bytes',
      () => defineAlias('t', 'u64', undefined, 'timestamp'),
      'alias t: the form timestamp needs',
    ],
    [
      'an address of other fields',
      () => defineForm('address', 'address', [['ip', 'ip', Ip4]]),
      'struct address: the form address needs 17 bytes, this has 4',
    ],
  ])('%s', (_name, define, text) => {
    expect(define).toThrow(VppError)
    expect(define).toThrow(text)
    expect(catchCode(define)).toBe('VPP_DESCRIPTOR')
  })
})

function catchCode(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    return (error as VppError).code
  }
}

describe('a definer accepts', () => {
  it('aliases of aliases and of enums', () => {
    const again = defineAlias('again', defineAlias('once', Color))
    expect(again.descriptor.kind).toBe('alias')
    expect(() => struct(['m', 'm', defineAlias('mac2', Mac, undefined, 'mac-address'), 3])).not.toThrow()
    const seconds = defineAlias('seconds', 'f64')
    expect(() => defineAlias('t', seconds, undefined, 'timestamp')).not.toThrow()
  })

  it('a default beyond the members of an enum', () => {
    expect(() => struct(['x', 'x', Color, undefined, { default: 0xffff }])).not.toThrow()
  })
})
