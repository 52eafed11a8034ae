import { VlibClient } from '@vpp-ts/binapi-vlib'
import { VppConnection } from '@vpp-ts/runtime'
import { describe, expect, it } from 'vitest'
import { Operator, operated } from '../agent/operator.ts'
import { VppProcess, vppBinary, vppPlugins } from './real-vpp.ts'

if (vppBinary === undefined) console.info('VPP_BINARY is not set: no real VPP is operated')

describe.runIf(vppBinary !== undefined)('an operator, on a real VPP', () => {
  operated(async () => {
    const vpp = await VppProcess.start(vppBinary ?? '', vppPlugins)
    return { path: vpp.apiSocket, [Symbol.asyncDispose]: () => vpp[Symbol.asyncDispose]() }
  })
})

describe.runIf(vppBinary !== undefined)('a plan as commands, on a real VPP', () => {
  it('is taken by its CLI, and does what the plan says', async () => {
    await using vpp = await VppProcess.start(vppBinary ?? '', vppPlugins)
    await using operator = await Operator.start(vpp.apiSocket)
    const more = `- { kind: route, prefix: 10.0.0.0/8, paths: [{ nextHop: 192.0.2.9, interface: lan }] }
- { kind: route, prefix: 172.16.0.0/12, table: 7, drop: true }
- { kind: neighbour, interface: lan, address: 192.0.2.9, mac: '02:00:00:00:00:09' }
`
    const { out } = await operator.run('plan', '--as', 'cli', operator.file('192.0.2.1/24', more))
    const commands = out.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
    expect(commands.length).toBeGreaterThanOrEqual(7)
    await using connection = await VppConnection.connect(vpp.apiSocket)
    const cli = new VlibClient(connection)
    for (const command of commands) {
      const { reply } = await cli.cliInband({ cmd: command.replaceAll('<lan>', 'loop0') })
      if (!command.startsWith('create')) expect([command, reply]).toEqual([command, ''])
    }
    expect(await operator.addresses()).toEqual({ lan: ['192.0.2.1/24'] })
    expect((await cli.cliInband({ cmd: 'show ip fib 10.0.0.0/8' })).reply).toContain('via 192.0.2.9 loop0')
    expect((await cli.cliInband({ cmd: 'show ip fib table 7 172.16.0.0/12' })).reply).toContain('drop')
    expect((await cli.cliInband({ cmd: 'show ip neighbors' })).reply).toContain('02:00:00:00:00:09')
  })
})
