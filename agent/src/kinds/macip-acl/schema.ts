import { z } from 'zod'
import { interfaceName, name, prefix } from '../../model/fields.ts'

const EXACT = 'ff:ff:ff:ff:ff:ff'

const bytes = z
  .string()
  .regex(/^[\da-f]{2}(:[\da-f]{2}){5}$/i, 'expected six bytes such as 02:00:00:00:00:01')
  .transform((text) => text.toLowerCase())

/** A MAC address with the bits that do not count cleared. */
function masked(mac: string, mask: string): string {
  const [a, b] = [mac, mask].map((text) => text.split(':').map((it) => Number.parseInt(it, 16)))
  return (a ?? []).map((byte, at) => (byte & (b?.[at] ?? 0)).toString(16).padStart(2, '0')).join(':')
}

const rule = z
  .strictObject({
    action: z.enum(['permit', 'deny']),
    /** Network of the sender's address; left out: any of both families. */
    source: prefix.optional(),
    /** MAC address of the sender; left out: any. */
    mac: bytes.optional(),
    /** Bits of the MAC address that count; left out: all. */
    macMask: bytes.optional(),
  })
  .refine((it) => it.macMask === undefined || it.mac !== undefined, {
    path: ['mac'],
    message: 'expected the MAC address that the mask is of',
  })
  .transform(({ action, source, mac, macMask }) => {
    if (mac === undefined) return { action, source }
    const mask = macMask ?? EXACT
    return { action, source, mac: masked(mac, mask), macMask: mask }
  })

/** An access list of MAC and IP addresses of senders, and the interfaces whose incoming packets it looks at. */
export const macipAclSchema = z.strictObject({
  kind: z.literal('macip-acl'),
  name,
  /** Asked in this order; what none matches is dropped. */
  rules: z.array(rule).min(1, 'expected at least one rule'),
  /** Interfaces; each has one such list at most. */
  interfaces: z
    .array(interfaceName)
    .default([])
    .transform((list) => [...new Set(list)].sort()),
})

/** An access list of MAC and IP addresses. */
export type MacipAclItem = z.infer<typeof macipAclSchema>
/** What callers give for it. */
export type MacipAclInput = z.input<typeof macipAclSchema>
