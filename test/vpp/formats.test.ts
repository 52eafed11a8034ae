import { Simulator } from '@vpp-ts/simulator'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { CallingClient } from '../../simulator/src/testing/calling-client.ts'
import { VppProcess, vppBinary, vppPlugins } from './real-vpp.ts'

/** Tables of counts as VPP prints them; what is counted differs. */
describe('tables of nodes and errors look as in VPP', () => {
  let vpp: VppProcess
  let simulator: Simulator
  let real: CallingClient

  beforeAll(async () => {
    if (vppBinary === undefined) expect.fail('needs VPP_BINARY, a VPP to start')
    vpp = await VppProcess.start(vppBinary, vppPlugins)
    simulator = await Simulator.start()
    real = await CallingClient.connect(vpp.apiSocket)
    await real.call('create_loopback')
    await real.call('sw_interface_set_flags', { swIfIndex: 1, flags: 1 })
    await real.call('sw_interface_add_del_address', { isAdd: true, swIfIndex: 1, prefix: '10.0.0.1/24' })
    simulator.cli('create loopback interface')
    simulator.model.counters.add(1, 'tx', 3n, 300n, 0)
    // Packets that VPP drops for several reasons.
    for (const [name, data] of [
      ['a', 'UDP: 10.0.0.7 -> 10.0.0.1 UDP: 1234 -> 4321 incrementing 8'],
      ['b', 'UDP: 10.0.0.7 -> 10.9.0.1 UDP: 1234 -> 4321 incrementing 8'],
      ['c', 'UDP: 10.0.0.7 -> 10.0.0.1 ttl 0 UDP: 1234 -> 4321 incrementing 8'],
    ] as const) {
      const stream = `name ${name} limit 7 size 64-64 interface loop0 node ip4-input data { ${data} }`
      await line(`packet-generator new { ${stream} }`)
      await line(`packet-generator enable-stream ${name}`)
    }
    await vi.waitFor(async () => expect(await line('show packet-generator')).not.toContain(' Yes '))
  })

  afterAll(async () => {
    await real[Symbol.asyncDispose]()
    await simulator.close()
    await vpp[Symbol.asyncDispose]()
  })

  async function line(cmd: string): Promise<string> {
    return String((await real.call('cli_inband', { cmd }))['reply'])
  }

  it('show errors', async () => {
    const { nodes } = simulator.model
    const shown = await line('show errors')
    const rows = [...shown.matchAll(/^ *(\d+) +(\S+) +(\S.*?) +(\w+) *$/gm)]
    // Those of nodes that no API file names are unknown to the simulator.
    const unknown: string[] = []
    for (const [text, count = '', node = '', reason = ''] of rows) {
      const error = nodes.byName(node)?.errors.find((it) => it.reason.startsWith(reason))
      if (error === undefined) unknown.push(text)
      else nodes.countError(node, error.name, BigInt(count))
    }
    expect(rows.length - unknown.length).toBeGreaterThan(0)
    const names = unknown.map((text) => text.trim().split(/ +/)[1] ?? '')
    const lines = (text: string): string[] =>
      text
        .split('\n')
        .filter((it) => !names.some((name) => it.includes(` ${name} `)))
        .sort()
    expect(lines(simulator.cli('show errors').reply)).toEqual(lines(shown))
    // Errors have other indexes.
    const verbose = (text: string): string[] => lines(text.replaceAll(/ *\d+ *$/gm, ''))
    expect(verbose(simulator.cli('show errors verbose').reply)).toEqual(
      verbose(await line('show errors verbose')),
    )
  })

  it.each([
    ['show runtime', 3],
    ['show runtime time', 3],
    ['show runtime verbose', 3],
    ['show runtime max', 3],
    ['show runtime time max', 3],
    ['show runtime summary', 2],
    ['show runtime loop0-tx', 1],
  ])('%s', async (cmd, heads) => {
    const [shown, like] = [await line(cmd), simulator.cli(cmd).reply].map((text) =>
      text.split('\n').map((row) => row.replaceAll(/\d+(\.\d+)?(e-?\d+)?/g, '0')),
    )
    // How often the stats are collected is an option.
    expect(like?.slice(0, heads)).toEqual(shown?.slice(0, heads))
    // Rows are as long as VPP's: columns have fixed widths.
    const lengths = (text: string): Set<number> =>
      new Set(
        text
          .split('\n')
          .slice(heads)
          .map((row) => row.length),
      )
    expect([...lengths(await line(cmd))]).toEqual(
      expect.arrayContaining([...lengths(simulator.cli(cmd).reply)]),
    )
  })
})
