import fc from 'fast-check'
import { describe, it } from 'vitest'
import { event } from './history-events.ts'
import { Stage } from './history.ts'

/** Histories of one run; `HISTORIES=20000` for a long one. */
const HISTORIES = Number(process.env['HISTORIES'] ?? 1000)
/** What they are made from; the same gives the same again. */
const SEED = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)
/** Histories at a time: much of one is waiting. */
const STAGES = 6

/** Plays histories, one after the other. @throws Error with the seed, and where the shortest one that fails stood */
async function play(seed: number, count: number): Promise<void> {
  await using stage = await Stage.make()
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 3, maxLength: 14 }), (events) => stage.play(events)),
    { numRuns: count, seed, endOnFailure: true },
  )
}

describe('whatever happens', () => {
  it(
    `${HISTORIES} histories of seed ${SEED} end as declared, and nothing of others has changed`,
    { timeout: 60_000 + HISTORIES * 5000 },
    async () => {
      const count = Math.ceil(HISTORIES / STAGES)
      await Promise.all(Array.from({ length: STAGES }, (_, at) => play(SEED + at, count)))
    },
  )
})
