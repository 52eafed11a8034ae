import { z } from 'zod'
import { interfaceName, whole } from '../../model/fields.ts'

/** Headers whose marks are recorded and written, in VPP's order. */
const sources = ['vlan', 'mpls', 'ip'] as const

const mapId = whole(0, 0xffff_fffe).describe('Id of a map.').optional()

export const qosSchema = z
  .strictObject({
    kind: z.literal('qos'),
    interface: interfaceName,
    record: z
      .array(z.enum(sources))
      .default([])
      .transform((list) => sources.filter((it) => list.includes(it)))
      .describe('Marks of incoming packets are recorded from these headers.'),
    store: whole(0, 255).optional().describe('Value recorded for incoming IP packets, whatever their mark.'),
    mark: z
      .strictObject({ vlan: mapId, mpls: mapId, ip: mapId })
      .default({})
      .describe('Ids of maps (kind `qos-map`) used to write these headers of outgoing packets.'),
  })
  .refine(
    (it) =>
      it.record.length > 0 || it.store !== undefined || Object.values(it.mark).some((id) => id !== undefined),
    { path: ['record'], message: 'expected record, store or mark' },
  )
  .meta({
    description:
      'Quality of service on an interface: marks recorded from incoming packets, and written to outgoing ones.',
    examples: [{ kind: 'qos', interface: 'lan', record: ['ip'], mark: { vlan: 1 } }],
  })

/** A header that has marks. */
export type QosHeader = (typeof sources)[number]
/** Quality of service on an interface. */
export type QosItem = z.infer<typeof qosSchema>
/** What callers give for it. */
export type QosInput = z.input<typeof qosSchema>
