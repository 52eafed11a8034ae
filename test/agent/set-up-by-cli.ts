import { join } from 'node:path'
import { LmdbStore, adoptAlone, dumpAlone } from '@vpp-ts/agent'
import { VlibClient } from '@vpp-ts/binapi-vlib'
import { VppConnection } from '@vpp-ts/runtime'
import { expect, it } from 'vitest'
import { items, manage, managedAlone, temporaryFolder } from './managed.ts'
import type { VppOfTest } from './no-harm.ts'

/** A router as somebody sets it up by hand. */
const COMMANDS = [
  'create loopback interface instance 10',
  'create loopback interface instance 11',
  'create loopback interface instance 12',
  'ip table add 20',
  'ip6 table add 20',
  'set interface state loop10 up',
  'set interface ip address loop10 192.0.2.1/24',
  'set interface ip address loop10 2001:db8::1/64',
  'create sub-interfaces loop10 100',
  'set interface ip address loop10.100 198.51.100.1/24',
  'set interface state loop10.100 up',
  'set interface ip table loop11 20',
  'set interface ip6 table loop11 20',
  'set interface ip address loop11 203.0.113.1/24',
  'set interface state loop11 up',
  'set interface mtu packet 1400 loop11',
  'ip route add 10.1.0.0/16 via 192.0.2.9 loop10',
  'ip route add 10.2.0.0/16 table 20 via 203.0.113.9 loop11',
  'ip route add 10.3.0.0/16 via drop',
  'ip route add 2001:db8:1::/48 via 2001:db8::9 loop10',
  'set ip neighbor loop10 192.0.2.9 02:00:00:00:00:09 static',
  'create bridge-domain 7 learn 1 forward 1 uu-flood 1 flood 1 arp-term 0',
  'set interface l2 bridge loop12 7',
  'set acl-plugin acl permit dst 192.0.2.0/24, deny tag guests',
  'set acl-plugin interface loop10 input acl 0',
  'nat44 plugin enable',
  'set interface nat44 in loop10 out loop10.100',
  'nat44 add address 198.51.100.10',
  'nat44 add static mapping tcp local 192.0.2.50 80 external 198.51.100.10 8080',
]

/** What a dump of it has. */
export const ITEMS = [
  { kind: 'vrf', id: 20 },
  {
    kind: 'interface',
    type: 'existing',
    name: 'loop10',
    addresses: ['192.0.2.1/24', '2001:db8::1/64'],
  },
  { kind: 'interface', type: 'existing', name: 'loop10.100', addresses: ['198.51.100.1/24'] },
  {
    kind: 'interface',
    type: 'existing',
    name: 'loop11',
    mtu: 1400,
    addresses: ['203.0.113.1/24'],
    table: 20,
  },
  { kind: 'interface', type: 'existing', name: 'loop12', enabled: false },
  { kind: 'bridge-domain', id: 7, members: [{ interface: 'loop12' }] },
  {
    kind: 'acl',
    name: 'guests',
    rules: [
      { action: 'permit', destination: '192.0.2.0/24' },
      { action: 'deny', source: '0.0.0.0/0' },
    ],
    ingress: ['loop10'],
  },
  { kind: 'neighbour', interface: 'loop10', address: '192.0.2.9', mac: '02:00:00:00:00:09' },
  { kind: 'route', prefix: '10.1.0.0/16', paths: [{ nextHop: '192.0.2.9', interface: 'loop10' }] },
  { kind: 'route', prefix: '10.3.0.0/16', drop: true },
  { kind: 'route', prefix: '2001:db8:1::/48', paths: [{ nextHop: '2001:db8::9', interface: 'loop10' }] },
  {
    kind: 'route',
    table: 20,
    prefix: '10.2.0.0/16',
    paths: [{ nextHop: '203.0.113.9', interface: 'loop11' }],
  },
  {
    kind: 'nat44',
    sessions: 64_512,
    inside: ['loop10'],
    outside: ['loop10.100'],
    pools: [{ first: '198.51.100.10' }],
  },
  {
    kind: 'nat44-static',
    protocol: 'tcp',
    localAddress: '192.0.2.50',
    localPort: 80,
    externalAddress: '198.51.100.10',
    externalPort: 8080,
  },
]

async function cli(connection: VppConnection, cmd: string): Promise<string> {
  return (await new VlibClient(connection).cliInband({ cmd })).reply
}

/** Sets a VPP up. */
export async function setUp(path: string): Promise<void> {
  await using connection = await VppConnection.connect(path)
  for (const command of COMMANDS) {
    const reply = await cli(connection, command)
    // VPP reports errors as text; the name of what it made is none.
    if (/unknown|error|fail|invalid|parse/i.test(reply)) throw new Error(`${command}: ${reply}`)
  }
}

/** What becomes of a VPP that somebody has set up by its CLI. */
export function setUpByCli(start: () => Promise<VppOfTest>): void {
  it('is dumped as items, whoever made it', async () => {
    await using vpp = await start()
    await setUp(vpp.path)
    await using connection = await VppConnection.connect(vpp.path)
    const { items: found, leftOut } = await dumpAlone(connection)
    expect(leftOut).toEqual([])
    expect(found.filter(({ kind }) => kind !== 'vrf')).toEqual(ITEMS.filter(({ kind }) => kind !== 'vrf'))
    expect(found).toContainEqual({ kind: 'vrf', id: 20 })
    const { items: routes } = await dumpAlone(connection, { only: new Set(['route']) })
    expect(routes).toEqual(ITEMS.filter(({ kind }) => kind === 'route'))
  })

  it('is taken over by an agent that runs: nothing is changed, until an item is', async () => {
    await using vpp = await start()
    await setUp(vpp.path)
    await using connection = await VppConnection.connect(vpp.path)
    const config = await cli(connection, 'show ip fib')
    await using managed = await managedAlone(vpp.path)
    const { instance } = managed
    await instance.settled()
    expect(instance.statuses()).toEqual([])
    const adopted = await instance.adopt()
    expect(adopted.items).toEqual((await instance.dump()).items)
    await instance.settled()
    expect(instance.statuses().filter(({ state }) => state !== 'applied')).toEqual([])
    expect((await instance.plan()).changes).toEqual([])
    expect(await instance.resync()).toMatchObject({ applied: 0, failed: 0, waiting: 0 })
    expect(await cli(connection, 'show ip fib')).toBe(config)
    // Again: there is nothing left to take over.
    expect(await instance.adopt()).toMatchObject({ declared: [], objects: 0 })

    // From now on they are the agent's: they change, and they go.
    const changed = items(
      { kind: 'acl', name: 'guests', rules: [{ action: 'permit' }], ingress: ['loop10'] },
      { kind: 'route', prefix: '10.1.0.0/16', paths: [{ nextHop: '192.0.2.10', interface: 'loop10' }] },
      { kind: 'bridge-domain', id: 7, learn: false, members: [{ interface: 'loop12' }] },
    )
    await instance.put(changed)
    await instance.settled()
    expect(instance.statuses().filter(({ state }) => state !== 'applied')).toEqual([])
    expect((await instance.plan()).changes).toEqual([])
    expect(await cli(connection, 'show ip fib 10.1.0.0/16')).toMatch(/192\.0\.2\.10/)
    await instance.delete([
      { kind: 'acl', key: 'guests' },
      { kind: 'route', key: '0/10.1.0.0/16' },
      { kind: 'route', key: '0/10.3.0.0/16' },
      { kind: 'nat44-static', key: 'tcp/198.51.100.10/8080/0' },
      { kind: 'neighbour', key: 'loop10/192.0.2.9' },
      { kind: 'bridge-domain', key: '7' },
    ])
    await instance.settled()
    expect(instance.statuses().filter(({ state }) => state !== 'applied')).toEqual([])
    expect((await instance.plan()).changes).toEqual([])
    const { items: left } = await instance.dump()
    const names = left.map(({ kind, name, prefix }) => [kind, name, prefix].filter(Boolean).join(' '))
    expect(names).not.toContain('acl guests')
    expect(names).not.toContain('route 10.1.0.0/16')
    expect(names).not.toContain('route 10.3.0.0/16')
    expect(names).toContain('interface loop10')
    expect(left.map(({ kind }) => kind)).not.toContain('nat44-static')
    expect(left.map(({ kind }) => kind)).not.toContain('neighbour')
    expect(left.map(({ kind }) => kind)).not.toContain('bridge-domain')
  })

  it('is taken over into the store of an agent that is started next', async () => {
    await using vpp = await start()
    await setUp(vpp.path)
    await using folder = await temporaryFolder()
    const store = new LmdbStore(join(folder.path, 'store'))
    let before: unknown
    {
      await using connection = await VppConnection.connect(vpp.path)
      before = (await dumpAlone(connection)).items
      const adopted = await adoptAlone(store, 'vpp', connection, { origin: 'router' })
      expect(adopted.declared).toHaveLength(adopted.items.length)
    }
    const instance = manage(vpp.path, store)
    try {
      await instance.settled()
      expect(instance.statuses().filter(({ state }) => state !== 'applied')).toEqual([])
      expect((await instance.plan()).changes).toEqual([])
      expect((await instance.dump()).items).toEqual(before)
      expect([...(await instance.declared.origins()).keys()]).toEqual(['router'])
      await using connection = await VppConnection.connect(vpp.path)
      await expect(adoptAlone(store, 'vpp', connection)).rejects.toMatchObject({ code: 'AGENT_NOT_LEADER' })
    } finally {
      await instance.close()
      await store.close()
    }
  })
}
