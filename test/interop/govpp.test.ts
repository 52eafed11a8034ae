import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { HOSTILE_WIRE, Simulator } from '@vpp-ts/simulator'
import type { SimulatorOptions } from '@vpp-ts/simulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const SOURCE = fileURLToPath(new URL('govpp', import.meta.url))
const run = promisify(execFile)

const missing = spawnSync('go', ['version']).error
if (missing !== undefined) console.warn(`GoVPP against the simulator does not run: ${missing.message}`)

const EXPECTED = {
  version: '26.06.0-release',
  loopback: 'loop0',
  badIndex: expect.stringContaining('(-2)'),
  interfaces: 2,
  events: ['true 0', 'true 3'],
  byChannel: 500,
  byRpc: 500,
  dumped: 1000,
  table: expect.stringContaining('(-3)'),
}

describe.skipIf(missing !== undefined)('GoVPP takes the simulator for VPP', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vpp-ts-govpp-'))
  const program = join(folder, 'govpp')

  // The first build fetches and compiles GoVPP.
  beforeAll(() => run('go', ['build', '-o', program, '.'], { cwd: SOURCE }), 600_000)
  afterAll(() => rmSync(folder, { recursive: true }))

  async function talk(options: SimulatorOptions): Promise<unknown> {
    await using simulator = await Simulator.start({ release: '26.06', ...options })
    const { stdout } = await run(program, [simulator.path], { timeout: 100_000 })
    return JSON.parse(stdout)
  }

  it('by channel and by RPC, with events', async () => {
    expect(await talk({})).toEqual(EXPECTED)
  })

  it('whatever the frames look like', async () => {
    expect(await talk({ wire: { ...HOSTILE_WIRE, chunk: 997 } })).toEqual(EXPECTED)
  })
})
