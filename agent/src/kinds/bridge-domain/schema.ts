import { z } from 'zod'
import { interfaceName, whole } from '../../model/fields.ts'

const member = z.strictObject({
  interface: interfaceName,
  splitHorizonGroup: whole(0, 255)
    .default(0)
    .describe('Split horizon group: members of one group other than 0 do not forward to each other.'),
  bvi: z
    .boolean()
    .default(false)
    .describe('The member, a loopback, that is the L3 interface of the bridge domain (BVI); at most one.'),
})

export const bridgeDomainSchema = z
  .strictObject({
    kind: z.literal('bridge-domain'),
    id: whole(1, 0xff_ffff).describe('Id of the bridge domain.'),
    flood: z.boolean().default(true).describe('Broadcast and multicast frames go to all members.'),
    unknownUnicastFlood: z
      .boolean()
      .default(true)
      .describe('Frames to an unknown address go to all members.'),
    forward: z.boolean().default(true).describe('Frames to a known address are forwarded.'),
    learn: z.boolean().default(true).describe('Addresses are learned from frames.'),
    arpTermination: z.boolean().default(false).describe('VPP answers ARP requests for known addresses.'),
    arpUnicastForward: z
      .boolean()
      .default(false)
      .describe('ARP requests are forwarded like other unicast packets instead of being flooded.'),
    macAge: whole(0, 255).default(0).describe('Minutes until a learned address expires; 0: never.'),
    members: z.array(member).default([]).describe('Members; others that it has in VPP are removed from it.'),
  })
  .refine((it) => new Set(it.members.map((one) => one.interface)).size === it.members.length, {
    path: ['members'],
    message: 'expected every interface once',
  })
  .refine((it) => it.members.filter((one) => one.bvi).length <= 1, {
    path: ['members'],
    message: 'expected at most one bvi',
  })
  .meta({
    description: 'A bridge domain with its members.',
    examples: [
      { kind: 'bridge-domain', id: 10, members: [{ interface: 'lan' }, { interface: 'gateway', bvi: true }] },
    ],
  })

/** A bridge domain with its members. */
export type BridgeDomainItem = z.infer<typeof bridgeDomainSchema>
/** A member of a bridge domain. */
export type BridgeMember = BridgeDomainItem['members'][number]
/** What callers give for a bridge domain. */
export type BridgeDomainInput = z.input<typeof bridgeDomainSchema>
