import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codecOf } from './codec.ts'
import type { CodecEngine } from './codec.ts'
import { VppDecodeError, VppEncodeError } from './errors.ts'
import type { JsonValue } from './json.ts'
import { layoutOfFields } from './layout.ts'
import { HEADER_SIZE } from './header.ts'
import { anyMessage } from '../testing/codec/arbitrary.ts'
import type { TestMessage } from '../testing/codec/cases.ts'
import { ByteWriter } from './writer.ts'

const ENGINES: readonly CodecEngine[] = ['compiled', 'interpreted']

function encode({ descriptor }: TestMessage, engine: CodecEngine, value: object): Buffer {
  const writer = new ByteWriter(64)
  codecOf(descriptor, engine).encode(writer, value, 1, 2, 3)
  return writer.take()
}

function decode({ descriptor }: TestMessage, engine: CodecEngine, bytes: Buffer): unknown {
  return codecOf(descriptor, engine).decode(bytes, 0, bytes.length)
}

/** What came of it: a value, or the text of a typed error. Anything else is a crash. */
function outcome(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    if (error instanceof VppEncodeError || error instanceof VppDecodeError) return error.message
    throw error
  }
}

describe('for any message, both engines', () => {
  it('agree on its size', () => {
    fc.assert(
      fc.property(anyMessage, ([type]) => {
        const { descriptor } = type
        const size = HEADER_SIZE[descriptor.header] + layoutOfFields(descriptor.fields).size
        for (const engine of ENGINES) {
          expect(encode(type, engine, {})).toHaveLength(size)
          // Elements that vary in size are checked one by one, also where their number is fixed.
          expect(codecOf(descriptor, engine).minimumSize).toBeLessThanOrEqual(size)
        }
      }),
    )
  })

  it('write the same bytes, from a plain object and from an instance', () => {
    fc.assert(
      fc.property(anyMessage, ([type, value]) => {
        const bytes = encode(type, 'interpreted', value)
        expect(encode(type, 'compiled', value)).toEqual(bytes)
        const instance = new type(value as never)
        for (const engine of ENGINES) expect(encode(type, engine, instance)).toEqual(bytes)
      }),
      { numRuns: 300 },
    )
  })

  it('read back what was written', () => {
    fc.assert(
      fc.property(anyMessage, ([type, value]) => {
        const instance = new type(value as never)
        const bytes = encode(type, 'compiled', instance)
        const [first, second] = ENGINES.map((engine) => decode(type, engine, bytes))
        expect(first).toStrictEqual(second)
        for (const engine of ENGINES) expect(encode(type, engine, first as object)).toEqual(bytes)
      }),
      { numRuns: 300 },
    )
  })

  it('survive JSON', () => {
    fc.assert(
      fc.property(anyMessage, ([type, value]) => {
        const bytes = encode(type, 'compiled', value)
        const message = decode(type, 'compiled', bytes)
        const json = JSON.parse(JSON.stringify(message)) as JsonValue
        const again = (type as unknown as { fromJSON(json: JsonValue): object }).fromJSON(json)
        expect(again).toStrictEqual(message)
      }),
      { numRuns: 300 },
    )
  })

  it('give a value or a typed error for every beginning of it, the same one', () => {
    fc.assert(
      fc.property(anyMessage, ([type, value]) => {
        const bytes = encode(type, 'compiled', value)
        for (let end = 0; end < bytes.length; end++) {
          const cut = bytes.subarray(0, end)
          const [first, second] = ENGINES.map((engine) => outcome(() => decode(type, engine, cut)))
          expect(first).toStrictEqual(second)
          if (end < codecOf(type.descriptor).minimumSize) expect(first).toBeTypeOf('string')
        }
      }),
      { numRuns: 60 },
    )
  })

  it('give a value or a typed error for random bytes, the same one', () => {
    fc.assert(
      fc.property(
        anyMessage,
        fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }),
        ([type], contents) => {
          for (const content of contents) {
            const [first, second] = ENGINES.map((engine) =>
              outcome(() => decode(type, engine, Buffer.from(content))),
            )
            expect(first).toStrictEqual(second)
            if (typeof first !== 'object') continue
            const [one, other] = ENGINES.map((engine) => outcome(() => encode(type, engine, first as object)))
            expect(one).toEqual(other)
          }
        },
      ),
      { numRuns: 200 },
    )
  })

  it('refuse the same nonsense with the same words, and write nothing', () => {
    const nonsense = fc.oneof(
      fc.constantFrom<unknown>(
        null,
        NaN,
        -1,
        1.5,
        2 ** 53,
        10n ** 30n,
        '',
        'x',
        true,
        [],
        {},
        new Uint8Array(3),
      ),
      fc.anything({ withBigInt: true, withTypedArray: true, withSparseArray: true, withNullPrototype: true }),
    )
    fc.assert(
      fc.property(anyMessage, fc.nat(20), nonsense, ([type, value], index, bad) => {
        const properties = type.descriptor.fields.map(([, property]) => property)
        const target = properties[index % Math.max(1, properties.length)] ?? 'unknown'
        const spoilt = { ...value, [target]: bad }
        const [first, second] = ENGINES.map((engine) => outcome(() => encode(type, engine, spoilt)))
        expect(first).toEqual(second)
        const instance = Object.assign(new type(value as never), { [target]: bad })
        const [one, other] = ENGINES.map((engine) => outcome(() => encode(type, engine, instance)))
        expect(one).toEqual(other)
      }),
      { numRuns: 1000 },
    )
  })
})
