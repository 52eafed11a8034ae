import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { ROOT } from './compile.ts'

const BIN = join(ROOT, 'generator/bin/binapi-gen.js')
const TEXT = readFileSync(join(ROOT, 'docs/upgrading.md'), 'utf8')

/** The first code block of a language that contains a text. */
function block(language: string, part: string): string {
  const blocks = [...TEXT.matchAll(/^```(\w*)\n(.*?)^```/gms)]
  return blocks.find(([, kind, code]) => kind === language && code?.includes(part) === true)?.[2] ?? ''
}

/** The program of the document, as its author would have it. */
function program(): string {
  const folder = mkdtempSync(join(tmpdir(), 'upgrading-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'src'))
  writeFileSync(join(folder, 'src/edge.ts'), block('typescript', 'AfXdpCreateV2'))
  writeFileSync(join(folder, '.prettierrc'), '{ "semi": false, "singleQuote": true, "printWidth": 110 }')
  const modules = ['af-xdp', 'avf', 'http-static', 'ikev2', 'ip']
  const dependencies = Object.fromEntries(modules.map((name) => [`@vpp-ts/binapi-${name}`, '~24.10.0']))
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'edge', dependencies }, null, 2))
  return folder
}

function migrate(folder: string, ...flags: readonly string[]): { stdout: string; stderr: string } {
  const places = ['--from', join(ROOT, 'api-json/24.10'), '--to', join(ROOT, 'api-json/26.06')]
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [BIN, 'migrate', ...places, 'src', ...flags],
    {
      cwd: folder,
      encoding: 'utf8',
    },
  )
  expect([status, stderr]).toEqual([0, flags.includes('--dry-run') ? stderr : ''])
  return { stdout, stderr }
}

it('docs/upgrading.md shows what migrate does with its program', () => {
  const folder = program()
  const diff = block('diff', 'edge.ts')
  expect(diff).not.toBe('')
  // The document has no spaces at the ends of lines.
  expect(migrate(folder, '--dry-run').stdout.replaceAll(/^ $/gm, '').startsWith(diff)).toBe(true)
  const log = migrate(folder).stdout
  expect(log).toBe(block('', '24.10 → 25.02'))
  const added = diff.split('\n').filter((line) => /^\+(?!\+)/.test(line))
  const migrated = readFileSync(join(folder, 'src/edge.ts'), 'utf8').split('\n')
  for (const line of added) expect(migrated).toContain(line.slice(1))
  // A second run has nothing to do but to say so.
  expect(migrate(folder, '--dry-run').stdout).toBe('')
})

it.each(['agent/src', 'simulator/src'])(
  '%s needs nothing that migrate could do from release to release',
  // A whole program is checked twice.
  { timeout: 600_000 },
  (place) => {
    const args = ['migrate', '--from', '26.06', '--to', '26.06', place, '--dry-run', '--exit-code']
    const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], {
      cwd: ROOT,
      encoding: 'utf8',
    })
    expect([stdout, status]).toEqual(['', 0])
    expect(stderr).toContain('the program compiles as it did before')
  },
)
