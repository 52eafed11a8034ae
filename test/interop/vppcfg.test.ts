import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Simulator } from '@vpp-ts/simulator'
import { afterAll, describe, expect, it } from 'vitest'

const CONFIG = fileURLToPath(new URL('vppcfg/network.yaml', import.meta.url))
const NICS = ['3/0/0', '3/0/1', '4/0/0', '4/0/1'].map((place) => ({ name: `GigabitEthernet${place}` }))
const run = promisify(execFile)

const missing = spawnSync('vppcfg', ['--help']).error
if (missing !== undefined) console.warn(`vppcfg against the simulator does not run: ${missing.message}`)

describe.skipIf(missing !== undefined)('vppcfg takes the simulator for VPP', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vpp-ts-vppcfg-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  /** Commands that vppcfg would run. */
  async function plan(simulator: Simulator): Promise<string[]> {
    const output = join(folder, 'plan')
    const args = ['plan', '-c', CONFIG, '-a', simulator.path, '-o', output]
    await run('vppcfg', args, { timeout: 100_000 })
    const lines = readFileSync(output, 'utf8').split('\n')
    return lines.filter((line) => line !== '' && !line.startsWith('comment'))
  }

  it('plans a network, has it made by its commands, and finds nothing left to do', async () => {
    await using simulator = await Simulator.start({ hardware: NICS })
    const commands = await plan(simulator)
    expect(commands.length).toBeGreaterThan(40)
    for (const command of commands) {
      expect(simulator.cli(command), command).toMatchObject({ retval: 0 })
    }
    expect(await plan(simulator)).toEqual([])
    const { bonds, bridges, lcp, tunnels } = simulator.model
    expect([...bonds].map(({ members }) => members.length)).toEqual([2])
    expect([...bridges].map(({ bdId, members }) => [bdId, members.length])).toEqual([[10, 4]])
    expect([...lcp].map(({ hostIfName }) => hostIfName).sort()).toEqual(['be0', 'e0', 'e0.100', 'loop0'])
    expect(tunnels.vxlans()).toMatchObject([{ vni: 101, instance: 1 }])
  })
})
