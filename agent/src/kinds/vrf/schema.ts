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

export const vrfSchema = z
  .strictObject({
    kind: z.literal('vrf'),
    id: tableId.describe('Number of the table; 0 is the one that is always there.'),
    name: name
      .optional()
      .describe("Name that VPP shows after the agent's mark; it is given when the table is made."),
    flowHash: z
      .array(z.enum(FLOW_HASH_FIELDS))
      .min(1, 'expected at least one field')
      .transform((list) => FLOW_HASH_FIELDS.filter((field) => list.includes(field)))
      .optional()
      .describe('What packets are spread over several paths by; left out: as it is.'),
  })
  .refine((it) => it.id !== 0 || it.name === undefined, {
    path: ['name'],
    message: 'table 0 has a name of its own; leave it out',
  })
  .meta({
    description: 'A table of routes of both families.',
    examples: [{ kind: 'vrf', id: 10, name: 'customers', flowHash: ['source', 'destination', 'protocol'] }],
  })

/** A table of routes. */
export type VrfItem = z.infer<typeof vrfSchema>
/** What callers give for it. */
export type VrfInput = z.input<typeof vrfSchema>
