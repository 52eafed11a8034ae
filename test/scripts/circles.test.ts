import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ROOT } from '../generator/compile.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vpp-ts-circles-'))
  write('package.json', JSON.stringify({ workspaces: ['one', 'packages/*'] }))
  write('one/package.json', JSON.stringify({ name: '@demo/one' }))
  write('scripts/empty.mjs', '')
  mkdirSync(join(folder, 'packages'))
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}

function check(): { status: number | null; text: string } {
  const script = join(ROOT, 'scripts/check-circles.mjs')
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, '--root', folder], {
    encoding: 'utf8',
  })
  return { status, text: stderr + stdout }
}

describe('a circle', () => {
  it.each([
    ['of values', "import { b } from './b.ts'\nexport const a = b", "export { a as b } from './a.ts'"],
    [
      'of types',
      "import type { B } from './b.ts'\nexport type A = B",
      "export type { A as B } from './a.ts'",
    ],
    ['of a type named in place', "export type A = import('./b.ts').B", "export * from './a.ts'"],
    [
      'of an import at run time',
      "export const a = () => import('./b.ts')",
      "import './a.js'\nexport type B = 1",
    ],
  ])('between files, %s, is told', (_what, a, b) => {
    write('one/src/a.ts', a)
    write('one/src/b.ts', b)
    expect(check()).toMatchObject({
      status: 1,
      text: expect.stringContaining('files of one: src/a.ts, src/b.ts') as string,
    })
  })

  it('between folders side by side is told, with the imports that make it, though no file is in a circle', () => {
    write('one/src/x/leaf.ts', 'export const leaf = 1')
    write('one/src/x/top.ts', "import '../y/deep/middle.ts'")
    write('one/src/y/deep/middle.ts', "import '../../x/leaf.ts'")
    const { status, text } = check()
    expect(status).toBe(1)
    expect(text).toContain('folders of one/src: x, y')
    expect(text).toContain('src/x/top.ts imports src/y/deep/middle.ts')
    expect(text).not.toContain('files of one')
  })

  it('between workspaces is told', () => {
    write('one/src/a.ts', "import '@demo/two/part'")
    write('packages/two/package.json', JSON.stringify({ name: '@demo/two' }))
    write('packages/two/src/b.ts', "import type {} from '@demo/one'")
    expect(check().text).toContain('workspaces of .: one, packages/two')
  })

  it('that is known passes; one that is gone must leave the list', () => {
    write('one/src/a.ts', "import './b.ts'")
    write('one/src/b.ts', "import './a.ts'")
    const circle = { between: 'files', in: 'one', members: ['src/a.ts', 'src/b.ts'] }
    write('scripts/circles/known.json', JSON.stringify([circle]))
    expect(check().status).toBe(0)
    write('one/src/b.ts', '')
    expect(check()).toMatchObject({
      status: 1,
      text: expect.stringContaining('no longer there, remove it from scripts/circles/known.json') as string,
    })
  })
})

it('imports without a circle pass: of tests, of a folder and what is below it', () => {
  write('one/src/a.ts', "import './below/b.ts'\nexport const a = 1")
  write('one/src/below/b.ts', "import '../c.ts'")
  write('one/src/c.ts', 'export const c = 1')
  write('one/src/below/b.test.ts', "import '../a.ts'")
  expect(check()).toMatchObject({ status: 0 })
})

it('an import of a file that is not there is an error', () => {
  write('one/src/a.ts', "import './gone.ts'")
  expect(check().text).toContain('imports ./gone.ts, which is not there')
})
