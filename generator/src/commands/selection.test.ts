import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { main } from '../cli.ts'
import { apiJson, REPLY, REQUEST } from '../testing/api-json.ts'
import { tempFolder } from '../testing/folder.ts'

const moduleOf = (name: string) =>
  apiJson(name, {
    messages: [
      [`${name}_poke`, ...REQUEST],
      [`${name}_poke_reply`, ...REPLY],
    ],
    services: { [`${name}_poke`]: { reply: `${name}_poke_reply` } },
  })

/** A project of a user with definitions of three modules; the working directory until the test ends. */
function project(files: Readonly<Record<string, unknown>> = {}): string {
  const modules = ['alpha', 'beta', 'gamma'].map((name) => [`api/core/${name}.api.json`, moduleOf(name)])
  const folder = tempFolder({ 'package.json': { type: 'module' }, ...Object.fromEntries(modules), ...files })
  const before = process.cwd()
  process.chdir(folder)
  onTestFinished(() => process.chdir(before))
  return folder
}

async function run(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const out = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  const err = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  try {
    const code = await main(args)
    return { code, out: out.mock.calls.join(''), err: err.mock.calls.join('') }
  } finally {
    out.mockRestore()
    err.mockRestore()
  }
}

/** Modules that were generated. */
const generated = (folder: string) =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .toSorted()

it('init writes a configuration and scripts, with which neither generation nor check needs options', async () => {
  const folder = project({ 'package.json': { type: 'module', scripts: { bindings: 'mine' } } })
  expect(await run('init', 'alpha', 'gamma', '--input', 'api', '-o', 'made')).toMatchObject({
    code: 0,
    err: '',
  })
  const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { scripts: object }
  expect(scripts).toEqual({ bindings: 'mine', 'bindings:check': 'binapi-gen check' })
  expect((await run()).code).toBe(0)
  expect(generated(join(folder, 'made'))).toEqual(['alpha', 'gamma'])
  expect((await run('check')).code).toBe(0)
  const again = await run('init')
  expect(again.code).toBe(1)
  expect(again.err).toContain('there is a "binapi-gen.config.json" already')
})

it('@file names modules, a line each, with comments', async () => {
  const folder = project({ 'modules.txt': '# what we use\nalpha\n\n  beta # and this\n' })
  expect((await run('@modules.txt', '--input', 'api', '-o', 'made')).code).toBe(0)
  expect(generated(join(folder, 'made'))).toEqual(['alpha', 'beta'])
  const missing = await run('@none.txt', '--input', 'api')
  expect(missing.code).not.toBe(0)
  expect(missing.err).toContain('none.txt')
})

it('--for generates the modules that a program imports', async () => {
  const folder = project({
    'src/main.ts':
      "import { BetaClient } from '../made/beta/index.js'\nexport type { GammaPoke } from '@vpp-ts/binapi-gamma'\n",
    'empty/main.ts': 'export {}\n',
  })
  expect((await run('--for', 'src', '--input', 'api', '-o', 'made')).code).toBe(0)
  expect(generated(join(folder, 'made'))).toEqual(['beta', 'gamma'])
  const empty = await run('--for', 'empty', '--input', 'api')
  expect(empty).toMatchObject({ code: 2 })
  expect(empty.err).toContain('imports no bindings')
})

it('--plugin takes the name of a package that the project has installed', async () => {
  const folder = project({
    'node_modules/@acme/names/package.json': { name: '@acme/names', type: 'module', exports: './index.js' },
    'node_modules/@acme/names/index.js':
      "export const plugin = { name: 'names', all: (context) => context.file('names.ts', 'export const made = true\\n') }\n",
  })
  const { code, err } = await run('alpha', '--input', 'api', '-o', 'made', '--plugin', '@acme/names')
  expect([code, err]).toEqual([0, ''])
  expect(existsSync(join(folder, 'made/names.ts'))).toBe(true)
  const missing = await run('alpha', '--input', 'api', '--plugin', '@acme/none')
  expect(missing.code).not.toBe(0)
  expect(missing.err).toContain('cannot load plugin "@acme/none"')
})

it('a configuration with several outputs generates and checks each of them', async () => {
  const outputs = [
    { outputDir: 'one', modules: ['alpha'] },
    { outputDir: 'two', modules: ['beta', 'gamma'], comments: false, gen: 'none' },
  ]
  const folder = project({ 'binapi-gen.config.json': { input: 'api', outputs } })
  expect((await run()).code).toBe(0)
  expect(generated(join(folder, 'one'))).toEqual(['alpha'])
  expect(generated(join(folder, 'two'))).toEqual(['beta', 'gamma'])
  expect(existsSync(join(folder, 'one/alpha/client.ts'))).toBe(true)
  expect(existsSync(join(folder, 'two/beta/client.ts'))).toBe(false)
  expect((await run('check')).code).toBe(0)
  rmSync(join(folder, 'one/alpha/index.ts'))
  rmSync(join(folder, 'two/beta/index.ts'))
  const check = await run('check')
  expect(check.code).toBe(1)
  expect(check.err).toContain('alpha/index.ts')
  expect(check.err).toContain('beta/index.ts')
  for (const args of [['-o', 'x'], ['alpha']]) {
    const refused = await run(...args)
    expect(refused.code).toBe(2)
    expect(refused.err).toContain('"binapi-gen.config.json" has 2 outputs')
  }
})

it('one output that fails keeps no other from being made', async () => {
  const outputs = [{ outputDir: 'one', modules: ['none'] }, { outputDir: 'two' }]
  const folder = project({ 'binapi-gen.config.json': { input: 'api', outputs } })
  const { code, err } = await run()
  expect(code).toBe(2)
  expect(err).toContain('none')
  expect(generated(join(folder, 'two'))).toEqual(['alpha', 'beta', 'gamma'])
})
