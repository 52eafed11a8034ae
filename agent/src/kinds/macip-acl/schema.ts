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
    action: z.enum(['permit', 'deny']).describe('Action for packets that match.'),
    source: prefix.optional().describe('Source network; default: any address of both families.'),
    mac: bytes.optional().describe('Source MAC address; default: any.'),
    macMask: bytes.optional().describe('Bits of the MAC address to compare; default: all.'),
  })
  .refine((it) => it.macMask === undefined || it.mac !== undefined, {
    path: ['mac'],
    message: 'expected a MAC address for the mask',
  })
  .transform(({ action, source, mac, macMask }) => {
    if (mac === undefined) return { action, source }
    const mask = macMask ?? EXACT
    return { action, source, mac: masked(mac, mask), macMask: mask }
  })

export const macipAclSchema = z
  .strictObject({
    kind: z.literal('macip-acl'),
    name,
    rules: z
      .array(rule)
      .min(1, 'expected at least one rule')
      .describe('Evaluated in this order; packets that match none are dropped.'),
    interfaces: z
      .array(interfaceName)
      .default([])
      .transform((list) => [...new Set(list)].sort())
      .describe('Interfaces; each has at most one such list.'),
  })
  .meta({
    description:
      'An access list of source MAC and IP addresses, and the interfaces whose incoming packets it checks.',
    examples: [
      {
        kind: 'macip-acl',
        name: 'hosts',
        rules: [{ action: 'permit', mac: '02:00:00:00:00:01', source: '192.0.2.7/32' }],
        interfaces: ['lan'],
      },
    ],
  })

/** An access list of MAC and IP addresses. */
export type MacipAclItem = z.infer<typeof macipAclSchema>
/** What callers give for it. */
export type MacipAclInput = z.input<typeof macipAclSchema>
