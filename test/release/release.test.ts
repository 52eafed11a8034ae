import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Simulator } from '@vpp-ts/simulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT } from '../generator/compile.ts'
import { run, type Ended } from '../linux/child.ts'
import { nodes } from '../linux/engines.ts'
import { commit, copyCheckout } from './checkout.ts'
import { Registry, withoutRegistry } from './registry.ts'

/** Bindings that the packages published below need: the agent needs those of all others too. */
const MODULES = modulesOf('agent')

function modulesOf(folder: string): string {
  const text = readFileSync(join(ROOT, folder, 'package.json'), 'utf8')
  const { dependencies } = JSON.parse(text) as { dependencies: Readonly<Record<string, string>> }
  return Object.keys(dependencies)
    .flatMap((name) => /^@vpp-ts\/binapi-(.*)$/.exec(name)?.[1]?.replaceAll('-', '_') ?? [])
    .join(',')
}

/** What a program said that must have succeeded; what it said of its failure is the error. */
function succeeded({ status, stdout, stderr }: Ended): string {
  expect(status, stderr).toBe(0)
  return stdout
}

/** Files and commands of a page, in order: `src/hello.ts`: and the block after it, or a block of a shell. */
const STEPS = /`([\w./]+\.(?:ts|json|yaml|api))`:\n\n```\w+\n([^]*?)```|```sh\n([^]*?)```/g

/** What the commands of the sections of `docs/without-vpp.md` say among other things. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  'The agent': ['edge: connected', '203.0.113.0/24'],
  Counters: ['loop1', '/sys/'],
  Packets: ['3 packets of 64 bytes sent'],
  'Your own plugin': ['api/hello.api → src/binapi', 'retval  0'],
  'Schema tools': ['ip_route_add_del: first seen in 24.10', 'wire-breaking', 'define ip_table_add_del'],
}

/** Parts of a page, by their headings. */
function sectionsOf(page: string): { readonly title: string; readonly text: string }[] {
  return readFileSync(join(ROOT, page), 'utf8')
    .split(/^## /m)
    .slice(1)
    .map((part) => ({ title: part.slice(0, part.indexOf('\n')), text: part }))
}

/** A command that goes on in the background, in a group of its own, once it has said something; a memif server is silent. */
async function started(command: string, cwd: string, env: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const child = spawn('bash', ['-c', `exec ${command}`], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  // It is waited for by the other end.
  if (command.includes('@vpp-ts/memif')) return child
  await Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data'), once(child, 'exit')])
  return child
}

const missing = withoutRegistry()
if (missing !== undefined) console.warn(`releases are not tried: ${missing}`)

describe.skipIf(missing !== undefined)('a release', { timeout: 900_000 }, () => {
  let folder: string
  let checkout: string
  let registry: Registry

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'vpp-ts-release-'))
    checkout = join(folder, 'checkout')
    copyCheckout(checkout)
    registry = await Registry.start(join(folder, 'registry'))
  }, 300_000)
  afterAll(async () => {
    await registry[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  })

  function release(...args: string[]): Promise<Ended> {
    const script = join(checkout, 'scripts/release.mjs')
    return run(process.execPath, [script, ...args], registry.env, 0, checkout)
  }

  function publish(...args: string[]): Promise<Ended> {
    return release('publish', '--unchecked', '--registry', registry.url, '--modules', MODULES, ...args)
  }

  /** A command in a folder of a user, that must succeed. */
  async function user(command: string, ...args: string[]): Promise<string> {
    const ended = await run(command, args, registry.env, 0, join(folder, 'user'))
    return succeeded(ended)
  }

  /** Gives the changelog of the copy a part that is not released. */
  function unreleased(): void {
    const path = join(checkout, 'CHANGELOG.md')
    writeFileSync(path, readFileSync(path, 'utf8').replace(/^## /m, '## next (unreleased)\n\n## '))
  }

  function installed(name: string): string {
    const file = join(folder, 'user/node_modules/@vpp-ts', name, 'package.json')
    return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
  }

  it('is refused without a tag and with a changelog that says unreleased', async () => {
    const { status, stderr } = await release('publish', '--registry', registry.url)
    expect(status).toBe(1)
    expect(stderr).toContain('this commit has no tag: git tag v')
    expect(stderr).toContain('CHANGELOG.md still begins with')
    writeFileSync(join(checkout, 'stray.txt'), '')
    expect((await release('check')).stderr).toContain('1 files are not committed, stray.txt first')
    rmSync(join(checkout, 'stray.txt'))
  })

  it('goes on where it ended, and publishes nothing twice', async () => {
    const first = await publish('--only-bindings', '--bindings', '24.10')
    const [, count] = /^(\d+) published, 0 were there$/m.exec(succeeded(first)) ?? []
    expect(Number(count)).toBeGreaterThan(5)

    const dry = await publish('--only-bindings', '--bindings', '24.10', '--dry-run')
    expect(dry.stdout).toMatch(new RegExp(`^0 published, ${count} were there$`, 'm'))

    const all = await publish('--bindings', '24.10,26.06')
    expect(succeeded(all)).toMatch(new RegExp(`^\\d+ published, ${count} were there$`, 'm'))
    // What others need comes first.
    const order = [...all.stdout.matchAll(/^@vpp-ts\/(\S+)@\S+ published/gm)].map(([, name]) => name)
    expect(order[0]).toBe('runtime')
    expect(order.indexOf('binapi-interface')).toBeLessThan(order.indexOf('stats'))
    expect(order.indexOf('stats')).toBeLessThan(order.indexOf('cli'))
  })

  it('is installed in an empty folder and runs, for each release of VPP', async () => {
    mkdirSync(join(folder, 'user'))
    writeFileSync(join(folder, 'user/package.json'), JSON.stringify({ private: true, type: 'module' }))
    writeFileSync(
      join(folder, 'user/program.js'),
      `import { VppConnection } from '@vpp-ts/runtime'
import { Simulator } from '@vpp-ts/simulator'
import { IpClient } from '@vpp-ts/binapi-ip'
import { VpeClient } from '@vpp-ts/binapi-vpe'
const release = process.argv[2]
const simulator = await Simulator.start({ release })
const vpp = await VppConnection.connect(simulator.path)
const tables = []
for await (const { table } of new IpClient(vpp).ipTableDump()) tables.push(table.tableId)
const { version } = await new VpeClient(vpp).showVersion()
console.log(version.slice(0, 5), tables.includes(0))
await vpp.close()
await simulator.close()
`,
    )
    await user(
      'npm',
      'install',
      '@vpp-ts/runtime',
      '@vpp-ts/simulator',
      '@vpp-ts/binapi-ip@24.10',
      '@vpp-ts/binapi-vpe@24.10',
    )
    expect(installed('binapi-ip')).toBe('24.10.0')
    expect(await user(process.execPath, 'program.js', '24.10')).toBe('24.10 true\n')
    await user('npm', 'install', '@vpp-ts/binapi-ip@26.6', '@vpp-ts/binapi-vpe@latest')
    expect([installed('binapi-ip'), installed('binapi-vpe')]).toEqual(['26.6.0', '26.6.0'])
    expect(await user(process.execPath, 'program.js', '26.06')).toBe('26.06 true\n')
    const tags = JSON.parse(await user('npm', 'view', '@vpp-ts/binapi-ip', 'dist-tags', '--json')) as object
    expect(tags).toEqual({ latest: '26.6.0', 'vpp-24.10': '24.10.0', 'vpp-26.06': '26.6.0' })
    for (const name of ['runtime', 'binapi-ip', 'simulator']) {
      for (const file of ['LICENSE', 'NOTICE', 'README.md']) {
        expect(readFileSync(join(folder, 'user/node_modules/@vpp-ts', name, file), 'utf8')).not.toBe('')
      }
    }
    expect(await user('npx', '--yes', '@vpp-ts/cli', '--version')).toBe('0.1.0\n')
  })

  it('loads the runtime from a few files', () => {
    const dist = join(folder, 'user/node_modules/@vpp-ts/runtime/dist')
    const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.js'),
    )
    expect(files).toEqual(
      expect.arrayContaining(['index.js', 'internal.js', 'codegen/v1.js', 'dynamic/index.js']),
    )
    expect(files.length).toBeLessThan(12)
  })

  it('has every module as a subpath of one package', async () => {
    await user('npm', 'install', '@vpp-ts/binapi')
    const program = `import { IpClient } from '@vpp-ts/binapi/ip'
import * as ip from '@vpp-ts/binapi-ip'
console.log(IpClient === ip.IpClient)`
    expect(await user(process.execPath, '--input-type=module', '-e', program)).toBe('true\n')
  })

  it('takes the definitions of all releases along', async () => {
    await user('npm', 'install', '@vpp-ts/binapi-generator', '@vpp-ts/cli')
    expect(
      await user('npx', '@vpp-ts/binapi-generator', 'diff', '24.10', '26.06', '--impact', 'wire'),
    ).toContain('af_xdp_create_v2_reply')
    await user('npx', '@vpp-ts/binapi-generator', '--release', '25.02', '--output-dir', 'src/binapi', 'vpe')
    expect(readFileSync(join(folder, 'user/src/binapi/vpe/messages.ts'), 'utf8')).toContain('VPP 25.02')
    const simulator = await Simulator.start({ release: '26.02' })
    const same = await user('npx', '@vpp-ts/cli', '--socket', simulator.path, 'compat', '26.02', '-o', 'json')
    await simulator.close()
    expect(JSON.parse(same)).toMatchObject({ same: 2009, changed: [] })
  })

  it('has an agent with all that its container needs', async () => {
    await user('npm', 'pack', '@vpp-ts/agent')
    const files = await user('tar', 'tzf', 'vpp-ts-agent-0.1.0.tgz')
    expect(files.split('\n')).toEqual(
      expect.arrayContaining([
        'package/Containerfile',
        'package/examples/agent.yaml',
        'package/examples/items/lan.yaml',
        'package/bin/vpp-ts-agent.js',
      ]),
    )
    const example = join(checkout, 'agent/examples/agent.yaml')
    const bin = join(ROOT, 'agent/bin/vpp-ts-agent.js')
    succeeded(await run(process.execPath, [bin, '--config', example, '--check'], {}, 0))
  })

  it('npm create begins a program that passes its test', async () => {
    await user('npm', 'create', '--yes', '@vpp-ts', 'my-router')
    const target = join(folder, 'user/my-router')
    for (const args of [['install'], ['test']]) succeeded(await run('npm', args, registry.env, 0, target))
  })

  it.each(nodes())('first steps work as the page says, twice in a row, in $name', async ({ path }) => {
    const home = mkdtempSync(join(folder, 'first-'))
    const folderOf = join(home, 'hello-vpp')
    const env: NodeJS.ProcessEnv = { ...registry.env, PATH: `${dirname(path)}:${process.env['PATH']}` }
    const seen: string[] = []
    let simulator: ChildProcess | undefined
    const type = async (commands: string): Promise<void> => {
      const exported = /^export (\w+)=(\S+)$/m.exec(commands)
      if (exported) {
        env[exported[1] ?? ''] = exported[2]
      } else if (commands.startsWith('npx @vpp-ts/simulator')) {
        // Rather than in /tmp, where others may use it.
        simulator = spawn('bash', ['-c', `exec ${inFolder(commands)}`], {
          cwd: folderOf,
          env: { ...process.env, ...env },
          stdio: ['ignore', 'pipe', 'inherit'],
          detached: true,
        })
        if (simulator.stdout) await once(simulator.stdout, 'data')
      } else {
        const cwd = commands.startsWith('mkdir') ? home : folderOf
        const said = { ...env, VPP_API_SOCKET: inFolder(env['VPP_API_SOCKET'] ?? '') }
        seen.push(succeeded(await run('bash', ['-ec', commands], said, 0, cwd)))
      }
    }
    const inFolder = (text: string): string => text.replace('/tmp/api.sock', join(home, 'api.sock'))
    try {
      const [page = ''] = readFileSync(join(ROOT, 'docs/getting-started.md'), 'utf8').split('## 5.')
      for (const [, file, text = '', commands] of page.matchAll(STEPS)) {
        if (commands !== undefined) await type(commands)
        else if (file !== undefined) {
          mkdirSync(dirname(join(folderOf, file)), { recursive: true })
          writeFileSync(join(folderOf, file), text)
        }
      }
      await type('node dist/change.js')
    } finally {
      // The whole group: the runner of packages and the simulator that it started.
      if (simulator?.pid !== undefined) process.kill(-simulator.pid)
    }
    expect(seen.at(-3)).toMatch(/^vpe 26\.06\S*, process \d+\n$/)
    expect(seen.at(-2)).toBe('1000 routes\n')
    // The second time the address is taken.
    expect(seen.at(-1)).toBe('')
  })

  describe.each(sectionsOf('docs/without-vpp.md'))('$title, without VPP', ({ title, text }) => {
    it('works as the page says', async () => {
      const home = mkdtempSync(join(folder, 'guide-'))
      const background: ChildProcess[] = []
      const seen: string[] = []
      try {
        for (const [, file, content = '', commands] of text.matchAll(STEPS)) {
          if (file !== undefined) {
            mkdirSync(dirname(join(home, file)), { recursive: true })
            writeFileSync(join(home, file), content)
          } else if (commands !== undefined) {
            const [, before = '', last] = /^([^]*?)([^\n]+) &\n$/.exec(commands) ?? [undefined, commands]
            if (before !== '') seen.push(succeeded(await run('bash', ['-ec', before], registry.env, 0, home)))
            if (last !== undefined) background.push(await started(last, home, registry.env))
          }
        }
      } finally {
        // Some have ended.
        for (const { pid, exitCode } of background)
          if (pid !== undefined && exitCode === null) process.kill(-pid)
      }
      for (const text of EXPECTED[title] ?? []) expect(seen.join('')).toContain(text)
    })
  })

  it('a patch of one package alone reaches who updates', async () => {
    const manifest = join(checkout, 'http/package.json')
    expect(await release('version', 'patch', '--only', 'http')).toMatchObject({ status: 0 })
    expect(JSON.parse(readFileSync(manifest, 'utf8'))).toMatchObject({ version: '0.1.1' })
    expect(readFileSync(join(checkout, 'CHANGELOG.md'), 'utf8')).toMatch(
      /^## http 0\.1\.1 \(\d{4}-\d\d-\d\d\)$/m,
    )
    commit(checkout, 'http 0.1.1')
    expect(await run('git', ['tag', 'http-v0.1.1'], {}, 0, checkout)).toMatchObject({ status: 0 })
    expect(await release('check')).toMatchObject({ status: 0, stderr: '' })
    const stdout = succeeded(await publish('--bindings', 'none'))
    expect(stdout).toContain('@vpp-ts/http@0.1.1 published')
    expect(stdout).toMatch(/^1 published, \d+ were there$/m)
    await user('npm', 'update')
    expect(installed('http')).toBe('0.1.1')
  })

  it('a published version with another content is an error that says what to do', async () => {
    writeFileSync(join(checkout, 'config/README.md'), 'Something else.\n')
    const { status, stderr } = await publish('--bindings', 'none')
    expect(status).toBe(1)
    expect(stderr).toMatch(/@vpp-ts\/config@0\.1\.0 is on http\S+ with another content .*raise its version/)
  })

  it('a minor version of one takes along by a patch who asks for an older one', async () => {
    unreleased()
    expect(await release('version', 'minor', '--only', 'config')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^@vpp-ts\/config 0\.2\.0\n@vpp-ts\/agent 0\.1\.1\n$/m) as string,
    })
    expect(await release('version', 'patch', '--only', 'confg')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('no package is called @vpp-ts/confg; there are @vpp-ts/') as string,
    })
  })

  it('a minor version of all makes new patches of the bindings of every release', async () => {
    unreleased()
    expect(await release('version', '0.3.0')).toMatchObject({ status: 0 })
    const ip = JSON.parse(readFileSync(join(checkout, 'packages/ip/package.json'), 'utf8')) as object
    expect(ip).toMatchObject({ version: '26.6.1', peerDependencies: { '@vpp-ts/runtime': '^0.3.0' } })
    const cli = JSON.parse(readFileSync(join(checkout, 'cli/package.json'), 'utf8')) as object
    expect(cli).toMatchObject({ version: '0.3.0', dependencies: { '@vpp-ts/http': '^0.3.0' } })
    expect(await run('npm', ['ci', '--dry-run', '--ignore-scripts'], {}, 0, checkout)).toMatchObject({
      status: 0,
    })
    const stdout = succeeded(await publish('--only-bindings', '--bindings', '24.10', '--dry-run'))
    expect(stdout).toContain('@vpp-ts/binapi-ip@24.10.1 would be published as vpp-24.10')
  })
})
