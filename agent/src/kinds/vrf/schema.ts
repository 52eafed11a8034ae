import { z } from 'zod'
import { name, tableId } from '../../model/fields.ts'

/** What VPP spreads packets over the paths of a route by. */
export const FLOW_HASH_FIELDS = [
  'source',
  'destination',
  'sourcePort',
  'destinationPort',
  'protocol',
  'reverse',
  'symmetric',
  'flowLabel',
  'gtpv1Teid',
] as const

/** A table of routes of both families. */
export const vrfSchema = z
  .strictObject({
    kind: z.literal('vrf'),
    /** Number of the table; 0 is the one that is always there. */
    id: tableId,
    /** Name that VPP shows after the agent's mark; it is given when the table is made. */
    name: name.optional(),
    /** What packets are spread over several paths by; left out: as it is. */
    flowHash: z
      .array(z.enum(FLOW_HASH_FIELDS))
      .min(1, 'expected at least one field')
      .transform((list) => FLOW_HASH_FIELDS.filter((field) => list.includes(field)))
      .optional(),
  })
  .refine((it) => it.id !== 0 || it.name === undefined, {
    path: ['name'],
    message: 'table 0 has a name of its own; leave it out',
  })

/** A table of routes. */
export type VrfItem = z.infer<typeof vrfSchema>
/** What callers give for it. */
export type VrfInput = z.input<typeof vrfSchema>
