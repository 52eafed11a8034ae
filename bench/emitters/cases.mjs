import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root } from '../../scripts/bootstrap.mjs'
import { measured } from '../harness/measured.mjs'

const INPUT = join(root, 'api-json', '26.06')
const OURS = join(root, 'generator', 'bin', 'binapi-gen.js')
const here = (name) => fileURLToPath(new URL(name, import.meta.url))
/** One module, and those whose types it imports. */
const ONE = ['ip', 'fib', 'fib_types', 'interface_types', 'ip_types', 'ethernet_types', 'mfib_types']

export const names = ['emitters/all', 'emitters/one-module', 'emitters/all-memory']

/** The printer against ts-morph's structures and its writer, both with prettier in workers, and GoVPP's generator. */
export async function cases({ peers }) {
  const scratch = mkdtempSync(join(tmpdir(), 'vpp-ts-emitters-'))
  const prepared = join(scratch, 'structures.json')
  const { status, stderr } = spawnSync(process.execPath, [here('prepare.mjs'), INPUT, prepared], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
  const close = () => rmSync(scratch, { recursive: true, force: true })
  const all = subjects(scratch, prepared, peers, [])
  return [
    { name: 'emitters/all', shows: 'duration', subjects: all.map((it) => asCase(it, 'processor')) },
    {
      name: 'emitters/one-module',
      shows: 'duration',
      subjects: subjects(scratch, prepared, peers, ONE).map((it) => asCase(it, 'processor')),
    },
    { name: 'emitters/all-memory', shows: 'memory', subjects: all.map((it) => asCase(it, 'memory')), close },
  ]
}

function subjects(scratch, prepared, peers, modules) {
  const output = join(scratch, 'output')
  const other = (way) => ({
    name: way,
    output,
    command: [process.execPath, here('emit.mjs'), way, output, prepared, ...modules],
  })
  const govpp = peers.goProgram('go.fd.io/govpp/cmd/binapi-generator')
  // Ours and GoVPP's find out themselves what a module imports.
  const [first] = modules
  const wanted = first === undefined ? [] : [first]
  return [
    {
      name: 'printer',
      output,
      command: [process.execPath, OURS, '--quiet', '--input', INPUT, '-o', output, ...wanted],
    },
    other('structures'),
    other('writer'),
    ...(govpp
      ? [{ name: 'GoVPP', output, command: [govpp, '--input', INPUT, '-o', output, ...wanted] }]
      : []),
  ]
}

/** Every run begins with an empty folder. */
function asCase({ name, output, command }, figure) {
  const measure = () => {
    rmSync(output, { recursive: true, force: true })
    const result = measured(command)
    return { operations: 1, seconds: result.processor, bytes: result[figure] }
  }
  return { name, measure }
}
