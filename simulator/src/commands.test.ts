import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { versionOfRelease } from './options.ts'
import { Simulator } from './simulator.ts'
import { CallingClient } from './testing/calling-client.ts'

let simulator: Simulator
let client: CallingClient
beforeAll(async () => {
  simulator = await Simulator.start({ pid: 4242 })
  client = await CallingClient.connect(simulator.path)
  for (const line of [
    'create loopback interface',
    'set interface state loop0 up',
    'set interface ip address loop0 192.0.2.1/24',
    'set interface ip address loop0 2001:db8::1/64',
    'set interface mtu packet 1400 loop0',
    'ip route add 10.0.0.0/8 via 192.0.2.2 loop0',
    'ip route add 11.0.0.0/8 via 192.0.2.3',
    'ip table add 7',
    'ip route add table 7 12.0.0.0/8 via drop',
    'set ip neighbor loop0 192.0.2.2 02:00:00:00:00:02 static',
  ]) {
    expect([line, await cli(line)]).toEqual([line, expect.not.stringContaining('unknown')])
  }
})
afterAll(async () => {
  await client[Symbol.asyncDispose]()
  await simulator.close()
})

const VERSION = versionOfRelease().replaceAll('.', String.raw`\.`)

async function cli(cmd: string): Promise<string> {
  return String((await client.call('cli_inband', { cmd }))['reply'])
}

describe('commands', () => {
  it.each([
    ['show version', new RegExp(`^vpp v${VERSION} built by \\S+ on \\S+ at \\S+\n$`)],
    ['show version verbose', /Current PID: +4242\n/],
    ['show threads', /vpp_main +4242/],
    ['show plugins', new RegExp(` +\\d+\\. dpdk_plugin\\.so +${VERSION}`)],
    ['show plugins', new RegExp(` +\\d+\\. memif_plugin\\.so +${VERSION} +\n[^]*nat_plugin\\.so`)],
    ['show runtime', /^Time \d+\.\d, .*\n  vector rates/],
    ['show errors', /Count +Node +Reason +Severity/],
    ['show clock', /^Time now \d+\.\d+, /],
    ['show memory', /main heap/],
    ['show buffers', /default-numa-0/],
    ['show api clients', /calling +1\n/],
    ['show api message-table', /\n23 +control_ping\n24 +\[no handler\]\n/],
    ['show ip fib summary', /\n +8 +2\n/],
    ['show ip fib 10.1.2.3', /10\.0\.0\.0\/8 fib:0 [^]*\n +\[0\] \[@5\]: ipv4 via 192\.0\.2\.2 loop0/],
    ['show ip fib 11.0.0.0/8', /dpo-recursive: via 192\.0\.2\.3 in table 0/],
    ['show ip fib table 7', /12\.0\.0\.0\/8\n.*\n.*\n +\[0\] \[@0\]: dpo-drop ip4/],
    ['show ip6 fib', /2001:db8::1\/128\n.*\n.*\n +\[0\] \[@19\]: dpo-receive: 2001:db8::1 on loop0/],
    ['show ip neighbors', / 192\.0\.2\.2 +S +02:00:00:00:00:02 loop0\n/],
    ['show ip fib nonsense', /^show ip fib: unknown input `nonsense'\n$/],
    ['show memif', /0 +no +\S+memif\.sock/],
    ['show nat44 static mappings', /^NAT44 static mappings:\n$/],
  ])('%s', async (line, expected) => {
    expect(await cli(line)).toMatch(expected)
  })

  it('can be added', async () => {
    simulator.addCommand('show weather', ([place = 'here'], run) => `${place}: fine, pid ${run.pid}`)
    expect(await cli('show weather Bern')).toBe('Bern: fine, pid 4242\n')
  })
})
