import { z } from 'zod'
import { interfaceName, name, whole } from '../../model/fields.ts'
import { familyOf } from '../../model/ip.ts'
import { routePath } from '../route/schema.ts'

const attachment = z.union([
  interfaceName.transform((it) => ({ interface: it, priority: 0 })),
  z.strictObject({
    interface: interfaceName,
    /** Of several policies the one with the smallest number is asked first. */
    priority: whole(0, 0x7fff_ffff).default(0),
  }),
])

/** Forwarding by access list (ABF): packets that a list permits take these paths instead of those of their routes. */
export const abfSchema = z
  .strictObject({
    kind: z.literal('abf'),
    /** Number of the policy. */
    id: whole(0, 0xffff_fffe),
    /** Name of the access list, an item of kind `acl`. */
    acl: name,
    /** Family of the packets. */
    family: z.union([z.literal(4), z.literal(6)]).default(4),
    /** Where packets go, as in routes. */
    paths: z.array(routePath).min(1, 'expected at least one path').max(255, 'expected at most 255 paths'),
    /** Interfaces whose incoming packets are looked at. */
    interfaces: z
      .array(attachment)
      .default([])
      .refine(
        (list) => new Set(list.map((it) => it.interface)).size === list.length,
        'expected every interface once',
      ),
  })
  .refine(
    ({ paths, family }) =>
      paths.every(({ nextHop }) => nextHop === undefined || familyOf(nextHop) === family),
    { path: ['paths'], message: 'expected next hops of the family' },
  )

/** Forwarding by access list. */
export type AbfItem = z.infer<typeof abfSchema>
/** What callers give for it. */
export type AbfInput = z.input<typeof abfSchema>
