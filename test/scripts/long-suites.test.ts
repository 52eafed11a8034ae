import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { LONG_SUITES } from '../../scripts/long-suites.ts'
import { ROOT } from '../generator/compile.ts'

it('every long suite is there, once and in order', () => {
  expect(LONG_SUITES.filter((file) => !existsSync(join(ROOT, file)))).toEqual([])
  expect(LONG_SUITES).toEqual([...new Set(LONG_SUITES)].toSorted())
})
