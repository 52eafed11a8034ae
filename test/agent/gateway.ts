import { LmdbStore, refOf, type ActualObject, type ItemInput, type VppInstance } from '@vpp-ts/agent'
import { AbfClient } from '@vpp-ts/binapi-abf'
import { AclClient } from '@vpp-ts/binapi-acl'
import { DhcpClientRpc } from '@vpp-ts/binapi-dhcp'
import { DnsClient } from '@vpp-ts/binapi-dns'
import { InterfaceClient, type SwInterfaceDetails } from '@vpp-ts/binapi-interface'
import { MssClampClient } from '@vpp-ts/binapi-mss-clamp'
import { PolicerClient } from '@vpp-ts/binapi-policer'
import { PppoeClient } from '@vpp-ts/binapi-pppoe'
import { QosClient } from '@vpp-ts/binapi-qos'
import { UrpfClient } from '@vpp-ts/binapi-urpf'
import { VlibClient } from '@vpp-ts/binapi-vlib'
import { VppConnection } from '@vpp-ts/runtime'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { items, manage, temporaryFolder } from './managed.ts'
import type { VppOfTest } from './no-harm.ts'

const ALL = 0xffff_ffff

/** An agent on a VPP, and somebody else who uses that. */
export class Gateway implements AsyncDisposable {
  readonly instance: VppInstance
  readonly stranger: VppConnection
  readonly #ends: AsyncDisposable[]

  private constructor(instance: VppInstance, stranger: VppConnection, ends: AsyncDisposable[]) {
    this.instance = instance
    this.stranger = stranger
    this.#ends = ends
  }

  static async on(path: string): Promise<Gateway> {
    const folder = await temporaryFolder()
    const store = new LmdbStore(join(folder.path, 'store'))
    const closing = { [Symbol.asyncDispose]: () => store.close() }
    return new Gateway(manage(path, store), await VppConnection.connect(path), [closing, folder])
  }

  /** Puts items and waits until they were tried. @returns their states by id */
  async put(...inputs: ItemInput[]): Promise<Record<string, string>> {
    await this.instance.put(items(...inputs))
    return await this.settled()
  }

  async delete(...inputs: ItemInput[]): Promise<Record<string, string>> {
    await this.instance.delete(items(...inputs).map(refOf))
    return await this.settled()
  }

  /** States by id, and the reasons of those that are not applied. */
  async settled(): Promise<Record<string, string>> {
    await this.instance.settled()
    const statuses = this.instance.statuses()
    return Object.fromEntries(
      statuses.map(({ kind, key, state, error }) => [
        `${kind} ${key}`,
        error === undefined ? state : `${state}: ${error.code}`,
      ]),
    )
  }

  /** Objects of a kind as VPP has them. */
  async actual(kind: string): Promise<readonly ActualObject[]> {
    return (await this.instance.actual()).filter((it) => it.kind === kind)
  }

  /** Index of an interface, by its item's name or VPP's. */
  async index(name: string): Promise<number> {
    return (await this.named(name)).swIfIndex
  }

  /** An interface, by its item's name or VPP's. */
  async named(name: string): Promise<SwInterfaceDetails> {
    const all = await new InterfaceClient(this.stranger).swInterfaceDump({ swIfIndex: ALL }).toArray()
    const found = all.find((it) => it.tag.endsWith(`/${name}`) || it.interfaceName === name)
    if (found === undefined) throw new Error(`no interface is called ${name}`)
    return found
  }

  /** Somebody else makes a loopback. */
  async loopback(instance: number): Promise<number> {
    const request = { isSpecified: true, userInstance: instance }
    return (await new InterfaceClient(this.stranger).createLoopbackInstance(request)).swIfIndex
  }

  /** A look at all of VPP finds nothing to do, and nothing is planned. */
  async isQuiet(): Promise<void> {
    expect(await this.instance.resync()).toMatchObject({ applied: 0, failed: 0, problems: [] })
    const { changes } = await this.instance.plan()
    expect(changes.filter((it) => it.waitsFor === undefined && it.refusedBecause === undefined)).toEqual([])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stranger.close()
    await this.instance.close()
    for (const it of this.#ends) await it[Symbol.asyncDispose]()
  }
}

export const LAN: ItemInput = {
  kind: 'interface',
  type: 'loopback',
  name: 'lan',
  addresses: ['192.0.2.1/24'],
}
const WEB: ItemInput = {
  kind: 'acl',
  name: 'web',
  rules: [{ action: 'permit', protocol: 'tcp', destinationPorts: { first: 80, last: 80 } }],
}
const QOS_MAP: ItemInput = { kind: 'qos-map', id: 8, ip: { 184: 5 } }
const SOCKET: ItemInput = { kind: 'memif-socket', id: 7, path: 'abstract:vpp-ts-gateway' }
const PEER: ItemInput = { kind: 'interface', type: 'memif', name: 'peer', role: 'master', socket: 7, id: 1 }
export const WAN: ItemInput = {
  kind: 'interface',
  type: 'loopback',
  name: 'wan',
  addresses: ['198.51.100.1/24'],
}

/** What an item of a kind of gateways is, changes to, and collides with. */
interface Life {
  readonly needs: readonly ItemInput[]
  readonly item: ItemInput
  /** The same key with other fields. */
  readonly changed: ItemInput
  /** Kind of the object that shows what VPP has. */
  readonly object: string
  /** Part of the values of the objects before and after the change. */
  readonly shows: readonly object[]
  readonly showsChanged: readonly object[]
  /** Somebody else makes what the item declares, otherwise. @returns reads what is theirs */
  strange?(gateway: Gateway): Promise<() => Promise<unknown>>
}

const LIVES: Readonly<Record<string, Life>> = {
  'a DHCP client': {
    needs: [LAN],
    item: { kind: 'dhcp-client', interface: 'lan', hostname: 'one', clientId: 'id one', dscp: 46 },
    changed: { kind: 'dhcp-client', interface: 'lan', hostname: 'two', broadcast: false },
    object: 'dhcp-client',
    shows: [{ hostname: 'one', clientId: 'id one', broadcast: true, dscp: 46 }],
    showsChanged: [{ hostname: 'two', broadcast: false, dscp: 0, lease: { state: 'discover' } }],
    async strange(gateway) {
      const client = new DhcpClientRpc(gateway.stranger)
      const swIfIndex = await gateway.index('lan')
      await client.dhcpClientConfig({ isAdd: true, client: { swIfIndex, hostname: 'theirs' } })
      return async () => (await client.dhcpClientDump().toArray()).map((it) => it.client.hostname)
    },
  },
  'a relay of DHCP': {
    needs: [LAN],
    item: {
      kind: 'dhcp-proxy',
      source: '192.0.2.1',
      servers: ['198.51.100.1', { address: '198.51.100.2', table: 12 }],
    },
    changed: { kind: 'dhcp-proxy', source: '192.0.2.1', servers: ['198.51.100.3'] },
    object: 'dhcp-proxy',
    shows: [
      {
        source: '192.0.2.1',
        servers: [
          { address: '198.51.100.1', table: 0 },
          { address: '198.51.100.2', table: 12 },
        ],
      },
    ],
    showsChanged: [{ source: '192.0.2.1', servers: [{ address: '198.51.100.3', table: 0 }] }],
    async strange(gateway) {
      const client = new DhcpClientRpc(gateway.stranger)
      await client.dhcpProxyConfig({ isAdd: true, dhcpServer: '198.51.100.9', dhcpSrcAddress: '192.0.2.9' })
      return () => client.dhcpProxyDump({ isIp6: false }).toArray()
    },
  },
  'a relay of DHCPv6': {
    needs: [LAN],
    item: {
      kind: 'dhcp6-proxy',
      source: '2001:db8:1:2:3:4:5:6',
      servers: ['2001:DB8:9::1', { address: '2001:db8:9::2', table: 12 }],
    },
    changed: { kind: 'dhcp6-proxy', source: '2001:db8:1:2:3:4:5:6', servers: ['2001:db8:9::3'] },
    object: 'dhcp6-proxy',
    shows: [
      {
        source: '2001:db8:1:2:3:4:5:6',
        servers: [
          { address: '2001:db8:9::1', table: 0 },
          { address: '2001:db8:9::2', table: 12 },
        ],
      },
    ],
    showsChanged: [{ source: '2001:db8:1:2:3:4:5:6', servers: [{ address: '2001:db8:9::3', table: 0 }] }],
    async strange(gateway) {
      const client = new DhcpClientRpc(gateway.stranger)
      const theirs = { dhcpServer: '2001:db8:9::9', dhcpSrcAddress: '2001:db8::9' }
      await client.dhcpProxyConfig({ isAdd: true, ...theirs })
      return () => client.dhcpProxyDump({ isIp6: true }).toArray()
    },
  },
  'the control packets of PPPoE': {
    needs: [LAN, WAN],
    item: { kind: 'pppoe', interface: 'lan' },
    changed: { kind: 'pppoe', interface: 'wan' },
    object: 'pppoe-control',
    shows: [{ interface: 'lan' }],
    showsChanged: [{ interface: 'wan' }],
    async strange(gateway) {
      const swIfIndex = await gateway.index('wan')
      await new PppoeClient(gateway.stranger).pppoeAddDelCp({ swIfIndex, isAdd: 1 })
      const cli = new VlibClient(gateway.stranger)
      const names = await Promise.all(['lan', 'wan'].map((name) => gateway.named(name)))
      const texts = async (): Promise<string[]> =>
        await Promise.all(
          names.map(async ({ interfaceName: of }) => {
            const { reply } = await cli.cliInband({ cmd: `show interface features ${of}` })
            return reply.split('\n').filter((line) => line.includes('pppoe-input'))
          }),
        ).then((list) => list.map((it) => it.join()))
      return texts
    },
  },
  'name resolution': {
    needs: [LAN],
    item: { kind: 'dns', servers: ['192.0.2.53', '2001:DB8::53'] },
    changed: { kind: 'dns', servers: ['2001:db8::53', '192.0.2.54'] },
    object: 'dns-server',
    shows: [{ address: '192.0.2.53' }, { address: '2001:db8::53' }],
    showsChanged: [{ address: '192.0.2.54' }, { address: '2001:db8::53' }],
    async strange(gateway) {
      const client = new DnsClient(gateway.stranger)
      const serverAddress = Uint8Array.of(192, 0, 2, 99, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
      await client.dnsNameServerAddDel({ isAdd: 1, serverAddress })
      await client.dnsEnableDisable({ enable: 1 })
      const cli = new VlibClient(gateway.stranger)
      // Where servers of IPv4 are there and none of IPv6, this command is safe.
      return async () => [
        (await cli.cliInband({ cmd: 'show dns cache' })).reply,
        (await cli.cliInband({ cmd: 'show dns servers' })).reply,
      ]
    },
  },
  'an MSS clamp': {
    needs: [LAN],
    item: { kind: 'mss-clamp', interface: 'lan', ip4: { mss: 1400 }, ip6: { mss: 1380, direction: 'rx' } },
    changed: { kind: 'mss-clamp', interface: 'lan', ip4: { mss: 1300, direction: 'tx' } },
    object: 'mss-clamp',
    shows: [{ ip4: { mss: 1400, direction: 'both' }, ip6: { mss: 1380, direction: 'rx' } }],
    showsChanged: [{ ip4: { mss: 1300, direction: 'tx' }, ip6: undefined }],
  },
  'an MSS clamp on an interface of somebody else': {
    needs: [],
    item: { kind: 'mss-clamp', interface: 'loop90', ip4: { mss: 1400 } },
    changed: { kind: 'mss-clamp', interface: 'loop90', ip4: { mss: 1300, direction: 'tx' } },
    object: 'mss-clamp',
    shows: [{ ip4: { mss: 1400, direction: 'both' } }],
    showsChanged: [{ ip4: { mss: 1300, direction: 'tx' } }],
    async strange(gateway) {
      const client = new MssClampClient(gateway.stranger)
      const swIfIndex = await gateway.index('loop90')
      await client.mssClampEnableDisable({ swIfIndex, ipv4Mss: 1000, ipv4Direction: 3 })
      return () => client.mssClampGet({ swIfIndex: ALL }).toArray()
    },
  },
  'a check of sources': {
    needs: [LAN],
    item: {
      kind: 'urpf',
      interface: 'lan',
      ip4: { input: 'strict', output: 'loose' },
      ip6: { input: 'loose' },
    },
    changed: { kind: 'urpf', interface: 'lan', ip4: { input: { mode: 'loose', table: 12 } } },
    object: 'urpf',
    shows: [
      { family: 4, direction: 'input', mode: 'strict' },
      { family: 4, direction: 'output', mode: 'loose' },
      { family: 6, direction: 'input', mode: 'loose' },
    ],
    showsChanged: [{ family: 4, direction: 'input', mode: 'loose', table: 12 }],
  },
  'a check of sources on an interface of somebody else': {
    needs: [],
    item: { kind: 'urpf', interface: 'loop90', ip4: { input: 'strict' } },
    changed: { kind: 'urpf', interface: 'loop90', ip4: { input: 'loose' } },
    object: 'urpf',
    shows: [{ mode: 'strict' }],
    showsChanged: [{ mode: 'loose' }],
    async strange(gateway) {
      const client = new UrpfClient(gateway.stranger)
      const swIfIndex = await gateway.index('loop90')
      await client.urpfUpdateV2({ swIfIndex, isInput: true, mode: 1, af: 0, tableId: ALL })
      return () => client.urpfInterfaceDump({ swIfIndex: ALL }).toArray()
    },
  },
  'a range that ARP is answered for': {
    needs: [LAN, WAN],
    item: { kind: 'proxy-arp', low: '10.0.0.5', high: '10.0.0.9', interfaces: ['wan', 'lan'] },
    changed: { kind: 'proxy-arp', low: '10.0.0.5', high: '10.0.0.9', interfaces: ['wan'] },
    object: 'proxy-arp-interface',
    shows: [{ interface: 'lan' }, { interface: 'wan' }],
    showsChanged: [{ interface: 'wan' }],
  },
  'an address that neighbour discovery is answered for': {
    needs: [SOCKET, PEER],
    item: { kind: 'proxy-nd', interface: 'peer', address: '2001:db8::77' },
    changed: { kind: 'proxy-nd', interface: 'peer', address: '2001:db8::77' },
    object: 'proxy-nd',
    shows: [{ interface: 'peer', address: '2001:db8::77' }],
    showsChanged: [{ interface: 'peer', address: '2001:db8::77' }],
  },
  'a policer': {
    needs: [LAN, WAN],
    item: {
      kind: 'policer',
      name: 'slow',
      rate: 1000,
      burst: 20_000,
      input: ['lan'],
      output: ['lan', 'wan'],
    },
    changed: {
      kind: 'policer',
      name: 'slow',
      type: '2r3c',
      rate: 2000,
      burst: 20_000,
      excessRate: 3000,
      excessBurst: 30_000,
      exceed: { mark: 10 },
      input: ['lan'],
      output: ['wan'],
    },
    object: 'policer',
    shows: [{ type: '1r2c', rate: 1000, burst: 20_000, conform: 'transmit', exceed: 'drop' }],
    showsChanged: [{ type: '2r3c', rate: 2000, excessRate: 3000, exceed: { mark: 10 } }],
  },
  'a policer on interfaces': {
    needs: [LAN, WAN],
    item: {
      kind: 'policer',
      name: 'slow',
      rate: 1000,
      burst: 20_000,
      input: ['lan'],
      output: ['lan', 'wan'],
    },
    changed: { kind: 'policer', name: 'slow', rate: 1000, burst: 20_000, input: ['wan'], output: ['lan'] },
    object: 'policer-binding',
    shows: [
      { interface: 'lan', direction: 'input', policer: 'slow' },
      { interface: 'lan', direction: 'output', policer: 'slow' },
      { interface: 'wan', direction: 'output', policer: 'slow' },
    ],
    showsChanged: [
      { interface: 'wan', direction: 'input', policer: 'slow' },
      { interface: 'lan', direction: 'output', policer: 'slow' },
    ],
    async strange(gateway) {
      const client = new PolicerClient(gateway.stranger)
      const transmit = { type: 1 }
      const rates = { cir: 500, cb: 10_000n, conformAction: transmit, exceedAction: transmit }
      await client.policerAddDel({ isAdd: true, name: 'theirs', ...rates })
      await client.policerInput({ name: 'theirs', swIfIndex: await gateway.index('lan'), apply: true })
      const cli = new VlibClient(gateway.stranger)
      const name = (await gateway.named('lan')).interfaceName
      const named = () => client.policerDump({ matchNameValid: true, matchName: 'theirs' }).toArray()
      return async () => {
        const { reply } = await cli.cliInband({ cmd: `show interface features ${name}` })
        return [reply.split('\n').filter((line) => line.includes('policer-input')), await named()]
      }
    },
  },
  'a policy of forwarding by access list': {
    needs: [LAN, WAN, WEB],
    item: {
      kind: 'abf',
      id: 7,
      acl: 'web',
      paths: [
        { nextHop: '192.0.2.9', interface: 'lan' },
        { nextHop: '198.51.100.9', interface: 'wan', weight: 3 },
      ],
      interfaces: ['wan'],
    },
    changed: {
      kind: 'abf',
      id: 7,
      acl: 'web',
      paths: [{ nextHop: '192.0.2.10', interface: 'lan' }],
      interfaces: ['wan'],
    },
    object: 'abf',
    shows: [
      {
        acl: 'web',
        paths: [
          { nextHop: '192.0.2.9', interface: 'lan', weight: 1 },
          { nextHop: '198.51.100.9', interface: 'wan', weight: 3 },
        ],
      },
    ],
    showsChanged: [{ acl: 'web', paths: [{ nextHop: '192.0.2.10', interface: 'lan' }] }],
    async strange(gateway) {
      const acl = new AclClient(gateway.stranger)
      const r = [{ isPermit: 1, srcPrefix: '10.0.0.0/8', dstPrefix: '0.0.0.0/0' }]
      const { aclIndex } = await acl.aclAddReplace({ aclIndex: ALL, tag: 'theirs', r })
      const client = new AbfClient(gateway.stranger)
      const swIfIndex = await gateway.index('lan')
      const paths = [{ swIfIndex, nh: { address: '192.0.2.77' }, weight: 1 }]
      await client.abfPolicyAddDel({ isAdd: true, policy: { policyId: 7, aclIndex, paths } })
      await client.abfItfAttachAddDel({ isAdd: true, attach: { policyId: 7, swIfIndex, priority: 5 } })
      return async () => [
        ...(await client.abfPolicyDump().toArray()),
        ...(await client.abfItfAttachDump().toArray()),
      ]
    },
  },
  'forwarding by access list on interfaces': {
    needs: [LAN, WAN, WEB],
    item: {
      kind: 'abf',
      id: 7,
      acl: 'web',
      paths: [{ nextHop: '192.0.2.9', interface: 'lan' }],
      interfaces: ['lan', { interface: 'wan', priority: 10 }],
    },
    // The other family and another weight: the policy is made again, and so is where it is.
    changed: {
      kind: 'abf',
      id: 7,
      acl: 'web',
      family: 6,
      paths: [{ nextHop: '2001:db8::9', interface: 'lan', weight: 2 }],
      interfaces: [{ interface: 'wan', priority: 20 }],
    },
    object: 'abf-attachment',
    shows: [
      { interface: 'lan', policy: 7, family: 4, priority: 0 },
      { interface: 'wan', policy: 7, family: 4, priority: 10 },
    ],
    showsChanged: [{ interface: 'wan', policy: 7, family: 6, priority: 20 }],
  },
  'a map of marks': {
    needs: [],
    item: { kind: 'qos-map', id: 7, ip: { '184': 5, 40: 2 }, vlan: { 5: 184 } },
    changed: { kind: 'qos-map', id: 7, ip: { '184': 6 }, mpls: { 3: 1, 4: 0 } },
    object: 'qos-map',
    shows: [{ ip: { 40: 2, 184: 5 }, vlan: { 5: 184 }, mpls: {}, ext: {} }],
    showsChanged: [{ ip: { 184: 6 }, vlan: {}, mpls: { 3: 1 }, ext: {} }],
    async strange(gateway) {
      const client = new QosClient(gateway.stranger)
      const row = { outputs: new Uint8Array(256).fill(9) }
      await client.qosEgressMapUpdate({ map: { id: 7, rows: [row, row, row, row] } })
      return () => client.qosEgressMapDump().toArray()
    },
  },
  'marks of packets': {
    needs: [LAN, QOS_MAP, { ...QOS_MAP, id: 9 } as ItemInput],
    item: { kind: 'qos', interface: 'lan', record: ['ip', 'vlan'], mark: { vlan: 8, ip: 8 } },
    changed: { kind: 'qos', interface: 'lan', store: 46, mark: { vlan: 9 } },
    object: 'qos-mark',
    shows: [
      { interface: 'lan', header: 'ip', map: 8 },
      { interface: 'lan', header: 'vlan', map: 8 },
    ],
    showsChanged: [{ interface: 'lan', header: 'vlan', map: 9 }],
  },
  'what is recorded of packets': {
    needs: [LAN],
    item: { kind: 'qos', interface: 'lan', record: ['ip', 'vlan'], store: 10 },
    changed: { kind: 'qos', interface: 'lan', record: ['mpls'], store: 46 },
    object: 'qos-record',
    shows: [{ header: 'ip' }, { header: 'vlan' }],
    showsChanged: [{ header: 'mpls' }],
  },
  'what is recorded of all packets': {
    needs: [],
    item: { kind: 'qos', interface: 'loop90', store: 10 },
    changed: { kind: 'qos', interface: 'loop90', store: 46 },
    object: 'qos-store',
    shows: [{ value: 10 }],
    showsChanged: [{ value: 46 }],
    async strange(gateway) {
      const client = new QosClient(gateway.stranger)
      const swIfIndex = await gateway.index('loop90')
      await client.qosStoreEnableDisable({ enable: true, store: { swIfIndex, inputSource: 3, value: 99 } })
      return () => client.qosStoreDump().toArray()
    },
  },
  'an access list of MAC addresses': {
    needs: [SOCKET, PEER],
    item: {
      kind: 'macip-acl',
      name: 'hosts',
      rules: [
        { action: 'permit', source: '192.0.2.0/24', mac: '02:00:00:00:00:01' },
        { action: 'deny', mac: '02:00:00:00:00:ff', macMask: 'ff:ff:00:00:00:00' },
      ],
      interfaces: ['peer'],
    },
    changed: {
      kind: 'macip-acl',
      name: 'hosts',
      rules: [{ action: 'permit', source: '2001:db8::/32' }],
      interfaces: ['peer'],
    },
    object: 'macip-acl',
    shows: [
      {
        rules: [
          {
            action: 'permit',
            source: '192.0.2.0/24',
            mac: '02:00:00:00:00:01',
            macMask: 'ff:ff:ff:ff:ff:ff',
          },
          { action: 'deny', source: '0.0.0.0/0', mac: '02:00:00:00:00:00', macMask: 'ff:ff:00:00:00:00' },
          { action: 'deny', source: '::/0', mac: '02:00:00:00:00:00', macMask: 'ff:ff:00:00:00:00' },
        ],
      },
    ],
    showsChanged: [
      {
        rules: [
          {
            action: 'permit',
            source: '2001:db8::/32',
            mac: '00:00:00:00:00:00',
            macMask: '00:00:00:00:00:00',
          },
        ],
      },
    ],
  },
  'a binding of an access list of MAC addresses': {
    needs: [SOCKET, PEER],
    item: { kind: 'macip-acl', name: 'hosts', rules: [{ action: 'permit' }], interfaces: ['peer'] },
    changed: { kind: 'macip-acl', name: 'hosts', rules: [{ action: 'deny' }], interfaces: ['peer'] },
    object: 'macip-binding',
    shows: [{ interface: 'peer', list: 'hosts' }],
    showsChanged: [{ interface: 'peer', list: 'hosts' }],
    async strange(gateway) {
      const client = new AclClient(gateway.stranger)
      const r = [{ isPermit: 1, srcPrefix: '0.0.0.0/0' }]
      const { aclIndex } = await client.macipAclAddReplace({ aclIndex: ALL, tag: 'theirs', r })
      await client.macipAclInterfaceAddDel({ isAdd: true, swIfIndex: await gateway.index('peer'), aclIndex })
      return () => client.macipAclInterfaceListDump({ swIfIndex: ALL }).toArray()
    },
  },
}

/** What kinds of gateways do, on any VPP. @param start a VPP without anything in it */
export function gateway(start: () => Promise<VppOfTest>): void {
  const scene = async (play: (it: Gateway) => Promise<void>): Promise<void> => {
    await using vpp = await start()
    await using it = await Gateway.on(vpp.path)
    await it.put()
    await it.loopback(90)
    await it.instance.resync()
    await play(it)
  }

  it.each(Object.entries(LIVES))('%s is made, changed and removed', async (_, life) => {
    await scene(async (it) => {
      const { needs, item, changed, object, shows, showsChanged } = life
      const shown = async (): Promise<unknown[]> =>
        (await it.actual(object))
          .filter(({ owned }) => owned)
          .sort((a, b) => (a.key < b.key ? -1 : 1))
          .map(({ value }) => value)
      const all = (await it.put(...needs, item)) satisfies Record<string, string>
      expect(new Set(Object.values(all))).toEqual(new Set(['applied']))
      expect(await shown()).toMatchObject(shows)
      await it.isQuiet()
      const later = await it.put(changed)
      expect(new Set(Object.values(later))).toEqual(new Set(['applied']))
      expect(await shown()).toMatchObject(showsChanged)
      await it.isQuiet()
      // Its interface goes first, and comes again: everything is as it was.
      await it.delete(...needs)
      await it.put(...needs)
      await vi.waitFor(async () =>
        expect(new Set(Object.values(await it.settled()))).toEqual(new Set(['applied'])),
      )
      expect(await shown()).toMatchObject(showsChanged)
      await it.isQuiet()
      await it.delete(item)
      expect(await shown()).toEqual([])
      await it.isQuiet()
    })
  })

  it.each(Object.entries(LIVES).filter(([, { strange }]) => strange !== undefined))(
    '%s of somebody else blocks the item, and stays as it is',
    async (_, { needs, item, strange }) => {
      await scene(async (it) => {
        await it.put(...needs)
        const theirs = await strange?.(it)
        const before = await theirs?.()
        expect(before).not.toEqual([])
        const [ref] = items(item).map(refOf)
        await it.instance.resync()
        const states = await it.put(item)
        expect(states[`${ref?.kind} ${ref?.key}`]).toBe('blocked: FOREIGN')
        expect(await theirs?.()).toEqual(before)
        await it.delete(item)
        expect(await theirs?.()).toEqual(before)
      })
    },
  )
}
