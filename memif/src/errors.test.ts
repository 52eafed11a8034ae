import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { MEMIF_ERROR_CODES, MemifError } from './index.ts'

test('codes are documented, each once, and no others are', () => {
  const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8')
  const [, section = ''] = /\n## `@vpp-ts\/memif`\n([^]*?)(?=\n## |$)/.exec(page) ?? []
  const documented = [...section.matchAll(/^\| `(MEMIF_\w+)`/gm)].map(([, code = '']) => code)
  expect(documented.toSorted()).toEqual(MEMIF_ERROR_CODES.toSorted())
})

test('an error is known by its brand, not by its class', () => {
  const error = new MemifError('MEMIF_CLOSED', 'text', { reason: 'told', cause: 1 })
  expect(error).toMatchObject({ name: 'MemifError', code: 'MEMIF_CLOSED', reason: 'told', cause: 1 })
  expect(MemifError.is(error)).toBe(true)
  const copy = Object.assign(new Error('text'), { [Symbol.for('@vpp-ts/memif/error')]: true })
  expect(MemifError.is(copy)).toBe(true)
  expect(MemifError.is(new Error('text'))).toBe(false)
})
