import { z } from 'zod'
import {
  address,
  interfaceAddress,
  interfaceName,
  mac,
  name,
  prefix,
  tableId,
  whole,
} from '../../model/fields.ts'
import { familyOf, isLinkLocal } from '../../model/ip.ts'

const networkAddress = interfaceAddress.refine(
  (text) => !isLinkLocal(text),
  'VPP makes the link-local address of an interface and does not tell of one that it is given; leave it out',
)

/** Name of a device in Linux. */
const deviceName = z
  .string()
  .regex(/^[^\s/]{1,15}$/, 'expected the name of a Linux device: 1 to 15 characters, no "/" and no blanks')

const linuxCp = z.strictObject({
  hostName: deviceName.describe('Name of the device in Linux, at most 15 bytes.'),
  hostType: z.enum(['tap', 'tun']).default('tap').describe('`tun` for interfaces without Ethernet.'),
  namespace: z
    .string()
    .regex(/^[\w.-]{1,31}$/, 'expected the name of a network namespace: 1 to 31 letters, digits and "._-"')
    .optional()
    .describe(
      "Name of the device's network namespace, at most 31 bytes; default: VPP's default for linux-cp.",
    ),
})

/** Seconds that an advertised prefix is valid for ever. */
const FOREVER = 0xffff_ffff

const advertisedPrefix = z
  .strictObject({
    prefix: prefix.refine((text) => familyOf(text) === 6, 'expected an IPv6 prefix'),
    validLifetime: whole(0, FOREVER)
      .default(2_592_000)
      .describe('Seconds; 4294967295, here and below, means infinity.'),
    preferredLifetime: whole(0, FOREVER).default(604_800).describe('Seconds, at most `validLifetime`.'),
    autonomous: z
      .boolean()
      .default(true)
      .describe('Hosts may configure addresses from it themselves (SLAAC).'),
    onLink: z.boolean().default(true).describe('Its addresses are on the link.'),
  })
  .refine((it) => it.preferredLifetime <= it.validLifetime, {
    path: ['preferredLifetime'],
    message: 'expected at most validLifetime',
  })
  .refine((it) => (it.preferredLifetime === FOREVER) === (it.validLifetime === FOREVER), {
    path: ['preferredLifetime'],
    message: `expected both lifetimes to be ${FOREVER}, or none`,
  })

const routerAdvertisements = z
  .strictObject({
    managed: z.boolean().default(false).describe('Hosts take addresses from DHCPv6.'),
    other: z.boolean().default(false).describe('Hosts take other settings from DHCPv6.'),
    unicast: z.boolean().default(false).describe('Solicitations are answered by unicast.'),
    linkLayerAddress: z.boolean().default(true).describe('The link-layer address is included.'),
    maximumInterval: whole(4, 1800).default(200).describe('Maximum seconds between two advertisements.'),
    minimumInterval: whole(3, 1350)
      .optional()
      .describe('Minimum seconds between two, at most 0.75 of `maximumInterval`, which is also the default.'),
    lifetime: whole(0, 9000)
      .optional()
      .describe(
        'Router lifetime in seconds, more than `maximumInterval`; 0: not a default router. Default: three times `maximumInterval`.',
      ),
    prefixes: z
      .array(advertisedPrefix)
      .default([])
      .refine(
        (list) => new Set(list.map((it) => it.prefix)).size === list.length,
        'expected every prefix once',
      )
      .describe('Advertised prefixes; VPP advertises none by default.'),
  })
  .refine((it) => it.minimumInterval === undefined || it.minimumInterval <= it.maximumInterval * 0.75, {
    path: ['minimumInterval'],
    message: 'expected at most 0.75 of maximumInterval',
  })
  .refine((it) => it.lifetime === undefined || it.lifetime === 0 || it.lifetime > it.maximumInterval, {
    path: ['lifetime'],
    message: 'expected 0, or more than maximumInterval',
  })

/** What all interfaces have. */
const common = {
  kind: z.literal('interface'),
  name,
  enabled: z.boolean().default(true).describe('Administratively up.'),
  mtu: whole(64, 65_535).optional().describe('L3 MTU in bytes; default: the MTU of the link.'),
  addresses: z
    .union([z.literal('external'), z.array(networkAddress).transform((list) => [...new Set(list)].sort())])
    .default([])
    .describe(
      'Addresses of the interface; others that it has in VPP are removed. `external`: another program sets them, such as linux-cp from Linux; none is added or removed.',
    ),
  unnumbered: interfaceName.optional().describe('Interface whose addresses are used instead.'),
  table: tableId.default(0).describe('Table of both families.'),
  linuxCp: linuxCp
    .optional()
    .describe('Linux device that mirrors the interface for routing daemons (linux-cp).'),
  routerAdvertisements: routerAdvertisements
    .optional()
    .describe('IPv6 router advertisements; default: none are configured.'),
}

/** What interfaces with a link of their own have. */
const link = {
  linkMtu: whole(64, 65_535).optional().describe("MTU of the link in bytes; default: VPP's choice."),
}

/** What interfaces with receive queues have. */
const rx = {
  rxMode: z
    .enum(['polling', 'interrupt', 'adaptive'])
    .optional()
    .describe('How VPP reads packets from its queues; default: unchanged.'),
  rxPlacement: z
    .array(
      z.strictObject({
        queue: whole(0, 1023).describe('Receive queue.'),
        worker: whole(0, 1023).describe('Worker, counted from 0.'),
      }),
    )
    .default([])
    .refine(
      (list) => new Set(list.map(({ queue }) => queue)).size === list.length,
      'expected every queue once',
    )
    .describe('Worker, counted from 0, by receive queue; omitted queues stay unchanged.'),
}

const loopback = z.strictObject({
  ...common,
  ...link,
  type: z.literal('loopback'),
  mac: mac.optional().describe('MAC address; default: generated by the agent.'),
  instance: whole(0, 16_383)
    .optional()
    .describe("Number in VPP's name for it, such as `loop7`; default: chosen by VPP."),
})

const tap = z
  .strictObject({
    ...common,
    ...link,
    ...rx,
    type: z.literal('tap'),
    mac: mac.optional().describe('MAC address; default: generated by the agent.'),
    id: whole(0, 0xffff_fffe)
      .optional()
      .describe("Number in VPP's name for it, such as `tap7`; default: chosen by VPP."),
    hostName: deviceName
      .optional()
      .describe('Name of the device in Linux, at most 15 bytes; default: chosen by VPP.'),
    hostNamespace: z
      .string()
      .regex(/^[\w.-]{1,63}$/, 'expected the name of a network namespace: letters, digits and "._-"')
      .optional()
      .describe("Name of the network namespace of the device in Linux; default: VPP's."),
    hostAddress: interfaceAddress.optional().describe('IPv4 or IPv6 address of the device in Linux.'),
    hostAddress2: interfaceAddress.optional().describe('A second one, of the other family.'),
    hostGateway: address
      .optional()
      .describe("Default gateway of the device's namespace, of the family of an address of the device."),
    hostMac: mac.optional().describe('MAC address of the device; default: chosen by Linux.'),
    hostMtu: whole(64, 65_535).optional().describe('MTU of the device in bytes; default: chosen by Linux.'),
    hostBridge: deviceName.optional().describe('Bridge in Linux that the device joins.'),
    rxQueues: whole(1, 64).optional().describe('Receive queues; default: 1.'),
    txQueues: whole(1, 64).optional().describe('Send queues; default: 1.'),
    gso: z.boolean().default(false).describe('Segmentation is left to Linux.'),
    checksumOffload: z.boolean().default(false).describe('Checksums are left to Linux.'),
    groCoalesce: z
      .boolean()
      .default(false)
      .describe('Packets of one connection are coalesced before they are passed to Linux; requires `gso`.'),
    packed: z.boolean().default(false).describe("Use virtio's packed ring layout."),
    persist: z.boolean().default(false).describe('The device stays when VPP ends.'),
    tun: z.boolean().default(false).describe('A device without Ethernet.'),
    ringSize: z
      .union([256, 512, 1024, 2048, 4096].map((size) => z.literal(size)))
      .default(256)
      .describe('Descriptors of a ring.'),
  })
  .refine(
    ({ hostAddress: one, hostAddress2: two }) =>
      two === undefined || (one !== undefined && familyOf(one) !== familyOf(two)),
    {
      path: ['hostAddress2'],
      message: 'expected an address of the other family than hostAddress',
    },
  )
  .refine(
    ({ hostGateway: gateway, hostAddress: one, hostAddress2: two }) =>
      gateway === undefined ||
      [one, two].some((it) => it !== undefined && familyOf(it) === familyOf(gateway)),
    {
      path: ['hostGateway'],
      message: 'expected hostAddress of the family of the gateway',
    },
  )
  .refine((it) => !it.groCoalesce || it.gso, { path: ['groCoalesce'], message: 'needs gso: true' })
  .refine((it) => !it.tun || it.mac === undefined, {
    path: ['mac'],
    message: 'a tun has no MAC address; remove it',
  })

/** Bytes of a memif secret that VPP keeps: its 24 end with a zero. */
const SECRET_BYTES = 23

const memif = z.strictObject({
  ...common,
  ...link,
  ...rx,
  type: z.literal('memif'),
  mac: mac.optional().describe('MAC address; default: generated by the agent.'),
  socket: whole(0, 0xffff_fffe)
    .default(0)
    .describe("Memif socket; 0 is VPP's own, others are items of kind `memif-socket`."),
  id: whole(0, 0xffff_ffff).default(0).describe('Id of the interface on its socket.'),
  role: z
    .enum(['master', 'slave'])
    .describe('`master` creates the socket and owns the memory; the other side must be `slave`.'),
  mode: z.enum(['ethernet', 'ip']).default('ethernet').describe('Payload: Ethernet frames or IP packets.'),
  ringSize: whole(2, 16_384)
    .refine((size) => (size & (size - 1)) === 0, 'expected a power of two')
    .default(1024)
    .describe('Descriptors of a ring, a power of two.'),
  bufferSize: whole(64, 65_535).default(2048).describe('Bytes of a buffer.'),
  queues: whole(1, 255).default(1).describe('Queues in each direction.'),
  rxQueues: whole(1, 255).optional().describe('Number of receive queues, if different from `queues`.'),
  txQueues: whole(1, 255).optional().describe('Number of send queues, if different from `queues`.'),
  zeroCopy: z
    .boolean()
    .default(true)
    .describe("Packets stay in VPP's own buffers, which the peer reads; only role `slave`."),
  dma: z.boolean().default(false).describe('Packets are copied by a DMA engine.'),
  secret: z
    .string()
    .refine(
      (text) => Buffer.byteLength(text) <= SECRET_BYTES,
      `expected at most ${SECRET_BYTES} bytes of UTF-8`,
    )
    .optional()
    .describe('Secret shared with the peer, at most 23 bytes. Never shown.'),
})

/** A VLAN tag. */
const tag = whole(1, 4095)

const tagRewrite = z
  .strictObject({
    pop: whole(0, 2).default(0).describe('Number of tags removed from incoming packets.'),
    push: z
      .array(tag)
      .max(2, 'expected at most two tags')
      .default([])
      .describe(
        'Tags pushed onto incoming packets, the outer one first. For outgoing packets the operation is reversed.',
      ),
    ethertype: z.enum(['dot1q', 'dot1ad']).default('dot1q').describe('Ethertype of the outer pushed tag.'),
  })
  .refine((it) => it.pop + it.push.length > 0, 'expected pop, push or both')

const vlan = z
  .strictObject({
    ...common,
    type: z.literal('vlan'),
    parent: interfaceName.describe('Parent interface, which must not be a sub-interface itself.'),
    vlan: z
      .union([tag, z.enum(['any', 'untagged', 'default'])], {
        error: 'expected a VLAN tag from 1 to 4095, "any", "untagged" or "default"',
      })
      .describe(
        'Outer tag; `any`; `untagged`: packets without a tag; `default`: packets that no other sub-interface accepts.',
      ),
    inner: z
      .union([tag, z.literal('any')], { error: 'expected a VLAN tag from 1 to 4095, or "any"' })
      .optional()
      .describe('Tag after the outer one, or `any`; default: none.'),
    ethertype: z.enum(['dot1q', 'dot1ad']).default('dot1q').describe('Type of the outer tag.'),
    exactMatch: z
      .boolean()
      .optional()
      .describe('Packets must have exactly these tags; required for addresses.'),
    number: whole(0, 0xffff_fffe)
      .optional()
      .describe("Number after the dot in VPP's name for it; default: the tag, if it is a single number."),
    tagRewrite: tagRewrite
      .optional()
      .describe('Changes to the tags of bridged or cross-connected packets; default: none.'),
  })
  .refine((it) => it.inner === undefined || typeof it.vlan === 'number' || it.vlan === 'any', {
    path: ['inner'],
    message: 'an inner tag needs an outer one',
  })
  .refine((it) => it.number !== undefined || (typeof it.vlan === 'number' && it.inner === undefined), {
    path: ['number'],
    message: 'expected the number of the sub-interface, such as 1234 for eth0.1234',
  })
  .refine((it) => it.exactMatch !== true || isExact(it), {
    path: ['exactMatch'],
    message: 'a sub-interface for any tag, or for all other packets, cannot match exactly; remove it',
  })
  .refine(
    (it) => matchesExactly(it) || (isEmpty(it.addresses) && it.unnumbered === undefined && !it.linuxCp),
    {
      path: ['exactMatch'],
      message: 'VPP allows addresses and Linux devices only on sub-interfaces that match exactly',
    },
  )

interface Tags {
  readonly vlan: number | 'any' | 'untagged' | 'default'
  readonly inner?: number | 'any' | undefined
  readonly exactMatch?: boolean | undefined
}

/** True for a sub-interface that can match exactly: it says which tags packets have. */
function isExact({ vlan: outer, inner }: Tags): boolean {
  return outer !== 'any' && outer !== 'default' && inner !== 'any'
}

/** True when a sub-interface takes packets with these tags and no others; the default for what can. */
export function matchesExactly(it: Tags): boolean {
  return it.exactMatch ?? isExact(it)
}

function isEmpty(addresses: 'external' | readonly string[]): boolean {
  return addresses.length === 0
}

const bond = z
  .strictObject({
    ...common,
    ...link,
    type: z.literal('bond'),
    mac: mac.optional().describe('MAC address; default: generated by the agent.'),
    id: whole(0, 0xffff_fffe)
      .optional()
      .describe("Number in VPP's name for it, such as `BondEthernet7`; default: chosen by VPP."),
    mode: z
      .enum(['lacp', 'active-backup', 'xor', 'round-robin', 'broadcast'])
      .default('lacp')
      .describe('How packets are distributed over the members.'),
    loadBalance: z
      .enum(['l2', 'l23', 'l34'])
      .optional()
      .describe('Layers hashed to choose a member, in modes `lacp` and `xor`.'),
    numaOnly: z
      .boolean()
      .default(false)
      .describe('Only members on the NUMA node of the worker send; mode `lacp`.'),
    gso: z
      .boolean()
      .default(false)
      .describe('Segmentation is offloaded to the members, all of which must support it.'),
    members: z
      .array(
        z.strictObject({
          interface: interfaceName,
          passive: z.boolean().default(false).describe('Sends LACP packets only in response.'),
          longTimeout: z
            .boolean()
            .default(false)
            .describe('The partner sends every 30 s instead of every second.'),
          weight: whole(0, 0xffff_ffff)
            .default(0)
            .describe('The member with the greatest weight sends; mode `active-backup`.'),
        }),
      )
      .default([])
      .refine(
        (list) => new Set(list.map((it) => it.interface)).size === list.length,
        'expected every interface once',
      )
      .describe(
        "Member Ethernet interfaces. They get the bond's MAC address, and their own back when they are removed.",
      ),
  })
  .refine((it) => it.loadBalance === undefined || it.mode === 'lacp' || it.mode === 'xor', {
    path: ['loadBalance'],
    message: 'only modes lacp and xor balance; remove it',
  })
  .refine((it) => !it.numaOnly || it.mode === 'lacp', {
    path: ['numaOnly'],
    message: 'only mode lacp supports it; remove it',
  })
  .refine((it) => it.mode === 'active-backup' || it.members.every(({ weight }) => weight === 0), {
    path: ['members'],
    message: 'only mode active-backup supports weights; remove them',
  })

const existing = z.strictObject({
  ...common,
  ...link,
  ...rx,
  type: z.literal('existing'),
  name: interfaceName.describe("VPP's name for it."),
  mac: mac.optional().describe('MAC address; default: unchanged.'),
  mtu: common.mtu.describe('L3 MTU in bytes; default: unchanged.'),
  table: tableId.optional().describe('Table of both families; default: unchanged.'),
  onRemove: z
    .enum(['leave', 'reset'])
    .default('leave')
    .describe(
      'What happens to the interface when the item is deleted: everything stays, or what the item declared is undone.',
    ),
})

export const interfaceSchema = z
  .discriminatedUnion('type', [loopback, tap, memif, vlan, bond, existing])
  .refine((it) => !('mode' in it && it.mode === 'ip' && it.mac !== undefined), {
    path: ['mac'],
    message: 'a memif of mode ip has no MAC address; remove it',
  })
  .refine((it) => it.unnumbered === undefined || isEmpty(it.addresses), {
    path: ['unnumbered'],
    message: 'an unnumbered interface has no own addresses; remove one of them',
  })
  .refine((it) => it.unnumbered !== it.name, {
    path: ['unnumbered'],
    message: 'expected another interface',
  })
  .meta({
    description: 'An interface that the agent creates, or an existing one that it configures.',
    examples: [
      {
        kind: 'interface',
        type: 'existing',
        name: 'GigabitEthernet0/8/0',
        addresses: ['192.0.2.1/24'],
        mtu: 1500,
      },
      { kind: 'interface', type: 'vlan', name: 'lan', parent: 'GigabitEthernet0/8/0', vlan: 100, table: 10 },
      {
        kind: 'interface',
        type: 'bond',
        name: 'uplink',
        mode: 'lacp',
        members: [{ interface: 'GigabitEthernet0/9/0' }],
      },
      { kind: 'interface', type: 'loopback', name: 'lo', addresses: ['203.0.113.1/32'] },
      { kind: 'interface', type: 'memif', name: 'firewall', role: 'master', id: 1 },
      { kind: 'interface', type: 'tap', name: 'host', hostName: 'vpp0', hostAddress: '192.0.2.2/24' },
    ],
  })

/** IPv6 router advertisements as an item says them. */
export type RouterAdvertisements = z.infer<typeof routerAdvertisements>
/** What happens to the tags of bridged packets. */
export type TagRewrite = z.infer<typeof tagRewrite>
/** An interface that the agent creates, or an existing one that it configures. */
export type InterfaceItem = z.infer<typeof interfaceSchema>
/** What callers give for it. */
export type InterfaceInput = z.input<typeof interfaceSchema>
