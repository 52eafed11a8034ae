import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Simulator } from '@vpp-ts/simulator'
import { describe, expect, it, vi } from 'vitest'
import { CallingClient } from '../../simulator/src/testing/calling-client.ts'
import { comparable } from '../simulator/play.ts'
import { VppProcess, vppBinary, vppPlugins } from './real-vpp.ts'

/** Names of the ends of a cable: that of VPP and that of the server. */
const [OURS, THEIRS] = [`vt${process.pid}`, `vs${process.pid}`] as const
const MAC = '02:00:00:00:00:21'

type Fields = Record<string, unknown>

function run(program: string, ...args: string[]): void {
  execFileSync(program, args, { stdio: 'ignore' })
}

function has(program: string, option: string): boolean {
  try {
    run(program, option)
    return true
  } catch {
    return false
  }
}

const missing =
  process.getuid?.() !== 0
    ? 'needs root'
    : !has('dnsmasq', '--version')
      ? 'needs dnsmasq'
      : !has('ip', '-V')
        ? 'needs ip'
        : ''

/** Has a DHCP server at the other end of a cable, in a separate network. */
async function withServer(work: () => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'vpp-ts-'))
  const space = ['netns', 'exec', THEIRS]
  try {
    run('ip', 'netns', 'add', THEIRS)
    run('ip', 'link', 'add', OURS, 'type', 'veth', 'peer', 'name', THEIRS, 'netns', THEIRS)
    run('ip', 'link', 'set', OURS, 'up')
    run('ip', ...space, 'ip', 'link', 'set', THEIRS, 'up')
    run('ip', ...space, 'ip', 'address', 'add', '192.0.2.1/24', 'dev', THEIRS)
    const options = [
      '--keep-in-foreground',
      '--conf-file=/dev/null',
      '--port=0',
      `--interface=${THEIRS}`,
      '--bind-interfaces',
      `--pid-file=${join(folder, 'pid')}`,
      `--dhcp-leasefile=${join(folder, 'leases')}`,
      '--dhcp-range=192.0.2.50,192.0.2.60,1h',
      `--dhcp-host=${MAC},192.0.2.55`,
      '--dhcp-option=option:router,192.0.2.1',
      '--dhcp-option=option:dns-server,192.0.2.2,192.0.2.3',
    ]
    const server = spawn('ip', [...space, 'dnsmasq', ...options], { stdio: 'ignore' })
    const gone = once(server, 'exit')
    try {
      await work()
    } finally {
      server.kill()
      await gone
    }
  } finally {
    for (const args of [
      ['link', 'delete', OURS],
      ['netns', 'delete', THEIRS],
    ]) {
      try {
        run('ip', ...args)
      } catch {
        // It was never made.
      }
    }
    await rm(folder, { recursive: true })
  }
}

/** Of routes that come and go with neighbours: the server is one for VPP. */
const FROM_NEIGHBOR = 15

/** What a lease has set. */
async function stateOf(client: CallingClient): Promise<Fields> {
  const dump = async (message: string, fields: Fields): Promise<unknown[]> =>
    (await client.dump(message, fields)).map(comparable)
  const routes = (await dump('ip_route_v2_dump', { table: { tableId: 0 } })) as { route: Fields }[]
  return {
    clients: await dump('dhcp_client_dump', {}),
    addresses: await dump('ip_address_dump', { swIfIndex: 1 }),
    routes: routes
      .filter(({ route }) => route['src'] !== FROM_NEIGHBOR)
      .map((it) => JSON.stringify(it))
      .sort(),
  }
}

describe('a lease sets the same', () => {
  it.skipIf(missing !== '')(`as from a server${missing === '' ? '' : ` (${missing})`}`, async () => {
    if (vppBinary === undefined) expect.fail('needs VPP_BINARY, a VPP to start')
    await using vpp = await VppProcess.start(vppBinary, vppPlugins)
    await using simulator = await Simulator.start()
    await using real = await CallingClient.connect(vpp.apiSocket)
    await using simulated = await CallingClient.connect(simulator.path)
    await withServer(async () => {
      const made = await real.call('af_packet_create_v3', {
        mode: 1,
        hostIfName: OURS,
        hwAddr: MAC,
        useRandomHwAddr: false,
        numRxQueues: 1,
        numTxQueues: 1,
      })
      expect(made).toMatchObject({ retval: 0, swIfIndex: 1 })
      await simulated.call('create_loopback', { macAddress: MAC })
      const config = { swIfIndex: 1, hostname: 'router', wantDhcpEvent: true, pid: 7 }
      for (const client of [real, simulated]) {
        await client.call('sw_interface_set_flags', { swIfIndex: 1, flags: 1 })
        expect(await client.retval('dhcp_client_config', { isAdd: true, client: config })).toBe(0)
      }
      simulator.model.dhcp.grant(1, {
        address: '192.0.2.55/24',
        router: '192.0.2.1',
        servers: ['192.0.2.2', '192.0.2.3'],
      })
      const events = await Promise.all([real, simulated].map((client) => client.raw.next()))
      const [told, like] = events.map((body, index) => {
        const client = index === 0 ? real : simulated
        return [client.nameOf(body), comparable(client.decode(client.nameOf(body), body))]
      })
      expect(like).toEqual(told)
      expect(await stateOf(simulated)).toEqual(await stateOf(real))
      for (const client of [real, simulated]) {
        expect(await client.retval('dhcp_client_config', { isAdd: false, client: config })).toBe(0)
      }
      await vi.waitFor(async () => expect(await stateOf(simulated)).toEqual(await stateOf(real)))
    })
  })
})
