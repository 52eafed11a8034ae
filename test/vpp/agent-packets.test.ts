import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LmdbStore, type ItemInput, type VppInstance } from '@vpp-ts/agent'
import { LcpClient } from '@vpp-ts/binapi-lcp'
import { VlibClient } from '@vpp-ts/binapi-vlib'
import { VppConnection } from '@vpp-ts/runtime'
import { describe, expect, it, vi } from 'vitest'
import { items, manage, managedAlone, temporaryFolder } from '../agent/managed.ts'
import { LinuxHost, hasDeviceType, lacks } from './linux-host.ts'
import { VppProcess, vppBinary, vppPlugins } from './real-vpp.ts'

/** Something that comes about by itself: links, LACP, leases, routes. */
const SOON = { timeout: 90_000, interval: 250 }
const LIMIT = 240_000
/** More than one packet, and more than one window. */
const LONG = 'what goes through VPP '.repeat(12_000).slice(0, 120_000)

async function startVpp(...plugins: string[]): Promise<VppProcess> {
  return await VppProcess.start(vppBinary ?? '', vppPlugins, { plugins })
}

/** An interface of the machine that the agent configures. */
function port(name: string, ...addresses: string[]): ItemInput {
  return { kind: 'interface', type: 'existing', name, addresses, onRemove: 'reset' }
}

/** Has an instance take items, all of which must be applied. */
async function declare(instance: VppInstance, ...inputs: ItemInput[]): Promise<void> {
  await instance.put(items(...inputs))
  await instance.settled()
  const others = instance.statuses().filter(({ state }) => state !== 'applied')
  expect(others).toEqual([])
}

async function isQuiet(instance: VppInstance): Promise<void> {
  expect(await instance.resync()).toMatchObject({ applied: 0, failed: 0, problems: [] })
}

const BETWEEN_HOSTS = lacks('ethtool', 'ping')

describe('packets of Linux hosts through a VPP that the agent set up', () => {
  it.skipIf(BETWEEN_HOSTS !== '').each(['ed', 'ei'] as const)(
    `NAT44 (%s): TCP from inside to outside, and from outside to a mapping${BETWEEN_HOSTS}`,
    async (mode) => {
      await using vpp = await startVpp()
      await using other = await VppConnection.connect(vpp.apiSocket)
      await using inside = await LinuxHost.start()
      await using outside = await LinuxHost.start()
      const [inner, outer] = [await inside.plug(other), await outside.plug(other)]
      await inside.address(inner.device, ['10.0.0.5/24'], ['10.0.0.1'])
      // No way back to 10.0.0.0/24: only what is translated is answered.
      await outside.address(outer.device, ['192.0.2.9/24'])
      await using managed = await managedAlone(vpp.apiSocket)
      const { instance } = managed
      await declare(
        instance,
        port(inner.name, '10.0.0.1/24'),
        port(outer.name, '192.0.2.1/24'),
        {
          kind: 'nat44',
          mode,
          inside: [inner.name],
          outside: [outer.name],
          pools: [{ first: '192.0.2.80' }],
        },
        {
          kind: 'nat44-static',
          mode,
          protocol: 'tcp',
          localAddress: '10.0.0.5',
          localPort: 80,
          externalAddress: '192.0.2.80',
          externalPort: 8080,
        },
      )
      const server = await outside.serve('serve', 443)
      const own = await inside.serve('serve', 80)
      expect(await inside.talk('192.0.2.9', 443, LONG)).toEqual({ isSame: true, from: '10.0.0.5' })
      expect(server.told.slice(1)).toEqual([{ port: 443, from: '192.0.2.80' }])
      expect(await outside.talk('192.0.2.80', 8080, LONG)).toEqual({ isSame: true, from: '192.0.2.9' })
      expect(own.told.slice(1)).toEqual([{ port: 80, from: '192.0.2.9' }])
      await isQuiet(instance)
    },
    LIMIT,
  )

  it.skipIf(BETWEEN_HOSTS !== '')(
    `access lists, both families: what is permitted passes, what is denied does not${BETWEEN_HOSTS}`,
    async () => {
      await using vpp = await startVpp()
      await using other = await VppConnection.connect(vpp.apiSocket)
      await using left = await LinuxHost.start()
      await using right = await LinuxHost.start()
      const [one, two] = [await left.plug(other), await right.plug(other)]
      await left.address(one.device, ['10.1.0.2/24', '2001:db8:1::2/64'], ['10.1.0.1', '2001:db8:1::1'])
      await right.address(two.device, ['10.2.0.2/24', '2001:db8:2::2/64'], ['10.2.0.1', '2001:db8:2::1'])
      await using managed = await managedAlone(vpp.apiSocket)
      const { instance } = managed
      const destinationPorts = { first: 80, last: 80 }
      await declare(
        instance,
        port(one.name, '10.1.0.1/24', '2001:db8:1::1/64'),
        port(two.name, '10.2.0.1/24', '2001:db8:2::1/64'),
        {
          kind: 'acl',
          name: 'web',
          rules: [
            { action: 'permit', protocol: 'icmp6' },
            { action: 'permit', protocol: 'tcp', destinationPorts },
            { action: 'permit', protocol: 'udp', destinationPorts },
            { action: 'deny' },
          ],
          ingress: [one.name],
        },
      )
      await right.serve('serve', 80)
      const heard = await right.serve('hear', 80, 81)
      for (const address of ['10.2.0.2', '2001:db8:2::2']) {
        expect(await left.talk(address, 80, LONG)).toMatchObject({ isSame: true })
        // Those to port 81 are sent before those to port 80 that arrive.
        expect(await left.send(address, 81, 80)).toEqual([80])
      }
      expect(new Set(heard.told.slice(1).map((it) => (it as { port: number }).port))).toEqual(new Set([80]))
      expect(await left.pings('10.2.0.2')).toBe(false)
      // Without the list all of it passes.
      await instance.delete([{ kind: 'acl', key: 'web' }])
      await instance.settled()
      for (const address of ['10.2.0.2', '2001:db8:2::2']) {
        await vi.waitFor(async () => expect(await left.send(address, 80, 81)).toContain(81), SOON)
      }
      expect(await left.pings('10.2.0.2')).toBe(true)
      await isQuiet(instance)
    },
    LIMIT,
  )

  it.skipIf(BETWEEN_HOSTS !== '')(
    `two VPPs between them: a bond of two memifs with LACP, and QinQ on it${BETWEEN_HOSTS}`,
    async () => {
      await using near = await startVpp()
      await using far = await startVpp()
      await using nearOther = await VppConnection.connect(near.apiSocket)
      await using farOther = await VppConnection.connect(far.apiSocket)
      await using left = await LinuxHost.start()
      await using right = await LinuxHost.start()
      const [one, two] = [await left.plug(nearOther), await right.plug(farOther)]
      await left.address(one.device, ['10.1.0.2/24', '2001:db8:1::2/64'], ['10.1.0.1', '2001:db8:1::1'])
      await right.address(two.device, ['10.2.0.2/24', '2001:db8:2::2/64'], ['10.2.0.1', '2001:db8:2::1'])
      await using first = await managedAlone(near.apiSocket)
      await using second = await managedAlone(far.apiSocket)
      const ends = [
        { instance: first.instance, role: 'master', own: 1, other: 2, name: one.name },
        { instance: second.instance, role: 'slave', own: 2, other: 1, name: two.name },
      ] as const
      for (const { instance, role, own, other, name } of ends) {
        await declare(
          instance,
          port(name, `10.${own}.0.1/24`, `2001:db8:${own}::1/64`),
          ...[1, 2].flatMap((leg): ItemInput[] => [
            { kind: 'memif-socket', id: leg, path: join(near.folder, `leg${leg}.sock`) },
            { kind: 'interface', type: 'memif', name: `leg${leg}`, role, socket: leg },
          ]),
          {
            kind: 'interface',
            type: 'bond',
            name: 'lag',
            mode: 'lacp',
            loadBalance: 'l34',
            members: [{ interface: 'leg1' }, { interface: 'leg2' }],
          },
          {
            kind: 'interface',
            type: 'vlan',
            name: 'link',
            parent: 'lag',
            number: 77,
            vlan: 200,
            inner: 30,
            ethertype: 'dot1ad',
            addresses: [`192.0.2.${own}/24`, `2001:db8:99::${own}/64`],
          },
          { kind: 'route', prefix: `10.${other}.0.0/24`, paths: [{ nextHop: `192.0.2.${other}` }] },
          { kind: 'route', prefix: `2001:db8:${other}::/64`, paths: [{ nextHop: `2001:db8:99::${other}` }] },
        )
      }
      const vlib = new VlibClient(nearOther)
      await vi.waitFor(async () => {
        const { reply } = await vlib.cliInband({ cmd: 'show bond details' })
        expect(reply).toMatch(/number of active members: 2/)
      }, SOON)
      await right.serve('serve', 80)
      for (const address of ['10.2.0.2', '2001:db8:2::2']) {
        await vi.waitFor(async () => expect(await left.pings(address)).toBe(true), SOON)
        expect(await left.talk(address, 80, LONG)).toMatchObject({ isSame: true })
      }
      // Without one leg the other one carries all of it.
      await first.instance.delete([{ kind: 'interface', key: 'leg2' }])
      await first.instance.settled()
      await vi.waitFor(async () => expect(await left.pings('10.2.0.2')).toBe(true), SOON)
    },
    LIMIT,
  )

  const linuxBond = hasDeviceType('bond') ? '' : ' (needs devices of type bond in the kernel)'
  it.skipIf(BETWEEN_HOSTS + linuxBond !== '')(
    `a bond of two cables with LACP, whose other end is one of Linux${BETWEEN_HOSTS}${linuxBond}`,
    async () => {
      await using vpp = await startVpp()
      await using other = await VppConnection.connect(vpp.apiSocket)
      await using host = await LinuxHost.start()
      const legs = [await host.plug(other), await host.plug(other)]
      await host.ip('link', 'add', 'lag', 'type', 'bond', 'mode', '802.3ad', 'lacp_rate', 'fast')
      for (const { device } of legs) {
        await host.ip('link', 'set', device, 'down')
        await host.ip('link', 'set', device, 'master', 'lag')
      }
      await host.ip('link', 'set', 'lag', 'up')
      await host.address('lag', ['10.1.0.2/24', '2001:db8:1::2/64'])
      await using managed = await managedAlone(vpp.apiSocket)
      const { instance } = managed
      await declare(instance, ...legs.map(({ name }) => port(name)), {
        kind: 'interface',
        type: 'bond',
        name: 'lag',
        mode: 'lacp',
        addresses: ['10.1.0.1/24', '2001:db8:1::1/64'],
        members: legs.map(({ name }) => ({ interface: name })),
      })
      for (const address of ['10.1.0.1', '2001:db8:1::1']) {
        await vi.waitFor(async () => expect(await host.pings(address)).toBe(true), SOON)
      }
      await host.ip('link', 'set', legs[0]!.device, 'down')
      await vi.waitFor(async () => expect(await host.pings('10.1.0.1')).toBe(true), SOON)
    },
    LIMIT,
  )

  const WITH_DNSMASQ = lacks('ethtool', 'ping', 'dnsmasq')
  it.skipIf(WITH_DNSMASQ !== '')(
    `a DHCP client has its address from dnsmasq, and gives it back${WITH_DNSMASQ}`,
    async () => {
      await using vpp = await startVpp()
      await using other = await VppConnection.connect(vpp.apiSocket)
      await using host = await LinuxHost.start()
      await using folder = await temporaryFolder()
      const { device, name } = await host.plug(other)
      await host.address(device, ['192.0.2.1/24'])
      host.start(
        'dnsmasq',
        '--keep-in-foreground',
        '--conf-file=/dev/null',
        '--port=0',
        `--interface=${device}`,
        '--bind-interfaces',
        `--pid-file=${join(folder.path, 'pid')}`,
        `--dhcp-leasefile=${join(folder.path, 'leases')}`,
        '--dhcp-range=192.0.2.50,192.0.2.60,1h',
        '--dhcp-host=router,192.0.2.55',
        '--dhcp-option=option:router,192.0.2.1',
        '--dhcp-option=option:dns-server,192.0.2.2',
      )
      await using managed = await managedAlone(vpp.apiSocket)
      const { instance } = managed
      await declare(instance, port(name), { kind: 'dhcp-client', interface: name, hostname: 'router' })
      await vi.waitFor(async () => {
        const clients = (await instance.actual()).filter(({ kind }) => kind === 'dhcp-client')
        expect(clients).toMatchObject([
          {
            owned: true,
            value: {
              lease: {
                state: 'bound',
                address: '192.0.2.55/24',
                router: '192.0.2.1',
                domainServers: ['192.0.2.2'],
              },
            },
          },
        ])
      }, SOON)
      await isQuiet(instance)
      expect(await host.pings('192.0.2.55')).toBe(true)
      // An address of the item beside it comes and goes, and the leased one stays.
      await declare(instance, port(name, '198.51.100.1/24'))
      await declare(instance, port(name))
      expect(await host.pings('192.0.2.55')).toBe(true)
      await instance.delete([{ kind: 'dhcp-client', key: name }])
      await instance.settled()
      expect(await host.pings('192.0.2.55')).toBe(false)
      await isQuiet(instance)
    },
    LIMIT,
  )

  const WITH_BIRD = lacks('ethtool', 'bird', { path: '/dev/vhost-net' })
  it.skipIf(WITH_BIRD !== '')(
    `linux-cp: BIRD speaks BGP through it, and the agent leaves its routes alone${WITH_BIRD}`,
    async () => {
      await using vpp = await startVpp('linux_cp', 'linux_nl')
      await using other = await VppConnection.connect(vpp.apiSocket)
      await using neighbor = await LinuxHost.start()
      await using router = await LinuxHost.start()
      const { device, name } = await neighbor.plug(other)
      await neighbor.address(device, ['192.0.2.2/24'])
      await using folder = await temporaryFolder()
      const vlib = new VlibClient(other)
      const cli = async (cmd: string): Promise<string> => (await vlib.cliInband({ cmd })).reply
      await new LcpClient(other).lcpDefaultNsSet({ netns: router.space })
      const store = new LmdbStore(join(folder.path, 'store'))
      await using _closing = { [Symbol.asyncDispose]: () => store.close() }
      let instance = manage(vpp.apiSocket, store)
      await using _last = { [Symbol.asyncDispose]: () => instance.close() }
      const shown: ItemInput = {
        kind: 'interface',
        type: 'existing',
        name,
        addresses: 'external',
        linuxCp: { hostName: 'bgp0', namespace: router.space },
      }
      const own: ItemInput = { kind: 'route', prefix: '203.0.113.0/24', drop: true }
      await declare(instance, shown, own)
      await router.ip('link', 'set', 'bgp0', 'up')
      await router.address('bgp0', ['192.0.2.1/24'])

      const bird = async (host: LinuxHost, id: number): Promise<(command: string) => Promise<string>> => {
        const [config, control] = [join(folder.path, `${id}.conf`), join(folder.path, `${id}.ctl`)]
        const text = `router id 192.0.2.${id};
          protocol device { scan time 1; }
          protocol kernel { ipv4 { import none; export where source = RTS_BGP; }; }
          protocol static told { ipv4; ${id === 2 ? 'route 198.51.100.0/24 blackhole;' : ''} }
          protocol bgp uplink {
            local 192.0.2.${id} as 6500${id};
            neighbor 192.0.2.${3 - id} as 6500${3 - id};
            connect retry time 1; connect delay time 1; error wait time 1, 2;
            ipv4 { import all; export where source = RTS_STATIC; next hop self; };
          }`
        await writeFile(config, text)
        host.start('bird', '-f', '-c', config, '-s', control)
        return (command) => host.run('birdc', '-s', control, ...command.split(' '))
      }
      await bird(router, 1)
      const theirs = await bird(neighbor, 2)
      const learnt = async (): Promise<string> => await cli('show ip fib 198.51.100.0/24')
      await vi.waitFor(async () => {
        const text = await learnt()
        expect(text).toContain('198.51.100.0/24')
        expect(text).toContain('192.0.2.2')
      }, SOON)
      const before = await learnt()
      await isQuiet(instance)
      expect(await learnt()).toBe(before)
      // The agent ends, and another one finds the same.
      await instance.close()
      instance = manage(vpp.apiSocket, store)
      await instance.settled()
      await isQuiet(instance)
      expect(await learnt()).toBe(before)
      await instance.delete([{ kind: 'route', key: '0/203.0.113.0/24' }])
      await instance.settled()
      expect(await learnt()).toBe(before)
      await theirs('disable told')
      await vi.waitFor(async () => expect(await learnt()).not.toContain('192.0.2.2'), SOON)
      await isQuiet(instance)
    },
    LIMIT,
  )
})
