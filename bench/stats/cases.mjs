import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { repeat, stopwatch } from '../harness/measure.mjs'
import { startC } from './c-peer.mjs'
import { SHAPES } from './shapes.mjs'

const PUBLISH = fileURLToPath(new URL('publish.mjs', import.meta.url))

/** What was there before may be faster by so much at most. */
const BEFORE = [{ subject: 'ours', against: 'before', ratio: 0.97 }]

/** What is read, by each of the peers in its own way; the C client and ours do the same work in all of them. */
const WORK = ['full-dump', 'update-all', 'update-one', 'interfaces', 'nodes', 'errors']

/**
 * GoVPP's UpdateDir leaves symlinks as they were, and most entries of a segment are symlinks: where these are updated
 * there is no target against it.
 */
const NOT_THE_SAME_IN_GOVPP = new Set(['update-all', 'errors'])

/** Minutes for one reading: vpp_papi reads the whole target of every symlink. */
const TOO_LONG_FOR_PAPI = new Set(
  ['full-dump', 'update-all', 'errors'].map((work) => `1000-interfaces-4-workers/${work}`),
)

export const names = Object.keys(SHAPES).flatMap((shape) => WORK.map((work) => `stats/${shape}/${work}`))

/** Reading a segment that another process publishes, by us, GoVPP, vpp_papi and VPP's C client. */
export async function cases({ peers, before }) {
  const { StatsClient } = await import('@vpp-ts/stats')
  const folder = mkdtempSync(join(tmpdir(), 'vpp-ts-bench-'))
  const others = { GoVPP: peers.govpp('stats'), vpp_papi: peers.papi('stats') }
  const c = others.GoVPP === undefined ? undefined : startC()
  if (c !== undefined) others.C = c
  const open = []
  const earlier = before && (await before('stats')).StatsClient
  const made = []
  for (const shape of Object.keys(SHAPES)) {
    const socket = join(folder, `${shape}.sock`)
    open.push(await publish(socket, shape))
    const client = await StatsClient.connect(socket)
    open.push(() => client.close())
    const ours = await operations(client)
    const past = earlier && (await earlier.connect(socket))
    if (past) open.push(() => past.close())
    const pastOperations = past && (await operations(past))
    for (const work of WORK)
      made.push(caseOf(shape, work, ours[work], pastOperations?.[work], others, socket))
  }
  const close = async () => {
    await c?.close()
    for (const end of open.toReversed()) await end()
    rmSync(folder, { recursive: true, force: true })
  }
  made.at(-1).close = close
  return made
}

async function publish(socket, shape) {
  const child = spawn(process.execPath, [PUBLISH, socket, shape], { stdio: ['pipe', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  return async () => {
    const exit = once(child, 'exit')
    child.stdin.end()
    await exit
  }
}

function caseOf(shape, work, operation, before, others, socket) {
  const subjects = Object.entries(others)
    .filter(
      ([name, peer]) =>
        peer !== undefined && !(name === 'vpp_papi' && TOO_LONG_FOR_PAPI.has(`${shape}/${work}`)),
    )
    .map(([name, peer]) => ({
      name,
      measure: (milliseconds) => peer.measure({ case: work, milliseconds, socket }),
    }))
  return {
    name: `stats/${shape}/${work}`,
    shows: 'time',
    subjects: [
      { name: 'ours', measure: (milliseconds) => operation(milliseconds) },
      ...(before === undefined ? [] : [{ name: 'before', measure: (milliseconds) => before(milliseconds) }]),
      ...subjects,
    ],
    targets: [
      ...(NOT_THE_SAME_IN_GOVPP.has(work) ? [] : [{ subject: 'ours', against: 'GoVPP', ratio: 1 }]),
      ...BEFORE,
      { subject: 'ours', against: 'vpp_papi', ratio: 5 },
      { subject: 'ours', against: 'C', ratio: 0.5 },
    ],
  }
}

/** What ours does, by work. */
async function operations(client) {
  const all = await client.prepare()
  const one = await client.prepare('^/if/rx$')
  return {
    'full-dump': (milliseconds) => repeatAsync(milliseconds, () => client.dump()),
    'update-all': (milliseconds) => repeat(milliseconds, () => update(all)),
    'update-one': (milliseconds) => repeat(milliseconds, () => update(one)),
    interfaces: (milliseconds) => repeatAsync(milliseconds, () => client.interfaces()),
    nodes: (milliseconds) => repeatAsync(milliseconds, () => client.nodes()),
    errors: (milliseconds) => repeatAsync(milliseconds, () => client.errors()),
  }
}

function update(set) {
  if (!set.updateNow()) throw new Error('the segment is being changed')
}

/** Runs an operation until the time is over, one after the other. */
async function repeatAsync(milliseconds, operation) {
  const elapsed = stopwatch()
  for (let done = 1; ; done++) {
    await operation()
    const times = elapsed()
    if (times.seconds * 1000 >= milliseconds) return { operations: done, ...times }
  }
}
