import { join } from 'node:path'
import { LmdbStore, type Instance, type ItemInput, type ItemStatus, type VppInstance } from '@vpp-ts/agent'
import { InterfaceClient } from '@vpp-ts/binapi-interface'
import { IfStatusFlags } from '@vpp-ts/binapi-interface-types'
import { IpClient } from '@vpp-ts/binapi-ip'
import { L2Client } from '@vpp-ts/binapi-l2'
import { Nat44EdClient } from '@vpp-ts/binapi-nat44-ed'
import { VlibClient } from '@vpp-ts/binapi-vlib'
import { VppConnection } from '@vpp-ts/runtime'
import { expect, it, vi } from 'vitest'
import { items, manage, managedAlone, temporaryFolder } from './managed.ts'

const ALL = 0xffff_ffff
const UP = IfStatusFlags.IF_STATUS_API_FLAG_ADMIN_UP

/** A VPP of a test, by the path of its API socket. */
export interface VppOfTest extends AsyncDisposable {
  readonly path: string
}

/** Somebody else who uses the VPP. */
export class Stranger implements AsyncDisposable {
  readonly connection: VppConnection
  readonly interfaces: InterfaceClient
  readonly ip: IpClient
  readonly l2: L2Client
  readonly nat: Nat44EdClient

  constructor(connection: VppConnection) {
    this.connection = connection
    this.interfaces = new InterfaceClient(connection)
    this.ip = new IpClient(connection)
    this.l2 = new L2Client(connection)
    this.nat = new Nat44EdClient(connection)
  }

  async loopback(instance: number): Promise<number> {
    const request = { isSpecified: true, userInstance: instance }
    return (await this.interfaces.createLoopbackInstance(request)).swIfIndex
  }

  async all() {
    return await this.interfaces.swInterfaceDump({ swIfIndex: ALL }).toArray()
  }

  /** An interface by the agent's name. */
  async tagged(name: string) {
    const found = (await this.all()).find(({ tag }) => tag.endsWith(`/${name}`))
    if (found === undefined) throw new Error(`no interface is tagged ${name}`)
    return found
  }

  /** Paths of a route as VPP reports them. */
  async paths(prefix: string) {
    return (await this.ip.ipRouteLookupV2({ prefix, exact: 1 })).route.paths
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.connection.close()
  }
}

/** An agent's instance, and somebody else beside it. */
export interface Scene {
  readonly instance: VppInstance
  readonly stranger: Stranger
  /** Puts items and waits until they were tried. @returns their states by id */
  put(...inputs: ItemInput[]): Promise<Record<string, string>>
}

/** Plays on a VPP without anything in it. */
export async function scene(
  start: () => Promise<VppOfTest>,
  play: (scene: Scene) => Promise<void>,
): Promise<void> {
  await using vpp = await start()
  await using managed = await managedAlone(vpp.path)
  await using stranger = new Stranger(await VppConnection.connect(vpp.path))
  const { instance } = managed
  const put = async (...inputs: ItemInput[]): Promise<Record<string, string>> => {
    await instance.put(items(...inputs))
    await instance.settled()
    return states(instance)
  }
  await put()
  await play({ instance, stranger, put })
}

function states(instance: Instance): Record<string, string> {
  return Object.fromEntries(instance.statuses().map(({ kind, key, state }) => [`${kind} ${key}`, state]))
}

function statusOf(instance: Instance, kind: string, key: string): ItemStatus | undefined {
  return instance.status({ kind, key })
}

/** Waits until an item has a state. */
export async function becomes(instance: Instance, kind: string, key: string, state: string): Promise<void> {
  const is = (): void => expect(statusOf(instance, kind, key)?.state, `${kind} ${key}`).toBe(state)
  await vi.waitFor(is, { timeout: 20_000, interval: 20 })
}

const LAN: ItemInput = { kind: 'interface', type: 'loopback', name: 'lan', addresses: ['192.0.2.1/24'] }

function via(name: string, prefix = '10.9.0.0/16'): ItemInput {
  return { kind: 'route', prefix, paths: [{ interface: name }] }
}

/** What must not happen to a network, whatever others do to VPP. @param start a VPP without anything in it */
export function noHarm(start: () => Promise<VppOfTest>): void {
  it('a route waits for an interface of somebody else, and comes when that does', async () => {
    await scene(start, async ({ instance, stranger, put }) => {
      expect(await put(via('loop33'))).toEqual({ 'route 0/10.9.0.0/16': 'waiting' })
      const swIfIndex = await stranger.loopback(33)
      await becomes(instance, 'route', '0/10.9.0.0/16', 'applied')
      expect((await stranger.paths('10.9.0.0/16'))[0]?.swIfIndex).toBe(swIfIndex)
    })
  })

  it('a route is never written to a stranger that has the index of a deleted interface', async () => {
    await scene(start, async ({ instance, stranger, put }) => {
      const swIfIndex = await stranger.loopback(33)
      await put(via('loop33'))
      await stranger.interfaces.deleteLoopback({ swIfIndex })
      expect(await stranger.loopback(44)).toBe(swIfIndex)
      await put(via('loop33', '10.8.0.0/16'))
      expect(statusOf(instance, 'route', '0/10.8.0.0/16')).toMatchObject({ state: 'waiting' })
      await becomes(instance, 'route', '0/10.9.0.0/16', 'waiting')
    })
  })

  it('a route whose interface was deleted and made again is replaced, since VPP keeps it dead', async () => {
    await scene(start, async ({ instance, stranger, put }) => {
      await put(LAN, via('lan'))
      const { swIfIndex } = await stranger.tagged('lan')
      await stranger.interfaces.deleteLoopback({ swIfIndex })
      await vi.waitFor(async () => expect((await stranger.tagged('lan')).tag).toContain('lan'), 20_000)
      await becomes(instance, 'route', '0/10.9.0.0/16', 'applied')
      const now = (await stranger.tagged('lan')).swIfIndex
      // A path that has died is shown with its type and index, but is not in force any more: a new one is.
      const drift = instance.events.after().filter(({ event }) => event.type === 'drift')
      expect(drift.length).toBeGreaterThan(0)
      expect((await stranger.paths('10.9.0.0/16'))[0]?.swIfIndex).toBe(now)
      expect((await instance.plan()).changes).toEqual([])
    })
  })

  it('routes whose interface was made again while the agent was away are replaced, and no others', async () => {
    await using vpp = await start()
    await using folder = await temporaryFolder()
    await using stranger = new Stranger(await VppConnection.connect(vpp.path))
    const store = new LmdbStore(join(folder.path, 'store'))
    const cli = new VlibClient(stranger.connection)
    const dead = async (): Promise<number> => {
      const { reply } = await cli.cliInband({ cmd: 'show fib path-lists' })
      return reply.split('oper-flags:drop,').length - 1
    }
    const swIfIndex = await stranger.loopback(33)
    await stranger.interfaces.swInterfaceSetFlags({ swIfIndex, flags: UP })
    const first = manage(vpp.path, store)
    await first.put(
      items(
        LAN,
        via('lan', '10.1.0.0/16'),
        via('loop33'),
        via('loop33', '10.2.0.1/32'),
        via('loop33', '2001:db8:7::/48'),
        { kind: 'route', prefix: '10.3.0.0/16', paths: [{ nextHop: '198.51.100.9', interface: 'loop33' }] },
        {
          kind: 'route',
          prefix: '10.4.0.0/16',
          paths: [{ nextHop: '192.0.2.9', interface: 'lan' }, { interface: 'loop33' }],
        },
      ),
    )
    await first.settled()
    expect(Object.values(states(first))).toEqual(Array<string>(7).fill('applied'))
    await first.close()
    expect(await dead()).toBe(0)
    await stranger.interfaces.deleteLoopback({ swIfIndex })
    expect(await stranger.loopback(33)).toBe(swIfIndex)
    await stranger.interfaces.swInterfaceSetFlags({ swIfIndex, flags: UP })
    expect(await dead()).toBeGreaterThanOrEqual(4)
    const second = manage(vpp.path, store)
    try {
      await second.settled()
      expect(Object.values(states(second))).toEqual(Array<string>(7).fill('applied'))
      expect(second.state().work).toMatchObject({ resync: { applied: 5 } })
      expect(await dead()).toBe(0)
      expect(await second.resync()).toMatchObject({ applied: 0 })
    } finally {
      await second.close()
      await store.close()
    }
  })

  it('an interface is up only when its access lists are bound', async () => {
    await scene(start, async ({ instance, stranger, put }) => {
      const guard: ItemInput = { kind: 'acl', name: 'guard', rules: [{ action: 'deny' }], ingress: ['lan'] }
      const seen = await put(LAN, guard)
      expect(seen).toEqual({ 'acl guard': 'applied', 'interface lan': 'applied' })
      expect((await stranger.tagged('lan')).flags & UP).toBe(UP)
      const { changes } = await instance.plan()
      expect(changes).toEqual([])
    })
  })

  it('what a stranger has under a key blocks, and stays when the item goes', async () => {
    await scene(start, async ({ instance, stranger, put }) => {
      await stranger.nat.nat44EdPluginEnableDisable({ enable: true })
      const mapping = {
        isAdd: true,
        flags: 8,
        localIpAddress: '10.1.0.6',
        externalIpAddress: '203.0.113.81',
        externalSwIfIndex: ALL,
        tag: 'theirs',
      }
      await stranger.nat.nat44AddDelStaticMappingV2(mapping)
      await stranger.l2.bridgeDomainAddDelV2({ bdId: 5, isAdd: true, bdTag: 'theirs' })
      await stranger.loopback(33)
      await put(
        LAN,
        { kind: 'nat44-static', localAddress: '10.1.0.6', externalAddress: '203.0.113.81' },
        { kind: 'bridge-domain', id: 5, members: [{ interface: 'lan' }] },
        { kind: 'interface', type: 'loopback', name: 'loop33' },
      )
      await becomes(instance, 'interface', 'lan', 'applied')
      await becomes(instance, 'interface', 'loop33', 'blocked')
      await becomes(instance, 'bridge-domain', '5', 'blocked')
      await becomes(instance, 'nat44-static', 'any/203.0.113.81/0/0', 'blocked')
      expect(statusOf(instance, 'interface', 'loop33')?.error?.message).toMatch(/type "existing"/)
      await instance.delete(instance.statuses())
      await instance.settled()
      const mappings = await stranger.nat.nat44StaticMappingDump().toArray()
      expect(mappings.map(({ tag }) => tag)).toEqual(['theirs'])
      const domains = await stranger.l2.bridgeDomainDump({ bdId: 5, swIfIndex: ALL }).toArray()
      expect(domains.map(({ bdTag, swIfDetails }) => ({ bdTag, members: swIfDetails.length }))).toEqual([
        { bdTag: 'theirs', members: 0 },
      ])
    })
  })

  it('what two items claim belongs to one of them, and the other says whose it is', async () => {
    await scene(start, async ({ instance, put }) => {
      const seen = await put(
        LAN,
        { kind: 'bridge-domain', id: 5, members: [{ interface: 'lan' }] },
        { kind: 'bridge-domain', id: 6, members: [{ interface: 'lan' }] },
        { kind: 'interface', type: 'loopback', name: 'other', addresses: ['192.0.2.1/25'] },
      )
      expect(seen).toMatchObject({ 'bridge-domain 5': 'applied', 'bridge-domain 6': 'conflict' })
      expect(statusOf(instance, 'bridge-domain', '6')?.error?.message).toMatch(/bridge-member "5\/lan"/)
      expect([seen['interface lan'], seen['interface other']].sort()).toEqual(['applied', 'conflict'])
      expect(await instance.resync()).toMatchObject({ applied: 0 })
      await instance.delete([{ kind: 'bridge-domain', key: '5' }])
      await becomes(instance, 'bridge-domain', '6', 'applied')
    })
  })

  it('a VLAN on a VLAN is refused, and VPP is not asked', async () => {
    await scene(start, async ({ instance, stranger, put }) => {
      const seen = await put(
        LAN,
        { kind: 'interface', type: 'vlan', name: 'lan.5', parent: 'lan', vlan: 5 },
        { kind: 'interface', type: 'vlan', name: 'lan.5.6', parent: 'lan.5', vlan: 6 },
      )
      expect(seen).toMatchObject({ 'interface lan.5': 'applied', 'interface lan.5.6': 'failed' })
      expect(statusOf(instance, 'interface', 'lan.5.6')?.error?.code).toBe('UNSUPPORTED')
      expect(await stranger.all()).toHaveLength(3)
    })
  })

  it('memifs of both roles on one socket: one is made, and the other says why it is not', async () => {
    await scene(start, async ({ instance, put }) => {
      const seen = await put(
        { kind: 'memif-socket', id: 7, path: 'abstract:vpp-ts-roles' },
        { kind: 'interface', type: 'memif', name: 'one', role: 'master', socket: 7, id: 1 },
        { kind: 'interface', type: 'memif', name: 'two', role: 'slave', socket: 7, id: 2 },
      )
      const refused = ['one', 'two'].filter((name) => seen[`interface ${name}`] !== 'applied')
      expect(refused).toHaveLength(1)
      const [name = ''] = refused
      const other = name === 'one' ? 'two' : 'one'
      // When both are asked for at once the first answer is VPP's.
      await vi.waitFor(() => {
        const error = statusOf(instance, 'interface', name)?.error
        expect(error?.code).toBe('UNSUPPORTED')
        expect(error?.message).toContain(`interface "${other}"`)
      }, 20_000)
      await instance.delete([{ kind: 'interface', key: other }])
      await becomes(instance, 'interface', name, 'applied')
    })
  })

  it('drift is found, told and repaired', async () => {
    await scene(start, async ({ instance, stranger, put }) => {
      await put(LAN)
      const { swIfIndex } = await stranger.tagged('lan')
      // That it goes down is told by an event.
      await stranger.interfaces.swInterfaceSetFlags({ swIfIndex, flags: 0 })
      await vi.waitFor(async () => expect((await stranger.tagged('lan')).flags & UP).toBe(UP), 20_000)
      expect(instance.state().drifted).toBeGreaterThan(0)
      await stranger.interfaces.swInterfaceAddDelAddress({ swIfIndex, isAdd: false, prefix: '192.0.2.1/24' })
      await stranger.interfaces.swInterfaceSetMtu({ swIfIndex, mtu: [1000, 0, 0, 0] })
      const { applied } = await instance.resync()
      expect(applied).toBeGreaterThanOrEqual(2)
      expect((await stranger.tagged('lan')).mtu[0]).not.toBe(1000)
      expect(await stranger.ip.ipAddressDump({ swIfIndex, isIpv6: false }).toArray()).toHaveLength(1)
      const told = instance.events
        .after()
        .flatMap(({ event }) => (event.type === 'drift' ? [event.object.kind] : []))
      expect(new Set(told)).toEqual(new Set(['interface-up', 'address', 'interface']))
    })
  })

  it('a rule without addresses covers both families, and a protocol implies its own', async () => {
    await scene(start, async ({ instance, put }) => {
      await put({
        kind: 'acl',
        name: 'both',
        rules: [
          { action: 'permit', protocol: 'icmp6' },
          { action: 'permit', protocol: 'icmp' },
          { action: 'deny' },
        ],
      })
      const acl = (await instance.actual()).find(({ kind, key }) => kind === 'acl' && key === 'both')
      expect(
        (acl?.value as { rules: { source: string }[] } | undefined)?.rules.map(({ source }) => source),
      ).toEqual(['::/0', '0.0.0.0/0', '0.0.0.0/0', '::/0'])
      expect(await instance.resync()).toMatchObject({ applied: 0 })
    })
  })

  it('routes whose next hop VPP writes otherwise are applied once', async () => {
    await scene(start, async ({ instance, put }) => {
      const seen = await put(
        LAN,
        { kind: 'route', prefix: '10.1.0.0/16', paths: [{ nextHop: '0.0.0.0', interface: 'lan' }] },
        via('lan', '10.2.0.1/32'),
        via('lan', '2001:db8:7::1/128'),
        { kind: 'route', prefix: '10.3.0.1/32', paths: [{ nextHop: '10.3.0.1', interface: 'lan' }] },
      )
      expect(new Set(Object.values(seen))).toEqual(new Set(['applied']))
      expect(await instance.resync()).toMatchObject({ applied: 0, failed: 0 })
    })
  })

  it('a route that VPP takes and does not show is NOT_KEPT, and hides nothing of others', async () => {
    await scene(start, async ({ instance, put }) => {
      const seen = await put(
        LAN,
        { kind: 'route', prefix: '192.0.2.0/24', drop: true },
        { kind: 'route', prefix: '10.3.0.0/16', drop: true },
        via('nowhere', '10.4.0.0/16'),
      )
      expect(seen).toMatchObject({
        'route 0/192.0.2.0/24': 'failed',
        'route 0/10.3.0.0/16': 'applied',
        'route 0/10.4.0.0/16': 'waiting',
      })
      expect(statusOf(instance, 'route', '0/192.0.2.0/24')?.error?.code).toBe('NOT_KEPT')
    })
  })

  it('a plan of a chain that waits says so, and asking for it writes nothing', async () => {
    await scene(start, async ({ instance, stranger }) => {
      const before = await stranger.ip.ipTableDump().toArray()
      await instance.plan()
      await instance.actual()
      expect(await stranger.ip.ipTableDump().toArray()).toHaveLength(before.length)
      await instance.put(
        items(
          {
            kind: 'interface',
            type: 'vlan',
            name: 'a.5',
            parent: 'nowhere',
            vlan: 5,
            addresses: ['192.0.2.1/24'],
          },
          via('a.5'),
        ),
      )
      await instance.settled()
      const { changes } = await instance.plan()
      expect(changes.length).toBeGreaterThan(2)
      expect(changes.filter(({ waitsFor }) => waitsFor === undefined)).toEqual([])
    })
  })

  it('an interface that VPP has is adopted: configured, never made or removed, and left or reset', async () => {
    await scene(start, async ({ instance, stranger, put }) => {
      const nic: ItemInput = {
        kind: 'interface',
        type: 'existing',
        name: 'loop33',
        addresses: ['192.0.2.7/24'],
      }
      expect(await put(nic)).toEqual({ 'interface loop33': 'waiting' })
      const waits = (await instance.plan()).changes.map(({ waitsFor }) => waitsFor)
      expect(new Set(waits)).toEqual(new Set(['interface "loop33"']))
      const swIfIndex = await stranger.loopback(33)
      await stranger.interfaces.swInterfaceAddDelAddress({
        swIfIndex,
        isAdd: true,
        prefix: '198.51.100.1/24',
      })
      await becomes(instance, 'interface', 'loop33', 'applied')
      const addresses = async (): Promise<string[]> => {
        const details = await stranger.ip.ipAddressDump({ swIfIndex, isIpv6: false }).toArray()
        return details.map(({ prefix }) => String(prefix)).sort()
      }
      expect(await addresses()).toEqual(['192.0.2.7/24', '198.51.100.1/24'])
      expect(await instance.resync()).toMatchObject({ applied: 0 })
      await instance.delete([{ kind: 'interface', key: 'loop33' }])
      await instance.settled()
      expect(await addresses()).toEqual(['192.0.2.7/24', '198.51.100.1/24'])
      await put({ ...nic, onRemove: 'reset' } as ItemInput)
      await instance.delete([{ kind: 'interface', key: 'loop33' }])
      await instance.settled()
      expect(await addresses()).toEqual(['198.51.100.1/24'])
      expect((await stranger.all()).map(({ interfaceName }) => interfaceName)).toContain('loop33')
    })
  })

  it('an interface whose name VPP gives another one later is still known, and goes with its item', async () => {
    await scene(start, async ({ instance, stranger, put }) => {
      await put({ kind: 'interface', type: 'loopback', name: 'loop33', instance: 3 })
      await stranger.loopback(33)
      await instance.delete([{ kind: 'interface', key: 'loop33' }])
      await instance.settled()
      await instance.resync()
      expect((await stranger.all()).map(({ interfaceName }) => interfaceName).sort()).toEqual([
        'local0',
        'loop33',
      ])
    })
  })

  it('link events have names', async () => {
    await scene(start, async ({ instance, stranger, put }) => {
      await put(LAN)
      const swIfIndex = await stranger.loopback(33)
      await stranger.interfaces.swInterfaceSetFlags({ swIfIndex, flags: UP })
      const names = (): string[] =>
        instance.events.after().flatMap(({ event }) => (event.type === 'link' ? [event.interface] : []))
      await vi.waitFor(() => expect(names()).toContain('loop33'), 20_000)
      expect(names().filter((name) => name.includes('sw_if_index'))).toEqual([])
    })
  })
}
