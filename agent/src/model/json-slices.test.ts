import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseJsonInTurns } from './json-slices.ts'

const LONG = 300_000

function ofText(text: string): unknown {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return 'refused'
  }
}

async function inTurns(text: string): Promise<unknown> {
  try {
    return { value: await parseJsonInTurns(Buffer.from(text)) }
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
    await parseJsonInTurns(Buffer.from(text))
    clearInterval(others)
    expect(turns).toBeGreaterThan(0)
  })
})
