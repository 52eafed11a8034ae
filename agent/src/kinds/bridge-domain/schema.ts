import { z } from 'zod'
import { interfaceName, whole } from '../../model/fields.ts'

const member = z.strictObject({
  interface: interfaceName,
  /** Split horizon group: members of one group other than 0 do not forward to each other. */
  splitHorizonGroup: whole(0, 255).default(0),
  /** The member, a loopback, by which the bridge domain is reached on L3; one at most. */
  bvi: z.boolean().default(false),
})

/** A bridge domain with its members. */
export const bridgeDomainSchema = z
  .strictObject({
    kind: z.literal('bridge-domain'),
    id: whole(1, 0xff_ffff),
    flood: z.boolean().default(true),
    unknownUnicastFlood: z.boolean().default(true),
    forward: z.boolean().default(true),
    learn: z.boolean().default(true),
    arpTermination: z.boolean().default(false),
    /** ARP requests are forwarded like other unicast packets instead of being flooded. */
    arpUnicastForward: z.boolean().default(false),
    /** Minutes until a learned address is forgotten; 0: never. */
    macAge: whole(0, 255).default(0),
    /** Members; others that it has in VPP leave it. */
    members: z.array(member).default([]),
  })
  .refine((it) => new Set(it.members.map((one) => one.interface)).size === it.members.length, {
    path: ['members'],
    message: 'expected every interface once',
  })
  .refine((it) => it.members.filter((one) => one.bvi).length <= 1, {
    path: ['members'],
    message: 'expected one bvi at most',
  })

/** A bridge domain with its members. */
export type BridgeDomainItem = z.infer<typeof bridgeDomainSchema>
/** A member of a bridge domain. */
export type BridgeMember = BridgeDomainItem['members'][number]
/** What callers give for a bridge domain. */
export type BridgeDomainInput = z.input<typeof bridgeDomainSchema>
