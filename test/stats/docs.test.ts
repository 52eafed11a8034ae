import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

test.each(['docs/stats.md', 'stats/README.md', 'linux/README.md'])('the snippets of %s compile', (page) => {
  const blocks = [...readFileSync(join(root, page), 'utf8').matchAll(/```ts\n([^]*?)```/g)].map(
    ([, code]) => code ?? '',
  )
  expect(blocks.length).toBeGreaterThan(0)
  // Within the checkout, where the workspaces are found by name.
  const folder = mkdtempSync(join(root, 'test', 'stats', 'snippets-'))
  try {
    blocks.forEach((code, i) => writeFileSync(join(folder, `snippet-${i}.ts`), code))
    const config = {
      extends: '../../tsconfig.json',
      compilerOptions: { noUnusedLocals: false },
      include: ['*.ts'],
    }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
    execFileSync(join(root, 'node_modules', '.bin', 'tsc'), ['-p', folder, '--noEmit'], { encoding: 'utf8' })
  } catch (error) {
    throw new Error((error as { stdout: string }).stdout, { cause: error })
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test.each(['stats', 'linux'])('every error code of %s is documented, and no other', (workspace) => {
  const source = readFileSync(join(root, workspace, 'src', 'errors.ts'), 'utf8')
  const codes = [...source.matchAll(/^ {2}\| '([A-Z_]+)'/gm)].map(([, code]) => code)
  expect(codes.length).toBeGreaterThan(2)
  const page = readFileSync(join(root, 'docs', 'errors.md'), 'utf8')
  const documented = [...page.matchAll(new RegExp(`^\\| \`(${workspace.toUpperCase()}_[A-Z_]+)\``, 'gm'))]
  expect(documented.map(([, code]) => code).toSorted()).toEqual(codes.toSorted())
})
