import { z } from 'zod'
import { interfaceName, ip4Address, tableId } from '../../model/fields.ts'
import { bitsOfIp4 } from '../../model/ip.ts'

export const proxyArpSchema = z
  .strictObject({
    kind: z.literal('proxy-arp'),
    table: tableId.default(0).describe('Table of the addresses.'),
    low: ip4Address.describe('First address of the range.'),
    high: ip4Address.describe('Last address of the range.'),
    interfaces: z
      .array(interfaceName)
      .default([])
      .transform((list) => [...new Set(list)].sort())
      .describe('Interfaces on which VPP answers, for the ranges of all items.'),
  })
  .refine((it) => (bitsOfIp4(it.low) ?? 0) >>> 0 <= (bitsOfIp4(it.high) ?? 0) >>> 0, {
    path: ['high'],
    message: 'expected low <= high',
  })
  .meta({
    description: 'A range of addresses for which VPP answers ARP requests on behalf of other hosts.',
    examples: [{ kind: 'proxy-arp', low: '192.0.2.100', high: '192.0.2.120', interfaces: ['lan'] }],
  })

/** A range that ARP is answered for. */
export type ProxyArpItem = z.infer<typeof proxyArpSchema>
/** What callers give for it. */
export type ProxyArpInput = z.input<typeof proxyArpSchema>
