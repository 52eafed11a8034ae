import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT, compile, userProject, writeInto } from './compile.ts'

const BIN = join(ROOT, 'generator/bin/binapi-gen.js')
const PLUGIN = join(ROOT, 'docs/examples/generator-plugin/registry.js')
const document = (name: string) => readFileSync(join(ROOT, 'docs', name), 'utf8')

/** Code blocks of a language in a document. */
function blocks(text: string, language: string): string[] {
  return [...text.matchAll(/^```(\w*)\n(.*?)^```/gms)].flatMap(([, kind, code]) =>
    kind === language ? [code ?? ''] : [],
  )
}

/** A user's project with one program, and the definitions that come with the repository. */
function projectWith(program: string): string {
  const folder = userProject({
    'program.ts': `declare const console: { log(...values: unknown[]): void }\n${program}\nexport {}\n`,
  })
  symlinkSync(join(ROOT, 'generator'), join(folder, 'node_modules/@vpp-ts/binapi-generator'))
  return folder
}

function run(folder: string): string {
  const { stdout, stderr } = spawnSync(process.execPath, ['dist/program.js'], {
    cwd: folder,
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  return stdout
}

describe('docs/generator.md', () => {
  const text = document('generator.md')

  it('names every option, and none that is not there', () => {
    const options = (of: string) => new Set(of.match(/--[a-z][a-z-]+/g))
    const help = execFileSync(process.execPath, [BIN, '--help'], { encoding: 'utf8' })
    const table = text.slice(text.indexOf('## Options'), text.indexOf('## Names'))
    expect([...options(table)].toSorted()).toEqual([...options(help)].toSorted())
  })

  it('names every code of an error', () => {
    const source = readFileSync(join(ROOT, 'generator/src/errors.ts'), 'utf8')
    const codes = (of: string) => [...new Set(of.match(/`BINAPI_[A-Z]+`/g))].toSorted()
    expect(codes(text)).toEqual(codes(source))
    expect(codes(text)).toHaveLength(6)
  })

  it('has programs that compile and run', () => {
    const programs = blocks(text, 'ts')
    expect(programs).toHaveLength(1)
    const folder = projectWith(programs[0] ?? '')
    expect(compile(folder)).toBe('')
    const lines = run(folder).split('\n')
    expect(lines[0]).toMatch(/^[0-9a-f]{8} request \d+$/)
    expect(lines).toContainEqual(expect.stringMatching(/^ip\/messages\.ts \d+$/))
  })

  it('has errors as they are printed', () => {
    const folder = userProject({ 'core/ip.api.json': '{"types": [["'.padEnd(40960, 'x') })
    const { stderr } = spawnSync(process.execPath, [BIN, '--input', folder], { encoding: 'utf8' })
    const told = stderr.split('\n')[1]?.slice(folder.length + 1)
    expect(text).toContain(
      told?.replace(/Unterminated.*?;/, 'Unterminated string in JSON at position 40960;'),
    )
    expect(told).toContain('no JSON in 40960 bytes')
  })
})

describe('the README of every package', () => {
  const packages = readdirSync(join(ROOT, 'packages')).filter((name) => !name.includes('.'))

  /** What of a package is published. */
  function install(name: string, folder: string): void {
    const from = join(ROOT, 'packages', name)
    const to = join(folder, 'node_modules/@vpp-ts', `binapi-${name}`)
    mkdirSync(to)
    for (const file of readdirSync(from)) {
      if (/\.(?:js|json|d\.ts)$/.test(file)) copyFileSync(join(from, file), join(to, file))
    }
  }

  it('has a program that compiles against what is published', () => {
    const folder = userProject()
    for (const name of packages) {
      const [program] = blocks(readFileSync(join(ROOT, 'packages', name, 'README.md'), 'utf8'), 'ts')
      install(name, folder)
      if (program === undefined) continue
      writeInto(folder, {
        [`${name}.ts`]: `declare const console: { log(value: unknown): void }\n${program}`,
      })
    }
    expect(readdirSync(folder).length).toBeGreaterThan(120)
    expect(compile(folder)).toBe('')
  })
})

describe('docs/generator-plugins.md', () => {
  it('shows the example as it is', () => {
    const shown = blocks(document('generator-plugins.md'), 'js').join('').replaceAll(/\s+/g, '')
    expect(readFileSync(PLUGIN, 'utf8').replaceAll(/\s+/g, '')).toContain(shown)
  })

  it('has an example whose output compiles and works', () => {
    const folder = userProject()
    execFileSync(process.execPath, [
      BIN,
      'ip',
      'crypto',
      '--release',
      '26.06',
      '-q',
      '-o',
      join(folder, 'binapi'),
      '--plugin',
      PLUGIN,
    ])
    const program = `
      import { registry } from './binapi/registry.js'
      import { IpRouteAddDel } from './binapi/ip/index.js'
      import { deprecated } from './binapi/crypto/index.js'
      declare const console: { log(...values: unknown[]): void }
      console.log(registry.ip_route_add_del === IpRouteAddDel, deprecated[0])
    `
    writeInto(folder, { 'program.ts': program })
    expect(compile(folder)).toBe('')
    expect(run(folder)).toBe('true crypto_set_async_dispatch\n')
  })
})
