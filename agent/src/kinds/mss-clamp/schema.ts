import { z } from 'zod'
import { interfaceName, whole } from '../../model/fields.ts'

const clamp = z.strictObject({
  /** Greatest segment that TCP connections may announce, in bytes. */
  mss: whole(64, 65_534),
  /** Packets that are changed: received, sent, or both. */
  direction: z.enum(['rx', 'tx', 'both']).default('both'),
})

/** Limits of the segment size that TCP connections announce through an interface. */
export const mssClampSchema = z
  .strictObject({
    kind: z.literal('mss-clamp'),
    interface: interfaceName,
    /** Left out: IPv4 is not changed. */
    ip4: clamp.optional(),
    /** Left out: IPv6 is not changed. */
    ip6: clamp.optional(),
  })
  .refine((it) => it.ip4 !== undefined || it.ip6 !== undefined, {
    path: ['ip4'],
    message: 'expected ip4, ip6 or both',
  })

/** Limits of the segment size. */
export type MssClampItem = z.infer<typeof mssClampSchema>
/** What callers give for them. */
export type MssClampInput = z.input<typeof mssClampSchema>
