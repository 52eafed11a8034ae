/**
 * Measures vpp-ts and its peers in one run. Every folder beside this file that has a `cases.mjs` takes part.
 *
 *   node bench/run.mjs                      ours alone
 *   node bench/run.mjs --peers              with GoVPP (needs go) and vpp_papi (needs python3 with vpp_papi)
 *   node bench/run.mjs --filter codec/acl   cases whose name matches
 *   node bench/run.mjs --json results.json  figures as data
 *   node bench/run.mjs --no-build           what is built already, without a look whether it is up to date
 *   node bench/run.mjs --before PATH        stats and memif also as another checkout has them, which is built; in processor
 *                                           time of this process, since ratios of 1 % are wanted on a busy machine too
 *   node bench/run.mjs --processor          processor time of clients in place of the clock, on a busy machine
 *   node bench/run.mjs --profile            also a .cpuprofile of ours for every case, in .cache/profiles
 */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { bootstrap, root } from '../scripts/bootstrap.mjs'
import { describeMachine } from './harness/machine.mjs'
import { measureCase } from './harness/measure.mjs'
import { profileCase } from './harness/profile.mjs'
import { printCase, printMissed } from './harness/report.mjs'
import { Peers } from './harness/peers.mjs'

const { values: options } = parseArgs({
  allowNegative: true,
  options: {
    filter: { type: 'string', default: '' },
    peers: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
    processor: { type: 'boolean', default: false },
    before: { type: 'string' },
    json: { type: 'string' },
    build: { type: 'boolean', default: true },
    list: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '7' },
    milliseconds: { type: 'string', default: '200' },
  },
})

if (options.build) bootstrap()
const rounds = Number(options.rounds)
const milliseconds = Number(options.milliseconds)
const filter = new RegExp(options.filter)
const peers = new Peers(options.peers)
const processor = options.processor || options.before !== undefined
/** Loads a workspace of the other checkout. */
const before =
  options.before !== undefined
    ? (workspace) => import(pathToFileURL(resolve(options.before, workspace, 'dist/index.js')).href)
    : undefined
const results = []
const machine = describeMachine()
console.log(machine.text)
try {
  for (const group of groups()) {
    // Groups that no case is wanted of are not even loaded; some start servers.
    const { cases, names } = await import(group)
    if (!names.some((name) => filter.test(name))) continue
    if (options.list) {
      console.log(names.filter((name) => filter.test(name)).join('\n'))
      continue
    }
    const loaded = await cases({ peers, milliseconds, before })
    for (const it of loaded.filter(({ name }) => filter.test(name))) {
      const result = await measureCase(it, { rounds, milliseconds, processor })
      results.push(result)
      printCase(result)
      if (options.profile) await profileCase(it, milliseconds * 5, profileFolder())
    }
    for (const it of loaded) await it.close?.()
  }
} finally {
  await peers.close()
}
printMissed(results)
if (options.json !== undefined)
  writeFileSync(options.json, `${JSON.stringify({ machine, results }, null, 2)}\n`)

function groups() {
  const folder = join(root, 'bench')
  return readdirSync(folder)
    .map((name) => join(folder, name, 'cases.mjs'))
    .filter((path) => existsSync(path))
}

function profileFolder() {
  const folder = join(root, '.cache', 'profiles')
  mkdirSync(folder, { recursive: true })
  return folder
}
