import { describe, expect, it } from 'vitest'
import { codecOf } from './codec.ts'
import { VppDecodeError } from './errors.ts'
import type { TestMessage } from '../testing/codec/cases.ts'
import { WIRE_CASES } from '../testing/codec/cases.ts'
import {
  Bytes,
  Forms,
  Legacy,
  Nested,
  Noticed,
  Numbers,
  Pairs,
  Ping,
  Texts,
  Unions,
} from '../testing/codec/demo.ts'

/** Message, bytes, and what the error says: path, offset, bytes needed, bytes there. */
const SHORT: readonly [
  type: TestMessage,
  hex: string,
  path: string,
  offset: number,
  needed: number,
  there: number,
][] = [
  [Ping, '', '', 0, 10, 0],
  [Ping, '010280000001112233', '', 0, 10, 9],
  [Noticed, '0102', '', 0, 6, 2],
  [Noticed, '010280000001cafeba', 'pid', 6, 4, 3],
  [Numbers, '0102ff', 'i8', 3, 1, 0],
  [Numbers, '0102ffff11', 'u16', 4, 2, 1],
  [Texts, `0102${'61'.repeat(7)}`, 'name', 2, 8, 7],
  [Texts, `0102${'00'.repeat(9)}000000`, 'reply', 11, 4, 3],
  [Texts, `0102${'00'.repeat(9)}0000000561626364`, 'reply', 15, 5, 4],
  [Texts, `0102${'00'.repeat(9)}ffffffff`, 'reply', 15, 4294967295, 0],
  [Bytes, '01020000000003aabb', 'data', 7, 3, 2],
  [Pairs, `010211223344ffff${'00'.repeat(17)}`, 'pairs', 25, 262140, 0],
  [Pairs, `0102112233440001${'00'.repeat(17)}000102`, 'pairs', 25, 4, 3],
  [Pairs, `010211223344000100${'00'.repeat(8)}000000`, 'fixed', 17, 8, 3],
  [Legacy, '0102000000', 'a', 2, 4, 3],
  [Forms, `0102${'00'.repeat(25)}`, 'address', 22, 17, 5],
  [Nested, `0102${'00'.repeat(12)}0000000001`.slice(0, -2), 'profile.auth.dataLen', 15, 4, 3],
  [Nested, `0102${'00'.repeat(13)}000000020a`, 'profile.auth.data', 19, 2, 1],
  [Unions, `0102${'00'.repeat(30)}`, 'tagged.value', 29, 9, 3],
  [Unions, `0102${'00'.repeat(106)}02${'00'.repeat(7)}`, 'list', 109, 8, 7],
]

describe.each(['compiled', 'interpreted'] as const)('the %s codec', (engine) => {
  it.each(SHORT)('%o says what is missing in %s', ({ descriptor }, hex, path, offset, needed, available) => {
    const bytes = Buffer.from(`ee${hex}ee`, 'hex')
    let error: unknown
    try {
      codecOf(descriptor, engine).decode(bytes, 1, bytes.length - 1)
    } catch (caught) {
      error = caught
    }
    expect(error).toBeInstanceOf(VppDecodeError)
    const facts = { messageName: descriptor.name, path, offset, needed, available }
    expect(error).toMatchObject({ name: 'VppDecodeError', code: 'VPP_DECODE', ...facts })
    const where = path === '' ? descriptor.name : `${descriptor.name}: ${path}`
    expect((error as Error).message).toBe(
      `${where}: needs ${needed} bytes at offset ${offset}, ${available} available`,
    )
  })

  it.each(WIRE_CASES)('refuses $name at every length that is too short', ({ type, hex }) => {
    const codec = codecOf(type.descriptor, engine)
    const bytes = Buffer.from(hex, 'hex')
    const whole = codec.decode(bytes, 0, bytes.length)
    for (let end = 0; end < bytes.length; end++) {
      if (end < codec.minimumSize) expect(() => codec.decode(bytes, 0, end)).toThrow(VppDecodeError)
      else if (type.descriptor.fields.at(-1)?.[3] !== '*') {
        const cut = attempt(() => codec.decode(bytes, 0, end))
        if (cut.error === undefined) expect(cut.value).toEqual(whole)
        else expect(cut.error).toBeInstanceOf(VppDecodeError)
      }
    }
  })

  it('looks at no byte outside the range', () => {
    const bytes = Buffer.from('010280000001cafebabe', 'hex')
    for (const [start, end] of [
      [0, 9],
      [-1, 10],
      [10, 5],
      [100, 200],
      [NaN, 10],
      [0, NaN],
    ] as const) {
      expect(() => codecOf(Noticed.descriptor, engine).decode(bytes, start, end)).toThrow(VppDecodeError)
    }
  })
})

function attempt(run: () => unknown): { value?: unknown; error?: unknown } {
  try {
    return { value: run() }
  } catch (error) {
    return { error }
  }
}
