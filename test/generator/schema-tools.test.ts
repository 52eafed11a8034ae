import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { diffMarkdown, diffSchemas, loadSchema } from '@vpp-ts/binapi-generator'
import { format, resolveConfig } from 'prettier'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ROOT } from './compile.ts'

const BIN = join(ROOT, 'generator/bin/binapi-gen.js')
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

function gen(...args: readonly string[]): string {
  return execFileSync(process.execPath, [BIN, ...args], { encoding: 'utf8', cwd: ROOT })
}

describe('docs/schema-tools.md', () => {
  const text = read('docs/schema-tools.md')

  it('has the rules of lint as the program lists them', () => {
    const rows = [...text.matchAll(/^\| `([a-z][a-z-]+)` +\| (.*?) +\|$/gm)]
      .map(([, id, about]) => `${id} ${about?.replaceAll('`', '')}`)
      .filter(
        (row) => !row.startsWith('wire ') && !row.startsWith('compile ') && !row.startsWith('compatible '),
      )
    const listed = gen('lint', '--list-rules').trim().split('\n')
    const expected = listed.map((line) =>
      line
        .replace(/^(\S+) +/, '$1 ')
        .replace(/^version-bump (.*) \(with --since\)$/, 'version-bump with --since: $1'),
    )
    expect(rows).toEqual(expected)
  })

  it('has commands that run, and the output that they print', () => {
    const commands = [...text.matchAll(/^binapi-gen (.*?)(?: +#.*)?$/gm)].map(([, args]) => args ?? '')
    const runnable = commands.filter((args) => !/~|vpp:|--for /.test(args))
    expect(runnable.length).toBeGreaterThanOrEqual(5)
    for (const args of runnable) {
      const words = args.split(' ').map((word) => word.replaceAll("'", ''))
      const isComplete = words[0] === 'history' || words.some((word) => /^26\.\d\d$/.test(word))
      const release = isComplete ? [] : ['--input', '26.06']
      const { status, stderr } = spawnSync(process.execPath, [BIN, ...words, ...release], {
        cwd: ROOT,
        encoding: 'utf8',
      })
      expect([status, stderr], args).toEqual([words[0] === 'lint' ? 1 : 0, ''])
    }
    const shown = /^```\n(VPP 26\.02[^]*?)^```/m.exec(text)?.[1]?.split('\n') ?? []
    const printed = gen('diff', '26.02', '26.06').split('\n')
    for (const line of shown.filter((item) => item !== '…')) expect(printed).toContain(line)
    const list = /^```\n(NAME[^]*?)^```/m.exec(text)?.[1] ?? '-'
    expect(gen('ls', 'messages', 'ip_route*', '--input', '26.06').startsWith(list)).toBe(true)
  })
})

it('docs/examples has the report of the upgrade as it is made', async () => {
  const load = (release: string) => loadSchema({ input: join(ROOT, 'api-json', release) })
  const report = diffMarkdown(diffSchemas(await load('26.02'), await load('26.06')))
  const path = join(ROOT, 'docs/examples/upgrade-26.02-to-26.06.md')
  const formatted = await format(report, { ...(await resolveConfig(path)), filepath: path })
  expect(readFileSync(path, 'utf8')).toBe(formatted)
})

describe('the workflow for the repository of a user', () => {
  /** Commands of the workflow, in order, with the program of this checkout. */
  const commands = [
    ...read('docs/examples/upgrade/vpp-api.yml').matchAll(/^ +- run: npx @vpp-ts\/binapi-generator (.*)$/gm),
  ].map(([, args]) => args ?? '')

  function project(program: string): string {
    const folder = mkdtempSync(join(tmpdir(), 'binapi-user-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    gen('export', '--input', '26.02', '-o', join(folder, 'vpp-api'), '-q')
    gen('--input', join(folder, 'vpp-api'), '-o', join(folder, 'src/binapi'), '-q')
    writeFileSync(join(folder, 'src/main.ts'), program)
    mkdirSync(join(folder, 'tmp'))
    // In place of a checkout of the next release.
    gen('export', '--input', '26.06', '-o', join(folder, 'tmp/vpp'), '-q')
    return folder
  }

  function run(folder: string): { status: number | null; summary: string }[] {
    const env = {
      ...process.env,
      RUNNER_TEMP: join(folder, 'tmp'),
      GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
      GEN: `${process.execPath} ${BIN}`,
    }
    return commands.map((args) => {
      const { status, stdout, stderr } = spawnSync('sh', ['-c', `$GEN ${args}`], {
        cwd: folder,
        env,
        encoding: 'utf8',
      })
      return { status, summary: `${stdout}${stderr}` }
    })
  }

  it('passes for a program that the next release leaves alone', () => {
    const folder = project(
      "import { ControlPing } from './binapi/memclnt/index.js'\nconsole.log(ControlPing)\n",
    )
    expect(run(folder).map(({ status }) => status)).toEqual([0, 0, 0])
    expect(readFileSync(join(folder, 'summary.md'), 'utf8')).toContain('as far as src uses it')
  })

  it('fails for one that uses what changes, and for bindings that someone has edited', () => {
    const folder = project(
      "import { Ikev2Client } from './binapi/ikev2/index.js'\nnew Ikev2Client(vpp).ikev2SetIkeTransforms()\n",
    )
    writeFileSync(join(folder, 'src/binapi/vpe/index.ts'), 'edited')
    const [check, , diff] = run(folder)
    expect(check).toMatchObject({
      status: 1,
      summary: expect.stringContaining('vpe/index.ts: differs') as string,
    })
    expect(diff?.status).toBe(1)
    expect(diff?.summary).toMatch(/ikev2_set_ike_transforms .*\n(?:.*\n)*.*used in src\/main\.ts:2/)
  })
})

it('scripts know which release is newer', async () => {
  const path = join(ROOT, 'scripts/releases.mjs')
  const { compareReleases, newestRelease } = (await import(path)) as {
    compareReleases(a: string, b: string): number
    newestRelease(): string
  }
  const order = ['24.10', '25.02', '25.10', '26.06-rc0', '26.06-rc1', '26.06', '26.10', '100.02']
  expect(order.toReversed().toSorted(compareReleases)).toEqual(order)
  const known = readdirSync(join(ROOT, 'api-json')).filter((name) => /^\d+\.\d+/.test(name))
  expect(newestRelease()).toBe(known.toSorted(compareReleases).at(-1))
})
