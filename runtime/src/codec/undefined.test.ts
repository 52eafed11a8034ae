import * as fc from 'fast-check'
import { describe, expect, expectTypeOf, it } from 'vitest'
import type { UnaryMethod } from '../api/method.ts'
import { Message, Struct } from './classes.ts'
import { codecOf } from './codec.ts'
import { defineAlias, defineMessage, defineStruct } from './define.ts'
import { formatPath, VppEncodeError, type PathSegment } from './errors.ts'
import type { Init, RequestOf } from './classes.ts'
import { NONE } from './none.ts'
import { anyMessage } from '../testing/codec/arbitrary.ts'
import { AddressUnion, Forms, Numbers, Pairs, Unions, WithDefaults } from '../testing/codec/demo.ts'
import { ByteWriter } from './writer.ts'

const Index = defineAlias('interface_index', 'u32', undefined, 'interface-index')

class Path extends Struct<Path, 'swIfIndex'> {
  declare swIfIndex: number
  declare weight: number
  static readonly descriptor = defineStruct<Path>(Path, 'path', [
    ['sw_if_index', 'swIfIndex', Index],
    ['weight', 'weight', 'u8'],
  ])
}

class SetPath extends Message<SetPath, 'path'> {
  declare path: Path
  declare aclIndex: number
  declare more: Path[]
  static readonly descriptor = defineMessage<SetPath>(SetPath, 'set_path', '01234567', 'request', [
    ['path', 'path', Path],
    ['acl_index', 'aclIndex', 'u32'],
    ['more', 'more', Path, '*'],
  ])
}

function encode(type: { readonly descriptor: never }, value: object, engine: 'compiled' | 'interpreted') {
  const writer = new ByteWriter()
  codecOf(type.descriptor, engine).encode(writer, value, 0, 0, 0)
  return writer.take()
}

/** Where the plain objects of a value have something, those in lists too. */
function* placesOf(value: unknown, at: readonly PathSegment[] = []): Generator<readonly PathSegment[]> {
  if (typeof at.at(-1) === 'string') yield at
  if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* placesOf(item, [...at, index])
  else if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype)
    for (const [name, item] of Object.entries(value)) yield* placesOf(item, [...at, name])
}

/** The value with `undefined` at a place. */
function without(value: unknown, [first, ...rest]: readonly PathSegment[]): unknown {
  if (first === undefined) return undefined
  if (Array.isArray(value))
    return value.map((item: unknown, index) => (index === first ? without(item, rest) : item))
  const input = value as Readonly<Record<string, unknown>>
  return { ...input, [first]: without(input[first], rest) }
}

describe('undefined in a request', () => {
  it.each(['compiled', 'interpreted'] as const)('is refused at every place, with its path: %s', (engine) => {
    fc.assert(
      fc.property(anyMessage, fc.nat(), ([type, value], nth) => {
        const places = [...placesOf(value)]
        const place = places[nth % Math.max(places.length, 1)]
        if (place === undefined) return
        const refusal = expect.objectContaining({
          code: 'VPP_ENCODE',
          path: formatPath(place),
          received: undefined,
        })
        expect(() => encode(type as never, without(value, place) as object, engine)).toThrow(refusal as never)
      }),
      { numRuns: 500 },
    )
  })

  it.each(['compiled', 'interpreted'] as const)('is refused in an instance too: %s', (engine) => {
    const message = new WithDefaults({ nested: { index: 3 } })
    Object.assign(message.nested, { index: undefined })
    expect(() => encode(WithDefaults as never, message, engine)).toThrow('nested.index: expected a value')
  })

  it.each(['compiled', 'interpreted'] as const)('is refused where it is inherited: %s', (engine) => {
    const request = Object.create({ u32: undefined }) as object
    expect(() => encode(Numbers as never, request, engine)).toThrow('numbers: u32: expected a value')
  })

  it('is refused when a message is made, and says what to do', () => {
    expect(() => new WithDefaults({ isAdd: undefined } as never)).toThrow(
      new VppEncodeError({
        messageName: 'with_defaults',
        path: 'isAdd',
        expected: 'a value (leave the property out to get its default, or zero)',
        received: undefined,
      }),
    )
    expect(() => WithDefaults.fromJSON({ nested: { index: undefined } } as never)).toThrow('nested.index')
  })

  it('is refused for a count, which need not be given at all', () => {
    expect(() => new Pairs({ nPairs: undefined } as never)).toThrow('undefined')
  })

  it('does not compile', () => {
    // @ts-expect-error a property is left out, not undefined
    expect(() => new WithDefaults({ isAdd: undefined })).toThrow()
    expectTypeOf<undefined>().not.toExtend<Required<Exclude<Init<WithDefaults>, WithDefaults>>['isAdd']>()
  })
})

describe('an interface index', () => {
  const method: UnaryMethod<SetPath, SetPath> = { kind: 'unary', request: SetPath, reply: SetPath }
  const call = <Q extends object, R>(_method: UnaryMethod<Q, R>, request: RequestOf<Q>) => request

  it('must be said in a request, at every depth, and may be left out of a message that is being made', () => {
    call(method, { path: { swIfIndex: 1 }, more: [{ swIfIndex: NONE, weight: 1 }] })
    // @ts-expect-error without the struct that holds one
    call(method, {})
    // @ts-expect-error without the index
    call(method, { path: { weight: 1 } })
    // @ts-expect-error without it in one of several
    call(method, { path: { swIfIndex: 1 }, more: [{ weight: 1 }] })
    call(method, new SetPath({ path: { weight: 1 } }))
  })

  it.each(['compiled', 'interpreted'] as const)(
    'is none as NONE, and as -1, by type or by name: %s',
    (engine) => {
      const none = encode(SetPath as never, { path: { swIfIndex: NONE }, aclIndex: NONE }, engine)
      expect(none.toString('hex')).toContain('ffffffff00ffffffff')
      expect(encode(SetPath as never, { path: { swIfIndex: -1 }, aclIndex: ~0 }, engine)).toEqual(none)
      expect(
        encode(SetPath as never, new SetPath({ path: { swIfIndex: -1 }, aclIndex: -1 }), engine),
      ).toEqual(none)
      expect(encode(Forms as never, { index: -1 }, engine)).toEqual(
        encode(Forms as never, { index: NONE }, engine),
      )
    },
  )
})

describe('a union', () => {
  it.each(['compiled', 'interpreted'] as const)('has one arm: %s', (engine) => {
    const two = { ip4: '10.0.0.1', ip6: '::1' }
    // @ts-expect-error two arms
    expect(() => new AddressUnion(two)).toThrow('an object with exactly one of ip4, ip6')
    // @ts-expect-error two arms of a nested union
    const unions: Init<Unions> = { tagged: { value: { mac: '02:fe:00:00:00:01', key: new Uint8Array(4) } } }
    expect(() => encode(Unions as never, unions, engine)).toThrow('tagged.value: expected')
    expect(() => encode(Unions as never, { address: { ip4: '10.0.0.1', ip6: undefined } }, engine)).toThrow(
      'exactly one of',
    )
  })
})
