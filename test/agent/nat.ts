import type { ItemInput, VppInstance } from '@vpp-ts/agent'
import { Det44Client } from '@vpp-ts/binapi-det44'
import { Nat44EiClient } from '@vpp-ts/binapi-nat44-ei'
import { Nat64Client } from '@vpp-ts/binapi-nat64'
import { Nat66Client } from '@vpp-ts/binapi-nat66'
import { VlibClient } from '@vpp-ts/binapi-vlib'
import { expect, it } from 'vitest'
import { becomes, scene, type Stranger, type VppOfTest } from './no-harm.ts'

const NONE = 0xffff_ffff

const LAN: ItemInput = { kind: 'interface', type: 'loopback', name: 'lan', addresses: ['10.0.0.1/24'] }
const WAN: ItemInput = { kind: 'interface', type: 'loopback', name: 'wan', addresses: ['192.0.2.1/24'] }
const DMZ: ItemInput = { kind: 'interface', type: 'loopback', name: 'dmz', addresses: ['10.0.9.1/24'] }

const NAT44: ItemInput = {
  kind: 'nat44',
  sessions: 5000,
  forwarding: true,
  timeouts: { udp: 100, icmp: 10 },
  mssClamping: 1400,
  inside: ['lan'],
  outside: ['wan'],
  output: ['dmz'],
  pools: [
    { first: '192.0.2.10', last: '192.0.2.12' },
    { first: '192.0.2.20', table: 12 },
    { first: '198.51.100.1', twiceNat: true },
    { interface: 'wan' },
  ],
  sessionLimits: [{ table: 12, sessions: 77 }],
  tables: [{ table: 12, to: [13] }],
}
const MAPPINGS: readonly ItemInput[] = [
  { kind: 'nat44-static', localAddress: '10.0.0.5', externalAddress: '192.0.2.30' },
  {
    kind: 'nat44-static',
    protocol: 'tcp',
    localAddress: '10.0.0.6',
    localPort: 80,
    externalAddress: '192.0.2.10',
    externalPort: 8080,
    twiceNat: 'yes',
    poolAddress: '198.51.100.1',
  },
  {
    kind: 'nat44-static',
    protocol: 'udp',
    localAddress: '10.0.0.6',
    localPort: 53,
    externalInterface: 'wan',
    externalPort: 53,
    outToInOnly: true,
  },
  { kind: 'nat44-identity', protocol: 'tcp', address: '192.0.2.11', port: 22, tables: [0, 12] },
  { kind: 'nat44-identity', interface: 'dmz' },
]
function balancer(...servers: readonly [address: string, weight: number][]): ItemInput {
  const backends = servers.map(([address, weight]) => ({ address, port: 443, weight }))
  return {
    kind: 'nat44-load-balancer',
    externalAddress: '192.0.2.10',
    externalPort: 443,
    affinity: 60,
    backends,
  }
}

const EI: readonly ItemInput[] = [
  {
    kind: 'nat44',
    mode: 'ei',
    users: 50,
    timeouts: { tcpEstablished: 1000 },
    portAllocation: { method: 'range', first: 2000, last: 3000 },
    inside: ['lan'],
    outside: ['wan'],
    output: ['dmz'],
    pools: [{ first: '192.0.2.10' }],
  },
  {
    kind: 'nat44-static',
    mode: 'ei',
    protocol: 'tcp',
    localAddress: '10.0.0.6',
    localPort: 80,
    externalAddress: '192.0.2.10',
    externalPort: 8080,
  },
  { kind: 'nat44-static', mode: 'ei', localAddress: '10.0.0.7', externalAddress: '192.0.2.31' },
  { kind: 'nat44-identity', mode: 'ei', protocol: 'udp', address: '192.0.2.10', port: 500 },
]

/** What VPP has of both modes. */
async function seen({ nat, connection }: Stranger) {
  const ei = new Nat44EiClient(connection)
  const lists = await Promise.all([
    nat.nat44AddressDump().toArray(),
    nat.nat44InterfaceAddrDump().toArray(),
    nat.nat44InterfaceDump().toArray(),
    nat.nat44EdOutputInterfaceGet().toArray(),
    nat.nat44StaticMappingDump().toArray(),
    nat.nat44IdentityMappingDump().toArray(),
    nat.nat44LbStaticMappingDump().toArray(),
    ei.nat44EiAddressDump().toArray(),
    ei.nat44EiInterfaceDump().toArray(),
    ei.nat44EiOutputInterfaceGet().toArray(),
    ei.nat44EiStaticMappingDump().toArray(),
    ei.nat44EiIdentityMappingDump().toArray(),
  ])
  return lists.map((list) => list.length)
}

async function allApplied(instance: VppInstance): Promise<void> {
  for (const { kind, key } of instance.statuses()) await becomes(instance, kind, key, 'applied')
  expect(await instance.resync()).toMatchObject({ applied: 0, failed: 0 })
  expect((await instance.plan()).changes).toEqual([])
}

/** NAT as items. @param start a VPP without anything in it */
export function nat(start: () => Promise<VppOfTest>): void {
  it('NAT44 of a router is made, changed in place, and leaves nothing', async () => {
    await scene(start, async ({ instance, stranger, put }) => {
      await put(LAN, WAN, DMZ, NAT44, ...MAPPINGS, balancer(['10.0.0.21', 1], ['10.0.0.22', 2]))
      await allApplied(instance)
      expect(await seen(stranger)).toEqual([6, 1, 2, 1, 4, 4, 1, 0, 0, 0, 0, 0])
      const config = await stranger.nat.nat44ShowRunningConfig()
      expect(config).toMatchObject({ sessions: 5000, forwardingEnabled: true })
      expect(config.timeouts).toMatchObject({ udp: 100, icmp: 10, tcpEstablished: 7440 })
      const summary = await new VlibClient(stranger.connection).cliInband({ cmd: 'show nat44 summary' })
      expect(summary.reply).toContain('max translations per thread: 77')

      await put(balancer(['10.0.0.22', 2], ['10.0.0.23', 5]))
      await put({ ...NAT44, inside: ['lan', 'wan'], timeouts: { udp: 200 }, forwarding: false } as ItemInput)
      await allApplied(instance)
      const [lb] = await stranger.nat.nat44LbStaticMappingDump().toArray()
      expect(lb?.locals.map(({ addr }) => String(addr)).sort()).toEqual(['10.0.0.22', '10.0.0.23'])
      const sides = await stranger.nat.nat44InterfaceDump().toArray()
      expect(sides.map(({ flags }) => flags).sort()).toEqual([0x20, 0x30])

      await instance.delete(instance.statuses().filter(({ kind }) => kind !== 'interface'))
      await instance.settled()
      expect(await seen(stranger)).toEqual(Array<number>(12).fill(0))
      expect(await stranger.nat.nat44ShowRunningConfig()).toMatchObject({ sessions: 0 })
      expect(await instance.resync()).toMatchObject({ applied: 0, failed: 0 })
    })
  })

  it('NAT44 of the other mode is made and leaves nothing', async () => {
    await scene(start, async ({ instance, stranger, put }) => {
      await put(LAN, WAN, DMZ, ...EI)
      await allApplied(instance)
      expect(await seen(stranger)).toEqual([0, 0, 0, 0, 0, 0, 0, 1, 2, 1, 2, 1])
      const config = await new Nat44EiClient(stranger.connection).nat44EiShowRunningConfig()
      expect(config).toMatchObject({ users: 50, timeouts: { tcpEstablished: 1000 } })
      await instance.delete(instance.statuses().filter(({ kind }) => kind !== 'interface'))
      await instance.settled()
      expect(await seen(stranger)).toEqual(Array<number>(12).fill(0))
      expect(await instance.resync()).toMatchObject({ applied: 0, failed: 0 })
    })
  })

  it('NAT44 that somebody else has turned on with other settings blocks, and stays as it is', async () => {
    await scene(start, async ({ instance, stranger, put }) => {
      const theirs = await stranger.loopback(33)
      await stranger.nat.nat44EdPluginEnableDisable({ enable: true, sessions: 777 })
      await stranger.nat.nat44InterfaceAddDelFeature({ isAdd: true, swIfIndex: theirs, flags: 0x20 })
      const range = { firstIpAddress: '192.0.2.99', lastIpAddress: '192.0.2.99', vrfId: NONE }
      await stranger.nat.nat44AddDelAddressRange({ isAdd: true, ...range })
      const before = await stranger.nat.nat44ShowRunningConfig()

      await put({ kind: 'nat44', sessions: 5000 })
      await becomes(instance, 'nat44', 'ed', 'blocked')
      await put({ kind: 'nat44', forwarding: true })
      await becomes(instance, 'nat44', 'ed', 'blocked')
      await put({ kind: 'nat44', outside: ['loop33'] })
      await becomes(instance, 'nat44', 'ed', 'blocked')
      await put({ kind: 'nat44', pools: [{ first: '192.0.2.99', table: 5 }] })
      await becomes(instance, 'nat44', 'ed', 'blocked')
      // What is as it should be serves.
      await put({ kind: 'nat44', sessions: 777, inside: ['loop33'], pools: [{ first: '192.0.2.99' }] })
      await becomes(instance, 'nat44', 'ed', 'applied')
      await put({ kind: 'nat44-static', localAddress: '10.0.0.5', externalAddress: '192.0.2.30' })
      await becomes(instance, 'nat44-static', 'any/192.0.2.30/0/0', 'applied')

      await instance.delete(instance.statuses())
      await instance.settled()
      expect(await seen(stranger)).toEqual([1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0])
      expect(await stranger.nat.nat44ShowRunningConfig()).toEqual(before)
    })
  })

  it('NAT44 that the agent turned on stays on for what somebody else has put in', async () => {
    await scene(start, async ({ instance, stranger, put }) => {
      await put(LAN, { kind: 'nat44', inside: ['lan'] })
      await allApplied(instance)
      await stranger.nat.nat44AddDelStaticMappingV2({
        isAdd: true,
        flags: 8,
        localIpAddress: '10.9.0.1',
        externalIpAddress: '192.0.2.77',
        externalSwIfIndex: NONE,
        tag: 'theirs',
      })
      await instance.delete(instance.statuses())
      await instance.settled()
      expect(await seen(stranger)).toEqual([0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0])
      expect(await instance.resync()).toMatchObject({ applied: 0, failed: 0 })
    })
  })

  it('mappings that exclude one another are told as a conflict', async () => {
    await scene(start, async ({ instance, put }) => {
      const outside = { protocol: 'tcp', externalAddress: '192.0.2.30', externalPort: 80 } as const
      await put(
        { kind: 'nat44-static', ...outside, localAddress: '10.0.0.5', localPort: 80 },
        { kind: 'nat44-identity', protocol: 'tcp', address: '192.0.2.30', port: 80 },
      )
      const states = instance.statuses().map(({ state }) => state)
      expect(states.sort()).toEqual(['applied', 'conflict'])
    })
  })

  it('NAT64, NAT66 and DET44 are made, changed in place, and leave nothing', async () => {
    await scene(start, async ({ instance, stranger, put }) => {
      const dumps = async () => {
        const nat64 = new Nat64Client(stranger.connection)
        const nat66 = new Nat66Client(stranger.connection)
        const det44 = new Det44Client(stranger.connection)
        const lists = await Promise.all([
          nat64.nat64InterfaceDump().toArray(),
          nat64.nat64PoolAddrDump().toArray(),
          nat64.nat64PrefixDump().toArray(),
          nat64.nat64BibDump({ proto: 255 }).toArray(),
          nat66.nat66InterfaceDump().toArray(),
          nat66.nat66StaticMappingDump().toArray(),
          det44.det44InterfaceDump().toArray(),
          det44.det44MapDump().toArray(),
        ])
        return { counts: lists.map((list) => list.length), timeouts: await nat64.nat64GetTimeouts() }
      }
      const SIX: ItemInput = {
        kind: 'nat64',
        inside: ['lan'],
        outside: ['wan'],
        pools: [
          { first: '192.0.2.10', last: '192.0.2.11' },
          { first: '192.0.2.20', table: 14 },
        ],
        prefixes: [{ prefix: '64:ff9b::/96' }, { prefix: '2001:db8:64::/48', table: 14 }],
        timeouts: { udp: 33 },
      }
      await put(
        LAN,
        WAN,
        DMZ,
        SIX,
        {
          kind: 'nat64-static',
          insideAddress: '2001:db8::5',
          insidePort: 80,
          outsideAddress: '192.0.2.10',
          outsidePort: 8080,
        },
        { kind: 'nat66', inside: ['lan'], outside: ['wan'] },
        { kind: 'nat66-static', localAddress: 'fd00::5', externalAddress: '2001:db8::5', table: 14 },
        { kind: 'det44', inside: ['dmz'], outside: ['wan'], timeouts: { icmp: 20 } },
        { kind: 'det44-mapping', inside: '10.0.9.0/24', outside: '192.0.2.64/30' },
      )
      await allApplied(instance)
      expect(await dumps()).toMatchObject({
        counts: [2, 3, 2, 1, 2, 1, 2, 1],
        timeouts: { udp: 33, icmp: 60 },
      })

      await put({
        ...SIX,
        inside: ['lan', 'wan'],
        prefixes: [{ prefix: '2001:db8:65::/96' }],
        timeouts: { udp: 44 },
      } as ItemInput)
      await put({ kind: 'nat66', inside: ['wan'], outside: ['lan'] })
      await allApplied(instance)
      expect(await dumps()).toMatchObject({ counts: [2, 3, 1, 1, 2, 1, 2, 1], timeouts: { udp: 44 } })

      await instance.delete(instance.statuses().filter(({ kind }) => kind !== 'interface'))
      await instance.settled()
      expect(await dumps()).toMatchObject({ counts: Array<number>(8).fill(0), timeouts: { udp: 300 } })
      // VPP never gives a table up that had a prefix.
      expect(await instance.resync()).toMatchObject({ failed: 0 })

      await put({ ...SIX, inside: ['lan', 'wan'] } as ItemInput)
      await allApplied(instance)
      // VPP keeps an interface that was deleted in its list.
      const { swIfIndex } = await stranger.tagged('wan')
      await stranger.interfaces.deleteLoopback({ swIfIndex })
      await instance.resync()
      await allApplied(instance)
      const sides = await new Nat64Client(stranger.connection).nat64InterfaceDump().toArray()
      const now = (await stranger.tagged('wan')).swIfIndex
      expect(sides.find((it) => it.swIfIndex === now)?.flags).toBe(0x30)
    })
  })
}
