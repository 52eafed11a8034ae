import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { JsonList, readJson } from './json-list.ts'

const LONG = 300_000

function ofText(text: string): unknown {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return 'refused'
  }
}

/** As a socket would give it. */
async function* inChunks(bytes: Buffer): AsyncGenerator<Buffer, void> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536)
}

async function inTurns(text: string): Promise<unknown> {
  try {
    const value = await readJson(inChunks(Buffer.from(text)))
    if (!(value instanceof JsonList)) return { value }
    const list = [...value]
    expect(value.length).toBe(list.length)
    return { value: list }
  } catch {
    return 'refused'
  }
}

describe('JSON in slices', () => {
  it('says what JSON.parse says, of long arrays too', async () => {
    const filler = JSON.stringify({ text: 'x]},{"\\'.repeat(1000) })
    const many = (parts: readonly string[]): string => {
      const some: string[] = []
      for (let length = 0; length < LONG; length += filler.length) some.push(filler)
      return `[${[...parts, ...some, ...parts].join(',')}]`
    }
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.json(), { maxLength: 5 }),
        fc.option(fc.tuple(fc.nat(), fc.constantFrom('', ',', '"', '}', ']', '[', '{', '\\', ' '))),
        async (parts, damage) => {
          const whole = many(parts)
          const at = (damage?.[0] ?? 0) % (whole.length + 1)
          const text = damage === null ? whole : `${whole.slice(0, at)}${damage[1]}${whole.slice(at + 1)}`
          expect(await inTurns(text)).toEqual(ofText(text))
        },
      ),
      { numRuns: 100 },
    )
  })

  it('lets others have their turn', async () => {
    const text = JSON.stringify(Array.from({ length: 200_000 }, (_, at) => ({ at, text: 'some text' })))
    let turns = 0
    const others = setInterval(() => turns++, 0)
    await readJson(inChunks(Buffer.from(text)))
    clearInterval(others)
    expect(turns).toBeGreaterThan(0)
  })
})
