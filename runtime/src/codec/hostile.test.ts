import { describe, expect, it } from 'vitest'
import { codecOf } from './codec.ts'
import { VppDecodeError } from './errors.ts'
import { WIRE_CASES } from '../testing/codec/cases.ts'
import type { TestMessage } from '../testing/codec/cases.ts'
import { Enums, Nested, Pairs, Texts } from '../testing/codec/demo.ts'

const TYPES = [...new Set(WIRE_CASES.map(({ type }) => type))]
const BUFFERS = 100_000
const TIME_BOX = 20_000

/** Xorshift: fast, and the same numbers in every run. */
function randomSource(seed: number): () => number {
  let state = seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
}

describe.each(['compiled', 'interpreted'] as const)('the %s codec', (engine) => {
  it(
    `gives a value or a typed error for ${BUFFERS} random buffers`,
    () => {
      const random = randomSource(0x2545f491)
      const bytes = Buffer.alloc(512)
      const codecs = TYPES.map(({ descriptor }) => codecOf(descriptor, engine))
      const started = performance.now()
      let [values, errors] = [0, 0]
      for (let round = 0; round < BUFFERS; round++) {
        const length = random() % bytes.length
        const sparse = round % 2 === 0
        for (let i = 0; i < length; i++) bytes[i] = sparse && random() % 4 !== 0 ? 0 : random()
        try {
          codecs[round % codecs.length]?.decode(bytes, 0, length)
          values++
        } catch (error) {
          if (!(error instanceof VppDecodeError)) throw error
          errors++
        }
      }
      expect(values).toBeGreaterThan(BUFFERS / 10)
      expect(errors).toBeGreaterThan(BUFFERS / 100)
      expect(performance.now() - started).toBeLessThan(TIME_BOX)
    },
    TIME_BOX * 2,
  )

  it.each<[string, TestMessage, string]>([
    ['bytes', Nested, `0102${'00'.repeat(13)}ffffffff0a`],
    ['text', Texts, `0102${'00'.repeat(9)}ffffffff61`],
    ['elements', Pairs, `010211223344ffff${'00'.repeat(17)}00000000`],
    ['elements of one byte', Enums, `0102${'00'.repeat(12)}ffffffff00`],
  ])('allocates nothing for a count that promises more %s than there are', (_name, { descriptor }, hex) => {
    const codec = codecOf(descriptor, engine)
    const bytes = Buffer.from(hex, 'hex')
    expect(() => codec.decode(bytes, 0, bytes.length)).toThrow(VppDecodeError)
    const before = process.memoryUsage()
    for (let i = 0; i < 200; i++) expect(() => codec.decode(bytes, 0, bytes.length)).toThrow(VppDecodeError)
    const after = process.memoryUsage()
    const grown = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers
    expect(grown).toBeLessThan(64 * 1024 * 1024)
  })
})
