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
  /** Name of the device in Linux, 15 bytes at most. */
  hostName: deviceName,
  /** `tun` for interfaces without Ethernet. */
  hostType: z.enum(['tap', 'tun']).default('tap'),
  /** Network namespace of the device, by name, 31 bytes at most; left out: VPP's default for linux-cp. */
  namespace: z
    .string()
    .regex(/^[\w.-]{1,31}$/, 'expected the name of a network namespace: 1 to 31 letters, digits and "._-"')
    .optional(),
})

/** Seconds that an advertised prefix is valid for ever. */
const FOREVER = 0xffff_ffff

const advertisedPrefix = z
  .strictObject({
    prefix: prefix.refine((text) => familyOf(text) === 6, 'expected an IPv6 prefix'),
    /** Seconds; 4294967295, here and below: for ever. */
    validLifetime: whole(0, FOREVER).default(2_592_000),
    /** Seconds, `validLifetime` at most. */
    preferredLifetime: whole(0, FOREVER).default(604_800),
    /** Hosts may make addresses of their own from it. */
    autonomous: z.boolean().default(true),
    /** Hosts find its addresses on the link. */
    onLink: z.boolean().default(true),
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
    /** Hosts take addresses from DHCPv6. */
    managed: z.boolean().default(false),
    /** Hosts take other settings from DHCPv6. */
    other: z.boolean().default(false),
    /** Solicitations are answered to the host that asked only. */
    unicast: z.boolean().default(false),
    /** The link-layer address is told. */
    linkLayerAddress: z.boolean().default(true),
    /** Most seconds between two advertisements. */
    maximumInterval: whole(4, 1800).default(200),
    /** Least seconds between two, 0.75 of `maximumInterval` at most, which is what it is when left out. */
    minimumInterval: whole(3, 1350).optional(),
    /**
     * Seconds that hosts use this router, more than `maximumInterval`; 0: not as their default router. Left out: three
     * times `maximumInterval`.
     */
    lifetime: whole(0, 9000).optional(),
    /** Prefixes that hosts are told of; VPP tells none by itself. */
    prefixes: z
      .array(advertisedPrefix)
      .default([])
      .refine(
        (list) => new Set(list.map((it) => it.prefix)).size === list.length,
        'expected every prefix once',
      ),
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
  /** Administratively up. */
  enabled: z.boolean().default(true),
  /** L3 MTU in bytes; left out: that of the link. */
  mtu: whole(64, 65_535).optional(),
  /**
   * Networks of the interface; others that it has in VPP are removed. `external`: somebody else sets them, as linux-cp
   * does from Linux; none is added or removed.
   */
  addresses: z
    .union([z.literal('external'), z.array(networkAddress).transform((list) => [...new Set(list)].sort())])
    .default([]),
  /** Interface whose addresses it uses instead of its own. */
  unnumbered: interfaceName.optional(),
  /** Table of both families. */
  table: tableId.default(0),
  /** Device in Linux that shows the interface to routing daemons (linux-cp). */
  linuxCp: linuxCp.optional(),
  /** IPv6 router advertisements; left out: VPP sends none that the agent knows of. */
  routerAdvertisements: routerAdvertisements.optional(),
}

/** What interfaces with a link of their own have. */
const link = {
  /** MTU of the link in bytes; left out: as VPP makes it. */
  linkMtu: whole(64, 65_535).optional(),
}

/** What interfaces with receive queues have. */
const rx = {
  /** How VPP takes packets from all queues of it; left out: as it is. */
  rxMode: z.enum(['polling', 'interrupt', 'adaptive']).optional(),
  /** Worker, counted from 0, by receive queue; queues that are left out stay where they are. */
  rxPlacement: z
    .array(z.strictObject({ queue: whole(0, 1023), worker: whole(0, 1023) }))
    .default([])
    .refine(
      (list) => new Set(list.map(({ queue }) => queue)).size === list.length,
      'expected every queue once',
    ),
}

const loopback = z.strictObject({
  ...common,
  ...link,
  type: z.literal('loopback'),
  mac: mac.optional(),
  /** Number in VPP's name of it, as in `loop7`; left out: VPP chooses. */
  instance: whole(0, 16_383).optional(),
})

const tap = z
  .strictObject({
    ...common,
    ...link,
    ...rx,
    type: z.literal('tap'),
    mac: mac.optional(),
    /** Number in VPP's name of it, as in `tap7`; left out: VPP chooses. */
    id: whole(0, 0xffff_fffe).optional(),
    /** Name of the device in Linux, 15 bytes at most; left out: VPP chooses. */
    hostName: deviceName.optional(),
    /** Network namespace of the device in Linux, by name; left out: that of VPP. */
    hostNamespace: z
      .string()
      .regex(/^[\w.-]{1,63}$/, 'expected the name of a network namespace: letters, digits and "._-"')
      .optional(),
    /** IPv4 or IPv6 address of the device in Linux. */
    hostAddress: interfaceAddress.optional(),
    /** A second one, of the other family. */
    hostAddress2: interfaceAddress.optional(),
    /** Address that the device's namespace sends by default to, of the family of an address of the device. */
    hostGateway: address.optional(),
    /** MAC address of the device; left out: Linux chooses. */
    hostMac: mac.optional(),
    /** MTU of the device in bytes; left out: Linux chooses. */
    hostMtu: whole(64, 65_535).optional(),
    /** Bridge in Linux that the device joins. */
    hostBridge: deviceName.optional(),
    /** Receive queues; left out: 1. */
    rxQueues: whole(1, 64).optional(),
    /** Send queues; left out: 1. */
    txQueues: whole(1, 64).optional(),
    /** Segmentation is left to Linux. */
    gso: z.boolean().default(false),
    /** Checksums are left to Linux. */
    checksumOffload: z.boolean().default(false),
    /** Packets of one connection are put together before Linux gets them; needs `gso`. */
    groCoalesce: z.boolean().default(false),
    /** Rings of the packed layout of virtio. */
    packed: z.boolean().default(false),
    /** The device stays when VPP ends. */
    persist: z.boolean().default(false),
    /** A device without Ethernet. */
    tun: z.boolean().default(false),
    /** Descriptors of a ring. */
    ringSize: z.union([256, 512, 1024, 2048, 4096].map((size) => z.literal(size))).default(256),
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
    message: 'a tun has no MAC address; leave it out',
  })

/** Bytes of a memif secret that VPP keeps: its 24 end with a zero. */
const SECRET_BYTES = 23

const memif = z.strictObject({
  ...common,
  ...link,
  ...rx,
  type: z.literal('memif'),
  mac: mac.optional(),
  /** Memif socket; 0 is VPP's own, others are items of kind `memif-socket`. */
  socket: whole(0, 0xffff_fffe).default(0),
  /** Id of the interface on its socket. */
  id: whole(0, 0xffff_ffff).default(0),
  role: z.enum(['master', 'slave']),
  mode: z.enum(['ethernet', 'ip']).default('ethernet'),
  /** Descriptors of a ring, a power of two. */
  ringSize: whole(2, 16_384)
    .refine((size) => (size & (size - 1)) === 0, 'expected a power of two')
    .default(1024),
  /** Bytes of a buffer. */
  bufferSize: whole(64, 65_535).default(2048),
  /** Queues each way. */
  queues: whole(1, 255).default(1),
  /** Receive queues, where they are not as many as `queues`. */
  rxQueues: whole(1, 255).optional(),
  /** Send queues, where they are not as many as `queues`. */
  txQueues: whole(1, 255).optional(),
  /** Packets stay in VPP's own buffers, which the peer reads, of role `slave`. */
  zeroCopy: z.boolean().default(true),
  /** Packets are copied by a DMA engine. */
  dma: z.boolean().default(false),
  /** What the peer has to know, 23 bytes at most. Told to nobody. */
  secret: z
    .string()
    .refine(
      (text) => Buffer.byteLength(text) <= SECRET_BYTES,
      `expected at most ${SECRET_BYTES} bytes of UTF-8`,
    )
    .optional(),
})

/** A VLAN tag. */
const tag = whole(1, 4095)

const tagRewrite = z
  .strictObject({
    /** Tags taken from packets that come in. */
    pop: whole(0, 2).default(0),
    /** Tags put on packets that come in, the outer one first. Packets that go out are treated the other way round. */
    push: z.array(tag).max(2, 'expected at most two tags').default([]),
    /** Type of the outer one of the tags that are put on. */
    ethertype: z.enum(['dot1q', 'dot1ad']).default('dot1q'),
  })
  .refine((it) => it.pop + it.push.length > 0, 'expected pop, push or both')

const vlan = z
  .strictObject({
    ...common,
    type: z.literal('vlan'),
    /** Interface that it belongs to; no sub-interface itself. */
    parent: interfaceName,
    /** Outer tag; `any`; `untagged`: packets without a tag; `default`: what no other sub-interface takes. */
    vlan: z.union([tag, z.enum(['any', 'untagged', 'default'])], {
      error: 'expected a VLAN tag from 1 to 4095, "any", "untagged" or "default"',
    }),
    /** Tag behind the outer one, or `any`; left out: there is none. */
    inner: z
      .union([tag, z.literal('any')], { error: 'expected a VLAN tag from 1 to 4095, or "any"' })
      .optional(),
    /** Type of the outer tag. */
    ethertype: z.enum(['dot1q', 'dot1ad']).default('dot1q'),
    /** Packets have these tags and no others; needed for addresses. */
    exactMatch: z.boolean().optional(),
    /** Number behind the dot in VPP's name of it; left out: the tag, where that is a number and the only one. */
    number: whole(0, 0xffff_fffe).optional(),
    /** What happens to the tags of packets that are bridged or cross-connected; left out: they stay. */
    tagRewrite: tagRewrite.optional(),
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
    message: 'what takes any tag, or all other packets, cannot match exactly; leave it out',
  })
  .refine(
    (it) => matchesExactly(it) || (isEmpty(it.addresses) && it.unnumbered === undefined && !it.linuxCp),
    {
      path: ['exactMatch'],
      message: 'VPP gives addresses and Linux devices only to sub-interfaces that match exactly',
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
    mac: mac.optional(),
    /** Number in VPP's name of it, as in `BondEthernet7`; left out: VPP chooses. */
    id: whole(0, 0xffff_fffe).optional(),
    mode: z.enum(['lacp', 'active-backup', 'xor', 'round-robin', 'broadcast']).default('lacp'),
    /** What packets are spread over the members by, of modes `lacp` and `xor`. */
    loadBalance: z.enum(['l2', 'l23', 'l34']).optional(),
    /** Only members on the NUMA node of the worker send, of mode `lacp`. */
    numaOnly: z.boolean().default(false),
    /** Segmentation is left to the members, which all must be able to. */
    gso: z.boolean().default(false),
    /** Ethernet interfaces that carry it. They get its MAC address, and their own back when they leave. */
    members: z
      .array(
        z.strictObject({
          interface: interfaceName,
          /** Speaks LACP only when spoken to. */
          passive: z.boolean().default(false),
          /** The partner sends every 30 s instead of every second. */
          longTimeout: z.boolean().default(false),
          /** The heaviest member sends, of mode `active-backup`. */
          weight: whole(0, 0xffff_ffff).default(0),
        }),
      )
      .default([])
      .refine(
        (list) => new Set(list.map((it) => it.interface)).size === list.length,
        'expected every interface once',
      ),
  })
  .refine((it) => it.loadBalance === undefined || it.mode === 'lacp' || it.mode === 'xor', {
    path: ['loadBalance'],
    message: 'only modes lacp and xor balance; leave it out',
  })
  .refine((it) => !it.numaOnly || it.mode === 'lacp', {
    path: ['numaOnly'],
    message: 'only mode lacp knows it; leave it out',
  })
  .refine((it) => it.mode === 'active-backup' || it.members.every(({ weight }) => weight === 0), {
    path: ['members'],
    message: 'only mode active-backup knows weights; leave them out',
  })

const existing = z.strictObject({
  ...common,
  ...link,
  ...rx,
  type: z.literal('existing'),
  /** VPP's own name of it. */
  name: interfaceName,
  mac: mac.optional(),
  /** L3 MTU in bytes; left out: as it is. */
  mtu: common.mtu,
  /** Table of both families; left out: as it is. */
  table: tableId.optional(),
  /** What happens to the interface when the item is deleted: all stays, or what the item declared is undone. */
  onRemove: z.enum(['leave', 'reset']).default('leave'),
})

/** An interface that the agent makes, or one that VPP has and the agent configures. */
export const interfaceSchema = z
  .discriminatedUnion('type', [loopback, tap, memif, vlan, bond, existing])
  .refine((it) => !('mode' in it && it.mode === 'ip' && it.mac !== undefined), {
    path: ['mac'],
    message: 'a memif of mode ip has no MAC address; leave it out',
  })
  .refine((it) => it.unnumbered === undefined || isEmpty(it.addresses), {
    path: ['unnumbered'],
    message: 'an unnumbered interface has no addresses of its own; leave one of them out',
  })
  .refine((it) => it.unnumbered !== it.name, {
    path: ['unnumbered'],
    message: 'expected another interface',
  })

/** IPv6 router advertisements as an item says them. */
export type RouterAdvertisements = z.infer<typeof routerAdvertisements>
/** What happens to the tags of bridged packets. */
export type TagRewrite = z.infer<typeof tagRewrite>
/** An interface that the agent makes, or one that VPP has and the agent configures. */
export type InterfaceItem = z.infer<typeof interfaceSchema>
/** What callers give for it. */
export type InterfaceInput = z.input<typeof interfaceSchema>
