import { expect, it } from 'vitest'
import { fuzz } from './vppapigen-fuzz.ts'

const source = process.env['VPP_SOURCE']
const SEED = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31)
/** 10,000 take minutes: `FUZZ_RUNS=10000`. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 300)

/** What the importer refuses on purpose though VPP's tool takes it: docs/importer.md says why. */
const STRICTER = /^IDL_/

it(
  `importer and VPP's own tool agree on ${RUNS} changed and made-up files (FUZZ_SEED=${SEED})`,
  { timeout: 60_000 + RUNS * 1000 },
  async () => {
    if (source === undefined) throw new Error('no source of VPP: set VPP_SOURCE to a checkout of it')
    const result = await fuzz(source, RUNS, SEED)
    console.info(result)
    expect(result.different).toEqual([])
    expect(result.crashed).toEqual([])
    expect([...result.laxer.keys()]).toEqual([])
    for (const reason of result.stricter.keys()) expect(reason).toMatch(STRICTER)
    expect(result.same).toBeGreaterThan(RUNS / 10)
  },
)
