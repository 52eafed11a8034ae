import { z } from 'zod'
import { address, ip4Address, tableId, whole } from '../../model/fields.ts'
import { familyOf } from '../../model/ip.ts'

const ip6Address = address.refine((text) => familyOf(text) === 6, 'expected an IPv6 address')
const port = whole(0, 65_535)

/** A host that speaks IPv6 and that is reached by IPv4. */
export const nat64StaticSchema = z.strictObject({
  kind: z.literal('nat64-static'),
  protocol: z.enum(['tcp', 'udp', 'icmp']).default('tcp'),
  insideAddress: ip6Address,
  /** Port, or the identifier of ICMP. */
  insidePort: port,
  outsideAddress: ip4Address,
  outsidePort: port,
  /** IPv6 table of the inside. */
  table: tableId.default(0),
})

/** A host that is reached by IPv4. */
export type Nat64StaticItem = z.infer<typeof nat64StaticSchema>
/** What callers give for it. */
export type Nat64StaticInput = z.input<typeof nat64StaticSchema>
