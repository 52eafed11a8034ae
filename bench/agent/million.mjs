/**
 * A million routes on one VPP, from REST to VPP, and the agent beside it: how long each step takes, how long the event
 * loop was held at most, and the memory of the agent.
 *
 *   node bench/agent/million.mjs                          on the simulator
 *   VPP_API_SOCKET=/run/vpp/api.sock node bench/agent/million.mjs
 *   node bench/agent/million.mjs --routes 100000 --per-request 100000 --json figures.json --cpu-profile FOLDER
 *
 * On a busy machine the time that others run counts as held. `ran` is how long the agent's thread ran of it, `gc` the
 * longest garbage collection, by the clock.
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { describeMachine } from '../harness/machine.mjs'
import { MillionAgent } from './million-agent.mjs'

const { values: options } = parseArgs({
  options: {
    routes: { type: 'string', default: '1000000' },
    'per-request': { type: 'string', default: '100000' },
    json: { type: 'string' },
    'cpu-profile': { type: 'string' },
  },
})
const COUNT = Number(options.routes)
/** Routes in one request: an answer has to begin within the five minutes after which a connection is taken for idle. */
const A_REQUEST = Number(options['per-request'])
/** Next hops, all on one interface. */
const NEXT_HOPS = 250
/** Single routes that are changed, one after another. */
const SINGLE = 21

const steps = []
console.log(describeMachine().text)
const agent = await MillionAgent.start({
  socket: process.env.VPP_API_SOCKET,
  profiles: options['cpu-profile'],
})
try {
  await step('start without items: load the program', () => agent.serve())
  await agent.ask('POST', '/interfaces?wait=true', {
    kind: 'interface',
    name: 'million',
    type: 'loopback',
    enabled: true,
    addresses: ['10.250.0.1/24'],
  })
  await step(`put ${COUNT} routes, ${A_REQUEST} a request`, async () => {
    for (let at = 0; at < COUNT; at += A_REQUEST) {
      const some = Array.from({ length: Math.min(A_REQUEST, COUNT - at) }, (_, i) => route(at + i))
      await agent.send('POST', '/routes', JSON.stringify(some))
    }
    await settled()
  })
  await agent.idle()
  for (const turn of [1, 2, 3]) await step(`resync without changes, ${turn}`, unchanged)
  await step(`change one route, median of ${SINGLE}`, changeOne)
  await agent.stop()
  await step('start again: load the program', () => agent.serve())
  await step('start from the store, until the items are known', async () => {
    await agent.ask('GET', '/routes?limit=1')
  })
  await step('after that, until all of it is compared with VPP', settled)
  await agent.idle()
  await step('idle', () => new Promise((resolve) => setTimeout(resolve, 2000)))
  await step(`delete ${COUNT} routes by one request`, async () => {
    await agent.send('PUT', '/desired', '[]')
    await settled()
  })
} finally {
  await agent.close()
}
if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(steps, null, 2)}\n`)

/** Measures a step. `work` may return its own seconds. */
async function step(name, work) {
  await agent.watch()
  const start = performance.now()
  const own = await work()
  const seconds = own ?? (performance.now() - start) / 1000
  const { held, held999, busy, collected, resident, peak, anonymous, heap, buffers, latency, cpu } =
    await agent.watch()
  const mb = (bytes) => `${Math.round(bytes / 1e6)} MB`
  console.log(
    [
      name.padEnd(48),
      `${seconds < 1 ? `${(seconds * 1000).toFixed(1)} ms` : `${seconds.toFixed(2)} s`}`.padStart(10),
      `loop held ${held.toFixed(0)} ms (99.9 %: ${held999.toFixed(0)}, ran ${busy.toFixed(0)}, gc ${collected.toFixed(0)})`.padEnd(
        52,
      ),
      `probe ${latency.toFixed(0)} ms`.padEnd(15),
      `cpu ${cpu.toFixed(1)} s`.padEnd(12),
      `resident ${mb(resident)} (peak ${mb(peak)}, anonymous ${mb(anonymous)}, heap ${mb(heap)}, buffers ${mb(buffers)})`,
    ].join('  '),
  )
  steps.push({
    name,
    seconds,
    held,
    held999,
    busy,
    collected,
    latency,
    cpu,
    resident,
    peak,
    anonymous,
    heap,
    buffers,
  })
}

/** Waits until every item has been tried. */
async function settled() {
  for (;;) {
    const { items, pid } = await agent.ask('GET', '')
    const { pending, removing, failed, waiting } = items
    if (failed + waiting > 0) throw new Error(`not applied: ${JSON.stringify(items)}`)
    if (pending + removing === 0 && pid !== null) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function unchanged() {
  const { applied, failed, waiting } = await agent.ask('POST', '/resync')
  if (applied + failed + waiting !== 0) throw new Error('the resync found something to do')
}

async function changeOne() {
  const times = []
  for (let i = 0; i < SINGLE; i++) {
    const start = performance.now()
    await agent.ask('POST', '/routes?wait=true', route(Math.floor((COUNT / SINGLE) * i), 1))
    times.push(performance.now() - start)
  }
  return times.toSorted((a, b) => a - b)[SINGLE >> 1] / 1000
}

/** Networks of 24 bits from 20.0.0.0 on. */
function route(i, shift = 0) {
  return {
    prefix: `${20 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}.0/24`,
    paths: [{ nextHop: `10.250.0.${2 + ((i + shift) % NEXT_HOPS)}`, interface: 'million' }],
  }
}
