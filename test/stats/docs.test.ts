import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

test.each(['stats', 'linux'])('every error code of %s is documented, and no other', (workspace) => {
  const source = readFileSync(join(root, workspace, 'src', 'errors.ts'), 'utf8')
  const codes = [...source.matchAll(/^ {2}\| '([A-Z_]+)'/gm)].map(([, code]) => code)
  expect(codes.length).toBeGreaterThan(2)
  const page = readFileSync(join(root, 'docs', 'errors.md'), 'utf8')
  const documented = [...page.matchAll(new RegExp(`^\\| \`(${workspace.toUpperCase()}_[A-Z_]+)\``, 'gm'))]
  expect(documented.map(([, code]) => code).toSorted()).toEqual(codes.toSorted())
})
