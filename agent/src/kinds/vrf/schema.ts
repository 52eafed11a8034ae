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
    id: tableId.describe('Id of the table; 0 always exists.'),
    name: name
      .optional()
      .describe("Name that VPP shows after the agent's mark; set when the table is created."),
    flowHash: z
      .array(z.enum(FLOW_HASH_FIELDS))
      .min(1, 'expected at least one field')
      .transform((list) => FLOW_HASH_FIELDS.filter((field) => list.includes(field)))
      .optional()
      .describe('Fields hashed to choose among several paths; default: unchanged.'),
  })
  .refine((it) => it.id !== 0 || it.name === undefined, {
    path: ['name'],
    message: 'table 0 has a fixed name; remove it',
  })
  .meta({
    description: 'A routing table of both families.',
    examples: [{ kind: 'vrf', id: 10, name: 'customers', flowHash: ['source', 'destination', 'protocol'] }],
  })

/** A table of routes. */
export type VrfItem = z.infer<typeof vrfSchema>
/** What callers give for it. */
export type VrfInput = z.input<typeof vrfSchema>
