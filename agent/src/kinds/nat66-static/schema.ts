import { z } from 'zod'
import { address, tableId } from '../../model/fields.ts'
import { familyOf } from '../../model/ip.ts'

const ip6Address = address.refine((text) => familyOf(text) === 6, 'expected an IPv6 address')

/** An IPv6 address that is another one outside. */
export const nat66StaticSchema = z.strictObject({
  kind: z.literal('nat66-static'),
  localAddress: ip6Address,
  externalAddress: ip6Address,
  /** Table of the local address. */
  table: tableId.default(0),
})

/** An IPv6 address that is another one outside. */
export type Nat66StaticItem = z.infer<typeof nat66StaticSchema>
/** What callers give for it. */
export type Nat66StaticInput = z.input<typeof nat66StaticSchema>
