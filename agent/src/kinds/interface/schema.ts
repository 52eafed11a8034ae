import { z } from 'zod'
import { interfaceAddress, interfaceName, mac, name, tableId, whole } from '../../model/fields.ts'
import { isLinkLocal } from '../../model/ip.ts'

const networkAddress = interfaceAddress.refine(
  (text) => !isLinkLocal(text),
  'VPP makes the link-local address of an interface and does not tell of one that it is given; leave it out',
)

/** What all interfaces have. */
const common = {
  kind: z.literal('interface'),
  name,
  /** Administratively up. */
  enabled: z.boolean().default(true),
  /** L3 MTU in bytes; left out: that of the link. */
  mtu: whole(64, 65_535).optional(),
  /** Networks of the interface; others that it has in VPP are removed. */
  addresses: z
    .array(networkAddress)
    .default([])
    .transform((list) => [...new Set(list)].sort()),
  /** Table of both families. */
  table: tableId.default(0),
}

const loopback = z.strictObject({
  ...common,
  type: z.literal('loopback'),
  mac: mac.optional(),
  /** Number in VPP's name of it, as in `loop7`; left out: VPP chooses. */
  instance: whole(0, 16_383).optional(),
})

const tap = z.strictObject({
  ...common,
  type: z.literal('tap'),
  mac: mac.optional(),
  /** Number in VPP's name of it, as in `tap7`; left out: VPP chooses. */
  id: whole(0, 0xffff_fffe).optional(),
  /** Name of the device in Linux, 15 bytes at most; left out: VPP chooses. */
  hostName: z
    .string()
    .regex(/^[^\s/]{1,15}$/, 'expected the name of a Linux device: 1 to 15 characters, no "/" and no blanks')
    .optional(),
  /** Network namespace of the device in Linux, by name; left out: that of VPP. */
  hostNamespace: z
    .string()
    .regex(/^[\w.-]{1,63}$/, 'expected the name of a network namespace: letters, digits and "._-"')
    .optional(),
  /** Address of the device in Linux. */
  hostAddress: interfaceAddress.optional(),
  /** Descriptors of a ring. */
  ringSize: z.union([256, 512, 1024, 2048, 4096].map((size) => z.literal(size))).default(256),
})

/** Bytes of a memif secret that VPP keeps: its 24 end with a zero. */
const SECRET_BYTES = 23

const memif = z.strictObject({
  ...common,
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
  queues: whole(1, 255).default(1),
  /** What the peer has to know, 23 bytes at most. Told to nobody. */
  secret: z
    .string()
    .refine(
      (text) => Buffer.byteLength(text) <= SECRET_BYTES,
      `expected at most ${SECRET_BYTES} bytes of UTF-8`,
    )
    .optional(),
})

const vlan = z.strictObject({
  ...common,
  type: z.literal('vlan'),
  /** Interface that it belongs to. */
  parent: interfaceName,
  /** VLAN tag, also the number behind the dot in VPP's name of it. */
  vlan: whole(1, 4095),
})

const existing = z.strictObject({
  ...common,
  type: z.literal('existing'),
  /** VPP's own name of it. */
  name: interfaceName,
  mac: mac.optional(),
  /** L3 MTU in bytes; left out: as it is. */
  mtu: common.mtu,
  /** MTU of the link in bytes; left out: as it is. */
  linkMtu: whole(64, 65_535).optional(),
  /** Table of both families; left out: as it is. */
  table: tableId.optional(),
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
  /** What happens to the interface when the item is deleted: all stays, or what the item declared is undone. */
  onRemove: z.enum(['leave', 'reset']).default('leave'),
})

/** An interface that the agent makes, or one that VPP has and the agent configures. */
export const interfaceSchema = z
  .discriminatedUnion('type', [loopback, tap, memif, vlan, existing])
  .refine((it) => !('mode' in it && it.mode === 'ip' && it.mac !== undefined), {
    path: ['mac'],
    message: 'a memif of mode ip has no MAC address; leave it out',
  })

/** An interface that the agent makes, or one that VPP has and the agent configures. */
export type InterfaceItem = z.infer<typeof interfaceSchema>
/** What callers give for it. */
export type InterfaceInput = z.input<typeof interfaceSchema>
