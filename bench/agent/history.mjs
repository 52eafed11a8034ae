// What keeping history costs an agent: `node bench/agent/history.mjs [INTERFACES] [SECONDS]`. Processor time a second with
// and without it, of a reading, of a request for a day, and bytes of its files.
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { readAgentConfig, startAgent } from '@vpp-ts/agent'
import { Simulator } from '@vpp-ts/simulator'
import { StatsPublisher, VppCounters } from '@vpp-ts/simulator/stats'

const interfaces = Number(process.argv[2] ?? 5000)
const seconds = Number(process.argv[3] ?? 130)

async function run(history) {
  const folder = mkdtempSync(join(tmpdir(), 'history-'))
  const vpp = await Simulator.start({ path: join(folder, 'api.sock') })
  const publisher = new StatsPublisher(join(folder, 'stats.sock'), { size: 256 * 2 ** 20 })
  const counters = new VppCounters(publisher.segment)
  for (let i = 0; i < interfaces; i++) counters.addInterface(i === 0 ? 'local0' : `port${i}`)
  const file = join(folder, 'agent.yaml')
  const govpp = {
    'binapi-socket-path': join(folder, 'api.sock'),
    'stats-socket-path': join(folder, 'stats.sock'),
  }
  const config = {
    store: { path: 'store' },
    history,
    rest: { port: 0 },
    metrics: false,
    instances: [{ name: 'vpp', govpp }],
  }
  writeFileSync(file, JSON.stringify(config))
  let url = ''
  const nothing = () => undefined
  const log = {
    child: () => log,
    debug: nothing,
    warn: nothing,
    error: console.error,
    info: (fields, message) => (url = message === 'REST' ? fields.url : url),
  }
  // Processor time of each reading, from its begin to its end. Others have their turn twice in between.
  const readings = []
  const historyClock = {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    every(milliseconds, work) {
      const timer = setInterval(async () => {
        const before = process.cpuUsage()
        await work()
        const { user, system } = process.cpuUsage(before)
        readings.push((user + system) / 1000)
      }, milliseconds)
      return () => clearInterval(timer)
    },
  }
  const agent = await startAgent(await readAgentConfig(file), log, { historyClock })
  const traffic = setInterval(() => count(counters), 1000)
  await delay(5000)
  const before = process.cpuUsage()
  const warm = readings.splice(0)
  await delay(seconds * 500)
  // The stats have other names now, and are looked through again.
  counters.addInterface('late')
  await delay(seconds * 500)
  const { user, system } = process.cpuUsage(before)
  readings.sort((one, other) => one - other)
  const result = {
    'ms a second': (user + system) / 1e3 / seconds,
    'median reading': readings[readings.length >> 1],
    'first reading': warm[0],
    'with other names': readings.at(-1),
    'longest of the others': readings.at(-2),
  }
  if (history !== false) {
    const started = process.cpuUsage()
    const answer = await fetch(`${url}/history/interfaces/port1?last=24h`)
    await answer.arrayBuffer()
    const read = process.cpuUsage(started)
    result['request for a day'] = (read.user + read.system) / 1e3
  }
  clearInterval(traffic)
  await agent.close()
  publisher.close()
  await vpp[Symbol.asyncDispose]()
  result.bytes = bytesOf(join(folder, 'store', 'history'))
  rmSync(folder, { recursive: true })
  return result
}

/** One interface in ten has traffic, no second like another. */
function count(counters) {
  counters.beat(performance.now() / 1000)
  const rx = counters.counter('rx')
  const tx = counters.counter('tx')
  for (let i = 1; i < interfaces; i += 10) {
    const packets = BigInt(Math.floor(1e6 * Math.random()))
    rx.add(0, i, packets, packets * 700n)
    tx.add(0, i, packets / 3n, packets * 100n)
  }
}

function bytesOf(folder) {
  try {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((it) => it.isFile())
    return Object.fromEntries(
      files.map((it) => [
        join(it.parentPath ?? it.path, it.name).slice(folder.length),
        statSync(join(it.parentPath ?? it.path, it.name)).size,
      ]),
    )
  } catch {
    return {}
  }
}

const [without, kept] = [await run(false), await run({})]
console.log(`${interfaces} interfaces, a tenth of them with traffic, ${seconds} s`)
console.table({ without: { ...without, bytes: undefined }, kept: { ...kept, bytes: undefined } })
console.log(
  `processor time of the history: ${(kept['ms a second'] - without['ms a second']).toFixed(1)} ms a second`,
)
console.log(kept.bytes)
