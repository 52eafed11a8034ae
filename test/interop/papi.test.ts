import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { HOSTILE_WIRE, Simulator } from '@vpp-ts/simulator'
import type { SimulatorOptions } from '@vpp-ts/simulator'
import { SimulatedVpp } from '@vpp-ts/simulator/vpp'
import { describe, expect, it } from 'vitest'

const CLIENT = fileURLToPath(new URL('papi/client.py', import.meta.url))
const ASYNC_CLIENT = fileURLToPath(new URL('papi/async_client.py', import.meta.url))
const API_DIR = fileURLToPath(new URL('../../api-json/26.06', import.meta.url))
const run = promisify(execFile)

/** Why vpp_papi cannot be run; undefined when it can. */
function missing(): string | undefined {
  const { error, status, stderr } = spawnSync('python3', ['-c', 'import vpp_papi'], { encoding: 'utf8' })
  if (error !== undefined) return `python3 cannot be run: ${error.message}`
  return status === 0 ? undefined : `python3 cannot import vpp_papi: ${stderr.trim().split('\n').at(-1)}`
}

const reason = missing()
if (reason !== undefined) console.warn(`vpp_papi against the simulator does not run: ${reason}`)

async function talk(options: SimulatorOptions, ...args: string[]): Promise<Record<string, unknown>> {
  await using simulator = await Simulator.start({ pid: 4321, release: '26.06', ...options })
  simulator.on('map_domains_get', () => [{ domainIndex: 0 }, { domainIndex: 1 }])
  const { stdout } = await run('python3', [CLIENT, simulator.path, ...args], { timeout: 100_000 })
  return JSON.parse(stdout) as Record<string, unknown>
}

const EXPECTED = {
  version: '26.06.0-release',
  program: 'vpe',
  ping: 4321,
  wanted: 0,
  wanted_twice: -31,
  bad_index: -2,
  interface: { name: 'loop0', mac: '02:00:00:00:00:77', flags: 3, type: 'Loopback' },
  addresses: ['192.0.2.1/24'],
  events: [
    [true, 0, 77],
    [true, 3, 77],
  ],
  added: 200,
  dumped: 200,
  removed: 200,
  no_table: -3,
  cli: expect.stringContaining('loop0'),
  bad_cli: -1,
  get: [0, 2],
  definitions: expect.toSatisfy((count: number) => count > 100),
}

describe.skipIf(reason !== undefined)('vpp_papi takes the simulator for VPP', () => {
  it('with definitions from files', async () => {
    expect(await talk({}, API_DIR)).toEqual(EXPECTED)
  })

  it('with definitions from the VPP itself', async () => {
    expect(await talk({})).toEqual(EXPECTED)
  })

  it('whatever the frames look like', async () => {
    expect(await talk({ wire: { ...HOSTILE_WIRE, chunk: 997 } }, API_DIR)).toEqual(EXPECTED)
  })

  it('by its asyncio client, and reads the counters of the same VPP', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'vpp-ts-papi-'))
    try {
      await using vpp = await SimulatedVpp.start({ dir, release: '26.06', updateInterval: 3600 })
      const stop = vpp.simulator.model.listen((event) => {
        if (event.kind !== 'interface' || event.change !== 'admin') return
        const { swIfIndex } = event.interface
        vpp.simulator.model.counters.add(swIfIndex, 'rx', 5n, 320n)
        vpp.tick()
      })
      const args = [ASYNC_CLIENT, vpp.apiSocket, vpp.statsSocket]
      const { stdout } = await run('python3', args, { timeout: 100_000 })
      stop()
      expect(JSON.parse(stdout)).toEqual({
        connected: 0,
        version: '26.06.0-release',
        loopbacks: true,
        flags: 0,
        bad_index: -2,
        names: ['local0', 'loop0', 'loop1'],
        heartbeat: true,
        rx: [5, 320],
        errors: true,
      })
    } finally {
      rmSync(dir, { recursive: true })
    }
  })
})
