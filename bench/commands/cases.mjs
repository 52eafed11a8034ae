import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../../scripts/bootstrap.mjs'
import { measured } from '../harness/measured.mjs'

const api = (release) => join(root, 'api-json', release)
const OURS = join(root, 'generator', 'bin', 'binapi-gen.js')
/** A program that uses much of VPP. */
const PROGRAM = join(root, 'agent', 'src')
/** A checkout of VPP, which `import` reads. */
const SOURCE = process.env.VPP_SOURCE

const generate = (output) => ['--quiet', '--input', api('26.06'), '-o', output]

/**
 * Commands of binapi-gen with their arguments, and what GoVPP has for the same. `generate` stands for the command without a
 * name. `keep` leaves what an earlier run has written, `prepare` writes it for the first, `accepted` are exit statuses that
 * mean no failure.
 */
const COMMANDS = [
  {
    name: 'generate',
    ours: generate,
    govpp: ['binapi-generator', (output) => ['--input', api('26.06'), '-o', output]],
  },
  {
    name: 'generate-unchanged',
    keep: true,
    prepare: generate,
    ours: generate,
    govpp: ['binapi-generator', (output) => ['--input', api('26.06'), '-o', output]],
  },
  {
    name: 'generate-one-module',
    ours: (output) => ['ip', '--quiet', '--input', api('26.06'), '-o', output],
    govpp: ['binapi-generator', (output) => ['--input', api('26.06'), '-o', output, 'ip']],
  },
  {
    name: 'check',
    keep: true,
    prepare: generate,
    ours: (output) => ['check', '--input', api('26.06'), '-o', output],
  },
  {
    name: 'ls',
    ours: () => ['ls', '--input', api('26.06')],
    govpp: ['govpp', () => ['vppapi', 'list', api('26.06')]],
  },
  { name: 'show', ours: () => ['show', 'ip_route_add_del', '--input', api('26.06')] },
  { name: 'history', ours: () => ['history', 'ip_route_add_del'] },
  {
    name: 'diff',
    ours: () => ['diff', api('26.02'), api('26.06')],
    govpp: ['govpp', () => ['vppapi', 'compare', api('26.06'), '--against', api('26.02')]],
  },
  { name: 'diff-for-program', ours: () => ['diff', api('26.02'), api('26.06'), '--for', PROGRAM] },
  {
    name: 'lint',
    accepted: [0, 1],
    ours: () => ['lint', '--input', api('26.06')],
    govpp: ['govpp', () => ['vppapi', 'lint', api('26.06')]],
  },
  {
    name: 'export',
    ours: (output) => ['export', '--input', api('26.06'), '-o', output],
    govpp: ['govpp', (output) => ['vppapi', 'export', api('26.06'), '--output', output]],
  },
  {
    name: 'import',
    needs: SOURCE,
    ours: (output) => ['import', SOURCE, '--release', '99.01', '--commit', '0'.repeat(40), '-o', output],
  },
  {
    name: 'migrate',
    ours: () => ['migrate', '--from', api('26.02'), '--to', api('26.06'), PROGRAM, '--dry-run'],
  },
]

export const names = COMMANDS.flatMap(({ name }) => [`commands/${name}`, `commands/${name}/memory`])

/** What each command takes: processor time of user and system from start to exit, and the most memory that it has. */
export async function cases({ peers }) {
  const scratch = mkdtempSync(join(tmpdir(), 'vpp-ts-commands-'))
  const wanted = COMMANDS.filter((command) => {
    if (!('needs' in command) || command.needs !== undefined) return true
    console.error(`${command.name}: left out, no VPP_SOURCE`)
    return false
  })
  const all = wanted.flatMap((command) => {
    const subjects = subjectsOf(command, scratch, peers)
    const setup = () => {
      if (command.prepare !== undefined)
        measured([process.execPath, OURS, ...command.prepare(join(scratch, `${command.name}-ours`))])
    }
    return [
      { name: `commands/${command.name}`, shows: 'duration', subjects, setup },
      { name: `commands/${command.name}/memory`, shows: 'memory', rounds: 1, subjects, setup },
    ]
  })
  const last = all.at(-1)
  return [...all.slice(0, -1), { ...last, close: () => rmSync(scratch, { recursive: true, force: true }) }]
}

function subjectsOf({ name, ours, govpp, keep = false, accepted = [0] }, scratch, peers) {
  const subjects = [subject('ours', [process.execPath, OURS, ...ours(join(scratch, `${name}-ours`))])]
  if (govpp === undefined) return subjects
  const [program, args] = govpp
  const path = peers.goProgram(`go.fd.io/govpp/cmd/${program}`)
  if (path !== undefined) subjects.push(subject('GoVPP', [path, ...args(join(scratch, `${name}-govpp`))]))
  return subjects

  function subject(who, command) {
    const output = join(scratch, `${name}-${who.toLowerCase()}`)
    const measure = () => {
      if (!keep) rmSync(output, { recursive: true, force: true })
      mkdirSync(scratch, { recursive: true })
      const { processor, memory } = measured(command, { accepted, cwd: root })
      return { operations: 1, seconds: processor, bytes: memory }
    }
    return { name: who, measure }
  }
}
