import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from '../generator/compile.ts'

const page = (name: string): string => readFileSync(join(ROOT, 'docs', name), 'utf8')

test('every error code of http is documented with its status, and no other', () => {
  const source = readFileSync(join(ROOT, 'http/src/errors.ts'), 'utf8')
  const codes = [...source.matchAll(/^ {2}(HTTP_[A-Z_]+): (\d+),/gm)].map(([, code, status]) => [
    code,
    status,
  ])
  expect(codes.length).toBeGreaterThan(10)
  const documented = [...page('errors.md').matchAll(/^\| `(HTTP_[A-Z_]+)` *\| (\d*)/gm)]
  // What serves hears of these; no response has them.
  const statusOf = (status: string | undefined) => (status === '' ? '500' : status)
  expect(documented.map(([, code, status]) => [code, statusOf(status)]).toSorted()).toEqual(codes.toSorted())
  for (const [code, status] of codes) expect(page('http.md'), `${code} ${status}`).toContain(`\`${code}\``)
})

test.each(
  [...page('http.md').matchAll(/^npx @vpp-ts\/binapi-generator (.*) --output-dir (\S+)$/gm)].map(
    ([, args, folder]) => [args, folder],
  ),
)('binapi-gen %s makes what the guide imports from %s', (args = '', folder = '') => {
  const target = mkdtempSync(join(tmpdir(), 'vpp-ts-guide-'))
  const program = join(ROOT, 'generator/bin/binapi-gen.js')
  const input = join(ROOT, 'api-json/26.06')
  const options = [...args.split(' '), '--input', input, '--output-dir', join(target, folder)]
  const { status, stderr } = spawnSync(process.execPath, [program, ...options], { encoding: 'utf8' })
  expect(status, stderr).toBe(0)
  const plugins = args.replace(/.*--gen /, '').split(',')
  for (const [, names = '', path = ''] of page('http.md').matchAll(
    /^import \{ (.*) \} from '\.\/(binapi\/.*)\.js'$/gm,
  )) {
    const file = join(target, 'src', `${path}.ts`)
    if (path.endsWith('/zod') && !plugins.includes('zod')) continue
    if (names.includes('routes') && !plugins.includes('http')) continue
    expect(existsSync(file), path).toBe(true)
    if (path.endsWith('/zod')) expect(readFileSync(file, 'utf8')).toContain(`export const ${names} `)
  }
  rmSync(target, { recursive: true })
})
