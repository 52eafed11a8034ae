import { z } from 'zod'
import { ip6Address, tableId } from '../../model/fields.ts'

export const nat66StaticSchema = z
  .strictObject({
    kind: z.literal('nat66-static'),
    localAddress: ip6Address.describe('Inside address of the host.'),
    externalAddress: ip6Address.describe('Its outside address.'),
    table: tableId.default(0).describe('Table of the local address.'),
  })
  .meta({
    description: 'A static mapping of an inside to an outside IPv6 address.',
    examples: [{ kind: 'nat66-static', localAddress: 'fd00::2', externalAddress: '2001:db8::2' }],
  })

/** A static mapping of an inside to an outside IPv6 address. */
export type Nat66StaticItem = z.infer<typeof nat66StaticSchema>
/** What callers give for it. */
export type Nat66StaticInput = z.input<typeof nat66StaticSchema>
