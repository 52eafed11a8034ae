import { describe, expect, it } from 'vitest'
import { Message, Struct } from './classes.ts'
import { codecOf } from './codec.ts'
import { defineMessage, defineStruct } from './define.ts'
import { ByteWriter } from './writer.ts'

class Label extends Struct<Label> {
  declare label: number
  declare ttl: number
  static readonly descriptor = defineStruct<Label>(Label, 'fib_mpls_label', [
    ['label', 'label', 'u32'],
    ['ttl', 'ttl', 'u8'],
  ])
}

/** As a path of a route has it: a fixed array, and how many of its elements mean something. */
class Path extends Message<Path> {
  declare nLabels: number
  declare labelStack: Label[]
  declare mtu: number[]
  static readonly descriptor = defineMessage<Path>(Path, 'path', '00000000', 'none', [
    ['n_labels', 'nLabels', 'u8'],
    ['label_stack', 'labelStack', Label, 4],
    ['mtu', 'mtu', 'u32', 2],
  ])
}

/** As IPsec has its keys. */
class Key extends Message<Key> {
  declare length: number
  declare data: Uint8Array
  static readonly descriptor = defineMessage<Key>(Key, 'key', '00000000', 'none', [
    ['length', 'length', 'u8'],
    ['data', 'data', 'u8', 8],
  ])
}

const label = (value: number) => ({ label: value, ttl: 64 })
const zero = { label: 0, ttl: 0 }

describe.each(['compiled', 'interpreted'] as const)('a fixed array with a length beside it: %s', (engine) => {
  const codec = codecOf(Path.descriptor, engine)
  const encode = (value: object) => {
    const writer = new ByteWriter()
    codec.encode(writer, value, 1, 0, 0)
    return writer.take()
  }

  const decode = (bytes: Buffer) => codec.decode(bytes, 0, bytes.length)

  it('takes the elements that mean something, and the length follows', () => {
    const whole = encode({ nLabels: 2, labelStack: [label(16), label(17), zero, zero] })
    expect(encode({ labelStack: [label(16), label(17)] })).toEqual(whole)
    expect(encode({ nLabels: 2, labelStack: [label(16), label(17)] })).toEqual(whole)
    expect(encode(new Path({ labelStack: [label(16), label(17)] }))).toEqual(whole)
    expect(encode(Path.fromJSON({ labelStack: [label(16), label(17)] }))).toEqual(whole)
    expect(encode({ labelStack: [] })).toEqual(encode({}))
    expect(new Path({ labelStack: [label(16)] })).toMatchObject({ nLabels: 1, labelStack: [label(16)] })
    expect(new Path()).toMatchObject({ nLabels: 0, labelStack: [] })
    expect(new Path({ nLabels: 2 })).toMatchObject({ nLabels: 2, labelStack: [zero, zero] })
  })

  it('counts all elements where all are given and nothing is said', () => {
    const all = [16, 17, 18, 19].map(label)
    expect(decode(encode({ labelStack: all }))).toMatchObject({ nLabels: 4, labelStack: all })
  })

  it('is read up to its length, and never beyond its own', () => {
    const all = [16, 17, 18, 19].map(label)
    const path = decode(encode({ labelStack: all, nLabels: 1 }))
    expect(path).toMatchObject({ nLabels: 1, labelStack: [label(16)] })
    expect(path.labelStack).toHaveLength(1)
    expect(encode(path)).toEqual(encode({ labelStack: [label(16)] }))
    expect(Path.fromJSON(path.toJSON())).toEqual(path)
    const bytes = encode({ labelStack: all })
    bytes[2] = 200
    expect(decode(bytes)).toMatchObject({ nLabels: 200, labelStack: all })
    expect(encode(decode(bytes))).toEqual(bytes)
  })

  it('refuses more than there is room for, and fewer than are announced: a label of zero is one', () => {
    expect(() => encode({ labelStack: [1, 2, 3, 4, 5].map(label) })).toThrow(
      'labelStack: expected at most 4 elements',
    )
    expect(() => encode({ nLabels: 3, labelStack: [label(16)] })).toThrow(
      'path: labelStack: expected 3 elements, as nLabels says (this has 1)',
    )
    expect(() => encode({ nLabels: 1, labelStack: [label(16), label(17)] })).toThrow('as nLabels says')
    expect(() => encode({ nLabels: 5, labelStack: [1, 2, 3, 4, 5].map(label) })).toThrow('at most 4 elements')
    const path = new Path()
    path.labelStack = [new Label(label(16))]
    expect(() => encode(path)).toThrow('labelStack: expected 0 elements, as nLabels says (this has 1)')
    expect(() => new Path({ nLabels: 3, labelStack: [label(16)] })).toThrow('as nLabels says')
  })

  it('may be bytes: the length of a key follows from its data', () => {
    const key = codecOf(Key.descriptor, engine)
    const bytesOf = (value: object) => {
      const writer = new ByteWriter()
      key.encode(writer, value, 1, 0, 0)
      return writer.take().toString('hex')
    }
    const data = Uint8Array.of(1, 2, 3)
    expect(bytesOf({ data })).toBe('0001030102030000000000')
    expect(bytesOf(new Key({ data }))).toBe('0001030102030000000000')
    expect(bytesOf(Key.fromJSON({ data: '0x010203' }))).toBe('0001030102030000000000')
    expect(key.decode(Buffer.from('0001020102030000000000', 'hex'), 0, 11)).toMatchObject({
      length: 2,
      data: Uint8Array.of(1, 2),
    })
    expect(() => bytesOf({ length: 2, data })).toThrow('as length says')
    expect(() => bytesOf({ length: 4, data })).toThrow(
      'data: expected 4 elements, as length says (this has 3), received (hidden)',
    )
  })

  it('is asked for whole where no length goes with it', () => {
    expect(() => encode({ mtu: [1500] })).toThrow('mtu: expected exactly 2 elements')
  })
})
