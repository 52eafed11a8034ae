import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

const PAGES = [
  'README.md',
  'agent/README.md',
  'config/README.md',
  'docs/concepts.md',
  'docs/agent.md',
  'docs/diagnostics.md',
  'docs/dynamic.md',
  'docs/getting-started.md',
  'docs/http.md',
  'docs/memif.md',
  'docs/migrating-from-govpp.md',
  'docs/migrating-from-vpp-papi.md',
  'docs/schema-tools.md',
  'docs/stats.md',
  'http/README.md',
  'linux/README.md',
  'memif/README.md',
  'runtime/README.md',
  'stats/README.md',
]

test('the TypeScript of the guides compiles', () => {
  // Within the checkout, where the workspaces are found by name.
  const folder = mkdtempSync(join(root, 'test', 'docs', 'snippets-'))
  try {
    for (const page of PAGES) {
      const blocks = [...readFileSync(join(root, page), 'utf8').matchAll(/```ts\n([^]*?)```/g)]
      expect(blocks.length, page).toBeGreaterThan(0)
      blocks.forEach(([, code], i) => {
        // A module of its own, whatever the snippet imports.
        writeFileSync(join(folder, `${page.replaceAll('/', '-')}-${i}.ts`), `${code ?? ''}\nexport {}\n`)
      })
    }
    const config = {
      extends: '../../tsconfig.json',
      compilerOptions: { noUnusedLocals: false },
      include: ['*.ts'],
    }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
    execFileSync(join(root, 'node_modules', '.bin', 'tsc'), ['-p', folder, '--noEmit'], { encoding: 'utf8' })
  } catch (error) {
    throw new Error((error as { stdout?: string }).stdout ?? 'tsc did not run', { cause: error })
  } finally {
    rmSync(folder, { recursive: true })
  }
})
