import { z } from 'zod'
import { interfaceName, name, whole } from '../../model/fields.ts'
import { familyOf } from '../../model/ip.ts'
import { routePath } from '../route/schema.ts'

const attachment = z.union([
  interfaceName.transform((it) => ({ interface: it, priority: 0 })),
  z.strictObject({
    interface: interfaceName,
    priority: whole(0, 0x7fff_ffff)
      .default(0)
      .describe('Policies are evaluated in ascending order of this number.'),
  }),
])

export const abfSchema = z
  .strictObject({
    kind: z.literal('abf'),
    id: whole(0, 0xffff_fffe).describe('Id of the policy.'),
    acl: name.describe('Name of the access list, an item of kind `acl`.'),
    family: z
      .union([z.literal(4), z.literal(6)])
      .default(4)
      .describe('Family of the packets.'),
    paths: z
      .array(routePath)
      .min(1, 'expected at least one path')
      .max(255, 'expected at most 255 paths')
      .describe('Where packets are sent, as in routes.'),
    interfaces: z
      .array(attachment)
      .default([])
      .refine(
        (list) => new Set(list.map((it) => it.interface)).size === list.length,
        'expected every interface once',
      )
      .describe('Interfaces whose incoming packets are checked.'),
  })
  .refine(
    ({ paths, family }) =>
      paths.every(({ nextHop }) => nextHop === undefined || familyOf(nextHop) === family),
    { path: ['paths'], message: 'expected next hops of the family' },
  )
  .meta({
    description:
      'ACL-based forwarding (ABF): packets permitted by a list take these paths instead of those of their routes.',
    examples: [
      { kind: 'abf', id: 10, acl: 'guests', paths: [{ nextHop: '192.0.2.1' }], interfaces: ['lan'] },
    ],
  })

/** Forwarding by access list. */
export type AbfItem = z.infer<typeof abfSchema>
/** What callers give for it. */
export type AbfInput = z.input<typeof abfSchema>
