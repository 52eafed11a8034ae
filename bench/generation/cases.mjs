import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bin, root } from '../../scripts/bootstrap.mjs'
import { timed } from '../connection/timed.mjs'

const INPUT = join(root, 'api-json', '26.06')
const OURS = join(root, 'generator', 'bin', 'binapi-gen.js')
const IMPORT = fileURLToPath(new URL('import-time.mjs', import.meta.url))

/** Packages whose import is timed: one that imports nothing of ours but the runtime, and one with many types. */
const IMPORTED = ['memclnt', 'ip']

export const names = [
  'generation/cold',
  'generation/unchanged',
  'generation/lines',
  'generation/bytes',
  'generation/compile',
  ...IMPORTED.map((module) => `generation/import/${module}`),
]

/** All modules of the newest release through our generator and GoVPP's, and what becomes of the output. */
export async function cases({ peers }) {
  const scratch = mkdtempSync(join(tmpdir(), 'vpp-ts-bench-'))
  const generators = [ours(scratch), ...govpp(scratch, peers)]
  const target = [{ subject: 'ours', against: 'GoVPP', ratio: 1 }]
  const last = compileCase(scratch, peers)
  return [
    { name: 'generation/cold', shows: 'duration', subjects: generators.map(cold), targets: target },
    { name: 'generation/unchanged', shows: 'duration', subjects: generators.map(again), targets: target },
    {
      name: 'generation/lines',
      shows: 'count',
      rounds: 1,
      subjects: generators.map((it) => sized(it, lines)),
    },
    {
      name: 'generation/bytes',
      shows: 'memory',
      rounds: 1,
      subjects: generators.map((it) => sized(it, bytes)),
    },
    ...IMPORTED.map(importCase),
    { ...last, close: () => rmSync(scratch, { recursive: true, force: true }) },
  ]
}

function ours(scratch) {
  const output = join(scratch, 'ours')
  return {
    name: 'ours',
    output,
    command: process.execPath,
    args: [OURS, '--quiet', '--input', INPUT, '-o', output],
  }
}

function govpp(scratch, peers) {
  const program = peers.goProgram('go.fd.io/govpp/cmd/binapi-generator')
  const output = join(scratch, 'govpp')
  return program ? [{ name: 'GoVPP', output, command: program, args: ['--input', INPUT, '-o', output] }] : []
}

/** Runs a command and gives the seconds it took. */
function runTimed(command, args, options = {}) {
  return timed(1, () => run(command, args, options))
}

function run(command, args, options = {}) {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8', ...options })
  if (error !== undefined || status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error ?? stderr}`)
}

function cold({ name, output, command, args }) {
  return {
    name,
    measure: () => {
      rmSync(output, { recursive: true, force: true })
      return runTimed(command, args)
    },
  }
}

/** The output of the case before is there and still right. */
function again({ name, command, args }) {
  run(command, args)
  return { name, measure: () => runTimed(command, args) }
}

function sized({ name, output }, size) {
  const measure = () => {
    const files = readdirSync(output, { recursive: true, encoding: 'utf8' }).filter((path) =>
      /\.(?:ts|go)$/.test(path),
    )
    const sizes = files.map((path) => size(readFileSync(join(output, path), 'utf8')))
    return { operations: 1, seconds: 0, bytes: sizes.reduce((sum, value) => sum + value, 0) }
  }
  return { name, measure }
}

const lines = (text) => text.split('\n').length - 1
const bytes = (text) => Buffer.byteLength(text)

function importCase(module) {
  const measure = () => {
    const { stdout } = spawnSync(process.execPath, [IMPORT, `@vpp-ts/binapi-${module}`], { encoding: 'utf8' })
    return { operations: 1, seconds: Number(stdout) }
  }
  return {
    name: `generation/import/${module}`,
    shows: 'duration',
    subjects: [{ name: 'ours', measure }],
    most: 0.03,
  }
}

/** The whole of the bindings through the compiler; dependencies are compiled already. */
function compileCase(scratch, peers) {
  const subjects = [{ name: 'ours, tsc', measure: compilePackages }]
  if (peers.goProgram('codec') !== undefined) {
    subjects.push({ name: 'GoVPP, go build', measure: () => goBuild(join(scratch, 'go-cache')) })
  }
  return { name: 'generation/compile', shows: 'duration', rounds: 3, subjects }
}

function compilePackages() {
  rmSync(join(root, 'packages', 'tsconfig.tsbuildinfo'), { force: true })
  return runTimed(bin('tsc'), ['-p', join(root, 'packages')])
}

/** GoVPP's own bindings, of which there are fewer. */
function goBuild(cache) {
  rmSync(cache, { recursive: true, force: true })
  mkdirSync(cache)
  const options = { cwd: join(root, 'bench', 'govpp'), env: { ...process.env, GOCACHE: cache } }
  run('go', ['build', 'go.fd.io/govpp/api', 'go.fd.io/govpp/codec'], options)
  return runTimed('go', ['build', 'go.fd.io/govpp/binapi/...'], options)
}
