import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Pages whose TypeScript is judged otherwise. */
const OTHERWISE: Readonly<Record<string, string>> = {
  'docs/decisions/0001-generated-code-contract.md':
    'shows pieces of generated code, which the tests of the generator compile',
  'docs/your-own-plugin.md': 'quotes its example, which test/plugin compiles and compares',
}

const pages = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((page) => page !== '' && OTHERWISE[page] === undefined)

test('the TypeScript of the guides compiles', () => {
  // Within the checkout, where the workspaces are found by name.
  const folder = mkdtempSync(join(root, 'test', 'docs', 'snippets-'))
  try {
    let count = 0
    for (const page of pages) {
      const blocks = [...readFileSync(join(root, page), 'utf8').matchAll(/```ts\n([^]*?)```/g)]
      count += blocks.length
      blocks.forEach(([, code], i) => {
        // A separate module, whatever the snippet imports.
        writeFileSync(join(folder, `${page.replaceAll('/', '-')}-${i}.ts`), `${code ?? ''}\nexport {}\n`)
      })
    }
    // One a package of bindings, and those of the guides.
    expect(count).toBeGreaterThan(150)
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
