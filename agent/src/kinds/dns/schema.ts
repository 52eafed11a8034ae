import { z } from 'zod'
import { address } from '../../model/fields.ts'

export const dnsSchema = z
  .strictObject({
    kind: z.literal('dns'),
    servers: z
      .array(address)
      .min(1, 'expected at least one server')
      .max(64, 'expected at most 64 servers')
      .transform((list) => [...new Set(list)].sort())
      .describe('Servers to which VPP forwards unknown names, over IPv4 or IPv6, in table 0.'),
  })
  .meta({
    description: 'A caching DNS resolver in VPP, in table 0.',
    examples: [{ kind: 'dns', servers: ['192.0.2.53', '2001:db8::53'] }],
  })

/** Answers to DNS. */
export type DnsItem = z.infer<typeof dnsSchema>
/** What callers give for it. */
export type DnsInput = z.input<typeof dnsSchema>
