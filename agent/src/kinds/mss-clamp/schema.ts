import { z } from 'zod'
import { interfaceName, whole } from '../../model/fields.ts'

const clamp = z.strictObject({
  mss: whole(64, 65_534).describe('Maximum segment size that TCP connections may announce, in bytes.'),
  direction: z
    .enum(['rx', 'tx', 'both'])
    .default('both')
    .describe('Packets that are changed: received, sent, or both.'),
})

export const mssClampSchema = z
  .strictObject({
    kind: z.literal('mss-clamp'),
    interface: interfaceName,
    ip4: clamp.optional().describe('Default: IPv4 is not changed.'),
    ip6: clamp.optional().describe('Default: IPv6 is not changed.'),
  })
  .refine((it) => it.ip4 !== undefined || it.ip6 !== undefined, {
    path: ['ip4'],
    message: 'expected ip4, ip6 or both',
  })
  .meta({
    description: 'Limits for the segment size that TCP connections announce through an interface.',
    examples: [{ kind: 'mss-clamp', interface: 'wan', ip4: { mss: 1452 }, ip6: { mss: 1432 } }],
  })

/** Limits of the segment size. */
export type MssClampItem = z.infer<typeof mssClampSchema>
/** What callers give for them. */
export type MssClampInput = z.input<typeof mssClampSchema>
