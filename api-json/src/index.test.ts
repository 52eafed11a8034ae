import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { compareReleases, readRelease, releases } from './index.ts'

/** A number that JavaScript would round. */
const LONG = /(?<![\w".])-?\d{16,}/

describe('releases', () => {
  it('are listed oldest first, each with its definitions', () => {
    const names = releases()
    expect(names).toEqual(expect.arrayContaining(['24.10', '26.06']))
    expect(names).toEqual(names.toSorted(compareReleases))
    for (const name of names) {
      const files = readRelease(name)?.files ?? new Map<string, unknown>()
      expect(files.get('core/vpe.api.json')).toMatchObject({ messages: expect.any(Array) as unknown })
      expect(files.get('SOURCE.json')).toMatchObject({ modules: expect.any(Array) as unknown })
      expect([...files.keys()]).toEqual([...files.keys()].toSorted())
    }
  })

  it('lose nothing when they are parsed: no number is longer than JavaScript keeps', () => {
    for (const name of releases())
      for (const path of readRelease(name)?.files.keys() ?? [])
        expect(readFileSync(new URL(`../${name}/${path}`, import.meta.url), 'utf8')).not.toMatch(LONG)
  })

  it.each(['1.0', '../26.06', '', 'src', 'node_modules'])('has none called "%s"', (name) => {
    expect(readRelease(name)).toBeUndefined()
  })

  it('are ordered by year, month, point and candidate', () => {
    const right = ['24.10', '25.02-rc0', '25.02-rc10', '25.02', '25.02.1', '25.10', '26.02']
    expect(right.toReversed().sort(compareReleases)).toEqual(right)
  })
})
