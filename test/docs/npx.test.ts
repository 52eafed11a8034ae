import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ROOT } from '../generator/compile.ts'

/** Programs of a checkout, or of the program that a page is about: they are installed where the command is typed. */
const INSTALLED = ['vitest', 'tsc']
/** `npx NAME`, in a shell and as arguments of a process, with or without flags of npx before the name. */
const NPX = /\bnpx['"`]?,?(?:\s+['"]?-[-\w]+['"]?,?)*\s+['"]?(@?[a-z][\w./-]*)/g

/** Packages of this repository that npx can run: they have one program. */
function runnable(): string[] {
  const manifests = readdirSync(ROOT, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .flatMap((entry) => {
      try {
        return [readFileSync(join(ROOT, entry.name, 'package.json'), 'utf8')]
      } catch {
        return []
      }
    })
    .map((text) => JSON.parse(text) as { name: string; bin?: Record<string, string> })
  return manifests.filter(({ bin }) => Object.keys(bin ?? {}).length === 1).map(({ name }) => name)
}

function documents(): string[] {
  const args = [
    '-z',
    '--cached',
    '--others',
    '--exclude-standard',
    '*.md',
    '*.yml',
    '*.yaml',
    '*.ts',
    '*.js',
    '*.mjs',
  ]
  return execFileSync('git', ['ls-files', ...args], { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 26 })
    .split('\0')
    .filter((file) => file !== '' && !/^packages\/|^CHANGELOG|^test\/docs\/npx/.test(file))
}

// In an empty folder `npx NAME` asks the registry for NAME: one without our scope is a package that anyone can take.
it('every npx command names a package of ours that has a program', () => {
  const known = new Set([...runnable(), ...INSTALLED])
  const found = documents().flatMap((file) =>
    // A slash is escaped in the regular expressions of tests that read pages.
    [...readFileSync(join(ROOT, file), 'utf8').replaceAll('\\/', '/').matchAll(NPX)].map(([, name = '']) => ({
      file,
      name,
    })),
  )
  expect(found.length).toBeGreaterThan(20)
  expect(found.filter(({ name }) => !known.has(name))).toEqual([])
})
