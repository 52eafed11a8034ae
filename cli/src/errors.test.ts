import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

it('every code is documented', () => {
  const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
  const declared = read('./errors.ts').matchAll(/'(CLI_[A-Z_]+)'/g)
  const documented = read('../../docs/errors.md').matchAll(/^\| `(CLI_[A-Z_]+)`/gm)
  const codes = (matches: Iterable<RegExpExecArray>) =>
    [...new Set([...matches].map(([, code]) => code))].sort()
  expect(codes(documented)).toEqual(codes(declared))
})
