import { z } from 'zod'
import { interfaceName, ip4Address, tableId } from '../../model/fields.ts'
import { bitsOfIp4 } from '../../model/ip.ts'

/** A range of addresses for which VPP answers ARP requests on behalf of other hosts. */
export const proxyArpSchema = z
  .strictObject({
    kind: z.literal('proxy-arp'),
    /** Table of the addresses. */
    table: tableId.default(0),
    /** First address of the range. */
    low: ip4Address,
    /** Last address of the range. */
    high: ip4Address,
    /** Interfaces on which VPP answers, for the ranges of all items. */
    interfaces: z
      .array(interfaceName)
      .default([])
      .transform((list) => [...new Set(list)].sort()),
  })
  .refine((it) => (bitsOfIp4(it.low) ?? 0) >>> 0 <= (bitsOfIp4(it.high) ?? 0) >>> 0, {
    path: ['high'],
    message: 'expected low <= high',
  })

/** A range that ARP is answered for. */
export type ProxyArpItem = z.infer<typeof proxyArpSchema>
/** What callers give for it. */
export type ProxyArpInput = z.input<typeof proxyArpSchema>
