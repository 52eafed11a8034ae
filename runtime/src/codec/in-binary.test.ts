import * as fc from 'fast-check'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { anyMessage } from '../testing/codec/arbitrary.ts'
import { Forms, Unions } from '../testing/codec/demo.ts'
import type { Init } from './classes.ts'
import { codecOf, type CodecEngine } from './codec.ts'
import { BinaryAddress } from './form/binary-address.ts'
import { BinaryMac } from './form/binary-mac.ts'
import { BinaryPrefix } from './form/binary-prefix.ts'
import { binaryClass, type InBinary, type TextClass } from './in-binary.ts'
import { decodeMessage, encodeMessage } from './message.ts'
import { ByteWriter } from './writer.ts'

const ENGINES: readonly CodecEngine[] = ['compiled', 'interpreted']

const TEXTS = {
  address: '2001:db8::1',
  ip4: '10.0.0.1',
  ip6: '2001:db8::2',
  prefix: '10.1.2.3/24',
  prefix4: '10.0.0.0/8',
  prefix6: '2001:db8::/32',
  mac: '02:fe:00:00:00:01',
}

const NUMBERS = {
  address: BinaryAddress.parse(TEXTS.address),
  ip4: BinaryAddress.parse(TEXTS.ip4),
  ip6: BinaryAddress.parse(TEXTS.ip6),
  prefix: BinaryPrefix.parse(TEXTS.prefix),
  prefix4: BinaryPrefix.parse(TEXTS.prefix4),
  prefix6: BinaryPrefix.parse(TEXTS.prefix6),
  mac: BinaryMac.parse(TEXTS.mac),
}

function encode(value: object, engine: CodecEngine): string {
  const writer = new ByteWriter(64)
  codecOf(Forms.descriptor, engine).encode(writer, value, 0, 0, 0)
  return writer.take().toString('hex')
}

describe('a request with addresses in binary form', () => {
  it.each(ENGINES)('has the same bytes (%s)', (engine) => {
    expect(encode(NUMBERS, engine)).toBe(encode(TEXTS, engine))
    expect(encode(new Forms(NUMBERS), engine)).toBe(encode(TEXTS, engine))
    expect(encode(new (binaryClass(Forms))(TEXTS), engine)).toBe(encode(TEXTS, engine))
  })

  it('becomes an instance with texts, as its type says', () => {
    expect({ ...new Forms(NUMBERS) }).toMatchObject(TEXTS)
  })

  it('stands for a union too', () => {
    const text = encodeMessage(Unions, new Unions({ address: '10.0.0.1' }))
    expect(encodeMessage(Unions, { address: BinaryAddress.parse('10.0.0.1') })).toEqual(text)
    expect(encodeMessage(Unions, new Unions({ address: BinaryAddress.parse('10.0.0.1') }))).toEqual(text)
  })

  it.each(ENGINES)('is refused where the family or the kind is another (%s)', (engine) => {
    const refused = (value: Record<string, unknown>): unknown => {
      try {
        return encode(value, engine)
      } catch (error) {
        return (error as Error).message
      }
    }
    expect(refused({ ip4: NUMBERS.ip6 })).toMatch(/forms: ip4.*an IPv4 address.*2001:db8::2/)
    expect(refused({ ip6: NUMBERS.ip4 })).toMatch(/forms: ip6.*an IPv6 address.*10\.0\.0\.1/)
    expect(refused({ prefix4: NUMBERS.prefix6 })).toMatch(/forms: prefix4/)
    expect(refused({ prefix6: NUMBERS.prefix4 })).toMatch(/forms: prefix6/)
    expect(refused({ prefix: NUMBERS.address })).toMatch(/forms: prefix/)
    expect(refused({ mac: NUMBERS.address })).toMatch(/forms: mac/)
  })
})

describe('a message that is read in binary form', () => {
  it('has objects where texts were', () => {
    const bytes = encodeMessage(Forms, TEXTS)
    const read = decodeMessage(binaryClass(Forms), bytes)
    expect(read).toMatchObject(NUMBERS)
    expect(read.prefix).toBeInstanceOf(BinaryPrefix)
    expect(read).toBeInstanceOf(Forms)
    expect(JSON.stringify(read)).toBe(JSON.stringify(decodeMessage(Forms, bytes)))
  })

  it('is the same by both engines, reads as text and gives the same bytes', () => {
    fc.assert(
      fc.property(anyMessage, ([type, value]) => {
        const writer = new ByteWriter(64)
        codecOf(type.descriptor).encode(writer, value, 1, 2, 3)
        const bytes = writer.take()
        const { descriptor } = binaryClass(type as never)
        const [first, second] = ENGINES.map((engine) =>
          codecOf(descriptor, engine).decode(bytes, 0, bytes.length),
        )
        expect(first).toStrictEqual(second)
        const text = codecOf(type.descriptor).decode(bytes, 0, bytes.length)
        expect(JSON.stringify(first)).toBe(JSON.stringify(text))
        for (const engine of ENGINES) {
          codecOf(type.descriptor, engine).encode(writer, first as object, 1, 2, 3)
          expect(writer.take()).toEqual(bytes)
        }
      }),
      { numRuns: 100 },
    )
  })
})

describe('the class for binary form', () => {
  it('is one for each class', () => {
    expect(binaryClass(Forms)).toBe(binaryClass(Forms))
    expect(binaryClass(binaryClass(Forms) as unknown as TextClass<Forms>)).toBe(binaryClass(Forms))
  })

  it('does not change what it is made from', () => {
    const instance = new Forms(TEXTS)
    const binary = new (binaryClass(Forms))(instance)
    expect({ ...instance }).toMatchObject(TEXTS)
    expect(binary.prefix.equals(NUMBERS.prefix)).toBe(true)
  })

  it('leaves what is not an address to the encoder, which names it', () => {
    const wrong = new (binaryClass(Forms))({ prefix: 'nonsense' })
    expect(() => encode(wrong, 'compiled')).toThrow(/forms: prefix/)
  })

  it('has types that say so', () => {
    expectTypeOf<InBinary<Forms>['prefix']>().toEqualTypeOf<BinaryPrefix>()
    expectTypeOf<InBinary<Forms>['mac']>().toEqualTypeOf<BinaryMac>()
    expectTypeOf<InBinary<Forms>>().toExtend<Init<Forms>>()
    expectTypeOf<{ prefix: BinaryAddress }>().not.toExtend<Init<Forms>>()
  })
})
