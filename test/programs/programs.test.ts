import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EXIT } from '@vpp-ts/command'
import { Simulator } from '@vpp-ts/simulator'
import { ROOT } from '../generator/compile.ts'
import { build, run } from '../linux/child.ts'

const PROGRAMS = {
  'vpp-ts': 'cli/bin/vpp-ts.js',
  'vpp-ts-agent': 'agent/bin/vpp-ts-agent.js',
  'vpp-ts-stats': 'stats/bin/vpp-ts-stats.js',
  'vpp-ts-memif': 'memif/bin/vpp-ts-memif.js',
  'vpp-ts-simulator': 'simulator/bin/vpp-ts-simulator.js',
  'binapi-gen': 'generator/bin/binapi-gen.js',
} as const
type Program = keyof typeof PROGRAMS
const NAMES = Object.keys(PROGRAMS) as Program[]

let folder: string
let simulator: Simulator
let silent: Server
beforeAll(async () => {
  for (const workspace of ['cli', 'agent', 'stats', 'memif', 'simulator']) build(workspace)
  folder = mkdtempSync(join(tmpdir(), 'vpp-ts-programs-'))
  simulator = await Simulator.start()
  // Like a VPP whose main thread hangs: the connection is made, and nothing comes.
  silent = createServer().listen(join(folder, 'silent.sock'))
  await once(silent, 'listening')
  writeFileSync(join(folder, 'file'), '')
}, 120_000)
afterAll(async () => {
  await simulator.close()
  silent.close()
  rmSync(folder, { recursive: true })
})

function runProgram(program: Program, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  return run(process.execPath, [join(ROOT, PROGRAMS[program]), ...args], env)
}

/** Each program that connects to the API, and how it is given the path of the socket. */
const API: readonly (readonly [Program, (path: string) => string[]])[] = [
  ['vpp-ts', (path) => ['-s', path, '-t', '0.5', 'info']],
  ['vpp-ts-agent', (path) => ['routes', '--socket', path, '--count', '1']],
  ['binapi-gen', (path) => ['ls', '--input', `vpp:${path}`]],
]
const STATS = (path: string): string[] => ['-s', path, '-t', '0.3', 'ls']

describe.each(NAMES)('%s', (program) => {
  it('tells its version', async () => {
    const { status, stdout, stderr } = await runProgram(program, ['--version'])
    const workspace = PROGRAMS[program].split('/')[0] ?? ''
    const { version } = JSON.parse(readFileSync(join(ROOT, workspace, 'package.json'), 'utf8')) as {
      version: string
    }
    expect([status, stdout, stderr]).toEqual([EXIT.ok, `${version}\n`, ''])
  })

  it('has help, with all subcommands', async () => {
    const { status, stdout } = await runProgram(program, ['--help'])
    expect(status).toBe(EXIT.ok)
    const expected: Partial<Record<Program, string[]>> = {
      'vpp-ts': [
        'info',
        'call',
        'dump',
        'watch',
        'http',
        'cli',
        'messages',
        'show',
        'compat',
        'checks',
        'ping',
        'trace',
      ],
      'vpp-ts-agent': ['routes'],
      'vpp-ts-stats': ['ls', 'dump', 'poll', 'interfaces', 'nodes', 'errors', 'top', 'serve'],
      'vpp-ts-memif': ['ping', 'dump', 'replay', 'generate'],
      'binapi-gen': ['ls', 'show', 'diff', 'lint', 'import', 'export', 'check'],
    }
    for (const name of expected[program] ?? []) expect(stdout).toMatch(new RegExp(`^  ${name}\\b`, 'm'))
  })

  it('refuses a wrong option', async () => {
    const { status, stdout, stderr } = await runProgram(program, ['--no-such-option'])
    expect([status, stdout]).toEqual([EXIT.usage, ''])
    expect(stderr).toContain("unknown option '--no-such-option'")
  })

  it('says in one line that the disk is full', () => {
    const script = `exec "$0" "$1" --help >/dev/full`
    const { status, stderr } = spawnSync(
      'bash',
      ['-c', script, process.execPath, join(ROOT, PROGRAMS[program])],
      {
        encoding: 'utf8',
      },
    )
    expect(stderr).toMatch(new RegExp(`^${program}: the output cannot be written: .*no space left.*\n$`))
    const serves = program === 'vpp-ts-agent' || program === 'vpp-ts-simulator'
    expect(status).toBe(serves ? EXIT.ok : EXIT.failed)
  })

  it('survives a reader that has gone', async () => {
    const child = spawn(process.execPath, [join(ROOT, PROGRAMS[program]), '--help'])
    child.stdout.destroy()
    let stderr = ''
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    const [status] = (await once(child, 'close')) as [number]
    expect(status).toBe(EXIT.ok)
    expect(stderr).toMatch(/^(.*: the output cannot be written: no one reads it; continuing without it\n)?$/)
  })
})

describe('a mistyped subcommand gets a suggestion', () => {
  it.each<[Program, string[], string, number]>([
    ['vpp-ts', ['dmup'], 'dump', EXIT.usage],
    ['vpp-ts-agent', ['rotes'], 'routes', EXIT.usage],
    ['vpp-ts-stats', ['interfacs'], 'interfaces', EXIT.usage],
    ['vpp-ts-memif', ['dmup'], 'dump', EXIT.usage],
    ['binapi-gen', ['dif', '--input', '/nonexistent'], 'diff', EXIT.failed],
  ])('%s %j', async (program, args, meant, code) => {
    const { status, stderr } = await runProgram(program, args)
    expect(status).toBe(code)
    expect(stderr).toContain(`(Did you mean ${meant}?)`)
  })
})

describe('what cannot be connected to', () => {
  it.each(API)(
    '%s: no socket, no folder, no socket but a file, another kind of socket',
    async (program, args) => {
      const failure = async (path: string) => {
        const { status, stderr } = await runProgram(program, args(path))
        expect([path, status]).toEqual([path, EXIT.unreachable])
        return stderr
      }
      expect(await failure(join(folder, 'none.sock'))).toContain('there is no such socket; is VPP running')
      expect(await failure(join(folder, 'none', 'api.sock'))).toMatch(
        /the folder .*none does not exist; .*runtime-dir/,
      )
      expect(await failure(join(folder, 'file'))).toContain(
        'this is not a socket; the API socket is usually api.sock',
      )
      expect(await failure(join(folder, 'file', 'x'))).toContain('is a file, not a folder')
    },
  )

  it('vpp-ts-stats: the same', async () => {
    const failure = async (path: string) => {
      const { status, stderr } = await runProgram('vpp-ts-stats', STATS(path))
      expect([path, status]).toEqual([path, EXIT.unreachable])
      return stderr
    }
    expect(await failure(join(folder, 'none.sock'))).toContain('there is no such socket; is VPP running')
    expect(await failure(join(folder, 'none', 's.sock'))).toMatch(
      /the folder .*none does not exist; .*runtime-dir/,
    )
    expect(await failure(join(folder, 'file'))).toContain(
      'this is not a socket; the stats socket is usually stats.sock',
    )
    expect(await failure(simulator.path)).toContain(
      'this is a socket of another kind, such as that of the API',
    )
  })

  // Root may open every socket.
  const asNobody = process.getuid?.() === 0 && spawnSync('setpriv', ['--version']).status === 0
  it.runIf(asNobody)('no permission', async () => {
    chmodSync(folder, 0o755)
    chmodSync(join(folder, 'silent.sock'), 0o600)
    const path = join(folder, 'silent.sock')
    const nobody = ['--reuid=65534', '--regid=65534', '--clear-groups', process.execPath]
    for (const [program, args] of [...API, ['vpp-ts-stats', STATS] as const]) {
      const { status, stderr } = await run('setpriv', [
        ...nobody,
        join(ROOT, PROGRAMS[program]),
        ...args(path),
      ])
      // A home that nobody may enter keeps the program itself from being read.
      if (stderr.includes('MODULE_NOT_FOUND') || stderr.includes('EACCES: permission denied, open')) return
      const expected =
        program === 'vpp-ts-stats' ? /another kind|no permission/ : /no permission; the user must be in/
      expect([program, status]).toEqual([program, EXIT.unreachable])
      expect(stderr).toMatch(expected)
    }
  })
})

describe('a VPP that does not answer', () => {
  it('is a time-out', async () => {
    const path = join(folder, 'silent.sock')
    expect((await runProgram('vpp-ts', ['-s', path, '-t', '0.3', 'info'])).status).toBe(EXIT.timeout)
    expect((await runProgram('vpp-ts-agent', ['routes', '--socket', path])).status).toBe(EXIT.timeout)
  })
})

describe('a configuration of vppcfg', () => {
  it('is written as items, with a line for what is left out', async () => {
    const file = join(folder, 'vppcfg.yaml')
    writeFileSync(file, 'loopbacks: { loop0: { mpls: true, addresses: [192.0.2.1/24] } }\n')
    const { status, stdout } = await runProgram('vpp-ts-agent', ['import', 'vppcfg', file])
    expect(status).toBe(EXIT.ok)
    expect(stdout).toMatch(/^# left out: loopbacks\.loop0\.mpls: /)
    expect(stdout).toContain('name: loop0')
    writeFileSync(file, 'acls: { a: { terms: [{ action: deny, source: friends }] } }\n')
    const { status: refused, stderr } = await runProgram('vpp-ts-agent', ['import', 'vppcfg', file])
    expect(refused).not.toBe(EXIT.ok)
    expect(stderr).toContain('acls.a.terms.0.source')
  })
})

describe('wrong values', () => {
  it.each<[Program, string[]]>([
    ['vpp-ts', ['-t', 'soon', 'info']],
    ['vpp-ts', ['--prefix', '../x', 'info']],
    ['vpp-ts-agent', ['--config', '/nonexistent/agent.yaml']],
    ['vpp-ts-agent', []],
    ['vpp-ts-agent', ['routes', '--count', 'many']],
    ['vpp-ts-agent', ['import', '--config', 'agent.yaml']],
    ['vpp-ts-agent', ['import', 'vppcfg']],
    ['vpp-ts-stats', []],
    ['vpp-ts-memif', []],
    ['vpp-ts-memif', ['pong']],
    ['vpp-ts-simulator', ['--loopbacks', 'many']],
    ['vpp-ts-simulator', ['surplus']],
    ['binapi-gen', ['--jobs', '0']],
  ])('%s %j end with exit code 2', async (program, args) => {
    expect((await runProgram(program, args)).status).toBe(EXIT.usage)
  })
})

describe('the environment', () => {
  it('names the stats socket', async () => {
    const path = join(folder, 'from-environment.sock')
    const { stderr } = await runProgram('vpp-ts-stats', ['-t', '0.2', 'ls'], { VPP_STATS_SOCKET: path })
    expect(stderr).toContain(`${path}: there is no such socket`)
  })

  it('names the API socket', async () => {
    const path = join(folder, 'from-environment.sock')
    const programs: [Program, string[]][] = [
      ['vpp-ts', ['info']],
      ['vpp-ts-agent', ['routes']],
    ]
    for (const [program, args] of programs)
      expect((await runProgram(program, args, { VPP_API_SOCKET: path })).stderr).toContain(
        `${path}: there is no such`,
      )
  })
})

it('exit codes are documented', () => {
  const text = readFileSync(join(ROOT, 'docs/cli.md'), 'utf8')
  const documented = [...text.matchAll(/^\| (\d+) +\| [^|]+\|$/gm)].map(([, code]) => Number(code))
  expect(documented).toEqual(Object.values(EXIT))
})
