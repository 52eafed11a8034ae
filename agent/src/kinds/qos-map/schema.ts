import { z } from 'zod'
import { whole } from '../../model/fields.ts'

/** Where the mark of a packet comes from, in VPP's order. */
export const QOS_SOURCES = ['ext', 'vlan', 'mpls', 'ip'] as const

const row = z
  .record(z.string().regex(/^\d{1,3}$/, 'expected a number from 0 to 255'), whole(0, 255))
  .refine((it) => Object.keys(it).every((key) => Number(key) <= 255), 'expected numbers from 0 to 255')
  .default({})
  .transform((it) => {
    const pairs = Object.entries(it).map(([from, to]) => [Number(from), to] as const)
    const set = pairs.filter(([, to]) => to !== 0).sort(([a], [b]) => a - b)
    return Object.fromEntries(set) as Readonly<Record<string, number>>
  })

export const qosMapSchema = z
  .strictObject({
    kind: z.literal('qos-map'),
    id: whole(0, 0xffff_fffe).describe('Id of the map.'),
    ext: row.describe('By values recorded by another feature of VPP.'),
    vlan: row.describe('By the priority of a VLAN tag.'),
    mpls: row.describe('By the traffic class of an MPLS label.'),
    ip: row.describe('By the IP traffic class, all eight bits: DSCP 46 is 184.'),
  })
  .meta({
    description: 'A map from recorded marks to those written to outgoing packets. Omitted values become 0.',
    examples: [{ kind: 'qos-map', id: 1, ip: { 184: 5 } }],
  })

/** A map of marks. */
export type QosMapItem = z.infer<typeof qosMapSchema>
/** What callers give for it. */
export type QosMapInput = z.input<typeof qosMapSchema>
